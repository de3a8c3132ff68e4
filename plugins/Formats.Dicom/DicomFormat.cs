using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Volumes;

namespace Osteon.Plugins.Dicom;

/// <summary>Which frames of a file are cases.</summary>
public enum FrameChoice
{
    /// <summary>The first.</summary>
    First,

    /// <summary>Each; those of one file have one patient.</summary>
    All,
}

/// <summary>Where DICOM files and labels lie, and how values become grey.</summary>
public sealed record DicomOptions : PairedOptions
{
    /// <summary>With intensity window and no center_width: which of the file's windows, by number from 0 or by its explanation; VOI tables count on after windows.</summary>
    public string Window { get; init; } = "0";

    /// <summary>auto turns MONOCHROME1 around, never leaves it.</summary>
    public InvertMode Invert { get; init; } = InvertMode.Auto;

    /// <summary>first takes a file's first frame, all each of them.</summary>
    public FrameChoice Frames { get; init; } = FrameChoice.First;

    /// <summary>
    /// Without patient_pattern, the files' Patient IDs tell who is who; what is kept is a name made from ID and this key. A key that
    /// others do not know keeps them from trying IDs out.
    /// </summary>
    public string PatientKey { get; init; } = string.Empty;

    /// <inheritdoc/>
    protected override bool NeedsWindow => false;

    internal DicomRendering Rendering => new() { Intensity = Intensity, CenterWidth = CenterWidth, Percentiles = Percentiles, Bits = Bits, Window = Window, Invert = Invert };
}

/// <summary>
/// A folder of DICOM files, nested as hospitals export them, and one of labels of the same names: label images (PNG, TIFF, BMP), NIfTI
/// or .npy; or none, for images that are only predicted.
/// </summary>
[Format("dicom")]
public sealed class DicomFormat : DatasetFormat
{
    private static readonly string[] LabelEndings = [".nii.gz", ".nii", ".npy", ".png", ".tiff", ".tif", ".bmp"];

    private readonly DicomOptions _options;
    private readonly PairedFolders _folders;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public DicomFormat(DicomOptions options)
    {
        options.Demand();
        (_options, _folders) = (options, new PairedFolders(options, [], LabelEndings));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _options.ClassNames;

    /// <inheritdoc/>
    public override CaseIndex Index(string root)
    {
        var findings = new List<Finding>();
        var cases = new List<CaseSource>();
        foreach (var pair in _folders.List(root, findings))
        {
            DicomFile? header = null;
            try
            {
                var path = ConfinedPath.Of(root, pair.ImagePath);
                if (!DicomFile.TryReadHeader(path, out header, out var reason))
                {
                    findings.Add(new Finding(Severity.Amber, "no-image", pair.ImagePath, $"{reason} It is left out."));
                    continue;
                }
            }
            catch (DataException)
            {
                // Convert reads it again and tells what is wrong.
            }

            Judge(header, pair, findings);
            cases.AddRange(Cases(header, pair, findings));
        }

        return new CaseIndex(cases, findings);
    }

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source)
    {
        var (file, frame) = Part.Split(source.ImagePath);
        return DicomFile.Read(ConfinedPath.Of(root, file)).Render(_options.Rendering, frame);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        var path = source.LabelPath ?? throw new DataException(source.ImagePath, "the case has no label file.");
        var file = ConfinedPath.Of(root, path);
        if (LabelEndings.Take(3).Any(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase)))
        {
            return LabelFiles.Read(file, path, _options, frame, Part.Split(source.ImagePath).Index);
        }

        var labels = ImageFile.ReadIndexed(file);
        if (labels.Frame != frame)
        {
            throw new DataException(path, $"the label image is {labels.Frame}, the image {source.ImagePath} is {frame}; they must agree.");
        }

        var plane = new double[frame.Area];
        for (var i = 0; i < plane.Length; i++)
        {
            plane[i] = labels.BytesPerPixel == 1 ? labels.Bytes[i] : labels.Pixels<ushort>()[i];
        }

        return LabelPlanes.OfMap(path, _options, frame, plane);
    }

    private static void Judge(DicomFile? header, PairedFile pair, List<Finding> findings)
    {
        if (header?.HasBurnedInText == true)
        {
            findings.Add(new Finding(Severity.Amber, "burned-in-text", pair.ImagePath, "The file says that text is burned into its pixels; it may name the patient, and a network may read it."));
        }
    }

    private IEnumerable<CaseSource> Cases(DicomFile? header, PairedFile pair, List<Finding> findings)
    {
        var patient = _options.PatientPattern.Length > 0 || header?.Pseudonym(_options.PatientKey) is not { } pseudonym ? _folders.PatientOf(pair, findings) : $"patient-{pseudonym}";
        var whole = new CaseSource(pair.Id, patient, pair.Subset, pair.ImagePath, pair.LabelPath) { Metadata = header?.Metadata ?? new Dictionary<string, string>() };
        return _options.Frames == FrameChoice.First || header is null or { FrameCount: 1 }
            ? [whole]
            : Enumerable.Range(0, header.FrameCount).Select(f => whole with { Id = $"{pair.Id}-{f:D4}", ImagePath = Part.Of(pair.ImagePath, f) });
    }
}
