using System.Collections.Concurrent;
using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.RleCsv;

/// <summary>
/// A folder of images and a table of their masks as run lengths, as submissions and many challenges' labels are: a row an image and class, or a row
/// an image and a column a class. Several rows of an image and class are joined. Sizes are those of the images.
/// </summary>
[Format("rle-csv")]
public sealed class RleCsvFormat(RleCsvOptions options) : DatasetFormat
{
    private readonly RleCsvOptions _options = options.Checked();
    private readonly ConcurrentDictionary<(string Root, Subset Subset), Lazy<Loaded>> _loaded = [];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _options.Classes;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassesIn(string root) => _options.Classes.Count > 0 ? _options.Classes : Glance(root).Table!.Classes;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> FoundIn(string root)
    {
        if (RleSniff.Given(_options) is { } given)
        {
            return new Dictionary<string, string> { ["rle"] = RleTable.Told(given) };
        }

        var known = Glance(root).Known!;
        return new Dictionary<string, string> { ["rle"] = RleTable.Told(known.Convention), ["rle_by"] = known.How };
    }

    /// <inheritdoc/>
    public override CaseIndex Index(string root)
    {
        var findings = new List<Finding>();
        var cases = Index(root, Subset.Train, findings);
        if (_options.TestImages.Length > 0)
        {
            cases.AddRange(Index(root, Subset.Test, findings));
        }

        var taken = new Dictionary<string, CaseSource>(StringComparer.Ordinal);
        foreach (var twice in cases.Where(c => !taken.TryAdd(c.Id, c)))
        {
            findings.Add(new Finding(Severity.Red, "duplicate-id", twice.ImagePath, $"{taken[twice.Id].ImagePath} is named {twice.Id} already; this one is left out. Rename it."));
        }

        return new CaseIndex([.. taken.Values], findings);
    }

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source) => ImageFile.ReadGray(ConfinedPath.Of(root, source.ImagePath));

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        _ = source.LabelPath ?? throw new DataException(source.ImagePath, "no table names the image.");
        var loaded = Load(root, source.Subset);
        return loaded.ByPath.TryGetValue(source.ImagePath, out var entry)
            ? [.. entry.Cells.OrderBy(c => c.Class).ThenBy(c => c.Line).Select(c => new MaskAnnotation(loaded.Table!.Classes[c.Class], loaded.Table.Decode(c, loaded.Known!.Convention, frame)))]
            : [];
    }

    private List<CaseSource> Index(string root, Subset subset, List<Finding> findings)
    {
        var loaded = Load(root, subset);
        findings.AddRange(loaded.Findings);
        if (loaded.Known is { Sniffed: true } known)
        {
            findings.Add(new Finding(Severity.Info, "rle-convention", loaded.Table!.Path, $"Runs are read in {RleTable.Told(known.Convention)}: {known.How}. To keep it so, write order and base down."));
        }

        if ((_options.Order != RunOrder.Sniff || _options.Base != "sniff") && loaded is { Table: { } table, Known: { } given } && RleSniff.Doubt(root, table, loaded.Images, _options, given.Convention) is { } doubt)
        {
            findings.Add(new Finding(Severity.Amber, "rle-convention", table.Path, $"{doubt} A wrong one reads without an error, and masks lie elsewhere: look at the pictures."));
        }

        var cases = new List<CaseSource>(loaded.Images.Paths.Count);
        foreach (var path in loaded.Images.Paths)
        {
            var name = loaded.Images.IdOf(path);
            var entry = loaded.ByPath.GetValueOrDefault(path);
            var labelled = loaded.Table is not null && (entry is not null || _options.Absent == AbsentImage.Empty);
            if (!labelled && subset == Subset.Train)
            {
                findings.Add(new Finding(Severity.Red, "missing-label", path, $"No row of {_options.Table} names the image. Add one with an empty cell, say absent: empty where such images have nothing to find, or move it to the test folder."));
            }

            var id = subset == Subset.Train ? name : $"test-{name}";
            cases.Add(new CaseSource(id, Patient(entry, name, id, path, findings), subset, path, labelled ? $"{loaded.Table!.Path}#{FileTree.NameOf(path)}" : null) { Metadata = entry?.Facts ?? [] });
        }

        return cases;
    }

    private string Patient(RleEntry? entry, string name, string id, string path, List<Finding> findings)
    {
        if (_options.PatientColumn.Length > 0 && entry?.Patient is null)
        {
            findings.Add(new Finding(Severity.Red, "no-patient", path, $"The column '{_options.PatientColumn}' names no patient for the image; cases of one patient could part between train and test."));
        }

        return entry?.Patient ?? (_options.PatientPattern.Length > 0 ? CasePatients.Of(_options.PatientPattern, name, path, findings) ?? id : id);
    }

    /// <summary>For a question alone a table of hundreds of megabytes is not kept.</summary>
    private Loaded Glance(string root) => _loaded.TryGetValue((root, Subset.Train), out var loaded) ? loaded.Value : Read(root, Subset.Train);

    private Loaded Load(string root, Subset subset) =>
        _loaded.GetOrAdd((root, subset), key => new Lazy<Loaded>(() => Read(key.Root, key.Subset))).Value;

    private Loaded Read(string root, Subset subset)
    {
        var (path, folder) = subset == Subset.Train ? (_options.Table, _options.Images) : (_options.TestTable, _options.TestImages);
        var findings = new List<Finding>();
        var images = FileTree.Images(root, folder, findings);
        if (path.Length == 0)
        {
            return new Loaded(null, images, null, new Dictionary<string, RleEntry>(), findings);
        }

        // How a table is written, its test table is written too: the larger one tells more.
        var train = subset == Subset.Test ? Load(root, Subset.Train) : null;
        var table = RleTable.Read(ConfinedPath.Of(root, path), path, _options, train?.Table?.Classes);
        var byPath = new Dictionary<string, RleEntry>(StringComparer.Ordinal);
        var strangers = new List<Finding>();
        foreach (var entry in table.Entries.Values)
        {
            if (images.Find(entry.Image, out var several) is { } image)
            {
                Join(byPath, image, entry);
            }
            else if (several)
            {
                findings.Add(new Finding(Severity.Red, "missing-image", path, $"Line {entry.Line} names '{entry.Image}', which several images below {folder} are called; write paths into the table, or rename them."));
            }
            else
            {
                strangers.Add(new Finding(Severity.Amber, "missing-image", path, $"Line {entry.Line} names '{entry.Image}', which {folder} does not hold; its masks are left out."));
            }
        }

        findings.AddFew(strangers, path);
        var known = train?.Known is { } same ? same with { Sniffed = false } : RleSniff.Find(root, table, images, _options);
        return new Loaded(table, images, known, byPath, findings);
    }

    // One image under two names ("a" and "a.png").
    private static void Join(Dictionary<string, RleEntry> byPath, string image, RleEntry entry)
    {
        if (byPath.TryAdd(image, entry))
        {
            return;
        }

        byPath[image].Cells.AddRange(entry.Cells);
        foreach (var (key, value) in entry.Facts)
        {
            byPath[image].Facts.TryAdd(key, value);
        }
    }

    private sealed record Loaded(RleTable? Table, FileTree Images, KnownConvention? Known, IReadOnlyDictionary<string, RleEntry> ByPath, IReadOnlyList<Finding> Findings);
}
