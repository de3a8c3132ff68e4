using Osteon.Abstractions;

namespace Osteon.Training;

/// <summary>Which batches of an epoch make one update of the weights. The last update takes what is left.</summary>
/// <param name="plan">How many batches, of how many samples.</param>
/// <param name="samples">Samples an epoch.</param>
internal sealed class Accumulation(TrainPlan plan, int samples)
{
    private readonly int _perUpdate = plan.BatchSize * plan.AccumulateGradBatches;

    /// <summary>Updates an epoch.</summary>
    public int UpdatesPerEpoch => (samples + _perUpdate - 1) / _perUpdate;

    /// <summary>Whether gradients begin at 0 with a batch.</summary>
    public bool Opens(int step) => step % plan.AccumulateGradBatches == 0;

    /// <summary>Whether the weights are updated after a batch.</summary>
    public bool Closes(int step) => (step + 1) % plan.AccumulateGradBatches == 0 || (step + 1) * plan.BatchSize >= samples;

    /// <summary>Whether some of an update's batches are done, and not all, before a batch.</summary>
    public bool IsUnderWay(int step) => step > 0 && !Closes(step - 1);

    /// <summary>A batch's share of its update's samples: the update is that of one batch of them all.</summary>
    public double Share(int step, int size)
    {
        var from = step / plan.AccumulateGradBatches * _perUpdate;
        return (double)size / Math.Min(_perUpdate, samples - from);
    }
}
