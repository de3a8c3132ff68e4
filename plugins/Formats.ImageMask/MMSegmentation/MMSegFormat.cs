using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.ImageMask;

/// <summary>
/// The folders of MMSegmentation: <c>img_dir/train/7.jpg</c> and <c>ann_dir/train/7.png</c>, a map of indices; val and test likewise, or lists of
/// names. Which part the data set puts a case in is its fact <c>split</c>: <c>split: {folds: 1, column: split}</c> takes it.
/// </summary>
/// <remarks>MMSegmentation, BaseSegDataset and LoadAnnotations: with reduce_zero_label 0 becomes ignored, and all other values one less.</remarks>
[Format("mmseg")]
public sealed class MMSegFormat : DatasetFormat
{
    private const long MaxListBytes = 64 << 20;

    private static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true, MaxRecursionDepth = 12, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };

    private readonly MMSegOptions _options;
    private readonly LabelValues _values;
    private readonly LabelColours? _colours;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public MMSegFormat(MMSegOptions options)
    {
        _options = options.Checked();
        var first = options.ReduceZeroLabel ? 1 : 0;
        _values = new LabelValues([.. options.Classes.Select((c, k) => (c, k + first))], options.ReduceZeroLabel && options.IgnoreIndex != 0 ? [0, options.IgnoreIndex] : [options.IgnoreIndex]);
        if (options.Palette.Count > 0)
        {
            // What counts for nothing has no colour of its own in METAINFO; converters leave it black, or of the ignored grey.
            IReadOnlyList<int>[] nothing = [[0, 0, 0], [options.IgnoreIndex & 0xFF, options.IgnoreIndex & 0xFF, options.IgnoreIndex & 0xFF]];
            _colours = new LabelColours([.. options.Classes.Zip(options.Palette)], [.. nothing.Where(n => !options.Palette.Any(p => p.SequenceEqual(n)))]);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _options.Classes;

    /// <inheritdoc/>
    public override CaseIndex Index(string root)
    {
        var findings = new List<Finding>();
        var cases = new List<CaseSource>();
        foreach (var (part, folder) in new[] { ("train", _options.Train), ("val", _options.Val), ("test", _options.Test) })
        {
            cases.AddRange(_options.Splits.Count > 0 ? Listed(root, part, findings) : InFolder(root, part, folder, findings));
        }

        var taken = new Dictionary<string, CaseSource>(StringComparer.Ordinal);
        foreach (var twice in cases.Where(c => !taken.TryAdd(c.Id, c)))
        {
            findings.Add(new Finding(Severity.Red, "duplicate-id", twice.ImagePath, $"It is in {taken[twice.Id].Metadata["split"]} as {taken[twice.Id].ImagePath}, and in {twice.Metadata["split"]}; the second is left out."));
        }

        findings.Add(new Finding(Severity.Info, "undecided-pixels", ".", $"Pixels of {(_options.ReduceZeroLabel && _options.IgnoreIndex != 0 ? $"0 and {_options.IgnoreIndex}" : $"{_options.IgnoreIndex}")} have no class. In multiclass mode they are neither learnt from nor scored; in multilabel mode they are background."));
        return cases.Count > 0
            ? new CaseIndex([.. taken.Values], findings)
            : throw new ConfigurationException(_options.Splits.Count > 0
                ? $"{root}: {string.Join(" and ", _options.Splits.Values)} name no image that {_options.ImgDir} holds. Their lines are names without endings; see img_dir and img_suffix."
                : $"{root}: holds no image in {_options.ImgDir}/{_options.Train} that ends with {(_options.ImgSuffix.Length > 0 ? _options.ImgSuffix : ".png, .jpg, .tif or .bmp")}. Name folders by img_dir, ann_dir, train, val and test, or lists by splits.");
    }

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source) => ImageFile.ReadGray(ConfinedPath.Of(root, source.ImagePath));

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        var path = source.LabelPath ?? throw new DataException(source.ImagePath, "the case has no map.");
        var file = ConfinedPath.Of(root, path);
        ILabelMeaning meaning = _colours is not null && ImageFile.HoldsColour(file) ? _colours : _values;
        return meaning.Read(file, 0, path, own =>
        {
            if (own != frame)
            {
                throw new DataException(path, $"the map is {own}, the image {source.ImagePath} is {frame}; they must agree.");
            }
        });
    }

    private List<CaseSource> InFolder(string root, string part, string folder, List<Finding> findings)
    {
        var (images, maps) = (Join(_options.ImgDir, folder), Join(_options.AnnDir, folder));
        if (!Directory.Exists(Path.Combine(root, images)))
        {
            return part is "train"
                ? throw new ConfigurationException($"{root}: holds no folder '{images}'; the mmseg format looks there. Name folders by img_dir and train, or lists by splits.")
                : [];
        }

        var found = Files(root, images).Where(f => _options.ImgSuffix.Length > 0 ? f.EndsWith(_options.ImgSuffix, StringComparison.Ordinal) : ImageFiles.IsImage(f)).ToList();
        var names = found.Select(f => (Name: f[..^Ending(f).Length], File: f)).ToList();
        var cases = names.Select(n => Case(root, part, n.Name, $"{images}/{n.File}", $"{maps}/{n.Name}{_options.SegMapSuffix}", part == "train" ? string.Empty : $"{part}-", findings)).ToList();
        var known = names.Select(n => n.Name + _options.SegMapSuffix).ToHashSet(StringComparer.Ordinal);
        findings.AddRange((Directory.Exists(Path.Combine(root, maps)) ? Files(root, maps) : []).Where(m => m.EndsWith(_options.SegMapSuffix, StringComparison.Ordinal) && !known.Contains(m))
            .Select(m => new Finding(Severity.Amber, "missing-image", $"{maps}/{m}", $"The map has no image {images}/{m[..^_options.SegMapSuffix.Length]}{(_options.ImgSuffix.Length > 0 ? _options.ImgSuffix : ".*")}; it is left out.")));
        return cases;
    }

    private IEnumerable<CaseSource> Listed(string root, string part, List<Finding> findings)
    {
        if (!_options.Splits.TryGetValue(part, out var list))
        {
            yield break;
        }

        var files = Files(root, _options.ImgDir).ToList();
        var byName = files.Where(ImageFiles.IsImage).GroupBy(f => f[..^Ending(f).Length], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        var number = 0;
        foreach (var line in Lines(root, list))
        {
            number++;
            // MMSegmentation takes names without ending; lists of other tools write it, or the map behind it.
            var name = line.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(line);
            name = byName.ContainsKey(name) || !ImageFiles.IsImage(name) ? name : name[..^Ending(name).Length];
            if (byName.GetValueOrDefault(name) is [var file])
            {
                yield return Case(root, part, name, Join(_options.ImgDir, file), $"{Join(_options.AnnDir, name)}{_options.SegMapSuffix}", string.Empty, findings);
            }
            else
            {
                findings.Add(new Finding(Severity.Red, "missing-image", list, $"Line {number} names '{name}', of which {_options.ImgDir} holds {(byName.TryGetValue(name, out var several) ? $"{string.Join(" and ", several)}; set img_suffix" : "no image; mend the list or add it")}."));
            }
        }
    }

    private CaseSource Case(string root, string part, string name, string image, string map, string prefix, List<Finding> findings)
    {
        var labelled = File.Exists(Path.Combine(root, map));
        if (!labelled && part != "test")
        {
            findings.Add(new Finding(Severity.Red, "missing-label", image, $"The image of {part} has no map {map}; add it, or see seg_map_suffix."));
        }

        var id = prefix + name.Replace('/', '-');
        var patient = _options.PatientPattern.Length == 0 ? id : CasePatients.Of(_options.PatientPattern, name, image, findings) ?? id;
        return new CaseSource(id, patient, part == "test" ? Subset.Test : Subset.Train, image, labelled ? map : null) { Metadata = new Dictionary<string, string> { ["split"] = part } };
    }

    private string Ending(string file) => _options.ImgSuffix.Length > 0 && file.EndsWith(_options.ImgSuffix, StringComparison.Ordinal) ? _options.ImgSuffix : Path.GetExtension(file);

    private static string Join(string folder, string name) => folder is "." or "" ? name : name is "." or "" ? folder : $"{folder}/{name}";

    private static IEnumerable<string> Files(string root, string folder)
    {
        var full = Path.Combine(root, folder);
        return Directory.Exists(full)
            ? Directory.EnumerateFiles(full, "*", Below).Select(f => Path.GetRelativePath(full, f).Replace('\\', '/')).Order(NaturalOrder.Instance)
            : throw new ConfigurationException($"{root}: holds no folder '{folder}'; the mmseg format looks there. Name another by img_dir or ann_dir.");
    }

    private static IEnumerable<string> Lines(string root, string list)
    {
        var file = ConfinedPath.Of(root, list);
        try
        {
            return new FileInfo(file).Length <= MaxListBytes
                ? File.ReadAllLines(file).Select(l => l.Trim().TrimStart('\uFEFF')).Where(l => l.Length > 0)
                : throw new DataException(list, $"has more than {MaxListBytes >> 20} MiB; a list of names has not.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(list, e is FileNotFoundException or DirectoryNotFoundException ? "the list does not exist; splits names it." : $"cannot be read: {e.Message}", e);
        }
    }
}
