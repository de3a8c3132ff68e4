using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Osteon.Testing;

namespace Osteon.Masks.Tests;

public sealed class ErrorAnalysisTests
{
    private static readonly Frame Line = new(1, 20);

    [Fact]
    public void Every_pixel_of_a_line_counts_where_it_belongs()
    {
        // Columns    01234567890123456789
        // truth      aaaaaaaabbbbb.......
        // predicted  ..aaaaaaaabb.aaaa..b
        Mask[] truth = [Row(0, 8), Row(8, 5)];
        Mask[] predicted = [new Mask(Line, [new Run(2, 8), new Run(13, 4)]), new Mask(Line, [new Run(10, 2), new Run(19, 1)])];
        var (a, b) = (ErrorAnalysis.Of(truth, predicted)[0], ErrorAnalysis.Of(truth, predicted)[1]);

        // a: 0 and 1 missed, 8 and 7 pixels from column 8, the frame's edge being no border; 8 and 9 are b's, 1 and 2 pixels from a; 13 to 16 on nothing, 6 to 9 away.
        Assert.Equal([2, 0, 0, 0, 0, 2, 0, 0, 4], Cells(a));
        // b: 8 and 9 taken for a, 1 and 2 pixels inside; 12 missed at its border; 19 on nothing, 7 away.
        Assert.Equal([2, 0, 0, 1, 0, 0, 0, 0, 1], Cells(b));
        Assert.Equal((8, 4, 2), (a.Total, a.Of(ErrorKind.OverSegmentation), a.Within(0)));
        Assert.Equal([4, 0, 0, 1, 0, 2, 0, 0, 5], Cells(ErrorCounts.Sum([a, b])));
    }

    // The line above: a farther band wins where several classes are wrong (8 and 9 are in the first for both).
    [Fact]
    public void Every_pixel_of_a_line_lies_where_it_belongs()
    {
        Mask[] truth = [Row(0, 8), Row(8, 5)];
        Mask[] predicted = [new Mask(Line, [new Run(2, 8), new Run(13, 4)]), new Mask(Line, [new Run(10, 2), new Run(19, 1)])];
        var places = ErrorAnalysis.Places(truth, predicted).ToDictionary(p => (p.Kind, p.Band), p => p.Pixels);
        Assert.Equal(9, places.Count);
        Assert.Equal(Row(8, 2), places[(ErrorKind.WrongLabel, 0)]);
        Assert.Equal(Row(12, 1), places[(ErrorKind.UnderSegmentation, 0)]);
        Assert.Equal(Row(0, 2), places[(ErrorKind.UnderSegmentation, 2)]);
        Assert.Equal(new Mask(Line, [new Run(13, 4), new Run(19, 1)]), places[(ErrorKind.OverSegmentation, 2)]);
        Assert.Equal(10, places.Values.Sum(p => p.Area));
        Assert.Empty(ErrorAnalysis.Places([], []));
    }

    [Fact]
    public void Places_of_one_class_are_its_counts_and_of_several_all_wrong_pixels_once() => Prop.ForAll(MaskGenerator.Several(6), masks =>
    {
        var (truth, predicted) = (masks[..3], masks[3..]);
        var (one, all) = (ErrorAnalysis.Places(truth[..1], predicted[..1]), ErrorAnalysis.Places(truth, predicted));
        var counts = ErrorAnalysis.Of(truth[..1], predicted[..1])[0];
        var wrong = truth.Zip(predicted, (t, p) => t.Subtract(p).Union(p.Subtract(t))).Aggregate((a, b) => a.Union(b));
        return one.All(p => p.Pixels.Area == counts[p.Kind, p.Band]) && all.Sum(p => p.Pixels.Area) == wrong.Area && all.Select(p => p.Pixels).Aggregate((a, b) => a.Union(b)).Equals(wrong);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Bands_end_at_two_and_at_five_pixels()
    {
        Assert.Equal([0, 0, 0, 0, 0, 0, 2, 3, 2], Cells(ErrorAnalysis.Of([Row(0, 3)], [Row(0, 10)])[0]));
        Assert.Equal([0, 0, 0, 2, 3, 2, 0, 0, 0], Cells(ErrorAnalysis.Of([Row(0, 10)], [Row(0, 3)])[0]));
    }

    [Fact]
    public void A_class_found_beside_a_right_one_is_too_much_and_not_a_wrong_label()
    {
        // The truth has a at 5; the prediction has a and b there.
        var counts = ErrorAnalysis.Of([Row(5, 1), Mask.Empty(Line)], [Row(5, 1), Row(5, 1)]);
        Assert.Equal(0, counts[0].Total);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 1], Cells(counts[1]));
    }

    [Fact]
    public void Without_a_border_all_is_far()
    {
        Assert.Equal(20, ErrorAnalysis.Of([Mask.Empty(Line)], [Mask.Full(Line)])[0][ErrorKind.OverSegmentation, 2]);
        Assert.Equal(20, ErrorAnalysis.Of([Mask.Full(Line)], [Mask.Empty(Line)])[0][ErrorKind.UnderSegmentation, 2]);
    }

    [Fact]
    public void Counts_are_those_of_SciPy()
    {
        var cases = JsonNode.Parse(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "tests/Masks.Tests/Golden/errors.json")))!["cases"]!.AsArray();
        Assert.Equal(12, cases.Count);
        foreach (var golden in cases)
        {
            var frame = new Frame((int)golden!["height"]!, (int)golden["width"]!);
            var found = ErrorAnalysis.Of(Masks(frame, golden["truth"]), Masks(frame, golden["predicted"]));
            Assert.Equal(golden["counts"]!.AsArray().SelectMany(k => k!.AsArray().SelectMany(b => b!.AsArray().Select(v => (long)v!))), found.SelectMany(Cells));
        }
    }

    [Fact]
    public void Counts_add_up_to_all_wrong_pixels() => Prop.ForAll(MaskGenerator.Several(6), masks =>
    {
        var (truth, predicted) = (masks[..3], masks[3..]);
        var found = ErrorAnalysis.Of(truth, predicted);
        return found.Select((c, k) => c.Total == truth[k].Subtract(predicted[k]).Area + predicted[k].Subtract(truth[k]).Area
            && c.Total == Enumerable.Range(0, ErrorCounts.Bands).Sum(c.Within)
            && c.Of(ErrorKind.UnderSegmentation) <= truth[k].Subtract(predicted[k]).Area).All(law => law);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Truth_and_prediction_exchanged_exchange_under_and_over() => Prop.ForAll(MaskGenerator.Several(6), masks =>
    {
        var (there, back) = (ErrorAnalysis.Of(masks[..3], masks[3..]), ErrorAnalysis.Of(masks[3..], masks[..3]));
        return there.Zip(back, (a, b) => a.Of(ErrorKind.WrongLabel) == b.Of(ErrorKind.WrongLabel)
            && a.Of(ErrorKind.UnderSegmentation) == b.Of(ErrorKind.OverSegmentation)).All(law => law);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Masks_that_do_not_belong_together_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ErrorAnalysis.Of([Row(0, 3)], []));
        Assert.Throws<ArgumentException>(() => ErrorAnalysis.Of([Row(0, 3)], [Mask.Empty(new Frame(2, 20))]));
    }

    private static Mask Row(int from, int length) => new(Line, [new Run(from, length)]);

    private static IEnumerable<long> Cells(ErrorCounts counts) => from kind in ErrorCounts.Kinds from band in Enumerable.Range(0, ErrorCounts.Bands) select counts[kind, band];

    private static Mask[] Masks(Frame frame, JsonNode? masks) =>
        [.. masks!.AsArray().Select(m => new Mask(frame, [.. m!.AsArray().Chunk(2).Select(r => new Run((int)r[0]!, (int)r[1]!))]))];
}
