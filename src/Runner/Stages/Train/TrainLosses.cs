using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;
using Osteon.Training;

namespace Osteon.Runner;

/// <summary>The losses of an experiment, with their weights and those of its classes.</summary>
internal static class TrainLosses
{
    private const string Option = "class_weights";

    /// <summary>The losses of a training.</summary>
    /// <param name="session">The experiment.</param>
    /// <param name="data">What is counted.</param>
    public static IReadOnlyList<WeightedLoss> Of(ExperimentSession session, SampleJob data)
    {
        var weights = ClassWeights(session.Plan.Train, data);
        return [.. session.Plan.Train.Loss.Select(choice => Make(session, weights is not null && Takes(session.Plugins, choice) ? With(choice, weights) : choice))];
    }

    /// <summary>The same without weights that have to be counted: what a step costs and whether it repeats does not depend on them.</summary>
    public static IReadOnlyList<WeightedLoss> Uncounted(ExperimentSession session) => [.. session.Plan.Train.Loss.Select(choice => Make(session, choice))];

    /// <summary>Why train.class_weights fits neither the classes nor the losses; none where it does, or is not there.</summary>
    /// <param name="plan">The experiment's.</param>
    /// <param name="plugins">Know the losses' options.</param>
    /// <param name="classes">How many there are.</param>
    public static IEnumerable<string> Clashes(TrainPlan plan, PluginCatalog plugins, int classes)
    {
        List<string> faults = [];
        if (plan.ClassWeights is { } written)
        {
            ClassWeighting.Read(written, classes, faults);
            if (!plan.Loss.Any(choice => Takes(plugins, choice)))
            {
                faults.Add("is taken by no loss: each has no such option, or its own. Add one that has it, such as BCE or Dice, or remove the line.");
            }
        }

        return faults;
    }

    private static double[]? ClassWeights(TrainPlan plan, SampleJob data)
    {
        if (plan.ClassWeights is not { } written)
        {
            return null;
        }

        List<string> faults = [];
        var (given, rule) = ClassWeighting.Read(written, data.Images?.Labels.Classes.Count ?? data.Store.Classes.Count, faults);
        return faults.Count == 0 ? given ?? rule!.Of(data.Images is { } images ? ClassWeighting.Count(images.Labels, data.Training) : ClassWeighting.Count(data.Store, data.Training)) : throw new ConfigurationException([.. faults.Select(f => $"train.class_weights {f}")]);
    }

    private static WeightedLoss Make(ExperimentSession session, Choice choice)
    {
        var (weight, epochs) = (choice.Weight, session.Plan.Train.Epochs);
        return new WeightedLoss(choice.Name, session.Plugins.Create<Loss>(choice), weight.At(epochs)) { Stages = weight.IsConstant ? null : weight };
    }

    private static bool Takes(PluginCatalog plugins, Choice choice) =>
        !choice.Options.ContainsKey(Option) && plugins.OptionsTypeOf(PluginKind.Of<Loss>(), choice.Name) is { } options && Names.Properties(options).ContainsKey(Option);

    private static Choice With(Choice choice, double[] weights)
    {
        var options = (JsonObject)choice.Options.DeepClone();
        options[Option] = new JsonArray([.. weights.Select(w => JsonValue.Create(w))]);
        return choice with { Options = options };
    }
}
