using System.Globalization;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Checking;
using Osteon.Masks;
using Osteon.Training;

namespace Osteon.Runner.Configuration;

/// <summary>The ranges of a plan's values, all in one place; types and spelling are the binder's business.</summary>
internal sealed class PlanRules
{
    private readonly LoadedPlan _loaded;
    private readonly Faults _faults;

    private PlanRules(LoadedPlan loaded, Faults faults) => (_loaded, _faults) = (loaded, faults);

    public static void Check(LoadedPlan loaded, Faults faults)
    {
        var rules = new PlanRules(loaded, faults);
        rules.Data(loaded.Plan);
        rules.Models(loaded.Plan);
        rules.Train(loaded.Plan);
        rules.Rest(loaded.Plan);
    }

    private void Data(Plan plan)
    {
        var data = plan.Data;
        Choice("labels", plan.Labels);
        Choice("data.format", data.Format);
        Choice("data.synthesize", data.Synthesize);
        Fault("data.source.root", data.Synthesize is null && string.IsNullOrWhiteSpace(data.Source.Root), "is empty; expected the folder that holds the data set, or data.synthesize to make one.");
        Fault("data.source.root", data.Source.Root.Contains('\0', StringComparison.Ordinal), "holds a zero character.");
        Fault("data.classes", data.Classes.Count > 64, $"has {data.Classes.Count} classes; at most 64 fit into a pixel's word.");
        Fault("data.classes", data.Mode == LabelMode.Multiclass && data.Classes.Count == 1, "has one class; multiclass needs two or more, the background among them. Use mode: multilabel.");
        for (var i = 0; i < data.Classes.Count; i++)
        {
            var name = data.Classes[i];
            var first = data.Classes.ToList().IndexOf(name);
            Fault($"data.classes[{i}]", first < i, $"repeats '{name}', which is already class {first}; classes are unique.");
            Fault($"data.classes[{i}]", string.IsNullOrWhiteSpace(name) || name.Length > 64 || name.Any(char.IsControl), "must be a visible name of at most 64 characters.");
        }

        Fault("convert.size", plan.Convert.Size is not 0 and (< 8 or > 16384), $"is {plan.Convert.Size}; expected 0 (keep the original) or 8 to 16384 pixels.");
        Fault("convert.spacing", plan.Convert.Spacing is { } stored && !(stored.Row > 0 && stored.Column > 0), $"is [{Text(plan.Convert.Spacing?.Row ?? 0)}, {Text(plan.Convert.Spacing?.Column ?? 0)}]; expected two numbers above 0, the size of a stored pixel as [row, column].");
        Fault("convert.spacing", plan.Convert is { Spacing: not null, Size: > 0 }, $"and convert.size are both given. Keep one.");
        for (var i = 0; i < plan.Check.Ignore.Count; i++)
        {
            var (entry, path) = (plan.Check.Ignore[i], $"check.ignore[{i}]");
            var known = RuleCatalogue.All.Select(r => r.Name);
            Fault($"{path}.rule", RuleCatalogue.Find(entry.Rule) is null, $"is '{entry.Rule}'{Nearest.Hint(entry.Rule, known)}. docs/check.md lists the rules.");
            Fault($"{path}.case", entry.Case is { Length: 0 }, "is empty; expected a case's id, or no such line, which accepts the rule's findings everywhere.");
            Fault($"{path}.reason", string.IsNullOrWhiteSpace(entry.Reason), "is missing; expected why the finding is right as it is, for those who come later.");
        }

        Split(plan.Split);
    }

    private void Split(SplitPlan split)
    {
        Whole("split.folds", split.Folds, 1, 1000);
        Fault("split.test_fraction", split.TestFraction is not (>= 0 and < 1), $"is {Text(split.TestFraction)}; expected a share in [0, 1), as in 0.2.");
        Fault("split.group", string.IsNullOrWhiteSpace(split.Group), "is empty; expected patient, case, or a column of the metadata.");
        for (var i = 0; i < split.Stratify.Count; i++)
        {
            Fault($"split.stratify[{i}]", string.IsNullOrWhiteSpace(split.Stratify[i]) || split.Stratify.Take(i).Contains(split.Stratify[i]), $"is '{split.Stratify[i]}'; expected classes and columns of the metadata, each once.");
        }

        var taken = split.File is not null || split.Files.Count > 0 || split.Column is not null;
        Fault("split.column", split.Column is { } column && string.IsNullOrWhiteSpace(column), "is empty; expected a column of the metadata, or no such line.");
        Fault("split.column", split.Column is not null && (split.File is not null || split.Files.Count > 0), "and a file of a split are both given. Keep one.");
        Fault("split.file", split.File is not null && split.Files.Count > 0, "and split.files are both given. Keep one.");
        Fault("split.file", split.File is { } file && string.IsNullOrWhiteSpace(file), "is empty; expected a file, or no such line.");
        Fault("split.files", split.Files.Values.Any(string.IsNullOrWhiteSpace), "names no file for a part.");
        Fault("split.like", split.Like is { } like && string.IsNullOrWhiteSpace(like), "is empty; expected the name of an experiment, or no such line.");
        Fault("split.like", split.Like is not null && taken, "and a split that is taken as it is are both given. Keep one.");
        Fault("split.test_fraction", taken && split.TestFraction > 0, $"is {Text(split.TestFraction)}, but the split is taken as it is, which says who tests. Leave it out.");
    }

    private void Models(Plan plan)
    {
        var models = plan.Models;
        Choice("plan", plan.Planner);
        Fault("models", (models.Count == 0 && plan.Planner is null) || models.Count > 64, models.Count == 0
            ? "is empty; expected at least one network, as in 'models: {unet-r18: {architecture: Unet, encoder: resnet18}}'."
            : $"has {models.Count} networks; at most 64.");
        foreach (var (name, model) in models)
        {
            var path = $"models.{name}";
            Fault(path, !ExperimentFile.NamePattern().IsMatch(name), $"is no good name: it becomes a folder's. Use letters, digits, '.', '_' and '-', not a dot first, at most 64.");
            Choice($"{path}.architecture", model.Architecture);
            Choice($"{path}.encoder", model.Encoder);
            Weights($"{path}.weights", model.Weights);
            Weights($"{path}.encoder_weights", model.EncoderWeights);
            Choice($"{path}.normalize", model.Normalize);
            Fault($"{path}.size", model.Size is not null and not 0 and (< 8 or > 16384), $"is {model.Size}; expected 0 (the original) or 8 to 16384 pixels; nearest is {Math.Clamp(model.Size ?? 0, 8, 16384)}.");
            Fault($"{path}.size", model.Size is not null && plan.Convert.Spacing is not null, "and convert.spacing are both given, which says how large images are. Keep one.");
            Fault($"{path}.size", model.Size is >= 8 and var size && plan.Train.Crop > size + (plan.Train.CropOutside ?? 0), $"is {model.Size}, and train.crop {plan.Train.Crop}, which does not fit into it. Crop less, or let the model see larger images.");
        }

        // Folders of models differ on every file system.
        foreach (var twins in models.Keys.GroupBy(k => k, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            Fault($"models.{twins.Last()}", true, $"differs from '{twins.First()}' by letter case only; their folders would be one on some systems. Rename one.");
        }
    }

    private void Weights(string path, string? file) =>
        Fault(path, file is not null && !StartingWeights.IsFile(file) && (file.Length == 0 || file.AsSpan().ContainsAny("./\\")), $"is '{file}'; {StartingWeights.Expected}.");

    private void Train(Plan plan)
    {
        var train = plan.Train;
        Whole("train.epochs", train.Epochs, 1, 1_000_000);
        Whole("train.batch_size", train.BatchSize, 1, 65536);
        Whole("train.crop", train.Crop, 0, 16384);
        Fault("train.crop", plan.Convert.Size > 0 && plan.Models.Values.Any(m => m.Size is null) && train.Crop > plan.Convert.Size + (train.CropOutside ?? 0), $"is {train.Crop}, but stored images have at most {plan.Convert.Size} pixels a side (convert.size). Crop less, or store larger.");
        Whole("train.repeat", train.Repeat, 1, 1_000_000);
        Whole("train.repeated_augmentation", train.RepeatedAugmentation, 1, 1024);
        Fault("train.foreground", train.Foreground is not (>= 0 and <= 1), $"is {Text(train.Foreground)}; expected a share in [0, 1], as in 0.33.");
        Fault("train.foreground", train is { Foreground: > 0, Crop: 0 }, $"is {Text(train.Foreground)}, but whole images are trained on (train.crop is 0). Set train.crop, or leave it out.");
        Whole("train.in_channels", train.InChannels, 1, 64);
        Whole("train.threads", train.Threads, 1, 1024);
        Whole("train.loader_threads", train.LoaderThreads, 1, 1024);
        Fault("train.gradient_clip_val", train.GradientClipVal < 0, $"is {Text(train.GradientClipVal)}; expected 0 (no clipping) or the largest norm.");
        var grown = train.Progressive.Sum(p => (long)p.Epochs);
        Fault("train.progressive", grown > train.Epochs, $"has {grown} epochs, the training {train.Epochs}. Take some away, or raise train.epochs.");
        for (var i = 0; i < train.Metrics.Count; i++)
        {
            var (name, known) = (train.Metrics[i], EpochMetric.NamesOf(plan.Task));
            Fault($"train.metrics[{i}]", !known.Contains(name), $"is '{name}'{Nearest.Hint(name, known)}. Allowed: {string.Join(", ", known)}.");
            Fault($"train.metrics[{i}]", train.Metrics.Take(i).Contains(name), $"repeats '{name}'. Remove one.");
        }

        Fault("train.loss", train.Loss.Count == 0, "is empty; expected at least one, as in [BCE: 0.5, Dice: 0.5].");
        for (var i = 0; i < train.Loss.Count; i++)
        {
            var path = $"train.loss[{i}]";
            Choice(path, train.Loss[i]);
            if (train.Loss[i] is { } loss && loss.Options["weight"] is { } weight)
            {
                Weight($"{path}.{loss.Name}", weight);
            }
        }

        Fault("train.crop_outside", train is { CropOutside: > 0, Crop: 0 }, $"is {train.CropOutside}, but whole images are trained on (train.crop is 0). Set train.crop, or leave it out.");
        Compat("train.augment_compat", train.AugmentCompat);
        Fault("train.loss", train.Loss.Count > 0 && !_faults.Touches("train.loss") && FirstEpochWithoutLoss(train) > 0,
            $"counts nothing in epoch {FirstEpochWithoutLoss(train)}: all weights are 0 there. Give one a weight.");
        for (var i = 0; i < train.Augment.Count; i++)
        {
            Choice($"train.augment[{i}]", train.Augment[i]);
        }

        Choice("train.sampler", train.Sampler);
        Choice("train.optimizer", train.Optimizer);
        Choice("train.schedule", train.Schedule);
    }

    private void Weight(string path, JsonNode written)
    {
        var weight = StagedWeight.Read(written);
        Fault(path, weight is null || (written is JsonValue && weight.At(1) == 0),
            written is JsonObject
                ? $"has the weight {CanonicalJson.Text(written)}; expected weights of at least 0 by epoch, from 1, as in {{10: 0, 20: 1}}."
                : $"has the weight {CanonicalJson.Text(written)}; expected a number above 0. Remove a loss that is not to count.");
    }

    private static int FirstEpochWithoutLoss(TrainPlan train)
    {
        var weights = train.Loss.Select(l => l.Weight).ToArray();
        return weights.Any(w => w.IsConstant && w.At(1) > 0) ? 0
            : Enumerable.Range(1, Math.Clamp(train.Epochs, 0, 1_000_000)).FirstOrDefault(epoch => weights.All(w => w.At(epoch) == 0));
    }

    private void Rest(Plan plan)
    {
        for (var r = 0; r < plan.Augment.Count; r++)
        {
            var twin = plan.Augment.Take(r).ToList().FindIndex(other => other.Name == plan.Augment[r].Name);
            Fault($"augment[{r}].name", twin >= 0, $"is '{plan.Augment[r].Name}', as augment[{twin}]'s; cases would have the same names. Rename one.");
            Compat($"augment[{r}].compat", plan.Augment[r].Compat);
            for (var i = 0; i < plan.Augment[r].Transforms.Count; i++)
            {
                Choice($"augment[{r}].transforms[{i}]", plan.Augment[r].Transforms[i]);
            }
        }

        Fault("infer.threshold", plan.Infer.Threshold is not (> 0 and < 1), $"is {Text(plan.Infer.Threshold)}; expected a probability in (0, 1), as in 0.5.");
        foreach (var (list, choices) in new[] { ("infer.postprocess", plan.Infer.Postprocess), ("ensemble.postprocess", plan.Ensemble.Postprocess) })
        {
            for (var i = 0; i < choices?.Count; i++)
            {
                Choice($"{list}[{i}]", choices[i]);
            }
        }

        Fault("infer.precision", plan.Infer.Precision == Precision.Fp16, "is fp16; expected fp32 or bf16, either of which takes weights of any training.");
        Infer(plan);
        var folds = InferFolds.Read(plan.Infer.Folds, plan.Split.Folds)?.Count ?? plan.Split.Folds;
        var members = plan.Models.Count * folds;
        if (!_faults.Touches("models") && !_faults.Touches("split.folds"))
        {
            Fault("ensemble.min_votes", plan.Data.Mode == LabelMode.Multiclass && plan.Ensemble.MinVotes != 0,
                $"is {plan.Ensemble.MinVotes}; in multiclass mode each pixel goes to the class with most votes. Leave it out.");
            Ensemble(plan, folds);
            Fault("ensemble.min_votes", plan.Ensemble.Weights.Count == 0 && (plan.Ensemble.MinVotes < 0 || plan.Ensemble.MinVotes > members),
                $"is {plan.Ensemble.MinVotes}; expected 0 (more than half) to {members}, the number of members ({plan.Models.Count} models × {folds} folds).");
        }

        Report(plan.Report);
    }

    private void Ensemble(Plan plan, int folds)
    {
        var ensemble = plan.Ensemble;
        foreach (var (name, weight) in ensemble.Weights)
        {
            Fault($"ensemble.weights.{name}", !plan.Models.ContainsKey(name), $"is no model{Nearest.Hint(name, plan.Models.Keys)}. Models: {string.Join(", ", plan.Models.Keys)}.");
            Fault($"ensemble.weights.{name}", !(weight is >= 0 and <= 1000), $"is {Text(weight)}; expected what a vote of the model counts, from 0 to 1000.");
        }

        var total = folds * plan.Models.Keys.Sum(m => ensemble.Weights.GetValueOrDefault(m, 1));
        Fault("ensemble.weights", total == 0 && plan.Models.Count > 0, "is 0 for every model. Give one of them a weight above 0.");
        Fault("ensemble.min_votes", ensemble.Weights.Count > 0 && (ensemble.MinVotes < 0 || ensemble.MinVotes > total), $"is {ensemble.MinVotes}; expected 0 (more than half) to {Text(total)}, all weights together.");
        Fault("ensemble.min_votes", ensemble.Vote == Voting.Soft && ensemble.MinVotes != 0, $"is {ensemble.MinVotes}, but probabilities are averaged (vote: soft). Leave it out.");
        Fault("ensemble.min_votes", ensemble.Select == MemberSelection.Greedy && ensemble.MinVotes != 0, $"is {ensemble.MinVotes}, but a greedy selection says how many vote. Leave it out: more than half decide.");
        Fault("ensemble.ties", ensemble.Ties == TiedPixels.Set && (ensemble.Vote == Voting.Soft || ensemble.MinVotes > 0 || plan.Data.Mode == LabelMode.Multiclass), "is set, but there are ties only where more than half of the members decide (vote: hard, min_votes: 0, multilabel). Leave it out.");
    }

    private void Infer(Plan plan)
    {
        var infer = plan.Infer;
        var multiclass = plan.Data.Mode == LabelMode.Multiclass;
        Fault("infer.folds", InferFolds.Read(infer.Folds, plan.Split.Folds) is null, $"is {CanonicalJson.Text(infer.Folds)}; expected all, or folds from 0 to {plan.Split.Folds - 1}, as in 0 or [0, 2].");
        Fault("infer.thresholds", multiclass && infer.Thresholds.Count > 0, "is given, but in multiclass mode each pixel goes to the class with the largest logit. Leave it out.");
        Fault("infer.tune_thresholds", multiclass && infer.TuneThresholds, "is true, but in multiclass mode each pixel goes to the class with the largest logit. Leave it out.");
        foreach (var (name, threshold) in infer.Thresholds)
        {
            Fault($"infer.thresholds.{name}", plan.Data.Classes.Count > 0 && !plan.Data.Classes.Contains(name), $"is no class{Nearest.Hint(name, plan.Data.Classes)}. Classes: {string.Join(", ", plan.Data.Classes)}.");
            Fault($"infer.thresholds.{name}", threshold is not (> 0 and < 1), $"is {Text(threshold)}; expected a probability in (0, 1), as in 0.5.");
        }

        if (infer.Tta is not { } tta)
        {
            return;
        }

        for (var i = 0; i < tta.Rotations.Count; i++)
        {
            Fault($"infer.tta.rotations[{i}]", tta.Rotations[i] is not (90 or 180 or 270), $"is {tta.Rotations[i]}; expected 90, 180 or 270 degrees. The image as it lies is always among the views.");
        }

        Fault("infer.tta.scales", tta.Scales.Count == 0, "is empty; expected shares of the image's size, as in [0.75, 1, 1.25].");
        for (var i = 0; i < tta.Scales.Count; i++)
        {
            Fault($"infer.tta.scales[{i}]", tta.Scales[i] is not (>= 0.1 and <= 4), $"is {Text(tta.Scales[i])}; expected a share of the image's size from 0.1 to 4.");
        }

        for (var i = 0; i < tta.SwapClasses.Count; i++)
        {
            Fault($"infer.tta.swap_classes[{i}]", tta.SwapClasses[i].Count != 2 || tta.SwapClasses[i].Distinct().Count() != 2, $"is [{string.Join(", ", tta.SwapClasses[i])}]; expected a pair of two classes.");
        }

        var twice = tta.SwapClasses.SelectMany(pair => pair).GroupBy(name => name).FirstOrDefault(g => g.Count() > 1)?.Key;
        Fault("infer.tta.swap_classes", twice is not null, $"names '{twice}' more than once; a class changes places with one other.");
    }

    private void Report(ReportPlan report)
    {
        Whole("report.worst_cases", report.WorstCases, 0, 1000);
        for (var i = 0; i < report.Metrics.Count; i++)
        {
            var name = report.Metrics[i];
            var known = CaseMetrics.Names;
            Fault($"report.metrics[{i}]", !known.Contains(name), $"is '{name}'{Nearest.Hint(name, known)}. Allowed: {string.Join(", ", known)}.");
            Fault($"report.metrics[{i}]", report.Metrics.Take(i).Contains(name), $"repeats '{name}'. Remove one.");
        }

        var (row, column) = report.Spacing;
        Fault("report.spacing", !(row > 0 && column > 0), $"is [{Text(row)}, {Text(column)}]; expected two numbers above 0, the size of a pixel as [row, column].");
        Fault("report.tolerance", report.Tolerance < 0, $"is {Text(report.Tolerance)}; expected a distance of at least 0.");
    }

    private void Whole(string path, int value, int low, int high) =>
        Fault(path, value < low || value > high, $"is {value}; expected a whole number from {low} to {high}.");

    private void Compat(string path, string? version) =>
        Fault(path, version is not (null or "1.x" or "2.x"), $"is '{version}'; expected a version of Albumentations whose defaults are meant: 1.x or 2.x.");

    private void Choice(string path, Choice? choice) =>
        Fault(path, choice is { Name: var name } && (string.IsNullOrWhiteSpace(name) || name.Length > 100 || name.Any(char.IsControl)), "must name a plugin.");

    private void Fault(string path, bool wrong, string what)
    {
        if (wrong && !_faults.Touches(path))
        {
            _faults.Add(_loaded.MarkOf(path), path, what);
        }
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
