using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Volumes;

namespace Osteon.Plugins.Nifti;

/// <summary>Where volumes and label volumes lie, and how they are cut.</summary>
public sealed record NiftiOptions : PairedOptions
{
    /// <summary>The axis of which each place is a case: 2 cuts as scanners store, 1 and 0 across; of the other two the higher counts rows.</summary>
    [Range(0, 2)]
    public int Axis { get; init; } = 2;

    /// <summary>Of volumes with a fourth axis (time, echoes, …): the place on it, from 0.</summary>
    [Range(0, 32766)]
    public int Volume { get; init; }

    /// <summary>What an image's name ends with before .nii: with "_0000", CASE_0000.nii.gz belongs to label CASE.nii.gz.</summary>
    public string ImageSuffix { get; init; } = string.Empty;
}

/// <summary>
/// Folders of NIfTI volumes and label volumes of the same names. Each slice is a case, all of a file one patient's; grey levels are
/// those of the whole volume, so that slices of one volume stay comparable.
/// </summary>
[Format("nifti")]
public sealed class NiftiFormat : DatasetFormat
{
    private static readonly string[] Endings = [".nii.gz", ".nii", ".hdr"];

    private readonly NiftiOptions _options;
    private readonly PairedFolders _folders;
    private readonly NiftiVolumes _volumes;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public NiftiFormat(NiftiOptions options)
    {
        options.Demand();
        _options = options;
        _folders = new PairedFolders(options, [.. Endings.Select(e => options.ImageSuffix + e)], Endings);
        _volumes = new NiftiVolumes(options);
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
            var whole = new CaseSource(pair.Id, _folders.PatientOf(pair, findings), pair.Subset, pair.ImagePath, pair.LabelPath);
            try
            {
                cases.AddRange(NiftiVolumes.Slices(whole, NiftiFile.ReadShape(ConfinedPath.Of(root, pair.ImagePath)), _options.Axis, _options.Volume, findings));
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
        var (file, slice) = Part.Split(source.ImagePath);
        return _volumes.ReadSlice(ConfinedPath.Of(root, file), file, _options.Axis, slice, _options.Volume);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        var path = source.LabelPath ?? throw new DataException(source.ImagePath, "the case has no label volume.");
        var (file, slice) = Part.Split(source.ImagePath);
        var labels = _volumes.Read(ConfinedPath.Of(root, path));
        NiftiVolumes.DemandSameGrid(labels, path, _volumes.Read(ConfinedPath.Of(root, file)), file);
        return LabelFiles.OfVolume(labels, path, _options, frame, _options.Axis, slice);
    }
}
