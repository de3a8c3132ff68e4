using System.Security.Cryptography;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Runner;

namespace Osteon.Checking.Tests;

/// <summary>Convert: what it writes, and that a killed run goes on where it was.</summary>
public sealed class ConversionTests(CleanHands hands) : IClassFixture<CleanHands>
{
    [Fact]
    public void Images_go_by_area_and_labels_by_nearest_as_OpenCV_does() => InFolder(folder =>
    {
        Run(hands.Cases, folder, size: 100);
        var store = CaseStore.Open(folder);
        foreach (var seeded in hands.Cases.Take(3))
        {
            var sample = store.Read(store[seeded.Source.Id]);
            Assert.Equal(Resize.Area(seeded.Image(), new Frame(100, 100)).Bytes.ToArray(), sample.Image.Bytes.ToArray());
            var truth = CleanHands.Classes.Select(name => Polygons.FillPoly(seeded.Annotations.OfType<PolygonAnnotation>().Single(a => a.Class == name).Polygon, seeded.Frame)).ToArray();
            Assert.Equal(truth, store.ReadTruth(store[seeded.Source.Id]));
            Assert.Equal(Resize.Nearest(LabelMap.FromMasks(truth), new Frame(100, 100)).Bytes.ToArray(), sample.Labels.Bytes.ToArray());
        }
    });

    [Fact]
    public void The_frame_of_every_annotation_is_kept() => InFolder(folder =>
    {
        Run([hands.Cases[0] with { Annotations = [new PolygonAnnotation("finger-3", new Polygon(new Frame(3060, 1), [new Vertex(1, 1), new Vertex(9, 1), new Vertex(9, 9)]))] }], folder, size: 0);
        var store = CaseStore.Open(folder);
        Assert.Equal([new ShapeFacts("finger-3", 3060, 1, 3, 0, 0, 45)], store.ReadFacts(store.Cases[0]).Shapes);
    });

    [Fact]
    public void A_killed_run_goes_on_with_the_cases_that_are_missing() => InFolder(whole => InFolder(folder =>
    {
        Run(hands.Cases, whole, size: 64);
        using (var kill = new CancellationTokenSource())
        {
            var counting = new CountingFormat(hands.Cases, after: 7, kill.Cancel);
            Assert.ThrowsAny<OperationCanceledException>(() => Conversion.Run(counting, string.Empty, CleanHands.Classes, 64, folder, null, kill.Token));
        }

        // A kill at the worst moment leaves a file half written under another name, and a damaged disk a short one.
        var written = Directory.GetFiles(Path.Combine(folder, "cases"), "*.case");
        Assert.InRange(written.Length, 5, 12);
        File.WriteAllBytes(written[0], File.ReadAllBytes(written[0])[..^10]);
        File.WriteAllBytes(written[1] + ".1-1.tmp", [1, 2, 3]);

        var again = new CountingFormat(hands.Cases, after: int.MaxValue, () => { });
        Conversion.Run(again, string.Empty, CleanHands.Classes, 64, folder, null, CancellationToken.None);

        Assert.Equal(hands.Cases.Count - written.Length + 1, again.Read);
        Assert.Equal(Digests(whole), Digests(folder));
    }));

    [Fact]
    public void No_more_images_are_held_than_cores_and_one() => InFolder(folder =>
    {
        var counting = new CountingFormat(hands.Cases, int.MaxValue, () => { });
        Conversion.Run(counting, string.Empty, CleanHands.Classes, 64, folder, null, CancellationToken.None);
        Assert.InRange(counting.MostAtOnce, 1, Environment.ProcessorCount + 1);
    });

    [Fact]
    public void Threads_leave_no_trace() => InFolder(a => InFolder(b =>
    {
        Run(hands.Cases, a, size: 64);
        Run(hands.Cases, b, size: 64);
        Assert.Equal(Digests(a), Digests(b));
    }));

    // Pixels of 0.2 × 0.4 brought to 0.4 × 0.2: half the rows by area, twice the columns linearly; labels by nearest.
    [Fact]
    public void Images_are_brought_to_a_spacing_where_their_file_tells_one() => InFolder(folder =>
    {
        var seeded = hands.Cases[0];
        Conversion.Run(new SpacedFormat([seeded], new Spacing(0.2, 0.4)), string.Empty, CleanHands.Classes, 0, folder, null, CancellationToken.None, new ConvertPlan { Spacing = new Spacing(0.4, 0.2) });
        var store = CaseStore.Open(folder);
        var wanted = new Frame((int)Math.Round(seeded.Frame.Height / 2.0), seeded.Frame.Width * 2);
        var sample = store.Read(store.Cases[0]);
        Assert.Equal((seeded.Frame, wanted), (store.Cases[0].Original, store.Cases[0].Stored));
        Assert.Equal(Resize.Linear(seeded.Image(), wanted).Bytes.ToArray(), sample.Image.Bytes.ToArray());
        Assert.Equal(Resize.Nearest(LabelMap.FromMasks([.. store.ReadTruth(store.Cases[0])]), wanted).Bytes.ToArray(), sample.Labels.Bytes.ToArray());
    });

    [Fact]
    public void Images_that_tell_no_spacing_stay_and_those_that_would_burst_are_not_read() => InFolder(silent => InFolder(burst =>
    {
        Conversion.Run(new CountingFormat([hands.Cases[0]], int.MaxValue, () => { }), string.Empty, CleanHands.Classes, 0, silent, null, CancellationToken.None, new ConvertPlan { Spacing = new Spacing(0.1, 0.1) });
        Assert.Equal(hands.Cases[0].Frame, CaseStore.Open(silent).Cases[0].Stored);
        Conversion.Run(new SpacedFormat([hands.Cases[0]], new Spacing(1000, 1000)), string.Empty, CleanHands.Classes, 0, burst, null, CancellationToken.None, new ConvertPlan { Spacing = new Spacing(0.1, 0.1) });
        Assert.Empty(CaseStore.Open(burst).Cases);
        Assert.Contains("says that a pixel measures", Assert.Single(ConversionRecord.Load(burst).Unread).What, StringComparison.Ordinal);
    }));

    // What nnU-Net does before it brings images to their size; the truth stays whole.
    [Fact]
    public void What_is_black_all_around_is_not_stored() => InFolder(folder =>
    {
        var (seeded, kept) = (hands.Cases[0], new Box(20, 10, new Frame(hands.Cases[0].Frame.Height - 50, hands.Cases[0].Frame.Width - 30)));
        void Run(int size, ResamplingKind? resampling, LabelMode mode = LabelMode.Multilabel) => Conversion.Run(
            new FramedFormat([seeded], kept), string.Empty, CleanHands.Classes, size, folder, null, CancellationToken.None, new ConvertPlan { Crop = Cropping.Nonzero, Resampling = resampling }, mode);
        Run(0, null);
        var store = CaseStore.Open(folder);
        var stored = store.Cases[0];
        Assert.Equal((seeded.Frame, kept.Size, kept), (stored.Original, stored.Stored, stored.Crop));
        var sample = store.Read(stored);
        Assert.Equal(Nonzero.Cut(seeded.Image(), kept).Bytes.ToArray().Select(b => Math.Max(b, (byte)1)), sample.Image.Bytes.ToArray());
        var truth = store.ReadTruth(stored);
        Assert.All(truth, mask => Assert.Equal(seeded.Frame, mask.Frame));
        Assert.Equal(truth.Select(kept.Cut), sample.Labels.ToMasks());
        Assert.Contains(truth, mask => !mask.IsEmpty);

        // A killed conversion that goes on knows the part, too.
        File.Delete(Path.Combine(folder, "cases.json"));
        Run(0, null);
        Assert.Equal(kept, CaseStore.Open(folder).Cases[0].Crop);
    });

    [Theory]
    [InlineData(LabelMode.Multilabel)]
    [InlineData(LabelMode.Multiclass)]
    public void Splines_go_with_labels_by_their_share(LabelMode mode) => InFolder(folder =>
    {
        var seeded = hands.Cases[0];
        Conversion.Run(new CountingFormat([seeded], int.MaxValue, () => { }), string.Empty, CleanHands.Classes, 90, folder, null, CancellationToken.None, new ConvertPlan { Resampling = ResamplingKind.Spline }, mode);
        var store = CaseStore.Open(folder);
        var sample = store.Read(store.Cases[0]);
        Assert.Equal(90, Math.Max(sample.Image.Frame.Height, sample.Image.Frame.Width));
        Assert.Equal(Spline.Of(seeded.Image(), sample.Image.Frame).Bytes.ToArray(), sample.Image.Bytes.ToArray());
        Assert.Equal(ShareScaling.Of(store.ReadTruth(store.Cases[0]), sample.Image.Frame, mode == LabelMode.Multiclass), sample.Labels.ToMasks());
    });

    private static void Run(IReadOnlyList<SeededCase> cases, string folder, int size) =>
        Conversion.Run(new CountingFormat(cases, int.MaxValue, () => { }), string.Empty, CleanHands.Classes, size, folder, null, CancellationToken.None);

    private static SortedDictionary<string, string> Digests(string folder) => new(Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetRelativePath(folder, f), f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))), StringComparer.Ordinal);

    private static void InFolder(Action<string> test)
    {
        var folder = Directory.CreateTempSubdirectory("osteon-conversion-").FullName;
        try
        {
            test(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class CountingFormat(IReadOnlyList<SeededCase> cases, int after, Action then) : DatasetFormat
    {
        private readonly SeededFormat _inner = new(cases, [], CleanHands.Classes);
        private int _read, _atOnce, _mostAtOnce;

        public int Read => _read;

        /// <summary>Of cases between their image and their label.</summary>
        public int MostAtOnce => _mostAtOnce;

        public override IReadOnlyList<string> Classes => _inner.Classes;

        public override CaseIndex Index(string root) => _inner.Index(root);

        public override Image ReadImage(string root, CaseSource source)
        {
            if (Interlocked.Increment(ref _read) == after)
            {
                then();
            }

            var now = Interlocked.Increment(ref _atOnce);
            for (var most = _mostAtOnce; now > most; most = _mostAtOnce)
            {
                Interlocked.CompareExchange(ref _mostAtOnce, now, most);
            }

            Thread.Sleep(2);
            return _inner.ReadImage(root, source);
        }

        public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
        {
            Interlocked.Decrement(ref _atOnce);
            return _inner.ReadLabels(root, source, frame);
        }
    }

    private sealed class SpacedFormat(IReadOnlyList<SeededCase> cases, Spacing spacing) : DatasetFormat
    {
        private readonly SeededFormat _inner = new(cases, [], CleanHands.Classes);

        public override IReadOnlyList<string> Classes => _inner.Classes;

        public override CaseIndex Index(string root) => _inner.Index(root);

        public override Image ReadImage(string root, CaseSource source)
        {
            var image = _inner.ReadImage(root, source);
            return new Image(image.Frame, image.BytesPerPixel, image.Bytes.ToArray()) { Origin = image.Origin with { Spacing = spacing } };
        }

        public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame) => _inner.ReadLabels(root, source, frame);
    }

    /// <summary>Black around a part in which nothing is.</summary>
    private sealed class FramedFormat(IReadOnlyList<SeededCase> cases, Box part) : DatasetFormat
    {
        private readonly SeededFormat _inner = new(cases, [], CleanHands.Classes);

        public override IReadOnlyList<string> Classes => _inner.Classes;

        public override CaseIndex Index(string root) => _inner.Index(root);

        public override Image ReadImage(string root, CaseSource source)
        {
            var (image, inside) = (_inner.ReadImage(root, source), part.Place(Mask.Full(part.Size), cases[0].Frame).ToDense());
            return new Image(image.Frame, 1, [.. image.Bytes.ToArray().Select((level, i) => inside[i] == 0 ? (byte)0 : Math.Max(level, (byte)1))]);
        }

        public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame) => _inner.ReadLabels(root, source, frame);
    }
}
