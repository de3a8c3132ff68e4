using Osteon.Abstractions;
using Osteon.Training;
using static TorchSharp.torch;

namespace Osteon.Training.Tests;

/// <summary>What rates a run sees. That each schedule's formula is PyTorch's is Torch.Tests' matter.</summary>
public sealed class SchedulesTests : IDisposable
{
    private const double Rate = 0.01;
    private readonly Discs _discs = new();

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(50, 0.5)]
    [InlineData(100, 0.0)]
    public void Cosine_falls_by_half_a_cosine(long step, double factor) =>
        Assert.Equal(factor, new CosineOptions { Floor = 0 }.Factor(step, 100), 1e-12);

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(75, 0.287174588749259)]                             // 0.25^0.9
    public void Poly_falls_by_its_power(long step, double factor) =>
        Assert.Equal(factor, new PolyOptions().Factor(step, 100), 1e-12);

    [Fact]
    public void Warms_up_before_anything_else()
    {
        var options = new ConstantOptions { Warmup = 0.1 };
        Assert.Equal([1 / 11.0, 2 / 11.0, 1, 1], new[] { 0L, 1, 10, 99 }.Select(s => options.Factor(s, 100)));
    }

    // Three steps an epoch, four epochs; a row tells the rate of each epoch's last step.
    [Fact]
    public void Goes_on_once_an_epoch_as_PyTorch_documents() =>
        Agree([1, 0.5, 0.25, 0.125], new ExponentialLROptions { Gamma = 0.5 });

    [Fact]
    public void Goes_on_once_a_step_when_told_so() =>
        Agree([Math.Pow(0.5, 2), Math.Pow(0.5, 5), Math.Pow(0.5, 8), Math.Pow(0.5, 11)], new ExponentialLROptions { Gamma = 0.5, Interval = ScheduleInterval.Step });

    [Fact]
    public void Falls_after_so_many_epochs() => Agree([1, 1, 0.1, 0.1], new StepLROptions { StepSize = 2 });

    [Fact]
    public void Falls_at_milestones() => Agree([1, 0.1, 0.1, 0.01], new MultiStepLROptions { Milestones = [1, 3] });

    [Fact]
    public void Warms_up_in_steps_and_falls_by_a_cosine_in_sequence() => Agree(
        [0.5 + (0.5 * 2 / 4), (1 + Math.Cos(Math.PI * 1 / 8)) / 2, (1 + Math.Cos(Math.PI * 4 / 8)) / 2, (1 + Math.Cos(Math.PI * 7 / 8)) / 2],
        new SequentialLROptions
        {
            Interval = ScheduleInterval.Step,
            Milestones = [4],
            Schedulers = [new LinearLROptions { StartFactor = 0.5, TotalIters = 4 }, new CosineAnnealingLROptions { TMax = 8 }],
        });

    [Fact]
    public void Chains_factors() => Agree([0.5 * 0.5, 0.5 * (0.5 - (0.4375 / 3)), 0.5 - (0.4375 * 2 / 3), 0.0625], new ChainedSchedulerOptions
    {
        Schedulers = [new ConstantLROptions { Factor = 0.5, TotalIters = 2 }, new LinearLROptions { StartFactor = 0.5, EndFactor = 0.0625, TotalIters = 3 }],
    });

    [Fact]
    public void One_cycle_is_as_long_as_the_run()
    {
        // Twelve steps: up until 0.3 × 12 − 1 = 2.6, down to the last, 11. The first epoch ends at step 2, the last at 11.
        var rates = Rates(new OneCycleLROptions { MaxLr = 0.1, AnnealStrategy = TorchSharp.torch.optim.lr_scheduler.impl.OneCycleLR.AnnealStrategy.Linear });
        Assert.Equal(0.004 + ((0.1 - 0.004) * 2 / 2.6), rates[0], 1e-12);
        Assert.Equal(0.004 / 1e4, rates[3], 1e-12);
    }

    [Fact]
    public void Refuses_a_cycle_shorter_than_the_run()
    {
        var e = Assert.Throws<ConfigurationException>(() => Rates(new OneCycleLROptions { MaxLr = 0.1, TotalSteps = 11 }));
        Assert.Contains("total_steps is 11, but the run has 12 steps", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Falls_when_the_validation_is_on_a_plateau()
    {
        // No Dice rises by 2, so each epoch but the first, which is better than nothing, is a bad one.
        Assert.Equal([Rate, Rate, Rate / 2, Rate / 4], Rates(new ReduceLROnPlateauOptions
        {
            Mode = PlateauMode.Max, Factor = 0.5, Patience = 0, Threshold = 2, ThresholdMode = PlateauThresholdMode.Abs,
        }));
    }

    [Fact]
    public void A_plateau_is_sought_in_the_loss_or_in_the_Dice()
    {
        var epoch = new EpochRecord(1, 0.1, 0.5, 0.75, [new ClassMetric("dice", [0.25])]);
        Assert.Equal(0.75, new ReduceLROnPlateauOptions().Watched(epoch));
        Assert.Equal(0.25, new ReduceLROnPlateauOptions { Mode = PlateauMode.Max }.Watched(epoch));
    }

    [Fact]
    public void One_cycle_needs_a_momentum_to_cycle()
    {
        var cycle = new OneCycleLROptions { MaxLr = 0.1 };
        Assert.Contains("momentum", cycle.ClashWith(new AdagradOptions()), StringComparison.Ordinal);
        Assert.Null((cycle with { CycleMomentum = false }).ClashWith(new AdagradOptions()));
        Assert.Null(cycle.ClashWith(new SgdOptions()));
    }

    public void Dispose() => _discs.Dispose();

    private void Agree(double[] factors, ScheduleOptions schedule) =>
        Assert.All(factors.Zip(Rates(schedule)), pair => Assert.Equal(pair.First * Rate, pair.Second, 1e-12));

    private IReadOnlyList<double> Rates(ScheduleOptions schedule)
    {
        var job = _discs.Job() with { Schedule = schedule };
        job = job with { Plan = job.Plan with { Epochs = 4 } };
        Trainer.Fit(job, TestContext.Current.CancellationToken);
        return [.. History.Read(Path.Combine(job.Folder, History.FileName)).Select(e => e.LearningRate)];
    }
}
