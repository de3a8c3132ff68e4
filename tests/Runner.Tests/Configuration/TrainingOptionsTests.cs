using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;
using Osteon.Training;

namespace Osteon.Runner.Tests;

/// <summary>What an experiment can write as train.optimizer and train.schedule, and what it is told where that is wrong.</summary>
public sealed class TrainingOptionsTests : IDisposable
{
    private readonly ExperimentFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // PyTorch's names and arguments, each with a value that is not the default.
    [Theory]
    [InlineData("SGD: {lr: 0.5, momentum: 0.9, dampening: 0, weight_decay: 0.1, nesterov: true}")]
    [InlineData("Adam: {lr: 0.5, betas: [0.8, 0.9], eps: 1e-6, weight_decay: 0.1, amsgrad: true}")]
    [InlineData("AdamW: {lr: 0.5, betas: [0.8, 0.9], eps: 1e-6, weight_decay: 0.1, amsgrad: true}")]
    [InlineData("NAdam: {lr: 0.5, betas: [0.8, 0.9], eps: 1e-6, weight_decay: 0.1, momentum_decay: 0.02}")]
    [InlineData("RAdam: {lr: 0.5, betas: [0.8, 0.9], eps: 1e-6, weight_decay: 0.1}")]
    [InlineData("RMSprop: {lr: 0.5, alpha: 0.9, eps: 1e-6, weight_decay: 0.1, momentum: 0.9, centered: true}")]
    [InlineData("Adagrad: {lr: 0.5, lr_decay: 0.1, weight_decay: 0.1, initial_accumulator_value: 0.1, eps: 1e-6}")]
    [InlineData("Adam")]
    public void Takes_every_optimiser_with_PyTorchs_arguments(string yaml) => Assert.Empty(Faults("optimizer", yaml));

    [Theory]
    [InlineData("Constant: {warmup: 0.1}")]
    [InlineData("Cosine: {warmup: 0.1, floor: 0}")]
    [InlineData("Poly: {power: 2}")]
    [InlineData("StepLR: {step_size: 10, gamma: 0.5, interval: step}")]
    [InlineData("MultiStepLR: {milestones: [10, 20], gamma: 0.5}")]
    [InlineData("ExponentialLR: {gamma: 0.9}")]
    [InlineData("ConstantLR: {factor: 0.5, total_iters: 3}")]
    [InlineData("LinearLR: {start_factor: 0.1, end_factor: 0.9, total_iters: 3}")]
    [InlineData("PolynomialLR: {total_iters: 3, power: 2}")]
    [InlineData("CosineAnnealingLR: {T_max: 30, eta_min: 1e-5}")]
    [InlineData("CosineAnnealingWarmRestarts: {T_0: 5, T_mult: 2, eta_min: 1e-5}")]
    [InlineData("OneCycleLR: {max_lr: 0.1, total_steps: 9999, pct_start: 0.2, anneal_strategy: linear, cycle_momentum: false, base_momentum: 0.8, max_momentum: 0.9, div_factor: 10, final_div_factor: 100, three_phase: true, interval: epoch}")]
    [InlineData("ReduceLROnPlateau: {mode: max, factor: 0.5, patience: 3, threshold: 0.01, threshold_mode: abs, cooldown: 1, min_lr: 1e-6, eps: 1e-9}")]
    [InlineData("SequentialLR: {schedulers: [LinearLR: {total_iters: 5}, CosineAnnealingLR: {T_max: 25}, ConstantLR], milestones: [5, 30], interval: step}")]
    [InlineData("ChainedScheduler: {schedulers: [ConstantLR, ExponentialLR: {gamma: 0.9}]}")]
    public void Takes_every_schedule_with_PyTorchs_arguments(string yaml) => Assert.Empty(Faults("schedule", yaml));

    [Theory]
    [InlineData("optimizer", "Adma", 14, "train.optimizer 'Adma' is unknown; nearest is 'Adam'. Allowed: Adagrad, Adam, AdamW, NAdam, RAdam, RMSprop, SGD.")]
    [InlineData("optimizer", "SGD: {momentun: 0.9}", 21, "train.optimizer.SGD.momentun is unknown; nearest is 'momentum'. Allowed: dampening, lr, momentum, nesterov, weight_decay.")]
    [InlineData("optimizer", "SGD: {lr: -1}", 25, "train.optimizer.SGD.lr is -1; expected a number of at least 0.")]
    [InlineData("optimizer", "SGD: {nesterov: true}", 31, "train.optimizer.SGD.nesterov needs a momentum above 0 and no dampening")]
    [InlineData("optimizer", "AdamW: {betas: [0.9, 1]}", 36, "train.optimizer.AdamW.betas[1] is 1; expected a number in [0, 1).")]
    [InlineData("optimizer", "AdamW: {betas: 0.9}", 30, "train.optimizer.AdamW.betas is 0.9; expected a list of 2: [beta1, beta2].")]
    [InlineData("optimizer", "RMSprop: {alpha: 1.5}", 32, "train.optimizer.RMSprop.alpha is 1.5; expected a number in [0, 1].")]
    [InlineData("schedule", "OneCycle: {}", 3, "train.schedule 'OneCycle' is unknown; nearest is 'OneCycleLR'.")]
    [InlineData("schedule", "StepLR", 13, "train.schedule.StepLR.step_size is missing, and has no default; expected a whole number")]
    [InlineData("schedule", "StepLR: {step_size: 0}", 34, "train.schedule.StepLR.step_size is 0; expected a whole number of at least 1.")]
    [InlineData("schedule", "CosineAnnealingLR: {t_max: 5}", 34, "train.schedule.CosineAnnealingLR.t_max is unknown; nearest is 'T_max'.", 2)]
    [InlineData("schedule", "Cosine: {warmup: 1}", 31, "train.schedule.Cosine.warmup is 1; expected a number in [0, 1).")]
    [InlineData("schedule", "LinearLR: {start_factor: 0}", 39, "train.schedule.LinearLR.start_factor is 0; expected a number in (0, 1].")]
    [InlineData("schedule", "LinearLR: {interval: batch}", 35, "train.schedule.LinearLR.interval is 'batch'. Allowed: epoch, step.")]
    [InlineData("schedule", "MultiStepLR: {milestones: []}", 40, "train.schedule.MultiStepLR.milestones must be counts of at least 1, as in [30, 80].")]
    [InlineData("schedule", "SequentialLR: {schedulers: [StepLR: {step_size: 1}, Cosine], milestones: [5]}", 66, "train.schedule.SequentialLR.schedulers[1] 'Cosine' is unknown. Allowed: ConstantLR, CosineAnnealingLR,")]
    [InlineData("schedule", "SequentialLR: {schedulers: [StepLR: {step_size: 0}, ConstantLR], milestones: [5]}", 62, "train.schedule.SequentialLR.schedulers[0].StepLR.step_size is 0; expected a whole number of at least 1.")]
    [InlineData("schedule", "SequentialLR: {schedulers: [ConstantLR, LinearLR], milestones: [5, 9]}", 77, "train.schedule.SequentialLR.milestones has 2 numbers for 2 schedulers; expected one fewer")]
    [InlineData("schedule", "SequentialLR: {schedulers: [ConstantLR, LinearLR: {interval: step}], milestones: [5]}", 41, "train.schedule.SequentialLR.schedulers has a part with an interval of its own.")]
    [InlineData("schedule", "ReduceLROnPlateau: {mode: dice}", 40, "train.schedule.ReduceLROnPlateau.mode is 'dice'. Allowed: min, max.")]
    public void Says_where_and_what_is_wrong(string key, string yaml, int column, string what, int faults = 1)
    {
        var found = Faults(key, yaml);
        Assert.Equal(faults, found.Count);
        Assert.Contains(found, f => f.StartsWith($"experiments/e.yaml(3,{column}): {what}", StringComparison.Ordinal));
    }

    [Fact]
    public void Binds_a_choice_to_its_record()
    {
        var chosen = Load("schedule", "SequentialLR: {schedulers: [LinearLR: {start_factor: 0.25}, CosineAnnealingLR: {T_max: 25}], milestones: [5]}").Plan.Train.Schedule;
        var bound = Assert.IsType<SequentialLROptions>(OptionsBinder.Bind<ScheduleOptions>("train.schedule", chosen));
        Assert.Equal([5], bound.Milestones);
        Assert.Equal([new LinearLROptions { StartFactor = 0.25 }, new CosineAnnealingLROptions { TMax = 25 }], bound.Schedulers);
    }

    private List<string> Faults(string key, string yaml) => PlanValidator.Validate(
        Load(key, yaml),
        PluginCatalog.Load([], _folder.Root),
        [new BuiltInChoices("train.optimizer", typeof(OptimizerOptions)), new BuiltInChoices("train.schedule", typeof(ScheduleOptions))])
        .Where(fault => fault.Contains($" train.{key}", StringComparison.Ordinal)).ToList();

    private LoadedPlan Load(string key, string yaml)
    {
        var inner = yaml.Contains(':', StringComparison.Ordinal) ? $"{{{yaml}}}" : yaml;
        _folder.Write("e.yaml", $"extends: base.yaml\ntrain:\n  {key}: {inner}\n");
        return _folder.Load();
    }
}
