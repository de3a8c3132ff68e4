using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace Osteon.Torch.Tests;

/// <summary>Every schedule against PyTorch for 20 steps of two groups; optimizers.json has rates and momenta.</summary>
public sealed class SchedulerTests
{
    private const int Steps = 20;

    private static readonly JsonElement s_golden =
        JsonDocument.Parse(typeof(SchedulerTests).Assembly.GetManifestResourceStream("optimizers.json")!).RootElement.GetProperty("schedules");

    private static readonly Dictionary<string, Func<optim.Optimizer, lr_scheduler.LRScheduler>> s_known = new()
    {
        ["StepLR"] = o => lr_scheduler.StepLR(o, 3, 0.5),
        ["MultiStepLR"] = o => lr_scheduler.MultiStepLR(o, [2, 5, 5, 11], 0.3),
        ["ExponentialLR"] = o => lr_scheduler.ExponentialLR(o, 0.9),
        ["ConstantLR"] = o => lr_scheduler.ConstantLR(o, 0.25, 6),
        ["LinearLR"] = o => lr_scheduler.LinearLR(o, 0.2, 0.8, 7),
        ["PolynomialLR"] = o => lr_scheduler.PolynomialLR(o, 12, 0.9),
        ["CosineAnnealingLR"] = o => lr_scheduler.CosineAnnealingLR(o, 7, 0.001),
        ["CosineAnnealingWarmRestarts"] = o => lr_scheduler.CosineAnnealingWarmRestarts(o, 3, 2, 0.001),
        ["LambdaLR"] = o => lr_scheduler.LambdaLR(o, [t => Math.Pow(0.95, t), t => 1.0 / (1 + t)]),
        ["MultiplicativeLR"] = o => lr_scheduler.MultiplicativeLR(o, t => 0.9 + (0.01 * t)),
        ["CyclicLR"] = o => lr_scheduler.CyclicLR(o, 0.01, 0.1, step_size_up: 4),
        ["CyclicLR halved"] = o => lr_scheduler.CyclicLR(o, [0.01, 0.02], [0.1, 0.3], step_size_up: 3, step_size_down: 5, mode: lr_scheduler.impl.CyclicLR.Mode.Triangular2, base_momentum: [0.7], max_momentum: [0.95]),
        ["CyclicLR falling"] = o => lr_scheduler.CyclicLR(o, 0.01, 0.1, step_size_up: 4, mode: lr_scheduler.impl.CyclicLR.Mode.ExpRange, gamma: 0.9, cycle_momentum: false),
        ["CyclicLR own"] = o => lr_scheduler.CyclicLR(o, 0.01, 0.1, step_size_up: 4, scale_fn: x => 1 / Math.Pow(5, x * 0.1), scale_mode: lr_scheduler.impl.CyclicLR.ScaleMode.Iterations),
        ["OneCycleLR"] = o => lr_scheduler.OneCycleLR(o, 0.3, total_steps: 21),
        ["OneCycleLR betas"] = o => lr_scheduler.OneCycleLR(o, 0.3, total_steps: 21),
        ["OneCycleLR linear"] = o => lr_scheduler.OneCycleLR(o, [0.3, 0.2], epochs: 5, steps_per_epoch: 5, pct_start: 0.4, anneal_strategy: lr_scheduler.impl.OneCycleLR.AnnealStrategy.Linear, base_momentum: [0.8], max_momentum: [0.9], div_factor: 10, final_div_factor: 100, three_phase: true),
        ["SequentialLR"] = o => lr_scheduler.SequentialLR(o, [lr_scheduler.LinearLR(o, 0.1, total_iters: 4), lr_scheduler.CosineAnnealingLR(o, 8), lr_scheduler.ExponentialLR(o, 0.7)], [4, 12]),
        ["ChainedLR"] = o => lr_scheduler.ChainedLR([lr_scheduler.ConstantLR(o, 0.1, 3), lr_scheduler.ExponentialLR(o, 0.9)]),
        ["ReduceLROnPlateau"] = o => lr_scheduler.ReduceLROnPlateau(o, "min", 0.5, 1, 0.05, cooldown: 1, min_lr: [0, 0.004]),
        ["ReduceLROnPlateau max"] = o => lr_scheduler.ReduceLROnPlateau(o, "max", 0.5, 0, 0.3, threshold_mode: "abs"),
    };

    public static TheoryData<string> Names { get; } = [.. s_known.Keys];

    [Fact]
    public void Knows_every_schedule_that_the_golden_file_has() =>
        Assert.Equal(s_golden.EnumerateObject().Select(p => p.Name).Order(), s_known.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Sets_the_rates_that_PyTorch_sets(string name)
    {
        using var optimizer = Optimizer(name);
        var schedule = s_known[name](optimizer);
        var expected = s_golden.GetProperty(name).EnumerateArray().Select(s => s.EnumerateArray().Select(v => v.GetDouble()).ToArray()).ToArray();
        Assert.Equal(Steps + 1, expected.Length);
        for (var t = 0; t <= Steps; t++)
        {
            // 1e-15: a cosine's way through 0 leaves rounding, here as there.
            Assert.All(expected[t].Zip(Now(optimizer)), pair => Assert.Equal(pair.First, pair.Second, (1e-6 * Math.Abs(pair.First)) + 1e-15));
            Assert.Equal(optimizer.ParamGroups.Select(g => g.LearningRate), schedule.get_last_lr());
            if (t < Steps)
            {
                schedule.step(Metric(t));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Goes_on_from_a_saved_state_in_the_same_bits(string name)
    {
        using var first = Optimizer(name);
        var whole = s_known[name](first);
        for (var t = 0; t < 7; t++)
        {
            whole.step(Metric(t));
        }

        var state = whole.state_dict();
        using var second = Optimizer(name);
        var resumed = s_known[name](second);
        resumed.load_state_dict(state);
        for (var t = 7; t <= Steps; t++)
        {
            Assert.Equal(Now(first), Now(second));
            Assert.Equal(whole.get_last_lr(), resumed.get_last_lr());
            if (t < Steps)
            {
                whole.step(Metric(t));
                resumed.step(Metric(t));
            }
        }

        Assert.Equal(whole.state_dict(), resumed.state_dict());
    }

    [Theory]
    [InlineData("StepLR")]
    [InlineData("MultiStepLR")]
    [InlineData("ExponentialLR")]
    [InlineData("ConstantLR")]
    [InlineData("LinearLR")]
    [InlineData("PolynomialLR")]
    [InlineData("CosineAnnealingLR")]
    [InlineData("CosineAnnealingWarmRestarts")]
    [InlineData("LambdaLR")]
    public void A_jump_to_an_epoch_sets_what_the_steps_there_set(string name)
    {
        using var walker = Optimizer(name);
        using var jumper = Optimizer(name);
        var walking = s_known[name](walker);
        var jumping = s_known[name](jumper);
        for (var t = 1; t < 10; t++)
        {
            walking.step();
            jumping.step(17);
            jumping.step(t);
            Assert.All(walking.get_last_lr().Zip(jumping.get_last_lr()), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        }
    }

    [Fact]
    public void Refuses_the_state_of_another_schedule_and_keeps_its_own()
    {
        using var optimizer = Optimizer("StepLR");
        var plateau = lr_scheduler.ReduceLROnPlateau(optimizer);
        var before = plateau.state_dict();
        Assert.Throws<InvalidOperationException>(() => plateau.load_state_dict(lr_scheduler.StepLR(optimizer, 3).state_dict()));
        Assert.Equal(before, plateau.state_dict());
    }

    [Fact]
    public void One_cycle_ends()
    {
        using var optimizer = Optimizer("OneCycleLR");
        var schedule = lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps: 3);
        schedule.step();
        schedule.step();
        schedule.step();
        Assert.Throws<InvalidOperationException>(schedule.step);
    }

    [Fact]
    public void One_cycle_asks_for_a_momentum_to_cycle()
    {
        using var optimizer = optim.Adagrad([nn.Parameter(zeros(1))]);
        Assert.Throws<ArgumentException>(() => lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps: 3));
        Assert.NotNull(lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps: 3, cycle_momentum: false));
    }

    [Fact]
    public void A_plateau_is_sought_in_a_metric()
    {
        using var optimizer = Optimizer("StepLR");
        Assert.Throws<InvalidOperationException>(lr_scheduler.ReduceLROnPlateau(optimizer).step);
    }

    private static optim.Optimizer Optimizer(string name)
    {
        var (a, b) = (nn.Parameter(zeros(1)), nn.Parameter(zeros(1)));
        return name == "OneCycleLR betas"
            ? optim.AdamW([new AdamW.ParamGroup([a]), new([b], new() { LearningRate = 0.01 })], 0.1)
            : optim.SGD([new SGD.ParamGroup([a]), new([b], new() { LearningRate = 0.01 })], 0.1, momentum: 0.5);
    }

    private static double[] Now(optim.Optimizer optimizer) =>
        [.. optimizer.ParamGroups.SelectMany(g => new[] { g.LearningRate, g is SGD.ParamGroup s ? s.Options.momentum!.Value : ((AdamOptimizer.ParamGroup)g).Options.beta1!.Value })];

    private static double Metric(int t) => Math.Sin(t) / (1 + t);
}
