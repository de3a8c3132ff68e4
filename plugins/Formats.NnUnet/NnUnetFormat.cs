using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Volumes;

namespace Osteon.Plugins.NnUnet;

/// <summary>
/// nnU-Net's raw data sets, version 2 and 1: <c>DatasetNNN_Name</c> with dataset.json, imagesTr/CASE_0000.nii.gz, labelsTr/CASE.nii.gz and
/// imagesTs. Volumes and multi-page TIFFs are cut into slices, all of a file one patient's. Regions are classes that share pixels. The root is
/// the data set's folder, or the one above it.
/// </summary>
/// <remarks>MIC-DKFZ/nnUNet, documentation/reference/dataset-format.md, region_based_training.md and ignore_label.md.</remarks>
[Format("nnunet")]
public sealed class NnUnetFormat : DatasetFormat
{
    private readonly NnUnetOptions _options;
    private readonly NiftiVolumes _volumes;
    private readonly ConcurrentDictionary<string, Lazy<Opened>> _opened = new(StringComparer.Ordinal);

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public NnUnetFormat(NnUnetOptions options)
    {
        _options = options.Checked();
        _volumes = new NiftiVolumes(options);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => [];

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassesIn(string root) => Of(root).Classes;

    /// <inheritdoc/>
    public override CaseIndex Index(string root)
    {
        var opened = Of(root);
        var findings = new List<Finding>();
        var first = opened.Parts[0];
        var listed = first.List(opened.Channel, _options.TestLabels, findings);
        foreach (var part in opened.Parts.Skip(1))
        {
            listed = Joined(root, listed, first, part, findings);
        }

        if (opened.Tables.Any(t => t.HasIgnore) && _options.Ignored == IgnoredPixels.Background)
        {
            findings.Add(new Finding(Severity.Amber, "ignore-label", first.Prefix + DatasetJson.FileName, "The data set has an ignore label. Here every pixel counts: its pixels are background, and a network would learn that nothing is there. ignored: class makes them a class."));
        }

        var taken = new HashSet<string>(StringComparer.Ordinal);
        var cases = new List<CaseSource>(listed.Count);
        foreach (var raw in listed)
        {
            if (!taken.Add(raw.Name))
            {
                findings.Add(new Finding(Severity.Red, "duplicate-id", raw.Image, $"Another image is named {raw.Name} already; this one is left out. Rename it."));
                continue;
            }

            var patient = _options.PatientPattern.Length == 0 ? raw.Name : CasePatients.Of(_options.PatientPattern, raw.Name, raw.Image, findings) ?? raw.Name;
            var whole = new CaseSource(raw.Name, patient, raw.Subset, raw.Image, raw.Label);
            try
            {
                cases.AddRange(Slices(root, whole, raw.HoldsAll, first.Json, opened.Channel, findings));
            }
            catch (DataException)
            {
                cases.Add(whole);                                   // Convert reads it again and tells what is wrong
            }
        }

        return new CaseIndex(cases, findings);
    }

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source)
    {
        var opened = Of(root);
        var (file, slice) = Part.Split(source.ImagePath);
        var path = ConfinedPath.Of(root, file);
        if (opened.Parts[0].Json.IsPicture)
        {
            var image = ImageFile.ReadGray(path, slice);
            return SpacingBeside(path) is { } spacing ? new Image(image.Frame, image.BytesPerPixel, image.Bytes.ToArray()) { Origin = image.Origin with { Spacing = spacing } } : image;
        }

        return _volumes.ReadSlice(path, file, _options.Axis, slice, TimeOf(_volumes.Read(path).Stored.Shape, opened));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        var opened = Of(root);
        var label = source.LabelPath ?? throw new DataException(source.ImagePath, "the case has no label map.");
        var annotations = new List<Annotation>();
        for (var i = 0; i < opened.Parts.Count; i++)
        {
            var path = i == 0 ? label : Beside(label, opened.Parts[0], opened.Parts[i]);
            annotations.AddRange(opened.Tables[i].Read(path, frame, Plane(root, path, source, frame, opened)));
        }

        return opened.Parts.Count > 1 && _options.Background ? WithOneBackground(annotations, opened) : annotations;
    }

    // Of data sets that are one, the background is what is background in each.
    private static List<Annotation> WithOneBackground(List<Annotation> annotations, Opened opened)
    {
        var background = opened.Parts[0].Json.Labels.First(l => l.Values is [0]).Name;
        var own = annotations.OfType<MaskAnnotation>().Where(a => a.Class == background).ToArray();
        annotations.RemoveAll(a => a.Class == background);
        if (own.Length == opened.Parts.Count)
        {
            annotations.Add(own[0] with { Mask = own.Select(a => a.Mask).Aggregate((a, b) => a.Intersect(b)) });
        }

        return annotations;
    }

    // Data sets that are one differ in their folders alone.
    private static string Beside(string label, RawDataset first, RawDataset part) => label.StartsWith(first.Prefix, StringComparison.Ordinal)
        ? part.Prefix + label[first.Prefix.Length..]
        : throw new DataException(label, $"lies outside {first.Prefix}, so that nothing says where the label of {part.Prefix} is.");

    private double[] Plane(string root, string label, CaseSource source, Frame frame, Opened opened)
    {
        var (file, slice) = Part.Split(source.ImagePath);
        var path = ConfinedPath.Of(root, label);
        double[] values;
        Frame own;
        if (opened.Parts[0].Json.IsPicture)
        {
            var map = ImageFile.ReadIndexed(path, slice);
            values = new double[map.Frame.Area];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = map.BytesPerPixel == 1 ? map.Bytes[i] : map.Bytes[2 * i] | (map.Bytes[(2 * i) + 1] << 8);
            }

            own = map.Frame;
        }
        else
        {
            var volume = _volumes.Read(path);
            NiftiVolumes.DemandSameGrid(volume, label, _volumes.Read(ConfinedPath.Of(root, file)), file);
            (values, own) = LabelFiles.SliceOf(volume, label, _options.Axis, slice, 0);
        }

        return own == frame ? values : throw new DataException(label, $"the label map is {own}, the image {file} is {frame}; they must agree.");
    }

    private IEnumerable<CaseSource> Slices(string root, CaseSource whole, bool holdsAll, DatasetJson json, int channel, List<Finding> findings)
    {
        var path = ConfinedPath.Of(root, whole.ImagePath);
        if (json.IsPicture)
        {
            return NiftiVolumes.Parts(whole, json.FileEnding.StartsWith(".tif", StringComparison.Ordinal) ? ImageFile.CountPages(path) : 1);
        }

        var shape = NiftiFile.ReadShape(path);
        if (holdsAll && (shape.Count < 4 || shape[3] != json.Channels.Count))
        {
            findings.Add(new Finding(Severity.Red, "missing-channel", whole.ImagePath, $"Case {whole.Id} has one file of ({string.Join(", ", shape)}); dataset.json names {json.Channels.Count} channels: as many files CASE_0000, CASE_0001, …, or a fourth axis of that length."));
            return [];
        }

        return NiftiVolumes.Slices(whole, shape, _options.Axis, holdsAll ? channel : 0, findings);
    }

    // A file that stands alone for all channels carries them along its fourth axis.
    private static int TimeOf(IReadOnlyList<int> shape, Opened opened) => opened.Parts[0].Json.Channels.Count > 1 && shape.Count > 3 && shape[3] == opened.Parts[0].Json.Channels.Count ? opened.Channel : 0;

    // The images are those of the first; of the others the labels count.
    private static List<RawCase> Joined(string root, List<RawCase> cases, RawDataset first, RawDataset part, List<Finding> findings)
    {
        var joined = new List<RawCase>(cases.Count);
        foreach (var c in cases)
        {
            if (c.Label is { } label && label.StartsWith(first.Prefix, StringComparison.Ordinal) && !File.Exists(Path.Combine(root, Beside(label, first, part))))
            {
                findings.Add(new Finding(Severity.Red, "missing-label", c.Image, $"There is no {Beside(label, first, part)}; {GroupsFile.FileName} says that {part.Prefix.TrimEnd('/')} and {first.Prefix.TrimEnd('/')} hold the same cases. The case is left out."));
            }
            else
            {
                joined.Add(c);
            }
        }

        return joined;
    }

    // nnU-Net keeps a TIFF's spacing in CASE.json, as (slices, rows, columns).
    private static Spacing? SpacingBeside(string image)
    {
        var ending = image.LastIndexOf('.');
        var file = ending > 5 && image[ending - 5] == '_' ? image[..(ending - 5)] + ".json" : string.Empty;
        if (!File.Exists(file))
        {
            return null;
        }

        using var json = DatasetJson.Parse(file, Path.GetFileName(file));
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("spacing", out var spacing) && spacing.ValueKind == JsonValueKind.Array && spacing.GetArrayLength() == 3
            && spacing.EnumerateArray().All(n => n.ValueKind == JsonValueKind.Number && n.TryGetDouble(out var mm) && mm is > 0 and < double.PositiveInfinity)
            ? new Spacing(spacing[1].GetDouble(), spacing[2].GetDouble())
            : throw new DataException(Path.GetFileName(file), "'spacing' is no list of three numbers above 0, for slices, rows and columns.");
    }

    private Opened Of(string root) => _opened.GetOrAdd(Path.GetFullPath(root), full => new Lazy<Opened>(() => Open(full))).Value;

    private Opened Open(string root)
    {
        var parts = RawFolders.Find(root, _options.Dataset);
        var channels = parts[0].Json.Channels;
        var channel = Enumerable.Range(0, channels.Count).Cast<int?>().FirstOrDefault(c => channels[c!.Value] == _options.Channel)
            ?? (int.TryParse(_options.Channel, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < channels.Count ? number
            : throw new ConfigurationException($"channel is '{_options.Channel}'; {parts[0].Prefix}{DatasetJson.FileName} names {string.Join(", ", channels.Select((n, c) => $"{c}: {n}"))}."));
        LabelTable[] tables = [.. parts.Select(p => new LabelTable(p.Json.Labels, _options.Ignored, _options.Background))];
        var all = tables.SelectMany(t => t.Classes).Distinct(StringComparer.Ordinal).ToArray();
        return new Opened(parts, tables, parts.Count > 1 ? [.. GroupsFile.Load(root).Classes.Intersect(all).Union(all)] : all, channel);
    }

    /// <param name="Parts">The data sets that make up this one.</param>
    /// <param name="Tables">What their labels mean.</param>
    /// <param name="Classes">In channel order.</param>
    /// <param name="Channel">Which is read.</param>
    private sealed record Opened(IReadOnlyList<RawDataset> Parts, IReadOnlyList<LabelTable> Tables, IReadOnlyList<string> Classes, int Channel);
}
