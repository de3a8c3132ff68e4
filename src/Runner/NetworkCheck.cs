using Osteon.Abstractions;
using Osteon.Models;
using Osteon.Runner.Configuration;
using Osteon.Masks;
using static TorchSharp.torch;

namespace Osteon.Runner;

/// <summary>Builds every network of the plan once and sends one small image through, so that the last of five models cannot fail after the first four were trained.</summary>
internal static class NetworkCheck
{
    /// <summary>What is wrong with the models, all at once, each with its place in the experiment's file.</summary>
    public static IReadOnlyList<string> Faults(ExperimentSession session, LoadedPlan loaded)
    {
        return [.. Precision(session, loaded), .. session.Plan.Models.SelectMany(model => Faults(session, model.Value, session.OutputCount).Select(fault => $"{loaded.MarkOf($"models.{model.Key}")}: models.{model.Key}: {fault}"))];
    }

    private static IReadOnlyList<string> Precision(ExperimentSession session, LoadedPlan loaded)
    {
        try
        {
            MixedPrecision.Check(loaded.Plan.Train.Precision, session.Device.Require());
            return [];
        }
        catch (ConfigurationException e)
        {
            return [.. e.Faults.Select(fault => $"{loaded.MarkOf("train.precision")}: {fault}")];
        }
    }

    private static IEnumerable<string> Faults(Tensor output, OutputKind kind, int index, int classes, Frame image, Frame logits, bool classifies)
    {
        if (kind == OutputKind.Activated)
        {
            yield return "its activation turns logits into something else; losses and thresholds take logits. Remove 'activation'.";
            yield break;
        }

        if (index == 0 && kind == OutputKind.ImageLogits != classifies)
        {
            yield return classifies
                ? "it segments: it gives logits of pixels, and the task is classification. Take architecture: Classifier with any encoder, or one of torchvision's ResNets by its name, such as resnet18."
                : "it classifies images: its logits are not of pixels. Choose an architecture that segments, or write task: classification.";
            yield break;
        }

        // Coarser levels have sizes of their own.
        var found = output.shape;
        long[] expected = kind is OutputKind.Presence or OutputKind.ImageLogits ? [1, classes] : [1, classes, logits.Height, logits.Width];
        if (!(index == 0 ? found : found[..2]).SequenceEqual(index == 0 ? expected : expected[..2]))
        {
            yield return $"an image of {image} gives {(index == 0 ? "logits" : $"an auxiliary output, number {index},")} of shape ({string.Join(", ", found)}); expected ({string.Join(", ", expected)}).";
        }
        else if (index == 0 && kind is not (OutputKind.Logits or OutputKind.ImageLogits))
        {
            yield return $"its main output is {kind}, not logits. Choose another architecture.";
        }
    }

    // A size of one's own says how large images are before any of them is read.
    private static string? TooLarge(Plan plan, ModelPlan model, InputSizes sizes)
    {
        if (sizes.Only is not { } only || model.Size is not { } size)
        {
            return null;
        }

        var seen = Math.Max(plan.Train.Crop > 0 ? plan.Train.Crop : size, plan.Infer.Window > 0 ? plan.Infer.Window : size);
        var largest = Math.Max(only.Height, only.Width) - (2 * sizes.Margin);
        return seen <= largest ? null
            : $"size is {size}, and its encoder takes images of {only} alone. Set size: {largest}, the nearest that it takes, or the encoder's img_size: {size}.";
    }

    private static IReadOnlyList<string> Faults(ExperimentSession session, ModelPlan model, int classes)
    {
        try
        {
            var factory = new NetworkFactory(session, model);
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using var network = factory.BuildToTrain(classes);
            if (TooLarge(session.Plan, model, network.Sizes) is { } fault)
            {
                return [fault];
            }

            network.eval();
            var side = network.Sizes.For(new Frame(1, 1));
            side = network.Sizes.Only ?? new Frame(side.Height + network.Sizes.Multiple, side.Width + network.Sizes.Multiple);
            var outputs = network.ForwardAll(zeros([1, session.NetworkChannels, side.Height, side.Width]));
            return [.. outputs.Zip(network.Outputs).SelectMany((output, i) => Faults(output.First, output.Second.Kind, i, classes, side, network.Sizes.Logits(side), session.Classifies))];
        }
        catch (ConfigurationException e)
        {
            return e.Faults;
        }
        catch (System.Runtime.InteropServices.ExternalException e)
        {
            return [$"the network cannot be built of these parts: {e.Message}"];
        }
    }
}
