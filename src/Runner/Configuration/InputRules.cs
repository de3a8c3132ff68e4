using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Runner.Configuration;

/// <summary>The ranges of an input's values.</summary>
internal static class InputRules
{
    /// <summary>Finds what is out of range, and an input where nothing is classified.</summary>
    public static void Check(LoadedPlan loaded, Faults faults)
    {
        if (loaded.Plan.Input is not { } input || faults.Touches("input"))
        {
            return;
        }

        if (loaded.Plan.Task != ExperimentTask.Classification)
        {
            Fault("input", "is what networks that classify are shown of a segmentation, but the task is segmentation. Write task: classification, or leave it out.");
            return;
        }

        if (string.IsNullOrWhiteSpace(input.Experiment))
        {
            Fault("input.experiment", "is missing; expected the name of an experiment that segments, as in input: {experiment: fracatlas-seg, as: channel}.");
        }
        else if (input.Experiment == loaded.Plan.Name)
        {
            Fault("input.experiment", "is this experiment itself; expected one that segments.");
        }

        if (input.Thresholds.Count is 0 or > 16)
        {
            Fault("input.thresholds", $"has {input.Thresholds.Count} probabilities; expected 1 to 16, as in [0.5].");
        }

        for (var i = 0; i < input.Thresholds.Count; i++)
        {
            var threshold = input.Thresholds[i];
            if (threshold is not (> 0 and < 1) || (i > 0 && threshold <= input.Thresholds[i - 1]))
            {
                Fault($"input.thresholds[{i}]", $"is {threshold.ToString("R", CultureInfo.InvariantCulture)}; expected probabilities in (0, 1), rising.");
            }
        }

        if (input.As == InputForm.Crop && input.Thresholds.Count > 1)
        {
            Fault("input.thresholds", "has several probabilities, and a crop is around the masks of one. Keep one.");
        }

        for (var i = 0; i < input.Classes.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(input.Classes[i]) || input.Classes.Take(i).Contains(input.Classes[i]))
            {
                Fault($"input.classes[{i}]", $"is '{input.Classes[i]}'; expected classes of the experiment, each once.");
            }
        }

        void Fault(string path, string what) => faults.Add(loaded.MarkOf(path), path, what);
    }
}
