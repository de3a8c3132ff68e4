using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;
using Osteon.Torch;
using Osteon.Training;
using static TorchSharp.torch;

namespace Osteon.Runner;

/// <summary>
/// Takes a training step of each model of a plan several times from one seed: its network, loss, optimiser, batch size and
/// device, on noise and half-filled masks of the size it trains on, so that no data has to be there.
/// </summary>
public static class DeterminismCheck
{
    // For a plan that keeps images at their own size, which is not known before they are read.
    private const int UnknownSide = 256;

    /// <summary>A report a model, in the plan's order.</summary>
    /// <param name="session">The experiment.</param>
    /// <param name="runs">How often, from 2.</param>
    /// <param name="cancellation">Looked at between models.</param>
    public static IEnumerable<DeterminismReport> Of(ExperimentSession session, int runs, CancellationToken cancellation)
    {
        set_num_threads(session.Plan.Train.Threads);
        Determinism.UseDeterministicAlgorithms();
        foreach (var (name, model) in session.Plan.Models)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return DeterminismReport.Of(name, StepOf(session, model).Run, runs);
        }
    }

    private static TrainingStep<Network> StepOf(ExperimentSession session, ModelPlan model)
    {
        var plan = session.Plan;
        var factory = new NetworkFactory(session, model);
        var device = session.Device.Require();
        var (classes, mode) = (session.OutputCount, session.Classifies ? LabelMode.Multiclass : plan.Data.Mode);
        var losses = TrainLosses.Uncounted(session);
        var side = plan.Train.Crop > 0 ? plan.Train.Crop : (model.Size ?? plan.Convert.Size) is > 0 and var size ? size : UnknownSide;
        using var sizes = factory.Build(classes);
        var frame = sizes.Sizes.Only ?? sizes.Sizes.For(new Frame(side, side));
        return new TrainingStep<Network>
        {
            Build = () => factory.BuildToTrain(classes),
            Batch = () => Noise(session, classes, frame, device),
            Loss = (network, images, targets) => Objective.Of(losses, mode, network.Outputs, MixedPrecision.Outputs(network, images, plan.Train.Precision), targets),
            Update = network =>
            {
                using var optimizer = TrainingOptions.Optimizer(plan.Train.Optimizer).Create(network.parameters());
                GradientClipping.Clip(network, plan.Train);

                optimizer.step();
            },
            Device = device,
        };
    }

    private static (Tensor Images, Tensor Targets) Noise(ExperimentSession session, int classes, Frame frame, Device device)
    {
        // On the CPU, so that every device sees the same.
        var plan = session.Plan;
        var images = rand([plan.Train.BatchSize, session.NetworkChannels, frame.Height, frame.Width]);
        var targets = session.Classifies ? nn.functional.one_hot(rand([plan.Train.BatchSize, 1, 1]).mul(classes).to(ScalarType.Int64), classes).permute(0, 3, 1, 2).to(ScalarType.Float32)
            : plan.Data.Mode == LabelMode.Multilabel
            ? rand([plan.Train.BatchSize, classes, frame.Height, frame.Width]).ge(0.5).to(ScalarType.Float32)
            : nn.functional.one_hot(rand([plan.Train.BatchSize, frame.Height, frame.Width]).mul(classes).to(ScalarType.Int64), classes).permute(0, 3, 1, 2).to(ScalarType.Float32);
        return (images.to(device).contiguous(channels_last), targets.to(device));
    }
}
