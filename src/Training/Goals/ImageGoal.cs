using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Metrics;
using Osteon.Models;
using Osteon.Torch;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>Classification: the one class of every image.</summary>
internal sealed class ImageGoal(TrainJob job, LabelledImages images) : TrainingGoal
{
    private static readonly IReadOnlyList<NetworkOutput> Output = [new(OutputKind.ImageLogits)];

    private int Planes => images.Input.Planes.Count;

    private int Classes => images.Labels.Classes.Count;

    public override string Headline => "ROC AUC";

    public override (Tensor Inputs, Tensor Targets) Of(Batch batch, Device device)
    {
        using var scope = NewDisposeScope();
        var (pixels, words) = batch.ToTensors(device);
        var inputs = Planes == 0 ? pixels : cat([pixels, words.narrow(1, 0, Planes)], 1).to_channels_last();

        // Whole numbers below 2²⁴ while nothing was blended: exactly 0 and 1. Pixels that were moved in from outside the image are of no class.
        var shares = words.narrow(1, Planes, Classes).sum([2, 3], keepdim: true);
        var targets = shares / shares.sum([1], keepdim: true).clamp(min: 1);
        return (inputs.MoveToOuterDisposeScope(), targets.MoveToOuterDisposeScope());
    }

    public override EpochJudgement Judge(BatchLoader loader, Network network, IReadOnlyList<string> metrics)
    {
        var wasTraining = network.training;
        network.eval();
        try
        {
            using var noGrad = no_grad();
            var final = job.At(job.Plan.Epochs);
            var (losses, truth, probabilities) = (0.0, new List<int>(), new List<IReadOnlyList<double>>());
            foreach (var (stored, next) in loader.Validation())
            {
                using var batch = next;
                using var scope = NewDisposeScope();
                var (inputs, targets) = Of(batch, job.Device);
                var logits = MixedPrecision.Logits(network, inputs, job.Plan.Precision);
                losses += Objective.Of(final, Output, [logits], targets).item<float>();
                truth.Add(images.Labels[stored.Id]);
                probabilities.Add(logits[0].to(ScalarType.Float64).softmax(0).cpu().data<double>().ToArray());
            }

            var scores = ClassificationScores.Of(truth, probabilities, Classes);
            return new EpochJudgement(losses / Math.Max(truth.Count, 1), [.. metrics.Select(name => Measured(scores, name))],
                [.. Enumerable.Range(0, Classes).Where(k => scores.Confusion.Support(k) > 0 && scores.Confusion.Predicted(k) == 0)]);
        }
        finally
        {
            network.train(wasTraining);
        }
    }

    // Without images of both kinds no order can be right or wrong.
    public override string? WhyNotMeasured(string metric)
    {
        var counts = images.Labels.Count(job.Validation);
        var only = Array.FindIndex(counts, n => n == job.Validation.Count);
        var of = metric.Split('/', 2);
        return of[0] is not ("roc_auc" or "average_precision") ? null
            : only >= 0 ? $"is {metric}, but all {job.Validation.Count} validation images of this fold are '{images.Labels.Classes[only]}': there is nothing to tell apart. Take fewer folds, or another metric, such as loss."
            : of.Length == 2 && counts[images.Labels.Classes.ToList().IndexOf(of[1])] == 0 ? $"is {metric}, but no validation image of this fold is '{of[1]}'. Take fewer folds, or another metric, such as loss."
            : null;
    }

    public override bool Has(StoredCase stored, int k) => images.Labels[stored.Id] == k;

    private ClassMetric Measured(ClassificationScores scores, string name) => new(name, [.. Enumerable.Range(0, Classes).Select(k => ByClass(scores, name, k))]) { Overall = scores[name] };

    // Each class against all others; of averages the class's own share.
    private static double ByClass(ClassificationScores scores, string name, int k)
    {
        var counts = scores.Confusion;
        return name.Split('_', 2) switch
        {
            ["roc", _] => scores.RocAucs[k],
            ["average", _] => scores.AveragePrecisions[k],
            ["balanced", _] => (counts.Recall(k) + counts.Specificity(k)) / 2,
            ["precision", ..] => counts.Precision(k),
            ["recall", ..] => counts.Recall(k),
            ["f1", ..] => counts.F1(k),
            ["specificity", ..] => counts.Specificity(k),
            _ => counts.Total == 0 ? double.NaN : (double)(counts.Total - counts.Support(k) - counts.Predicted(k) + (2 * counts[k, k])) / counts.Total,
        };
    }
}
