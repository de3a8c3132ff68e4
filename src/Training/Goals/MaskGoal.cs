using Osteon.Abstractions;
using Osteon.Datasets;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>Segmentation: the classes of every pixel.</summary>
internal sealed class MaskGoal(TrainJob job) : TrainingGoal
{
    public override string Headline => "Dice";

    public override (Tensor Inputs, Tensor Targets) Of(Batch batch, Device device) => batch.ToTensors(device);

    public override EpochJudgement Judge(BatchLoader loader, Network network, IReadOnlyList<string> metrics) => Evaluation.Run(job, loader, network, metrics);

    public override bool Has(StoredCase stored, int k) => job.Store.ReadTruth(stored)[k].Area > 0;
}
