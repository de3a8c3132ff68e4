using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Plugins.Augmentations.Mixing;
using Osteon.Plugins.Losses.Segmentation;
using static TorchSharp.torch;

namespace Osteon.Training.Tests;

/// <summary>Whole images are learnt by the same loop as masks.</summary>
public sealed class ClassificationTests : IDisposable
{
    private static readonly JsonObject s_golden = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "classification.json")))!.AsObject();

    private readonly Stripes _stripes = new();

    [Fact]
    public void The_class_of_an_image_is_learnt()
    {
        var job = _stripes.Job();
        var told = (Stripes.Told)job.Log;
        var result = Fit(job with { Plan = job.Plan with { Epochs = 30 }, Sampler = new ClassBalancedOptions() });
        Assert.Equal(1, result.BestScore);
        var history = History.Read(Path.Combine(job.Folder, History.FileName));
        var best = history[result.BestEpoch - 1];
        Assert.Equal(["roc_auc", "accuracy", "balanced_accuracy", "precision", "recall", "f1"], best.Metrics.Select(m => m.Name));
        Assert.Equal(1, history.Max(e => e.Mean("accuracy")));
        Assert.Equal(history.Select(e => e.Mean("f1")), told.Metrics.Where(m => m.Key == "val/f1").Select(m => m.Value));
        Assert.Contains(told.Metrics, m => m.Key == "val/recall/lying");
    }

    // Two classes: the loss of the first epoch is near ln 2, and a network that knows nothing has an accuracy of its commoner class.
    [Fact]
    public void An_epoch_is_judged_by_all_validation_images_together()
    {
        var job = _stripes.Job();
        var deaf = job with { Plan = job.Plan with { Epochs = 1, Metrics = ["specificity", "f1_macro"] }, Optimizer = new SgdOptions { Lr = 1e-12 }, Build = Deaf };
        Fit(deaf);
        var epoch = Assert.Single(History.Read(Path.Combine(job.Folder, History.FileName)));
        Assert.Equal(0.75, epoch.Mean("accuracy"));
        Assert.Equal(0.5, epoch.Mean("balanced_accuracy"));
        Assert.Equal(0.5, epoch.Mean("roc_auc"));
        Assert.Equal(0, epoch.Mean("recall"));
        Assert.Equal([1, 0], epoch.Of("recall"));
        Assert.Equal(6.0 / 7, epoch.Of("f1")[0], 12);
        Assert.Equal(3.0 / 7, epoch.Mean("f1_macro"), 12);
        Assert.Equal(Math.Log(1 + Math.Exp(-1)) + 0.25, epoch.ValidationLoss, 6);     // logits 1 and 0: ln(1 + e⁻¹), one more for a quarter

        static Network Deaf()
        {
            var network = new Stripes.Small(1);
            using var noGrad = no_grad();
            foreach (var parameter in network.parameters())
            {
                parameter.zero_();
            }

            network.parameters().Last().copy_(tensor([1f, 0]));
            return network;
        }
    }

    [Fact]
    public void Interrupted_it_ends_in_the_same_bits()
    {
        var expected = Fit(Everything(_stripes.Job()));
        for (var stop = 1; stop <= 8; stop++)
        {
            using var cancel = new CancellationTokenSource();
            var job = Everything(_stripes.Job(new Discs.Progress(stop, cancel.Cancel)));
            Assert.Throws<OperationCanceledException>(() => Trainer.Fit(job, cancel.Token));
            Assert.Equal(expected, Fit(job));
        }

        static TrainJob Everything(TrainJob job) => job with
        {
            Plan = job.Plan with { Ema = new EmaPlan(), AccumulateGradBatches = 2, GradientClipVal = 0.5, EarlyStopping = new EarlyStoppingPlan { Patience = 5 } },
            Sampler = new ClassBalancedOptions(),
            Losses = [.. job.Losses, new WeightedLoss("Focal", new FocalLoss(new FocalOptions { Softmax = true }), 0.5)],
            Augmentations = [new MixUp(new MixUpOptions { P = 0.5 })],
        };
    }

    [Fact]
    public void Classes_are_drawn_alike_however_rare_they_are()
    {
        var job = _stripes.Job();
        var maker = new SampleMaker(job.Samples with { Sampler = new ClassBalancedOptions(), Plan = job.Plan with { Repeat = 500 } });
        var lying = maker.Order(0).Count(place => _stripes.Labels[maker.Cases.NameOf(place)] == 1);
        Assert.InRange(lying, 1850, 2150);                          // of 4000, where a quarter of the cases lies
    }

    [Fact]
    public void What_is_asked_for_is_the_share_of_the_pixels()
    {
        using var scope = NewDisposeScope();
        var job = _stripes.Job();
        Assert.All(Targets(job), t => Assert.True(t is [1, 0] or [0, 1]));
        var blended = Targets(job with { Augmentations = [new MixUp(new MixUpOptions { P = 1, Alpha = 1 })] });
        Assert.All(blended, t => Assert.Equal(1, t.Sum(), 5));
        Assert.Contains(blended, t => t[0] is > 0.02f and < 0.98f);

        // Of 256 pixels a box of the other image has a whole number.
        var pasted = Targets(job with { Augmentations = [new CutMix(new CutMixOptions { P = 1 })] });
        Assert.All(pasted, t => Assert.Equal(Math.Round(t[1] * 256), t[1] * 256, 3));
        Assert.Contains(pasted, t => t[0] is > 0.02f and < 0.98f);
    }

    [Fact]
    public void Masks_lie_behind_the_image()
    {
        using var scope = NewDisposeScope();
        var job = _stripes.Job();
        job = job with { Images = new LabelledImages(_stripes.Labels, new TopHalf()) };
        using var loader = new BatchLoader(job, new InputSizes(1));
        using var batch = loader.Epoch(0, 0).First();
        var (inputs, targets) = TrainingGoal.Of(job).Of(batch, job.Device);
        Assert.Equal([3, 2, 16, 16], inputs.shape);
        Assert.Equal([3, 2, 1, 1], targets.shape);
        Assert.Equal(3 * 8 * 16, inputs.narrow(1, 1, 1).sum().item<float>());
        Assert.Equal(0, inputs.narrow(1, 1, 1).narrow(2, 8, 8).sum().item<float>());
        Assert.Equal(3, targets.sum().item<float>());
    }

    [Fact]
    public void A_class_that_is_never_said_stops_training_with_the_images_that_have_it()
    {
        var job = _stripes.Job();
        job = job with { Plan = job.Plan with { Epochs = 4, Guards = new GuardsPlan { DeadClassEpochs = 2 } }, Optimizer = new SgdOptions { Lr = 1e-12 } };
        var e = Assert.Throws<ConfigurationException>(() => Fit(job));
        Assert.Contains("is dead: it has been predicted on no validation case for 2 epochs on end", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("roc_auc", "train.best.metric is roc_auc, but all 3 validation images of this fold are 'upright': there is nothing to tell apart.")]
    [InlineData("average_precision/lying", "train.best.metric is average_precision/lying, but all 3 validation images of this fold are 'upright'")]
    [InlineData("dice", "train.best.metric is 'dice'. Allowed: loss, train_loss, accuracy")]
    [InlineData("f1/lyin", "train.best.metric is 'f1/lyin', but there is no class 'lyin'. Classes: upright, lying.")]
    public void A_metric_that_cannot_be_measured_is_refused_first(string metric, string what)
    {
        var job = _stripes.Job();
        job = job with { Plan = job.Plan with { Best = new BestPlan { Metric = metric } }, Validation = [.. _stripes.Store.Cases.Skip(9).Take(3)] };
        Assert.Contains(what, Assert.Throws<ConfigurationException>(() => Fit(job)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cross_entropy", "labels")]
    [InlineData("weighted", "labels")]
    [InlineData("smooth", "labels")]
    [InlineData("soft", "mixed")]
    [InlineData("focal", "labels")]
    [InlineData("focal_weighted", "labels")]
    public void Losses_are_PyTorchs(string name, string of)
    {
        using var scope = NewDisposeScope();
        Loss loss = name switch
        {
            "weighted" => new CrossEntropyLoss(new CrossEntropyOptions { ClassWeights = [0.5, 2, 1.25] }),
            "smooth" => new CrossEntropyLoss(new CrossEntropyOptions { SmoothFactor = 0.1 }),
            "focal" => new FocalLoss(new FocalOptions { Softmax = true }),
            "focal_weighted" => new FocalLoss(new FocalOptions { Softmax = true, Gamma = 1.5, ClassWeights = [0.5, 2, 1.25] }),
            _ => new CrossEntropyLoss(new CrossEntropyOptions()),
        };
        var logits = tensor(Numbers("logits"), [5, 3]);
        var targets = of == "mixed" ? tensor(Numbers("mixed"), [5, 3, 1, 1]) : nn.functional.one_hot(tensor(s_golden["labels"]!.AsArray().Select(v => (long)v!).ToArray()), 3).to(float32).view(5, 3, 1, 1);
        var job = _stripes.Job() with { Losses = [new WeightedLoss(name, loss, 1)] };
        Assert.Equal((double)s_golden[name]!, Objective.Of(job, [new NetworkOutput(OutputKind.ImageLogits)], [logits], targets).item<float>(), 5);

        static float[] Numbers(string key) => [.. s_golden[key]!.AsArray().SelectMany(row => row!.AsArray().Select(v => (float)v!))];
    }

    public void Dispose() => _stripes.Dispose();

    private static TrainResult Fit(TrainJob job) => Trainer.Fit(job, TestContext.Current.CancellationToken);

    private static List<float[]> Targets(TrainJob job)
    {
        using var loader = new BatchLoader(job, new InputSizes(1));
        var targets = new List<float[]>();
        foreach (var next in loader.Epoch(0, 0))
        {
            using var batch = next;
            targets.AddRange(TrainingGoal.Of(job).Of(batch, job.Device).Targets.data<float>().ToArray().Chunk(2));
        }

        return targets;
    }

    /// <summary>A mask that is set in the upper half.</summary>
    private sealed class TopHalf : CaseInput
    {
        public override IReadOnlyList<string> Planes => ["top"];

        public override Sample Read(CaseStore store, StoredCase stored, int bits, Workspace workspace)
        {
            var sample = Image.Read(store, stored, bits, workspace);
            sample.Labels.Bytes[..(sample.Labels.Bytes.Length / 2)].Fill(1);
            return sample;
        }
    }
}
