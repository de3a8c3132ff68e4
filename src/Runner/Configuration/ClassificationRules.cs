using Osteon.Abstractions;

namespace Osteon.Runner.Configuration;

/// <summary>What a plan that classifies images has instead of what masks have, and what it cannot have.</summary>
internal static class ClassificationRules
{
    /// <summary>Keys that say something of pixels, with what to do about each.</summary>
    private static readonly (string Path, Func<Plan, bool> IsGiven, string Why)[] OfPixels =
    [
        ("plan", p => p.Planner is not null, "plans networks that segment"),
        ("augment", p => p.Augment.Count > 0, "makes extra cases for masks; use train.augment"),
        ("train.foreground", p => p.Train.Foreground > 0, "places crops on pixels of a class; use train.sampler: ClassBalanced against rare classes"),
        ("train.crop_outside", p => p.Train.CropOutside > 0, "is for crops of masks"),
        ("infer.window", p => p.Infer.Window > 0, "cuts an image into windows, and its class is that of the whole image"),
        ("infer.threshold", p => p.Infer.Threshold != 0.5, "is of pixels; an image is taken for its most probable class"),
        ("infer.thresholds", p => p.Infer.Thresholds.Count > 0, "is of pixels; an image is taken for its most probable class"),
        ("infer.tune_thresholds", p => p.Infer.TuneThresholds, "is of pixels; an image is taken for its most probable class"),
        ("infer.postprocess", p => p.Infer.Postprocess is { Count: > 0 }, "changes masks"),
        ("ensemble.postprocess", p => p.Ensemble.Postprocess is { Count: > 0 }, "changes masks"),
        ("ensemble.outputs", p => p.Ensemble.Outputs.Any(o => o != AnswerForm.Csv), "has forms of masks; predictions.csv is what is written"),
        ("ensemble.min_votes", p => p.Ensemble.MinVotes != 0, "counts votes for pixels; an image is of the class with most votes"),
        ("ensemble.ties", p => p.Ensemble.Ties == TiedPixels.Set, "is of pixels; between classes with as many votes their mean probability decides"),
    ];

    /// <summary>Finds what does not go with the task.</summary>
    public static void Check(LoadedPlan loaded, Faults faults)
    {
        var plan = loaded.Plan;
        if (plan.Task != ExperimentTask.Classification)
        {
            if (plan.Labels is not null && !faults.Touches("labels"))
            {
                faults.Add(loaded.MarkOf("labels"), "labels", "says where classes of images are, but the task is segmentation. Write task: classification, or leave it out.");
            }

            return;
        }

        if (plan.Labels is null && !faults.Touches("labels"))
        {
            faults.Add(loaded.MarkOf("task"), "labels", "is missing: where the class of each image is found, as in labels: {csv: {file: labels.csv, id: image, label: finding}}, or {metadata: {column: finding}}, path, or mask.");
        }

        foreach (var (path, _, why) in OfPixels.Where(k => k.IsGiven(plan) && !faults.Touches(k.Path)))
        {
            faults.Add(loaded.MarkOf(path), path, $"{why}. Leave it out: the task is classification.");
        }
    }

    /// <summary>The plan with the task's own defaults where nothing was written.</summary>
    public static LoadedPlan Completed(LoadedPlan loaded)
    {
        var plan = loaded.Plan;
        return plan.Task != ExperimentTask.Classification ? loaded : loaded.With(plan with
        {
            Models = plan.Models.ToDictionary(m => m.Key, m => IsWritten($"models.{m.Key}.architecture") ? m.Value : m.Value with { Architecture = new Choice("Classifier") }),
            Train = plan.Train with
            {
                Loss = IsWritten("train.loss") ? plan.Train.Loss : [new Choice("CrossEntropy")],
                Best = IsWritten("train.best.metric") ? plan.Train.Best : plan.Train.Best with { Metric = "loss" },      // of few images, orders and counts come out alike in many epochs
            },
            Ensemble = IsWritten("ensemble.vote") ? plan.Ensemble : plan.Ensemble with { Vote = Voting.Soft },
            Sweep = plan.Sweep is null || IsWritten("sweep.metric") ? plan.Sweep : plan.Sweep with { Metric = "val_roc_auc" },
        });

        bool IsWritten(string path) => loaded.Find(path) is not null;
    }
}
