using FsCheck;
using FsCheck.Fluent;
using Osteon.Testing;

namespace Osteon.Masks.Tests;

public sealed class PixelTableTests
{
    [Fact]
    public void Scores_are_those_of_the_reference_in_every_case_that_lies_beside_the_checkout() =>
        Agree(Directory.GetFiles(SharedData.Path("golden/losses"), "metrics.*.json"));

    [Fact]
    public void Scores_are_those_of_the_reference_for_empty_images_and_other_options() =>
        Agree(Directory.GetFiles(Path.Combine(SharedData.RepositoryRoot, "tests/Masks.Tests/Golden"), "metrics.*.json"));

    [Fact]
    public void Micro_is_the_metric_of_pooled_counts() => Prop.ForAll(MaskGenerator.Several(6), masks =>
    {
        var table = PixelTable.Of([PixelTally.OfMasks(masks[..2], masks[3..5]), PixelTally.OfMasks(masks[1..3], masks[4..6])]);
        var pooled = table[0, 0] + table[0, 1] + table[1, 0] + table[1, 1];
        return PixelMetric.ByName.Values.All(metric => table.Score(metric, ScoreReduction.Micro).Equals(metric(pooled)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Words_runs_and_planes_count_alike() => Prop.ForAll(MaskGenerator.Several(2 * 11), masks =>
        new[] { 1, 3, 11 }.All(classes =>
        {
            var (prediction, truth) = (masks[..classes], masks[11..(11 + classes)]);
            var expected = PixelTally.OfMasks(prediction, truth);
            return expected.SequenceEqual(PixelTally.OfMaps(LabelMap.FromMasks(prediction), LabelMap.FromMasks(truth)))
                && expected.SequenceEqual(PixelTally.OfPlanes([.. prediction.SelectMany(m => m.ToDense())], [.. truth.SelectMany(m => m.ToDense())], classes));
        })).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    public void Wide_words_count_as_runs_do(int classes) => Prop.ForAll(MaskGenerator.Several(2 * classes), masks =>
        PixelTally.OfMasks(masks[..classes], masks[classes..])
            .SequenceEqual(PixelTally.OfMaps(LabelMap.FromMasks(masks[..classes]), LabelMap.FromMasks(masks[classes..])))).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void Dice_and_IoU_say_the_same() => Prop.ForAll(MaskGenerator.Pair, m =>
    {
        var counts = MaskMetrics.Counts(m[0], m[1]);
        var iou = counts.IoU(EmptyRule.One);
        return Math.Abs(counts.Dice(EmptyRule.One) - (2 * iou / (1 + iou))) < 1e-15;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_in_all_images_is_no_number_in_micro_and_what_zero_division_says_elsewhere()
    {
        var nothing = new PixelTable(2, [new(0, 0, 0, 9), new(0, 0, 0, 9)]);
        Assert.Equal(double.NaN, nothing.Score(PixelMetric.IoU, ScoreReduction.Micro));
        Assert.Equal(0.25, nothing.Score(PixelMetric.IoU, ScoreReduction.Macro, zeroDivision: 0.25));
        Assert.Equal([0.25, 0.25], nothing.Scores(PixelMetric.IoU, zeroDivision: 0.25));
    }

    [Fact]
    public void Weights_and_labels_that_do_not_fit_are_refused()
    {
        var table = new PixelTable(2, [new(1, 0, 0, 0), new(1, 0, 0, 0)]);
        Assert.Throws<ArgumentException>(() => table.Score(PixelMetric.IoU, ScoreReduction.Weighted));
        Assert.Throws<ArgumentException>(() => table.Score(PixelMetric.IoU, ScoreReduction.Weighted, [1]));
        Assert.Throws<ArgumentException>(() => table.Score(PixelMetric.IoU, ScoreReduction.None));
        Assert.Throws<ArgumentException>(() => PixelTally.OfLabels<byte>([0, 1], [0, 1], 2, ignoreIndex: 1));
        Assert.Throws<ArgumentException>(() => PixelTally.OfLabels<byte>([0, 1], [0], 2));
        Assert.Throws<ArgumentException>(() => PixelTally.OfPlanes(new byte[6], new byte[6], 4));
    }

    private static void Agree(string[] files)
    {
        var cases = files.SelectMany(MetricCase.In).ToArray();
        Assert.True(cases.Length >= 5, $"{cases.Length} cases");
        string[] differences = [.. cases.SelectMany(c => c.Differences())];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
    }
}
