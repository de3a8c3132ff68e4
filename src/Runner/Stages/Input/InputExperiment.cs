using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;

namespace Osteon.Runner;

/// <summary>What a classifier and the segmentation that its input names must agree in, as far as their files tell.</summary>
internal static class InputExperiment
{
    /// <summary>What is wrong with the input; all at once.</summary>
    public static IReadOnlyList<string> Faults(LoadedPlan loaded, PluginCatalog plugins, string root)
    {
        var faults = new Faults();
        if (loaded.Plan.Input is not { } input)
        {
            return [];
        }

        Plan theirs;
        try
        {
            theirs = ExperimentFile.Load(input.Experiment, [], root).Plan;
        }
        catch (ConfigurationException e)
        {
            return [.. e.Faults.Select(f => $"{loaded.MarkOf("input.experiment")}: input.experiment: {f}")];
        }

        if (theirs.Task == ExperimentTask.Classification)
        {
            faults.Add(loaded.MarkOf("input.experiment"), "input.experiment", $"names '{input.Experiment}', which classifies images; expected an experiment that segments.");
            return faults.Lines();
        }

        IReadOnlyList<string> classes = theirs.Data.Classes.Count > 0 ? theirs.Data.Classes
            : plugins.WhyNot(PluginKind.Of<DatasetFormat>(), theirs.Data.Format.Name) is null ? plugins.Create<DatasetFormat>(theirs.Data.Format).Classes : [];
        for (var i = 0; i < input.Classes.Count && classes.Count > 0; i++)
        {
            if (!classes.Contains(input.Classes[i]))
            {
                faults.Add(loaded.MarkOf($"input.classes[{i}]"), $"input.classes[{i}]", $"is '{input.Classes[i]}'{Nearest.Hint(input.Classes[i], classes)}. {input.Experiment} has {string.Join(", ", classes)}.");
            }
        }

        var planes = input.As == InputForm.Channel ? input.Thresholds.Count * (input.Classes.Count > 0 ? input.Classes.Count : classes.Count) : 0;
        var labels = LabelSource.Of(loaded.Plan).Named.Count;
        if (planes + labels > LabelMap.MaxClasses)
        {
            faults.Add(loaded.MarkOf("input"), "input", $"asks for {planes} masks beside {labels} classes of images; a pixel's word holds {LabelMap.MaxClasses}. Take fewer input.thresholds, or name some of the input.classes.");
        }

        return faults.Lines();
    }

    /// <summary>What a network that is shown masks depends on beside them.</summary>
    public static void TellFacts(ExperimentSession session, JsonObject config)
    {
        if (session.Plan.Input is { } input)
        {
            config["input"] = input.As == InputForm.Channel
                ? new JsonObject { ["as"] = "channel" }
                : new JsonObject { ["as"] = "crop", ["margin"] = input.Margin, ["min_side"] = input.MinSide };
        }
    }
}
