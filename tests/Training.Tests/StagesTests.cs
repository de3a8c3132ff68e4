using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Plugins.Losses.Segmentation;
using static TorchSharp.torch;

namespace Osteon.Training.Tests;

/// <summary>What changes from epoch to epoch: weights of losses, sizes of images.</summary>
public sealed class StagesTests : IDisposable
{
    private readonly Discs _discs = new();

    public void Dispose() => _discs.Dispose();

    [Theory]
    [InlineData("0.5", 1, 0.5)]
    [InlineData("""{"10": 0, "20": 1}""", 1, 0)]
    [InlineData("""{"10": 0, "20": 1}""", 10, 0)]
    [InlineData("""{"10": 0, "20": 1}""", 13, 0.3)]
    [InlineData("""{"20": 1, "10": 0}""", 20, 1)]
    [InlineData("""{"10": 0, "20": 1}""", 500, 1)]
    [InlineData("""{"9": 0, "10": 2}""", 9, 0)]
    [InlineData("""{"9": 0, "10": 2}""", 10, 2)]
    [InlineData("""{"1": 1, "3": 0, "5": 4}""", 4, 2)]
    public void A_weight_follows_straight_lines(string written, int epoch, double weight) =>
        Assert.Equal(weight, StagedWeight.Read(JsonNode.Parse(written)!)!.At(epoch), 1e-12);

    [Theory]
    [InlineData("-1")]
    [InlineData("\"much\"")]
    [InlineData("{}")]
    [InlineData("""{"0": 1}""")]
    [InlineData("""{"-3": 1}""")]
    [InlineData("""{"first": 1}""")]
    [InlineData("""{"1": -1}""")]
    [InlineData("""{"1": null}""")]
    [InlineData("[1]")]
    public void What_is_no_weight_is_none(string written) => Assert.Null(StagedWeight.Read(JsonNode.Parse(written)!));

    [Fact]
    public void A_loss_counts_from_its_epoch_on()
    {
        using var scope = NewDisposeScope();
        var job = _discs.Job();
        job = job with { Losses = [.. job.Losses, new WeightedLoss("Dice", new DiceLoss(new OverlapOptions()), 1) { Stages = StagedWeight.Read(JsonNode.Parse("""{"2": 0, "4": 1}""")!) }] };
        Assert.Equal(["BCE"], job.At(1).Losses.Select(l => l.Name));
        Assert.Equal([1, 0.5], job.At(3).Losses.Select(l => l.Weight));
        Assert.Equal([true, true, false, false, true], Enumerable.Range(1, 5).Select(job.IsAsBefore));

        // BCE of logit 0 is ln 2; Dice of probability ½ for targets of 1: 1 − 2 · ½ / (½ + 1) = 1/3.
        var loss = Objective.Of(job.At(3), [NetworkOutput.Main], [zeros(1, 2, 4, 4)], ones(1, 2, 4, 4));
        Assert.Equal(Math.Log(2) + (0.5 / 3), loss.item<float>(), 1e-6);
    }

    [Fact]
    public void Validation_counts_by_the_last_epochs_weights()
    {
        var plain = _discs.Job();
        var staged = _discs.Job();
        staged = staged with { Losses = [staged.Losses[0] with { Weight = 1, Stages = new StagedWeight([new(1, 1), new(2, 1), new(3, 5)]) }] };
        plain = plain with { Losses = [plain.Losses[0] with { Weight = 5 }], Optimizer = new SgdOptions { Lr = 0 } };
        staged = staged with { Optimizer = new SgdOptions { Lr = 0 } };
        Fit(plain);
        Fit(staged);
        Assert.Equal(Read(plain).Select(e => e.ValidationLoss), Read(staged).Select(e => e.ValidationLoss));
        Assert.Equal(Read(plain)[0].TrainLoss / 5, Read(staged)[0].TrainLoss, 1e-6);
        Assert.Equal(Read(plain)[2].TrainLoss, Read(staged)[2].TrainLoss, 1e-6);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1, 16)]
    [InlineData(2, 20)]
    [InlineData(3, 0)]
    [InlineData(99, 0)]
    public void Sizes_follow_their_epochs(int epoch, int size) =>
        Assert.Equal(size, ProgressivePhase.SizeAt([new() { Epochs = 2, Size = 16 }, new() { Epochs = 1, Size = 20 }], epoch));

    // 32 × 32 made 16 × 16: each pixel the mean of four, each label word the first of its four.
    [Fact]
    public void Images_are_made_smaller_by_area_and_labels_by_the_nearest_pixel()
    {
        var job = _discs.Job();
        var plan = job.Plan with { Crop = 0, Progressive = [new() { Epochs = 1, Size = 16 }] };
        var maker = new SampleMaker(job.Samples with { Plan = plan });
        var (small, whole) = (maker.Cut(3, 0, 0, new Workspace()), maker.Cut(3, 1, 0, new Workspace()));
        Assert.Equal(new Frame(16, 16), small.Image.Frame);
        Assert.Equal(new Frame(32, 32), whole.Image.Frame);
        for (var row = 0; row < 16; row++)
        {
            for (var column = 0; column < 16; column++)
            {
                var at = (2 * row * 32) + (2 * column);
                var mean = (whole.Image.Bytes[at] + whole.Image.Bytes[at + 1] + whole.Image.Bytes[at + 32] + whole.Image.Bytes[at + 33]) / 4.0;
                Assert.InRange(small.Image.Bytes[(row * 16) + column], mean - 0.75, mean + 0.75);
                Assert.Equal(whole.Labels.Bytes[at], small.Labels.Bytes[(row * 16) + column]);
            }
        }
    }

    [Fact]
    public void Training_grows_its_images_and_validates_whole_ones()
    {
        var job = _discs.Job();
        job = job with { Plan = job.Plan with { Crop = 0, Progressive = [new() { Epochs = 1, Size = 16 }, new() { Epochs = 1, Size = 24 }] }, Build = Discs.Unnormalised, Optimizer = new SgdOptions { Lr = 0 } };
        Fit(job);
        Assert.Single(Read(job).Select(e => e.ValidationLoss).Distinct());
        Assert.Equal(3, Read(job).Select(e => e.TrainLoss).Distinct().Count());
    }

    private static void Fit(TrainJob job) => Trainer.Fit(job, TestContext.Current.CancellationToken);

    private static IReadOnlyList<EpochRecord> Read(TrainJob job) => History.Read(Path.Combine(job.Folder, History.FileName));
}
