using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.ImageMask;

/// <summary>Where an MMSegmentation data set lies and what its maps mean; the names are those of its dataset classes.</summary>
public sealed record MMSegOptions
{
    /// <summary>Folder of the images below the root (data_prefix.img_path).</summary>
    public string ImgDir { get; init; } = "img_dir";

    /// <summary>Folder of the maps below the root (data_prefix.seg_map_path).</summary>
    public string AnnDir { get; init; } = "ann_dir";

    /// <summary>What an image's name ends with, e.g. ".jpg" or "_leftImg8bit.png"; when empty, any image file.</summary>
    public string ImgSuffix { get; init; } = string.Empty;

    /// <summary>What a map's name ends with in its place, e.g. ".png" or "_gtFine_labelTrainIds.png".</summary>
    public string SegMapSuffix { get; init; } = ".png";

    /// <summary>METAINFO's classes in their order: index = value of the map, or value − 1 with reduce_zero_label.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>METAINFO's palette: [red, green, blue] of each class. It is asked only where a map is stored as colours; a palette inside a file counts by its indices.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Palette { get; init; } = [];

    /// <summary>True where 0 is the background and counts for nothing: class k then has the value k + 1.</summary>
    public bool ReduceZeroLabel { get; init; }

    /// <summary>The value of pixels that count for nothing.</summary>
    public int IgnoreIndex { get; init; } = 255;

    /// <summary>Folder of training cases below img_dir and ann_dir.</summary>
    public string Train { get; init; } = "train";

    /// <summary>Folder of validation cases; it may be missing.</summary>
    public string Val { get; init; } = "val";

    /// <summary>Folder of test cases; it may be missing, and so may its maps.</summary>
    public string Test { get; init; } = "test";

    /// <summary>Instead of folders: a text file below the root with a case's name a line, for each part, e.g. {train: splits/train.txt, val: splits/val.txt}.</summary>
    public IReadOnlyDictionary<string, string> Splits { get; init; } = new Dictionary<string, string>();

    /// <summary>Finds the patient in a case's name, see image-mask; when empty, each image is a patient of its own.</summary>
    public string PatientPattern { get; init; } = string.Empty;

    /// <summary>These options, when they make sense.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    internal MMSegOptions Checked()
    {
        List<string> faults = [.. CasePatients.Fault(PatientPattern)];
        if (Classes.Count is 0 or > LabelMap.MaxClasses)
        {
            faults.Add($"classes names {Classes.Count} classes; name 1 to {LabelMap.MaxClasses}, in the order of METAINFO.");
        }

        faults.AddRange(Classes.GroupBy(c => c).Where(g => g.Key.Length == 0 || g.Count() > 1).Select(g => $"the class '{g.Key}' has no name, or one that is given twice."));
        if (Palette.Count > 0 && Palette.Count != Classes.Count)
        {
            faults.Add($"palette has {Palette.Count} colours, classes {Classes.Count} names; they go together.");
        }

        faults.AddRange(Palette.Where(c => c.Count != 3 || c.Any(v => v is < 0 or > 255)).Select(c => $"palette has [{string.Join(", ", c)}]; a colour is [red, green, blue], 0 to 255 each."));
        faults.AddRange(Palette.GroupBy(c => string.Join(", ", c)).Where(g => g.Count() > 1).Select(g => $"the colour [{g.Key}] stands in palette twice."));
        if (IgnoreIndex is < 0 or > ushort.MaxValue || IgnoreIndex - (ReduceZeroLabel ? 1 : 0) is var k && k >= 0 && k < Classes.Count)
        {
            faults.Add($"ignore_index is {IgnoreIndex}, which is a class's value or outside 0 to 65535.");
        }

        if (SegMapSuffix.Length == 0)
        {
            faults.Add("seg_map_suffix is empty; it is what a map's name ends with, as in .png.");
        }

        faults.AddRange(Splits.Keys.Where(k => k is not ("train" or "val" or "test")).Select(k => $"splits has '{k}'; train, val and test are allowed."));
        faults.AddRange(new[] { ImgDir, AnnDir, Train, Val, Test }.Concat(Splits.Values).Where(f => Path.IsPathRooted(f) || f.Split('/', '\\').Contains(".."))
            .Select(f => $"'{f}' must lie below the root: no '..', no absolute path."));
        return faults.Count == 0 ? this : throw new ConfigurationException(faults);
    }
}
