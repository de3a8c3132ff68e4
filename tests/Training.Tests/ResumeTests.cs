using Osteon.Abstractions;
using Osteon.Plugins.Losses.Segmentation;
using Osteon.Torch;
using Osteon.Training;
using static TorchSharp.torch;

namespace Osteon.Training.Tests;

/// <summary>Interrupted and started again, a run ends in the bits of one that was not, whatever it is trained with.</summary>
public sealed class ResumeTests : IDisposable
{
    // Three steps an epoch, three epochs: between the first two, and in the middle of the last.
    private static readonly int[] s_stops = [3, 7];

    private static readonly Dictionary<string, OptimizerOptions> s_optimizers = new()
    {
        ["SGD"] = new SgdOptions { Lr = 0.05, Momentum = 0.9, Nesterov = true, WeightDecay = 1e-4 },
        ["Adam"] = new AdamOptions { Lr = 0.01, Amsgrad = true },
        ["AdamW"] = new AdamWOptions { Lr = 0.01 },
        ["NAdam"] = new NAdamOptions { Lr = 0.01 },
        ["RAdam"] = new RAdamOptions { Lr = 0.01 },
        ["RMSprop"] = new RmsPropOptions { Lr = 1e-3, Momentum = 0.9, Centered = true },
        ["Adagrad"] = new AdagradOptions { Lr = 0.02, LrDecay = 0.1 },
    };

    private static readonly Dictionary<string, ScheduleOptions> s_schedules = new()
    {
        ["Constant"] = new ConstantOptions { Warmup = 0.3 },
        ["Cosine"] = new CosineOptions(),
        ["Poly"] = new PolyOptions(),
        ["StepLR"] = new StepLROptions { StepSize = 2, Gamma = 0.5, Interval = ScheduleInterval.Step },
        ["MultiStepLR"] = new MultiStepLROptions { Milestones = [1, 2], Gamma = 0.3 },
        ["ExponentialLR"] = new ExponentialLROptions { Gamma = 0.7 },
        ["ConstantLR"] = new ConstantLROptions { TotalIters = 4, Interval = ScheduleInterval.Step },
        ["LinearLR"] = new LinearLROptions { TotalIters = 5, Interval = ScheduleInterval.Step },
        ["PolynomialLR"] = new PolynomialLROptions { TotalIters = 9, Power = 0.9, Interval = ScheduleInterval.Step },
        ["CosineAnnealingLR"] = new CosineAnnealingLROptions { TMax = 4, Interval = ScheduleInterval.Step },
        ["CosineAnnealingWarmRestarts"] = new CosineAnnealingWarmRestartsOptions { T0 = 2, TMult = 2, Interval = ScheduleInterval.Step },
        ["OneCycleLR"] = new OneCycleLROptions { MaxLr = 0.02 },
        ["ReduceLROnPlateau"] = new ReduceLROnPlateauOptions { Patience = 0, Factor = 0.5, Threshold = 10, Cooldown = 1 },
        ["SequentialLR"] = new SequentialLROptions
        {
            Interval = ScheduleInterval.Step, Milestones = [4], Schedulers = [new LinearLROptions { TotalIters = 4 }, new ExponentialLROptions { Gamma = 0.8 }],
        },
        ["ChainedScheduler"] = new ChainedSchedulerOptions { Schedulers = [new ConstantLROptions { TotalIters = 1 }, new ExponentialLROptions { Gamma = 0.8 }] },
    };

    private readonly Discs _discs = new();

    public static TheoryData<string> Optimizers { get; } = [.. s_optimizers.Keys];

    public static TheoryData<string> Schedules { get; } = [.. s_schedules.Keys];

    [Fact]
    public void Every_optimiser_and_every_schedule_is_tried()
    {
        Assert.Equal(Named<OptimizerOptions>(), s_optimizers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Named<ScheduleOptions>(), s_schedules.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void With_every_optimiser(string name) => EndsInTheSameBits(job => job with { Optimizer = s_optimizers[name] });

    [Theory]
    [MemberData(nameof(Schedules))]
    public void With_every_schedule(string name) => EndsInTheSameBits(job => job with { Schedule = s_schedules[name] });

    [Fact]
    public void In_bfloat16() => EndsInTheSameBits(job => job with { Plan = job.Plan with { Precision = Precision.Bf16, GradientClipVal = 0.5 } });

    [Fact]
    public void In_bfloat16_to_other_bits_than_in_float32()
    {
        var job = _discs.Job();
        Assert.NotEqual(Fit(job).FinalWeights, Fit(_discs.Job() with { Plan = job.Plan with { Precision = Precision.Bf16 } }).FinalWeights);
    }

    [Fact]
    public void In_bfloat16_to_no_lower_Dice()
    {
        var job = _discs.Job();
        WeightedLoss[] losses = [.. job.Losses, new WeightedLoss("Dice", new DiceLoss(new OverlapOptions()), 1)];
        job = job with { Plan = job.Plan with { Epochs = 60, Crop = 0 }, Losses = losses, Build = Discs.Plain };
        var wide = Fit(job).BestScore;
        var narrow = Fit(job with { Plan = job.Plan with { Precision = Precision.Bf16 }, Folder = _discs.Job().Folder }).BestScore;
        TestContext.Current.SendDiagnosticMessage($"Dice in float32 {wide:F4}, in bfloat16 {narrow:F4}");
        Assert.InRange(wide, 0.85, 1);
        Assert.InRange(narrow, wide - 0.03, 1);
    }

    [Fact]
    public void Float16_is_refused_where_there_is_no_GPU()
    {
        var job = _discs.Job();
        var e = Assert.Throws<ConfigurationException>(() => Fit(job with { Plan = job.Plan with { Precision = Precision.Fp16 } }));
        Assert.Contains("train.precision is fp16, which needs a GPU; the device is cpu. Use bf16 or fp32", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_keeps_the_scale_of_gradients()
    {
        using var scope = NewDisposeScope();
        var checkpoint = new Checkpoint(Path.Combine(_discs.Job().Folder, "checkpoints"));
        using var before = Scaled(new GradScaler(init_scale: 512, growth_interval: 7));
        before.Network.parameters().First().grad = full_like(before.Network.parameters().First(), double.NaN);
        before.Scaler.step(before.Optimizer);
        before.Scaler.update();
        Assert.Null(checkpoint.Restore(before));
        checkpoint.Save(before, new TrainState { Step = 1 });
        using var after = Scaled(new GradScaler());
        Assert.Equal(256, checkpoint.Restore(after)!.Scaler["scale"]);
        Assert.Equal(before.Scaler.state_dict(), after.Scaler.state_dict());
    }

    public void Dispose() => _discs.Dispose();

    private static TrainResult Fit(TrainJob job) => Trainer.Fit(job, TestContext.Current.CancellationToken);

    private void EndsInTheSameBits(Func<TrainJob, TrainJob> change)
    {
        var whole = change(_discs.Job());
        var expected = Fit(whole);
        foreach (var stop in s_stops)
        {
            using var cancel = new CancellationTokenSource();
            var job = change(_discs.Job(new Discs.Progress(stop, cancel.Cancel)));
            Assert.Throws<OperationCanceledException>(() => Trainer.Fit(job, cancel.Token));
            Assert.Equal(expected, Fit(job));
            Assert.Equal(History(whole), History(job));
        }

        static string History(TrainJob job) => File.ReadAllText(Path.Combine(job.Folder, Training.History.FileName));
    }

    private Learner Scaled(GradScaler scaler)
    {
        var job = _discs.Job();
        return Learner.Of(job.Build(), job, new RunLength(3, 3)) with { Scaler = scaler };
    }

    private static IEnumerable<string> Named<T>() => typeof(T).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(T)) && !t.IsAbstract)
        .Select(t => t.GetCustomAttributes(typeof(NamedAttribute), inherit: false).Cast<NamedAttribute>().Single().Name).Order(StringComparer.Ordinal);
}
