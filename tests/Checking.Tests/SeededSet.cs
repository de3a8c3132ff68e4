using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Plugins.HandBone;
using Osteon.Runner;

namespace Osteon.Checking.Tests;

/// <summary>A case in memory: what a fault is seeded into.</summary>
public sealed record SeededCase(CaseSource Source, Func<Image> Image, IReadOnlyList<Annotation> Annotations)
{
    public Frame Frame => Image().Frame;
}

/// <summary>A data set in memory, which goes through Convert and Check as files would.</summary>
public sealed class SeededFormat(IReadOnlyList<SeededCase> cases, IReadOnlyList<Finding> findings, IReadOnlyList<string> classes) : DatasetFormat
{
    private readonly Dictionary<string, SeededCase> _cases = cases.ToDictionary(c => c.Source.Id);

    public override IReadOnlyList<string> Classes => classes;

    public override CaseIndex Index(string root) => new([.. cases.Select(c => c.Source)], findings);

    public override Image ReadImage(string root, CaseSource source) => _cases[source.Id].Image();

    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame) => [.. _cases[source.Id].Annotations];
}

/// <summary>Synthetic hands, seven people to learn from and two to test, read once.</summary>
public sealed class CleanHands : IDisposable
{
    public static readonly string[] Classes =
        ["finger-2", "finger-3", "finger-6", "finger-7", "finger-10", "finger-11", "finger-14", "finger-15", "Capitate", "Triquetrum", "Pisiform", "Radius", "Ulna"];

    private readonly string _root = Directory.CreateTempSubdirectory("osteon-check-").FullName;

    public CleanHands()
    {
        new HandSynthesizer(new HandSynthesizerOptions { Patients = 7, TestPatients = 2, Size = 256, Seed = 11 }).Synthesize(_root, new Silent(), CancellationToken.None);
        var format = new HandBoneFormat(new HandBoneOptions());
        Cases =
        [
            .. format.Index(_root).Cases.Select(source =>
            {
                var image = format.ReadImage(_root, source);
                return new SeededCase(source, () => image, format.ReadLabels(_root, source, image.Frame));
            }),
        ];
    }

    public IReadOnlyList<SeededCase> Cases { get; }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>All findings of a data set, through the store.</summary>
    public static IReadOnlyList<Finding> Check(SeededSet set)
    {
        var folder = Directory.CreateTempSubdirectory("osteon-check-store-").FullName;
        try
        {
            Conversion.Run(new SeededFormat(set.Cases, set.Findings, HandBoneClasses.All), string.Empty, set.Classes, set.Size, folder, null, CancellationToken.None);
            set.Tamper?.Invoke(folder);
            return DataCheck.Judge(DataCheck.Measure(folder, set.Mode, new CheckThresholds(), null, CancellationToken.None) with { Images = set.Images });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Silent : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value)
        {
        }
    }
}

/// <summary>A data set that faults are put into.</summary>
public sealed class SeededSet(IEnumerable<SeededCase> cases)
{
    public List<SeededCase> Cases { get; } = [.. cases];

    public List<Finding> Findings { get; } = [];

    public IReadOnlyList<string> Classes { get; set; } = CleanHands.Classes;

    public LabelMode Mode { get; set; } = LabelMode.Multilabel;

    public int Size { get; set; } = 128;

    /// <summary>The classes of images, where those are learnt.</summary>
    public CaseLabels? Images { get; set; }

    /// <summary>Every image of every class in turn, or as a function of its place says; null: without one.</summary>
    public void Classify(Func<int, int?> classOf, params string[] classes)
    {
        var labels = Cases.Select((c, i) => (c.Source.Id, Class: classOf(i))).ToArray();
        Images = new CaseLabels(classes, labels.Where(l => l.Class is not null).ToDictionary(l => l.Id, l => l.Class!.Value))
        {
            Unlabelled = labels.Where(l => l.Class is null).ToDictionary(l => l.Id, _ => "labels.csv has no label for it"),
        };
    }

    /// <summary>Changes the store after conversion.</summary>
    public Action<string>? Tamper { get; set; }

    /// <summary>The case that tests break: a training case in the middle.</summary>
    public SeededCase Victim => Cases[6];

    public void Change(Func<SeededCase, SeededCase> change) => Cases[6] = change(Cases[6]);

    public void ChangeImage(Func<Image, Image> change) => Change(c => c with { Image = () => change(c.Image()) });

    public void ChangeOrigin(Func<ImageOrigin, ImageOrigin> change) => ChangeImage(i => With(i, change(i.Origin)));

    public void ChangeSource(Func<CaseSource, CaseSource> change) => Change(c => c with { Source = change(c.Source) });

    public void ChangeLabels(Func<IReadOnlyList<Annotation>, IEnumerable<Annotation>> change) => Change(c => c with { Annotations = [.. change(c.Annotations)] });

    public void ChangeEvery(Func<SeededCase, SeededCase> change)
    {
        for (var i = 0; i < Cases.Count; i++)
        {
            Cases[i] = change(Cases[i]);
        }
    }

    /// <summary>Moves the points of one class.</summary>
    public void ChangePoints(string name, Func<IReadOnlyList<Vertex>, IEnumerable<Vertex>> change) =>
        ChangeLabels(all => all.Select(a => a is PolygonAnnotation p && p.Class == name ? p with { Polygon = p.Polygon with { Vertices = [.. change(p.Polygon.Vertices)] } } : a));

    public static Image With(Image image, ImageOrigin origin) => new(image.Frame, image.BytesPerPixel, image.Bytes.ToArray()) { Origin = origin };

    /// <summary>Each grey level anew.</summary>
    public static Image Grey(Image image, Func<byte, double> change)
    {
        var result = new Image(image.Frame) { Origin = image.Origin };
        for (var i = 0; i < image.Frame.Area; i++)
        {
            result.Bytes[i] = (byte)Math.Clamp(change(image.Bytes[i]), 0, 255);
        }

        return result;
    }
}
