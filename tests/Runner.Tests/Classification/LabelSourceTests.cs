using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Runner.Configuration;

namespace Osteon.Runner.Tests;

public sealed class LabelSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-labels-").FullName;
    private readonly CaseStore _store;

    // a and b have masks, b's second one empty and a's both; c has none; d is to be predicted alone.
    public LabelSourceTests()
    {
        var (frame, writer) = (new Frame(2, 2), new CaseStoreWriter(Path.Combine(_folder, "store"), ["bone", "metal"]));
        var cases = new List<StoredCase>();
        foreach (var (id, masks, site) in new[] { ("a", new[] { 0, 0 }, "2"), ("b", [3, 0], "10"), ("c", null, "2"), ("d", null, "") })
        {
            var source = new CaseSource(id, id, id == "d" ? Subset.Test : Subset.Train, $"x/{id}.png", masks is null ? null : $"{id}.json") { Metadata = new Dictionary<string, string> { ["site"] = site } };
            var stored = new StoredCase(source, frame, frame, masks is not null);
            writer.Write(stored, new Image(frame, 1), masks is null ? null : new LabelMap(frame, 2), masks?.Select(n => n == 0 ? Mask.Empty(frame) : new Mask(frame, [new Run(0, n)])).ToArray());
            cases.Add(stored);
        }

        writer.Finish(cases);
        _store = CaseStore.Open(Path.Combine(_folder, "store"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_table_names_images_by_id_file_or_path()
    {
        File.WriteAllText(Path.Combine(_folder, "t.csv"), "finding;img\n1;a\n0;b.png\n0;x/c.png\n0;elsewhere\n");
        var labels = Of("csv: {file: t.csv, id: img, label: finding, names: {0: intact, 1: fractured}}");
        Assert.Equal(["intact", "fractured"], labels.Classes);
        Assert.Equal(new Dictionary<string, int> { ["a"] = 1, ["b"] = 0, ["c"] = 0 }, labels.ByCase.ToDictionary());
        Assert.Empty(labels.Unlabelled);
    }

    [Fact]
    public void Images_without_a_row_or_with_an_empty_cell_have_no_class()
    {
        File.WriteAllText(Path.Combine(_folder, "t.csv"), "id,label\na,1\nb,0\nc,\n");
        var labels = Of("csv: {file: t.csv}");
        Assert.Equal(["c"], labels.Unlabelled.Keys);                // d is a test image, which may have none
        Assert.Equal("t.csv has no label for it", labels.Unlabelled["c"]);
        Assert.Null(labels.Find("d"));
    }

    [Fact]
    public void Metadata_has_classes_too_and_numbers_come_by_size()
    {
        var labels = Of("metadata: {column: site}");
        Assert.Equal(["2", "10"], labels.Classes);
        Assert.Equal(1, labels["b"]);
        Assert.Equal([2, 1], labels.Count(_store.Cases));
    }

    [Fact]
    public void A_folder_or_a_part_of_the_name_is_a_class()
    {
        Assert.Equal(["a", "bc"], Of("path: {pattern: '([a-c])[.]png', names: {b: bc}, classes: [a, b, c]}").Classes.Take(2));
        var found = Of("path: {pattern: '(?<class>[ab])[.]'}");
        Assert.Equal((0, 1), (found["a"], found["b"]));
        Assert.Equal("'(?<class>[ab])[.]' finds nothing in its path", found.Unlabelled["c"]);
        Assert.Equal(["x"], Of("path: {}").Classes);                // they lie in one folder, which Check refuses
    }

    [Theory]
    [InlineData("mask: {}", 0, 1)]
    [InlineData("mask: {classes: [metal]}", 0, 0)]
    public void A_mask_is_empty_or_not(string source, int a, int b)
    {
        var labels = Of(source);
        Assert.Equal(["absent", "present"], labels.Classes);
        Assert.Equal((a, b), (labels["a"], labels["b"]));
        Assert.Equal("it has no mask", Assert.Single(labels.Unlabelled).Value);
    }

    [Fact]
    public void What_was_saved_is_read()
    {
        var labels = Of("metadata: {column: site}");
        labels.Save(_folder);
        var read = CaseLabels.Load(_folder);
        Assert.Equal(labels.Classes, read.Classes);
        Assert.Equal(labels.ByCase.OrderBy(p => p.Key), read.ByCase.OrderBy(p => p.Key));
        File.WriteAllText(Path.Combine(_folder, CaseLabels.FileName), """{"classes": ["x"], "by_case": {"a": 1}, "unlabelled": {}}""");
        Assert.Throws<DataException>(() => CaseLabels.Load(_folder));
    }

    [Theory]
    [InlineData("csv: {file: t.csv, id: image, label: labell}", "labels.csv.label is 'labell', but t.csv has no such column; nearest is 'label'. Columns: image, label.")]
    [InlineData("csv: {file: t.csv, id: image, classes: [0, 2]}", "labels.csv: '1' is none of classes (0, 2); 1 case(s) have it: a.")]
    [InlineData("csv: {file: twice.csv}", "twice.csv:3: case 'a' is '1' here and '0' in line 2. Keep one.")]
    [InlineData("csv: {file: other.csv}", "labels.csv: no row of other.csv names one of the 4 cases in its column 'id', which holds 'q', while cases are called 'a', 'b', 'c'.")]
    [InlineData("metadata: {column: sit}", "labels.metadata.column is 'sit'; nearest is 'site'. Columns of the metadata: site.")]
    [InlineData("mask: {classes: [bones]}", "labels.mask.classes names 'bones'; nearest is 'bone'. Classes of masks: bone, metal.")]
    [InlineData("csv: {file: t.csv, classes: [a, a]}", "classes has 2 values, [a, a]; expected 2 to 64 different ones, or none, which takes all there are.")]
    [InlineData("csv: {file: t.csv, classes: [a, b], names: {c: x}}", "names names 'c', which is none of classes: a, b.")]
    [InlineData("path: {pattern: '(['}", "pattern is no regular expression: Invalid pattern '(['")]
    [InlineData("csv: {}", "file is missing")]
    public void What_is_wrong_is_told(string source, string what)
    {
        File.WriteAllText(Path.Combine(_folder, "t.csv"), "image,label\na,1\nb,0\n");
        File.WriteAllText(Path.Combine(_folder, "twice.csv"), "id,label\na,0\na,1\n");
        File.WriteAllText(Path.Combine(_folder, "other.csv"), "id,label\nq,0\n");
        Assert.Contains(what, Assert.ThrowsAny<ConfigurationException>(() => Of(source)).Message, StringComparison.Ordinal);
    }

    private CaseLabels Of(string yaml)
    {
        var faults = new Faults();
        var tree = (MapNode)YamlReader.ReadFile($"labels: {{{yaml}}}", "t.yaml", faults)!;
        new RecordBinder(faults).TryChoice(tree["labels"]!, "labels", out var choice);
        faults.ThrowIfAny();
        return LabelSource.Of(new Plan { Labels = choice }).Of(_store, _folder);
    }
}
