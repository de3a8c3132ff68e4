using System.Collections.Concurrent;
using System.Globalization;
using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.ImageMask;

/// <summary>
/// A folder of images and a table of mask files, a row each: image, class, mask, and where the mask lies in its image when it was cut out.
/// Classes may overlap, and a class may have several masks in an image.
/// </summary>
[Format("mask-table")]
public sealed class MaskTableFormat(MaskTableOptions options) : DatasetFormat
{
    private readonly MaskTableOptions _options = options.Checked();
    private readonly ConcurrentDictionary<string, Lazy<Loaded>> _loaded = [];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _options.ClassColumn.Length == 0 ? [_options.Foreground] : [];

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassesIn(string root) => Load(root).Classes;

    /// <inheritdoc/>
    public override CaseIndex Index(string root)
    {
        var loaded = Load(root);
        var findings = loaded.Findings.ToList();
        var cases = new Dictionary<string, CaseSource>(StringComparer.Ordinal);
        foreach (var path in loaded.Images.Paths)
        {
            var id = loaded.Images.IdOf(path);
            if (!loaded.ByImage.ContainsKey(path))
            {
                findings.Add(new Finding(Severity.Red, "missing-label", path, $"No row of {_options.Table} names the image; add one, or move the image away."));
            }

            var patient = _options.PatientPattern.Length == 0 ? id : CasePatients.Of(_options.PatientPattern, id, path, findings) ?? id;
            if (!cases.TryAdd(id, new CaseSource(id, patient, Subset.Train, path, loaded.ByImage.ContainsKey(path) ? $"{_options.Table}#{FileTree.NameOf(path)}" : null)))
            {
                findings.Add(new Finding(Severity.Red, "duplicate-id", path, $"{cases[id].ImagePath} is named {id} already; this one is left out. Rename it."));
            }
        }

        return new CaseIndex([.. cases.Values], findings);
    }

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source) => ImageFile.ReadGray(ConfinedPath.Of(root, source.ImagePath));

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        _ = source.LabelPath ?? throw new DataException(source.ImagePath, "no table names the image.");
        return [.. Load(root).ByImage.GetValueOrDefault(source.ImagePath, []).Select(row => new MaskAnnotation(row.Class, Placed(root, row, frame)))];
    }

    private Mask Placed(string root, Row row, Frame frame)
    {
        var (own, rgb) = ImageFile.ReadColor(ConfinedPath.Of(root, row.Mask));
        if (!row.IsCutOut && own != frame)
        {
            throw new DataException(row.Mask, $"the mask is {own}, its image {frame}; they must agree, or top_column and left_column say where it lies ({_options.Table}, line {row.Line}).");
        }

        if (row.Top < 0 || row.Left < 0 || (long)row.Top + own.Height > frame.Height || (long)row.Left + own.Width > frame.Width)
        {
            throw new DataException(row.Mask, $"the mask is {own} and lies at row {row.Top}, column {row.Left}: outside of its image, which is {frame} ({_options.Table}, line {row.Line}).");
        }

        var runs = new List<Run>();
        for (var y = 0; y < own.Height; y++)
        {
            for (int x = 0, start = -1; x <= own.Width; x++)
            {
                var at = 3 * ((y * own.Width) + x);
                var set = x < own.Width && Math.Max(rgb[at], Math.Max(rgb[at + 1], rgb[at + 2])) > _options.Threshold;
                if (set && start < 0)
                {
                    start = x;
                }
                else if (!set && start >= 0)
                {
                    Add(runs, new Run(((row.Top + y) * frame.Width) + row.Left + start, x - start));
                    start = -1;
                }
            }
        }

        return new Mask(frame, [.. runs]);
    }

    // A run to the end of a row goes on in the next.
    private static void Add(List<Run> runs, Run run)
    {
        if (runs.Count > 0 && runs[^1].End == run.Start)
        {
            runs[^1] = new Run(runs[^1].Start, runs[^1].Length + run.Length);
        }
        else
        {
            runs.Add(run);
        }
    }

    private Loaded Load(string root) => _loaded.GetOrAdd(root, key => new Lazy<Loaded>(() => Read(key))).Value;

    private Loaded Read(string root)
    {
        var findings = new List<Finding>();
        var images = FileTree.Images(root, _options.Images, findings);
        var csv = CsvBytes.Open(ConfinedPath.Of(root, _options.Table), _options.Table);
        var columns = Columns(csv);
        var (strangers, missing, faults) = (new List<Finding>(), new List<Finding>(), new List<string>());
        var byImage = new Dictionary<string, List<Row>>(StringComparer.Ordinal);
        var classes = new SortedSet<string>(NaturalOrder.Instance);
        while (csv.Next() is var (line, fields))
        {
            if (fields.Count != csv.Header.Count)
            {
                faults.Add($"line {line} has {fields.Count} fields, the header {csv.Header.Count}");
                continue;
            }

            var name = csv.Text(fields[columns.Image]).Trim();
            var @class = columns.Class < 0 ? _options.Foreground : csv.Text(fields[columns.Class]).Trim();
            var mask = csv.Text(fields[columns.Mask]).Trim().Replace('\\', '/');
            if (@class.Length == 0 || !Whole(columns.Top, out var top) || !Whole(columns.Left, out var left))
            {
                faults.Add($"line {line} {(@class.Length == 0 ? "names no class" : $"has a place that is no whole number: '{csv.Text(fields[columns.Top])}', '{csv.Text(fields[columns.Left])}'")}");
                continue;
            }

            classes.Add(@class);
            if (images.Find(name, out var several) is not { } image)
            {
                strangers.Add(new Finding(several ? Severity.Red : Severity.Amber, "missing-image", _options.Table, $"Line {line} names '{name}', {(several ? $"which several images below {_options.Images} are called; write paths" : $"which {_options.Images} does not hold; its mask is left out")}."));
                continue;
            }

            var path = _options.Masks is "." or "" ? mask : $"{_options.Masks}/{mask}";
            var rows = byImage.TryGetValue(image, out var known) ? known : byImage[image] = [];
            if (mask.Length == 0)
            {
                continue;                                           // the image was looked at, and there is nothing of the class
            }

            if (!Exists(root, path, line))
            {
                missing.Add(new Finding(Severity.Amber, "missing-label", _options.Table, $"Line {line} names the mask {path} of {image}, which does not exist; its class is missing there."));
                continue;
            }

            rows.Add(new Row(line, @class, path, columns.Top >= 0, top, left));

            bool Whole(int column, out int number)
            {
                number = 0;
                return column < 0 || int.TryParse(csv.Text(fields[column]).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
            }
        }

        Few.Throw(_options.Table, faults);
        if (classes.Count > LabelMap.MaxClasses)
        {
            throw new DataException(_options.Table, $"its column '{_options.ClassColumn}' has {classes.Count} values; {LabelMap.MaxClasses} classes fit. Is it the right column?");
        }

        findings.AddFew(strangers, _options.Table);
        findings.AddFew(missing, _options.Table);
        foreach (var rows in byImage.Values)
        {
            rows.Sort((a, b) => NaturalOrder.Instance.Compare(a.Class, b.Class) is var order && order != 0 ? order : a.Line.CompareTo(b.Line));
        }

        return new Loaded(images, byImage, [.. classes], findings);
    }

    private bool Exists(string root, string path, int line)
    {
        try
        {
            return File.Exists(ConfinedPath.Of(root, path));
        }
        catch (DataException e)
        {
            throw new DataException(_options.Table, $"line {line}: the mask {e.Message}", e);
        }
    }

    private (int Image, int Mask, int Class, int Top, int Left) Columns(CsvBytes csv)
    {
        var faults = new List<string>();
        var found = (At(_options.ImageColumn, "image_column"), At(_options.MaskColumn, "mask_column"), At(_options.ClassColumn, "class_column"), At(_options.TopColumn, "top_column"), At(_options.LeftColumn, "left_column"));
        return faults.Count == 0 ? found : throw new DataException(_options.Table, $"{string.Join("; ", faults)}. Its columns are {string.Join(", ", csv.Header.Select(h => $"'{h}'"))}.");

        int At(string name, string option)
        {
            var at = name.Length == 0 ? -1 : Enumerable.Range(0, csv.Header.Count).FirstOrDefault(i => csv.Header[i] == name, -1);
            if (at < 0 && name.Length > 0)
            {
                faults.Add($"it has no column '{name}' ({option})");
            }

            return at;
        }
    }

    private sealed record Row(int Line, string Class, string Mask, bool IsCutOut, int Top, int Left);

    private sealed record Loaded(FileTree Images, IReadOnlyDictionary<string, List<Row>> ByImage, IReadOnlyList<string> Classes, IReadOnlyList<Finding> Findings);
}
