using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Volumes;

namespace Osteon.Plugins.Spine;

/// <summary>Where radiographs and label stacks lie.</summary>
public sealed record SpineOptions : PairedOptions
{
    /// <summary>The challenge's folders, and its six vertebrae and background.</summary>
    public SpineOptions()
    {
        Images = "img";
        Labels = "label";
        Channels = SpineFormat.Names;
    }

    /// <summary>The variable of the .mat files.</summary>
    public string Variable { get; init; } = "label_separated";

    /// <summary>never leaves MONOCHROME1 as it is stored, as the challenge's own code does; auto turns it around.</summary>
    public InvertMode Invert { get; init; } = InvertMode.Never;

    /// <summary>With intensity window and no center_width: which of the file's windows, by number from 0 or by its explanation.</summary>
    public string Window { get; init; } = "0";

    /// <inheritdoc/>
    protected override bool NeedsWindow => false;

    internal DicomRendering Rendering => new() { Intensity = Intensity, CenterWidth = CenterWidth, Percentiles = Percentiles, Bits = Bits, Window = Window, Invert = Invert };
}

/// <summary>
/// Radiographs of the spine: <c>img/121.dcm</c> and <c>label/121.mat</c>, whose variable label_separated is (rows, columns, channels), a
/// plane a vertebra and one of background. Cases come in natural order (99 before 121), never in the folder's own.
/// </summary>
[Format("spine")]
public sealed class SpineFormat : DatasetFormat
{
    internal static readonly string[] Names = [.. Enumerable.Range(1, 6).Select(i => $"vertebra-{i}"), "background"];

    private readonly SpineOptions _options;
    private readonly PairedFolders _folders;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public SpineFormat(SpineOptions options)
    {
        options.Demand();
        if (options.Values.Count > 0)
        {
            throw new ConfigurationException("values means label maps; this layout has stacks, whose channels are named.");
        }

        (_options, _folders) = (options, new PairedFolders(options, [".dcm", ".dicom"], [".mat"]));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _options.ClassNames;

    /// <inheritdoc/>
    public override CaseIndex Index(string root)
    {
        var findings = new List<Finding>();
        CaseSource[] cases = [.. _folders.List(root, findings).Select(pair => new CaseSource(pair.Id, _folders.PatientOf(pair, findings), pair.Subset, pair.ImagePath, pair.LabelPath) { Metadata = Facts(root, pair.ImagePath) })];
        return new CaseIndex(cases, findings);
    }

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source) => DicomFile.Read(ConfinedPath.Of(root, source.ImagePath)).Render(_options.Rendering);

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        var path = source.LabelPath ?? throw new DataException(source.ImagePath, "the case has no label file.");
        return LabelPlanes.OfStack(path, _options.Channels, frame, MatFile.Read(ConfinedPath.Of(root, path), _options.Variable));
    }

    private static IReadOnlyDictionary<string, string> Facts(string root, string path)
    {
        try
        {
            return DicomFile.ReadHeader(ConfinedPath.Of(root, path)).Metadata;
        }
        catch (DataException)
        {
            return new Dictionary<string, string>();                // Convert reads it again and tells what is wrong
        }
    }
}
