using Osteon.Abstractions;
using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Training;

/// <summary>Validation at the stored resolution: the numbers an epoch is judged by.</summary>
internal static class Evaluation
{
    /// <summary>Mean loss, Dice and IoU over the validation cases; network and generator are left as they were.</summary>
    public static (double Loss, double[] ClassDice, double[] ClassIou) Run(TrainJob job, BatchLoader loader, Module<Tensor, Tensor> network)
    {
        network.eval();
        try
        {
            using var noGrad = no_grad();
            var losses = 0.0;
            var dice = new double[job.Store.Classes.Count];
            var iou = new double[dice.Length];
            var cases = 0;
            foreach (var (_, next) in loader.Validation())
            {
                using var batch = next;
                using var scope = NewDisposeScope();
                var (images, targets) = batch.ToTensors(job.Device);
                var logits = MixedPrecision.Logits(network, images, job.Plan.Precision);
                losses += Objective.Of(job, logits, targets).item<float>();
                AddOverlaps(Predicted(logits, job.Mode), targets, dice, iou);
                cases++;
            }

            return (losses / Math.Max(cases, 1), [.. dice.Select(s => s / Math.Max(cases, 1))], [.. iou.Select(s => s / Math.Max(cases, 1))]);
        }
        finally
        {
            network.train();
        }
    }

    // Multilabel: probability ≥ 0.5 is logit ≥ 0. Multiclass: the largest logit.
    private static Tensor Predicted(Tensor logits, LabelMode mode) => mode == LabelMode.Multilabel
        ? logits.ge(0).to(ScalarType.Float32)
        : functional.one_hot(logits.argmax(1), logits.shape[1]).permute(0, 3, 1, 2).to(ScalarType.Float32);

    private static void AddOverlaps(Tensor predicted, Tensor targets, double[] dice, double[] iou)
    {
        // Whole numbers below 2²⁴ in float32 and exact sums in float64: no order of summation can change the result.
        var both = (predicted * targets).to(ScalarType.Float64).sum([0, 2, 3]).cpu().data<double>().ToArray();
        var all = (predicted + targets).to(ScalarType.Float64).sum([0, 2, 3]).cpu().data<double>().ToArray();
        for (var k = 0; k < dice.Length; k++)
        {
            dice[k] += all[k] == 0 ? 1 : 2 * both[k] / all[k];
            iou[k] += all[k] == 0 ? 1 : both[k] / (all[k] - both[k]);
        }
    }
}
