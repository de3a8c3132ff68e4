using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Runner.Tests.Scoring;

public sealed class ErrorTableTests : IDisposable
{
    private static readonly Frame Frame = new(1, 10);

    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-errors-").FullName;

    // In case a the bar 0 to 3 is found at 2 to 5, and the dot at 9 not at all; b is right.
    private static ErrorTable Table => ErrorTable.Of(["Background", "bar", "dot,\"x\""],
    [
        ("a,1", [Bar(0, 2).Union(Bar(6, 4)), Bar(2, 4), Mask.Empty(Frame)], [Bar(4, 5), Bar(0, 4), Bar(9, 1)]),
        ("b", [Bar(4, 6), Bar(0, 4), Mask.Empty(Frame)], [Bar(4, 6), Bar(0, 4), Mask.Empty(Frame)]),
    ], LabelMode.Multilabel);

    [Fact]
    public void Every_case_class_kind_and_band_has_its_row()
    {
        Table.Save(_folder);
        var rows = File.ReadAllLines(Path.Combine(_folder, "errors.csv"));
        Assert.Equal("case,class,kind,band,pixels", rows[0]);
        Assert.Equal(1 + (2 * 2 * 3 * 3), rows.Length);
        Assert.Equal(rows.Length, rows.Distinct().Count());
        // Missed are 0 and 1, four and three pixels from the other side; extra are 4 and 5, one and two from it.
        Assert.Equal(
        [
            "\"a,1\",bar,under_segmentation,2-5,2",
            "\"a,1\",bar,over_segmentation,<=2,2",
            "\"a,1\",\"dot,\"\"x\"\"\",under_segmentation,<=2,1",
        ], rows.Skip(1).Where(r => !r.EndsWith(",0", StringComparison.Ordinal)));
        Assert.Contains("b,bar,wrong_label,>5,0", rows);
    }

    [Fact]
    public void What_is_taken_for_background_was_not_found()
    {
        Assert.Equal(["bar", "dot,\"x\""], Table.ByClass.Select(c => c.Class));
        Assert.Equal([4, 1], Table.ByClass.Select(c => c.Counts.Total));
        Assert.Equal([("bar", 0L, 2L, 2L), ("dot,\"x\"", 0, 1, 0)], Table.ByClassOf("a,1").Select(c =>
            (c.Class, c.Counts.Of(ErrorKind.WrongLabel), c.Counts.Of(ErrorKind.UnderSegmentation), c.Counts.Of(ErrorKind.OverSegmentation))));
        Assert.All(Table.ByClassOf("b"), c => Assert.Equal(0, c.Counts.Total));
    }

    [Fact]
    public void Without_a_labelled_case_there_is_a_header_alone()
    {
        var table = ErrorTable.Of(["bar"], [], LabelMode.Multilabel);
        table.Save(_folder);
        Assert.Empty(table.ByClass);
        Assert.Single(File.ReadAllLines(Path.Combine(_folder, "errors.csv")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Mask Bar(int from, int length) => new(Frame, [new Run(from, length)]);
}
