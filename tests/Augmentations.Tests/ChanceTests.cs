using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Plugins.Augmentations.Basic;

namespace Osteon.Augmentations.Tests;

public sealed class ChanceTests
{
    private static readonly Augmentation[] All =
    [
        new HorizontalFlip(new ChanceOptions()), new VerticalFlip(new ChanceOptions()), new Transpose(new ChanceOptions()),
        new RandomRotate90(new ChanceOptions()), new D4(new D4Options()), new Rotate(new RotateOptions()),
        new ShiftScaleRotate(new ShiftScaleRotateOptions()), new RandomBrightnessContrast(new RandomBrightnessContrastOptions()),
        new RandomGamma(new RandomGammaOptions()), new GaussNoise(new GaussNoiseOptions()),
    ];

    public static TheoryData<int> Indices() => new(Enumerable.Range(0, All.Length));

    [Theory]
    [MemberData(nameof(Indices))]
    public void The_same_stream_gives_the_same_bytes(int index) =>
        Prop.ForAll<int>(seed =>
        {
            var (first, second) = (RunOnce(All[index], seed), RunOnce(All[index], seed));
            return first.Image.Bytes.SequenceEqual(second.Image.Bytes) && first.Labels.Bytes.SequenceEqual(second.Labels.Bytes);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Indices))]
    public void The_input_stays_as_it_was(int index)
    {
        var sample = Golden.Sample(8, 16);
        for (var seed = 0; seed < 8; seed++)
        {
            var random = RandomStream.For(seed, "input");
            Run(All[index], sample, random);
        }

        Assert.Equal(Golden.Image(8).Bytes.ToArray(), sample.Image.Bytes.ToArray());
        Assert.Equal(Golden.Words(16).Bytes.ToArray(), sample.Labels.Bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void A_draw_can_be_replayed(int index)
    {
        var (random, sample) = (RandomStream.For(5, "replay"), Golden.Sample(16, 32));
        var augmentation = (DrawnAugmentation)All[index];
        var draw = augmentation.Draw(ref random, new DrawContext(sample.Image.Frame, Sample: sample));
        var (once, again) = (AugmentationPipeline.Apply(augmentation, sample, draw), AugmentationPipeline.Apply(augmentation, sample, draw));
        Assert.Equal(once.Image.Bytes.ToArray(), again.Image.Bytes.ToArray());
        Assert.Equal(once.Labels.Bytes.ToArray(), again.Labels.Bytes.ToArray());
    }

    [Fact]
    public void Half_the_samples_are_flipped_by_default()
    {
        var random = RandomStream.For(11, "half");
        var (sample, flipped) = (Golden.Sample(8, 8), 0);
        for (var i = 0; i < 4000; i++)
        {
            flipped += ReferenceEquals(Run(All[0], sample, random.At(i)), sample) ? 0 : 1;
        }

        Assert.InRange(flipped, 1850, 2150);                        // 2000 ± 4.7 standard deviations
    }

    [Fact]
    public void Values_out_of_range_are_refused_with_what_is_allowed()
    {
        Assert.Contains("[0, 1]", Refusal(() => new HorizontalFlip(new ChanceOptions { P = 1.5 })), StringComparison.Ordinal);
        Assert.Contains("limit [30, -30]", Refusal(() => new Rotate(new RotateOptions { Limit = new(30, -30) })), StringComparison.Ordinal);
        Assert.Contains("limit [400, 500]", Refusal(() => new Rotate(new RotateOptions { Limit = new(400, 500) })), StringComparison.Ordinal);
        Assert.Contains("-360 ≤ low", Refusal(() => new Rotate(new RotateOptions { Limit = new(double.NaN, 1) })), StringComparison.Ordinal);
        Assert.Contains("reflect_101", Refusal(() => new Rotate(new RotateOptions { Border = "mirror" })), StringComparison.Ordinal);
        Assert.Contains("std_range", Refusal(() => new GaussNoise(new GaussNoiseOptions { StdRange = new(10, 50) })), StringComparison.Ordinal);
        Assert.Contains("gamma_limit", Refusal(() => new RandomGamma(new RandomGammaOptions { GammaLimit = new(0, 120) })), StringComparison.Ordinal);
    }

    private static string Refusal(Func<Augmentation> build) => Assert.Throws<ConfigurationException>(build).Message;

    private static Sample RunOnce(Augmentation augmentation, int seed)
    {
        return Run(augmentation, Golden.Sample(8, 8), RandomStream.For(seed, "same"));
    }

    private static Sample Run(Augmentation augmentation, Sample sample, RandomStream random) =>
        new AugmentationPipeline([augmentation]).Run(sample, random, new Workspace());
}
