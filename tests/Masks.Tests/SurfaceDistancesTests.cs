using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Osteon.Testing;

namespace Osteon.Masks.Tests;

public sealed class SurfaceDistancesTests
{
    private static readonly Frame Frame = new(30, 40);
    private static readonly Mask Square = Box(10, 10, 8);

    [Fact]
    public void Distances_are_those_of_SciPy()
    {
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "tests/Masks.Tests/Golden/surfaces.json")))!;
        var (percentiles, tolerances) = (Numbers(file["percentiles"]), Numbers(file["tolerances_in_rows"]));
        Assert.Equal(42, file["cases"]!.AsArray().Count);
        foreach (var golden in file["cases"]!.AsArray())
        {
            var frame = new Frame((int)golden!["height"]!, (int)golden["width"]!);
            var spacing = new Spacing((double)golden["spacing"]![0]!, (double)golden["spacing"]![1]!);
            var found = SurfaceDistances.Between(Runs(frame, golden["prediction"]), Runs(frame, golden["truth"]), spacing);
            Near(Numbers(golden["surface"]), [found.ToTruth.Length, found.ToPrediction.Length]);
            Near(Numbers(golden["hausdorff"]), percentiles.Select(found.Hausdorff));
            Near([(double)golden["average"]!, (double)golden["average_to_truth"]!], [found.Average(), found.AverageToTruth()]);
            Near(Numbers(golden["dice"]), tolerances.Select(t => found.Dice(t * spacing.Row)));
        }
    }

    [Fact]
    public void A_mask_lies_on_itself() => Prop.ForAll(MaskGenerator.One, mask =>
    {
        var distances = SurfaceDistances.Between(mask, mask, Spacing.Pixels);
        return (distances.Hausdorff(), distances.Hausdorff(95), distances.Average(), distances.Dice(0)) == (0, 0, 0, 1);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Distances_are_symmetric() => Prop.ForAll(MaskGenerator.Pair, m =>
    {
        var spacing = new Spacing(0.4, 1.7);
        var (there, back) = (SurfaceDistances.Between(m[0], m[1], spacing), SurfaceDistances.Between(m[1], m[0], spacing));
        return there.Hausdorff(95) == back.Hausdorff(95) && Math.Abs(there.Average() - back.Average()) < 1e-12 && there.Dice(1) == back.Dice(1)
            && there.ToTruth.SequenceEqual(back.ToPrediction);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Distances_are_those_of_trying_every_pair() => Prop.ForAll(MaskGenerator.Pair, m =>
    {
        if (m[0].IsEmpty || m[1].IsEmpty)
        {
            return true;
        }

        var spacing = new Spacing(2, 0.75);
        var found = SurfaceDistances.Between(m[0], m[1], spacing);
        return found.ToTruth.SequenceEqual(EveryPair(m[0], m[1], spacing)) && found.ToPrediction.SequenceEqual(EveryPair(m[1], m[0], spacing));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(12)]
    public void A_square_moved_by_n_pixels_is_n_pixels_away(int n)
    {
        Assert.Equal(n, SurfaceDistances.Between(Square, Box(10, 10 + n, 8), Spacing.Pixels).Hausdorff());
        Assert.Equal(n * 0.5, SurfaceDistances.Between(Square, Box(10 + n, 10, 8), new Spacing(0.5, 3)).Hausdorff());
    }

    [Fact]
    public void The_tolerance_counts_both_surfaces()
    {
        // A bar of 1 × 10, and the same bar with 10 pixels more: the ten are 1 to 10 away, all else lies on the other.
        var (bar, longer) = (new Mask(Frame, [new Run(0, 10)]), new Mask(Frame, [new Run(0, 20)]));
        var distances = SurfaceDistances.Between(longer, bar, Spacing.Pixels);
        Assert.Equal((20.0 / 30, 23.0 / 30, 55.0 / 30), (distances.Dice(0.99), distances.Dice(3), distances.Average()));
        // Of the 20 sorted distances 0 ×10, 1 … 10 the 95th percentile lies at 18.05: 9 + 0.05.
        Assert.Equal(9.05, distances.Hausdorff(95), 1e-12);
    }

    [Theory]
    [InlineData(EmptyRule.One, 0, 1)]
    [InlineData(EmptyRule.Zero, 50, 0)]
    [InlineData(EmptyRule.Skip, double.NaN, double.NaN)]
    public void Two_empty_masks_are_worth_what_the_rule_says(EmptyRule rule, double distance, double dice)
    {
        var found = SurfaceDistances.Between(Mask.Empty(Frame), Mask.Empty(Frame), Spacing.Pixels, rule);
        Assert.Equal((distance, distance, distance, dice), (found.Hausdorff(95), found.Average(), found.AverageToTruth(), found.Dice(1e9)));
    }

    [Fact]
    public void One_empty_mask_is_a_diagonal_away_by_any_rule()
    {
        foreach (var rule in Enum.GetValues<EmptyRule>())
        {
            var found = SurfaceDistances.Between(Square, Mask.Empty(Frame), new Spacing(2, 1), rule);    // 60 and 40: √5200
            Assert.Equal((Math.Sqrt(5200), 0), (found.Hausdorff(95), found.Dice(1e9)));
        }
    }

    [Fact]
    public void What_cannot_be_measured_is_refused()
    {
        Assert.Throws<ArgumentException>(() => SurfaceDistances.Between(Square, Mask.Empty(new Frame(3, 3)), Spacing.Pixels));
        Assert.Throws<ArgumentException>(() => SurfaceDistances.Between(Square, Square, new Spacing(0, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => SurfaceDistances.Between(Square, Square, Spacing.Pixels).Hausdorff(101));
    }

    private static Mask Box(int top, int left, int side) =>
        new(Frame, [.. Enumerable.Range(top, side).Select(y => new Run((y * Frame.Width) + left, side))]);

    private static double[] EveryPair(Mask from, Mask to, Spacing spacing)
    {
        var targets = Surface(to);
        return [.. Surface(from).Select(a => Math.Sqrt(targets.Min(b => Square2((a.Y - b.Y) * spacing.Row) + Square2((a.X - b.X) * spacing.Column)))).Order()];
    }

    private static double Square2(double value) => value * value;

    private static List<(int Y, int X)> Surface(Mask mask)
    {
        var (height, width) = mask.Frame;
        var pixels = mask.ToDense();
        bool Set(int y, int x) => y >= 0 && y < height && x >= 0 && x < width && pixels[(y * width) + x] != 0;
        return [.. from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width)
            where Set(y, x) && !(Set(y - 1, x) && Set(y + 1, x) && Set(y, x - 1) && Set(y, x + 1)) select (y, x)];
    }

    private static Mask Runs(Frame frame, JsonNode? runs) => new(frame, [.. Numbers(runs).Chunk(2).Select(r => new Run((int)r[0], (int)r[1]))]);

    private static double[] Numbers(JsonNode? list) => [.. list!.AsArray().Select(v => (double)v!)];

    private static void Near(double[] expected, IEnumerable<double> found) => Assert.Equal(expected, found, (a, b) => Math.Abs(a - b) <= 1e-9);
}
