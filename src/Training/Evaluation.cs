using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Training;

/// <summary>Validation at the stored resolution: the numbers an epoch is judged by.</summary>
internal static class Evaluation
{
    // Of surface_dice, in original pixels, as report.tolerance has it where nothing is said.
    private const double Tolerance = 2;

    /// <summary>Mean loss and the metrics over the validation cases; network and generator are left as they were.</summary>
    /// <param name="job">Its losses count by the weights of its last epoch, so that epochs compare.</param>
    /// <param name="loader">The job's.</param>
    /// <param name="network">What is judged.</param>
    /// <param name="metrics">Names of <see cref="CaseMetrics"/>.</param>
    public static EpochJudgement Run(TrainJob job, BatchLoader loader, Module<Tensor, Tensor> network, IReadOnlyList<string> metrics)
    {
        var wasTraining = network.training;
        network.eval();
        try
        {
            using var noGrad = no_grad();
            var (losses, cases, classes) = (0.0, 0, job.Store.Classes.Count);
            var final = job.At(job.Plan.Epochs);
            var tallies = metrics.Select(_ => new Tally(classes)).ToArray();
            var (predicted, present) = (new long[classes], new long[classes]);
            foreach (var (stored, next) in loader.Validation())
            {
                using var batch = next;
                using var scope = NewDisposeScope();
                var (images, targets) = batch.ToTensors(job.Device);
                var logits = MixedPrecision.Logits(network, images, job.Plan.Precision);
                losses += Objective.Of(final, logits, targets).item<float>();
                cases++;

                // What was padded for the network's sake is no part of the image.
                var judged = new Judged(Inside(Predicted(logits, job.Mode), stored), Inside(targets, stored), job.Mode, stored);
                for (var k = 0; k < classes; k++)
                {
                    var counts = judged.Counts(k);
                    var surfaces = new Lazy<SurfaceDistances>(() => judged.Surfaces(k));
                    predicted[k] += counts.TruePositive + counts.FalsePositive;
                    present[k] += counts.Positive;
                    for (var m = 0; m < tallies.Length; m++)
                    {
                        tallies[m].Add(k, CaseMetrics.Of(metrics[m], counts, surfaces, Tolerance));
                    }
                }
            }

            return new EpochJudgement(losses / Math.Max(cases, 1), [.. metrics.Select((name, m) => new ClassMetric(name, tallies[m].Means))],
                [.. Enumerable.Range(0, classes).Where(k => present[k] > 0 && predicted[k] == 0)]);
        }
        finally
        {
            network.train(wasTraining);
        }
    }

    // Multilabel: probability ≥ 0.5 is logit ≥ 0. Multiclass: the largest logit.
    private static Tensor Predicted(Tensor logits, LabelMode mode) => mode == LabelMode.Multilabel
        ? logits.ge(0).to(ScalarType.Float32)
        : functional.one_hot(logits.argmax(1), logits.shape[1]).permute(0, 3, 1, 2).to(ScalarType.Float32);

    private static Tensor Inside(Tensor maps, StoredCase stored) => maps.narrow(2, 0, stored.Stored.Height).narrow(3, 0, stored.Stored.Width);

    /// <summary>A case's prediction and truth, (1, K, H, W) of 0 and 1; in multiclass mode of the pixels that have a class in the truth.</summary>
    private sealed class Judged
    {
        private readonly Tensor _predicted, _truth;
        private readonly double[] _both, _all, _present;
        private readonly StoredCase _case;
        private readonly long _decided;

        public Judged(Tensor predicted, Tensor truth, LabelMode mode, StoredCase stored)
        {
            (_truth, _case, _decided) = (truth, stored, stored.Stored.Area);
            _predicted = predicted;
            if (mode == LabelMode.Multiclass)
            {
                var decided = truth.sum(1, keepdim: true).gt(0).to(truth.dtype);
                (_predicted, _decided) = (predicted * decided, (long)Sums(decided)[0]);
            }

            // Whole numbers below 2²⁴ in float32 and exact sums in float64: no order of summation can change the result.
            _both = Sums(_predicted * truth);
            _all = Sums(_predicted + truth);
            _present = Sums(truth);
        }

        public PixelCounts Counts(int k)
        {
            var (both, all, present) = ((long)_both[k], (long)_all[k], (long)_present[k]);
            return new PixelCounts(both, all - present - both, present - both, _decided - all + both);
        }

        // In original pixels.
        public SurfaceDistances Surfaces(int k) => SurfaceDistances.Between(MaskOf(_predicted, k), MaskOf(_truth, k),
            new Spacing((double)_case.Shown.Height / _case.Stored.Height, (double)_case.Shown.Width / _case.Stored.Width), EmptyRule.Skip);

        private static double[] Sums(Tensor maps) => maps.to(ScalarType.Float64).sum([0, 2, 3]).cpu().data<double>().ToArray();

        private Mask MaskOf(Tensor maps, int k)
        {
            using var scope = NewDisposeScope();
            return Mask.FromDense(maps.narrow(1, k, 1).to(ScalarType.Byte).cpu().contiguous().bytes, _case.Stored);
        }
    }

    /// <summary>Means by class of what could be measured.</summary>
    private sealed class Tally(int classes)
    {
        private readonly double[] _sums = new double[classes];
        private readonly int[] _counts = new int[classes];

        public double[] Means => [.. _sums.Select((sum, k) => _counts[k] == 0 ? double.NaN : sum / _counts[k])];

        public void Add(int k, double value)
        {
            if (!double.IsNaN(value))
            {
                (_sums[k], _counts[k]) = (_sums[k] + value, _counts[k] + 1);
            }
        }
    }
}
