using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using static TorchSharp.torch;

namespace Osteon.Runner;

/// <summary>Builds every network of the plan once and sends one small image through, so that the last of five models cannot fail after the first four were trained.</summary>
internal static class NetworkCheck
{
    /// <summary>What is wrong with the models, all at once, each with its place in the experiment's file.</summary>
    public static IReadOnlyList<string> Faults(ExperimentSession session, LoadedPlan loaded)
    {
        var plan = session.Plan;
        var classes = plan.Data.Classes.Count > 0
            ? plan.Data.Classes.Count
            : session.Plugins.Create<DatasetFormat>(plan.Data.Format).Classes.Count;
        return [.. plan.Models.SelectMany(model => Faults(session, model.Value, classes).Select(fault => $"{loaded.MarkOf($"models.{model.Key}")}: models.{model.Key}: {fault}"))];
    }

    private static IReadOnlyList<string> Faults(ExperimentSession session, ModelPlan model, int classes)
    {
        try
        {
            var factory = new NetworkFactory(session, model);
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using var network = factory.BuildToTrain(classes);
            network.eval();
            var side = 2 * factory.SizeMultiple;
            long[] expected = [1, classes, side, side];
            var found = network.call(zeros([1, session.Plan.Train.InChannels, side, side])).shape;
            return found.SequenceEqual(expected)
                ? []
                : [$"an image of {side}×{side} gives logits of shape ({string.Join(", ", found)}); expected ({string.Join(", ", expected)})."];
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
