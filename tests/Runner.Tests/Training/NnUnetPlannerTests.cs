using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Runner.Configuration;

namespace Osteon.Runner.Tests;

public sealed class NnUnetPlannerTests : IDisposable
{
    private readonly ExperimentFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // What nnU-Net 2 printed for data sets of its users: 3488 images of 500 × 500 with one class, 324 volumes of about 100 slices of
    // 227 × 215 with three. The last two follow from the same rules by hand in a script of their own.
    [Theory]
    [InlineData(1.0, 1.0, 500, 500, 3488, 2, 512, 512, 8, 12)]
    [InlineData(0.8594, 0.8594, 227, 215, 32_400, 4, 256, 224, 6, 56)]
    [InlineData(1.0, 1.0, 1024, 700, 400, 2, 1024, 768, 8, 4)]
    [InlineData(1.0, 1.0, 2048, 2048, 400, 2, 1280, 1024, 9, 2)]
    public void Plans_what_nnunet_plans(double row, double column, double height, double width, int cases, int labels, int patchHeight, int patchWidth, int stages, int batch)
    {
        var plan = NnUnetTopology.Of(new Spacing(row, column), height, width, cases, labels, gigabytes: 8);
        Assert.Equal(new Frame(patchHeight, patchWidth), plan.Patch);
        Assert.Equal((stages, batch), (plan.Strides.Count, plan.BatchSize));
        Assert.Equal(stages, plan.Features.Count);
        Assert.Equal([32, 64, 128, 256, 512, 512], plan.Features.Take(6));
        Assert.Equal((1, 1), plan.Strides[0]);
        Assert.All(plan.Kernels, kernel => Assert.Equal((3, 3), kernel));
    }

    [Fact]
    public void A_batch_covers_no_more_than_a_twentieth_of_the_data() =>
        Assert.Equal(4, NnUnetTopology.Of(Spacing.Pixels, 256, 256, 80, 2, 8).BatchSize);       // 5 % of 80 images

    [Fact]
    public void Less_memory_makes_smaller_batches_then_smaller_patches()
    {
        NnUnetTopology[] plans = [.. new[] { 8.0, 4, 2, 1, 0.25 }.Select(gigabytes => NnUnetTopology.Of(Spacing.Pixels, 512, 512, 10_000, 2, gigabytes))];
        Assert.Equal([12, 6, 3, 2, 2], plans.Select(p => p.BatchSize));
        Assert.Equal([512, 512, 512], plans.Take(3).Select(p => p.Patch.Height));
        Assert.True(plans[3].Patch.Area < plans[2].Patch.Area && plans[4].Patch.Area < plans[3].Patch.Area);
        Assert.All(plans, p => Assert.Equal(0, p.Patch.Height % (int)Math.Pow(2, p.Strides.Count(s => s.Rows == 2))));
    }

    // Rows a third as dense as columns: columns are halved alone until both are alike.
    [Fact]
    public void The_coarser_axis_is_halved_later()
    {
        var plan = NnUnetTopology.Of(new Spacing(3, 1), 128, 384, 1000, 2, 8);
        Assert.Equal([(1, 1), (1, 2), (2, 2)], plan.Strides.Take(3));
        Assert.Equal([(1, 3), (3, 3)], plan.Kernels.Take(2));
    }

    [Fact]
    public void Grey_levels_have_numpys_percentiles()
    {
        var counts = new long[256];
        for (var level = 1; level <= 100; level++)
        {
            counts[level] = 1;                                      // numpy.percentile(range(1, 101), [0.5, 99.5]) = 1.495, 99.505
        }

        var f = Intensities.Of(counts)!;
        Assert.Equal((50.5, 28.86607004772212, 1.495, 99.505), (f.Mean, Math.Round(f.Deviation, 14), Math.Round(f.Low, 12), Math.Round(f.High, 12)));
        Assert.Null(Intensities.Of(new long[256]));
    }

    [Theory]
    [InlineData(LabelMode.Multilabel, "BCE")]
    [InlineData(LabelMode.Multiclass, "CrossEntropy")]
    public void What_is_written_is_an_experiment(LabelMode mode, string loss)
    {
        _folder.Write("base.yaml", $"data: {{format: hand-bone, source: {{root: data/hands}}, mode: {mode.ToString().ToLowerInvariant()}}}\nplan: {{nnunet-2d: {{epochs: 7}}}}");
        var basis = _folder.Load("base").Plan;
        Assert.Equal("nnunet-2d", basis.Planner!.Name);
        var data = new Fingerprint([new(500, 400), new(600, 400), new(500, 400)], [new Spacing(0.5, 0.5), new Spacing(0.25, 0.25), new Spacing(0.5, 0.5)], new Intensities(100.25, 20, 10, 200));
        var experiment = new NnUnetExperiment(new NnUnet2dOptions { Epochs = 7, Channel = NnUnetChannel.Ct }, basis, ["background", "bone"], data);
        Assert.Equal(new Spacing(0.5, 0.5), experiment.Target);
        Assert.Equal((500, 400), experiment.Median);                // 500 × 400, 300 × 200, 500 × 400
        _folder.Write("planned.yaml", experiment.ToYaml("base.yaml"));

        var plan = _folder.Load("planned").Plan;
        Assert.Null(plan.Planner);
        Assert.Equal((new Spacing(0.5, 0.5), Cropping.Nonzero, ResamplingKind.Spline), (plan.Convert.Spacing, plan.Convert.Crop, plan.Convert.Resampling));
        Assert.Equal(["nnunet-2d"], plan.Models.Keys);
        Assert.Equal("PlainConvUNet", plan.Models["nnunet-2d"].Architecture.Name);
        Assert.Equal([loss, "Dice"], plan.Train.Loss.Select(l => l.Name));
        Assert.Equal((7, 0.33, 12.0), (plan.Train.Epochs, plan.Train.Foreground, plan.Train.GradientClipVal));
        Assert.Equal("""{"lr":0.01,"momentum":0.99,"nesterov":true,"weight_decay":3e-05}""", CanonicalJson.Text(plan.Train.Optimizer.Options));
        Assert.Equal(["SpatialTransform", "GaussianNoiseTransform", "GaussianBlurTransform", "MultiplicativeBrightnessTransform", "ContrastTransform", "SimulateLowResolutionTransform", "GammaTransform", "GammaTransform", "MirrorTransform"], plan.Train.Augment.Select(a => a.Name));
        Assert.Equal("""{"clip":[10,200],"max":1,"mean":[100.25],"std":[20]}""", CanonicalJson.Text(plan.Models["nnunet-2d"].Normalize!.Options));
    }

    // nnU-Net: 512 × 512 turned by up to 180 degrees and scaled to 0.85 comes out of 602 × 602; 256 × 128, turned by 15 degrees, of (256 cos + 128 sin) / 0.85 = 329.
    [Theory]
    [InlineData(512, 512, 602)]
    [InlineData(256, 128, 329)]
    public void Patches_are_cut_out_of_larger_ones(int height, int width, int side)
    {
        _folder.Write("base.yaml", "data: {format: hand-bone, source: {root: data/hands}}\nplan: nnunet-2d");
        var data = new Fingerprint([.. Enumerable.Repeat(new Frame(height, width), 1000)], [.. Enumerable.Repeat<Spacing?>(null, 1000)], null);
        var experiment = new NnUnetExperiment(new NnUnet2dOptions(), _folder.Load("base").Plan, ["bone"], data);
        Assert.Null(experiment.Target);
        Assert.Equal(new Frame(height, width), experiment.Topology.Patch);
        Assert.Equal(side, experiment.FirstCrop);
    }
}
