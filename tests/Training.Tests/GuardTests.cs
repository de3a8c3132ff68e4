using Osteon.Abstractions;
using Osteon.Plugins.Losses.Segmentation;
using static TorchSharp.torch;

namespace Osteon.Training.Tests;

/// <summary>What has gone wrong is stopped, with cases, place and advice, and the checkpoint stays.</summary>
public sealed class GuardTests : IDisposable
{
    private static readonly GuardsPlan s_guards = new() { DivergenceFactor = 3, DivergenceSteps = 4 };
    private readonly Discs _discs = new();

    public void Dispose() => _discs.Dispose();

    [Fact]
    public void A_dead_class_is_named_with_the_cases_that_have_it()
    {
        var job = Deaf(epochs: 4, guard: 2, DeadClassAction.Stop);
        var e = Assert.Throws<ConfigurationException>(() => Fit(job));
        Assert.Equal("Class 'core' is dead: it has been predicted on no validation case for 2 epochs on end, while cases case6, case7 have it.", e.Faults[0]);
        Assert.StartsWith("Training stops in epoch 2, step 3, on cases case", e.Faults[1], StringComparison.Ordinal);
        Assert.Contains("train.guards.dead_class_epochs: 0. The newest checkpoint stays in", e.Message, StringComparison.Ordinal);

        // The guard is no part of what is trained: without it the training goes on, to the bits of one that never had it.
        Assert.Equal(Fit(Deaf(4, 0)), Fit(job with { Plan = job.Plan with { Guards = new GuardsPlan { DeadClassEpochs = 0 } } }));
    }

    [Fact]
    public void One_dead_class_of_two_is_told_once_and_training_goes_on()
    {
        var progress = new Discs.Progress();
        var job = Deaf(epochs: 5, guard: 2) with { Progress = progress };
        Assert.Equal(Fit(Deaf(5, 0)), Fit(job));
        var line = Assert.Single(progress.Lines, line => line.Contains("predicted on no", StringComparison.Ordinal));
        Assert.StartsWith("predicted on no validation case for 2 epochs on end: core (2 of 2 have it). Training goes on. Try train.class_weights: balanced", line, StringComparison.Ordinal);
    }

    // Of two classes that may overlap both have to be dead; where each pixel has one, the network then says the other one everywhere.
    [Theory]
    [InlineData(LabelMode.Multilabel, 1000f, 1000f, "Class 'disc' is dead")]
    [InlineData(LabelMode.Multiclass, 0f, 1000f, "Class 'core' is dead")]
    public void Training_stops_when_nothing_is_told_from_anything(LabelMode mode, float disc, float core, string told)
    {
        var job = Deaf(epochs: 4, guard: 2, disc: disc, core: core) with { Mode = mode };
        Assert.StartsWith(told, Assert.Throws<ConfigurationException>(() => Fit(job)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_is_given_half_of_the_training_and_no_less_than_twenty_epochs() => Fit(Deaf(epochs: 19, guard: null, DeadClassAction.Stop));

    [Fact]
    public void A_loss_that_is_no_number_leaves_the_checkpoint()
    {
        var calls = 0;
        var job = _discs.Job() with { Losses = [new WeightedLoss("Bursting", new LossOf((logits, _) => logits.sum() * (++calls == 6 ? double.PositiveInfinity : 1)), 1)] };
        var e = Assert.Throws<ConfigurationException>(() => Fit(job));
        Assert.Matches("^The training loss became -?(∞|Infinity) \\(Bursting\\) in epoch 2, step 1, on cases case., case.\\. .*train.gradient_clip_val.* The newest checkpoint stays in ", e.Message);
        Assert.Single(Directory.GetDirectories(Path.Combine(job.Folder, "checkpoints")));
        Assert.Single(History.Read(Path.Combine(job.Folder, History.FileName)));
    }

    [Fact]
    public void Weights_that_a_step_has_broken_are_told_from_cases_that_are_broken()
    {
        // Its value is 0, and its gradient 0 / 0.
        var job = _discs.Job() with { Losses = [new WeightedLoss("Steep", new LossOf((logits, _) => (logits - logits.detach()).pow(2).sqrt().sum()), 1)] };
        var e = Assert.Throws<ConfigurationException>(() => Fit(job));
        Assert.Contains("The weights were none already: the step before, on cases case", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_share_outside_0_and_1_is_refused_with_its_case()
    {
        var e = Assert.Throws<ConfigurationException>(() => Fit(_discs.Job() with { Augmentations = [new Overdone()] }));
        Assert.Matches("^Targets of case case. lie outside \\[0, 1\\] in epoch 1, step 1, on cases case", e.Message);
    }

    [Fact]
    public void A_loss_that_runs_away_stops_training()
    {
        var calls = 0;
        var job = _discs.Job();
        job = job with
        {
            Plan = job.Plan with { Epochs = 30, Guards = s_guards },
            // Falls for forty steps, two of them validation in each epoch, then is a hundred times what it was.
            Losses = [new WeightedLoss("Running", new LossOf((logits, _) => (logits.sum() * 0) + (++calls < 40 ? 1.0 / calls : 10)), 1)],
        };
        var e = Assert.Throws<ConfigurationException>(() => Fit(job));
        Assert.Matches("^Training diverges: the loss, smoothed, is .* above 3 times its lowest, .*, for 4 steps in epoch \\d+, step \\d, on cases case., case.\\. Lower train.optimizer's lr", e.Message);
    }

    [Fact]
    public void A_trend_stops_after_as_many_steps_as_asked_and_no_sooner()
    {
        var trend = Enumerable.Repeat(1.0, 100).Aggregate(new LossTrend(), (t, loss) => t.With(loss, s_guards));
        Assert.Equal(1, trend.Smoothed, 1e-12);
        Assert.Equal(1, trend.Lowest, 1e-12);
        // The share of what is new is 0.02: 1 + 0.02 · (200 − 1) is above 3 at once.
        foreach (var expected in new[] { 1, 2, 3, 4 })
        {
            trend = trend.With(200, s_guards);
            Assert.Equal(expected, trend.TooHigh);
        }

        Assert.Equal(0, Enumerable.Repeat(0.0, 400).Aggregate(trend, (t, loss) => t.With(loss, s_guards)).TooHigh);
    }

    [Fact]
    public void A_loss_near_0_may_jump() =>
        Assert.Equal(0, Enumerable.Repeat(1.0, 50).Concat(Enumerable.Repeat(1e-6, 1000)).Concat(Enumerable.Repeat(1e-2, 200)).Aggregate(new LossTrend(), (t, loss) => t.With(loss, s_guards)).TooHigh);

    private static TrainResult Fit(TrainJob job) => Trainer.Fit(job, TestContext.Current.CancellationToken);

    private TrainJob Deaf(int epochs, int? guard, DeadClassAction action = DeadClassAction.Warn, float disc = 0, float core = 1000)
    {
        var job = _discs.Job();
        return job with { Plan = job.Plan with { Epochs = epochs, Guards = new GuardsPlan { DeadClassEpochs = guard, DeadClass = action } }, Build = () => new DeafNetwork(Discs.Plain(), disc, core) };
    }

    private sealed class LossOf(Func<Tensor, Tensor, Tensor> loss) : Loss
    {
        public override Tensor Forward(Tensor logits, Tensor targets, LabelMode mode) => loss(logits, targets);
    }

    private sealed class Overdone() : SampleAugmentation<int>(1)
    {
        protected override int DrawParameters(ref RandomStream random, in DrawContext context) => 0;

        protected override Sample Transform(Sample sample, int draw, Workspace workspace) => sample with { Second = sample.Labels, SecondShare = 1.5 };
    }

    /// <summary>Whatever it learns, it never says the classes whose logits are pushed down.</summary>
    private sealed class DeafNetwork : Network
    {
        private readonly Network inner;

        private readonly float disc, core;

        public DeafNetwork(Network network, float disc, float core)
            : base("deaf")
        {
            (inner, this.disc, this.core) = (network, disc, core);
            RegisterComponents();
        }

        public override InputSizes Sizes => inner.Sizes;

        public override Tensor forward(Tensor input) => inner.forward(input) - tensor([disc, core], [2, 1, 1]);
    }
}
