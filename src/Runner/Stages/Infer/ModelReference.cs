using System.Globalization;
using System.Text.RegularExpressions;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>What --model names beside --input: members of an experiment that were trained.</summary>
/// <param name="Experiment">Its name, as --experiment takes it.</param>
/// <param name="Model">One of its models, or null: all.</param>
/// <param name="Fold">One of its folds, or null: those of infer.folds.</param>
public sealed partial record ModelReference(string Experiment, string? Model, int? Fold)
{
    private const string Spellings = "expected an experiment (final), one of its models (final/unet) or members (final/unet/0), a unit (final/Train[model=unet,fold=0]), its run folder (runs/final), or a checkpoint that a Train unit left (….safetensors)";

    /// <summary>Reads a reference.</summary>
    /// <param name="text">As it was typed.</param>
    /// <param name="root">The repository's root.</param>
    /// <exception cref="ConfigurationException">It names nothing that is there.</exception>
    public static ModelReference Parse(string text, string root)
    {
        var path = text.TrimEnd('/');
        if (path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) || Directory.Exists(Path.Combine(Path.GetFullPath(path, root), "..", "..")) && File.Exists(Path.Combine(Path.GetFullPath(path, root), TrainStage.Weights)))
        {
            return OfCheckpoint(path, root);
        }

        var runs = Path.GetFullPath("runs", root) + Path.DirectorySeparatorChar;
        var full = Path.GetFullPath(path, root);
        path = full.StartsWith(runs, StringComparison.Ordinal) ? full[runs.Length..] : path;
        var names = ExperimentFile.Names(root).ToArray();
        var experiment = names.Where(n => path == n || path.StartsWith(n + "/", StringComparison.Ordinal)).MaxBy(n => n.Length)
            ?? throw new ConfigurationException($"--model={text}: there is no such experiment{Nearest.Hint(path.Split('/')[0], names)}; {Spellings}. experiments/ has: {string.Join(", ", names.DefaultIfEmpty("none"))}.");
        var rest = path[experiment.Length..].Trim('/');
        if (UnitPattern().Match(rest) is { Success: true } unit)
        {
            return new ModelReference(experiment, unit.Groups[1].Value, int.Parse(unit.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
        }

        return rest.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
        {
            [] => new ModelReference(experiment, null, null),
            [var model] => new ModelReference(experiment, model, null),
            [var model, var fold] when FoldPattern().Match(fold) is { Success: true } number => new ModelReference(experiment, model, int.Parse(number.Groups[1].ValueSpan, CultureInfo.InvariantCulture)),
            _ => throw new ConfigurationException($"--model={text} cannot be read; {Spellings}."),
        };
    }

    /// <summary>The members.</summary>
    /// <exception cref="ConfigurationException">The experiment has no such model or fold.</exception>
    public IReadOnlyList<Member> Members(Plan plan)
    {
        if (Model is { } model && !plan.Models.ContainsKey(model))
        {
            throw new ConfigurationException($"--model: experiment '{Experiment}' has no model '{model}'{Nearest.Hint(model, plan.Models.Keys)}. Models: {string.Join(", ", plan.Models.Keys)}.");
        }

        if (Fold is { } fold && fold >= plan.Split.Folds)
        {
            throw new ConfigurationException($"--model: experiment '{Experiment}' has no fold {fold}; its folds are 0 to {plan.Split.Folds - 1}.");
        }

        return [.. (Fold is null ? Member.Predicting(plan) : Member.Of(plan)).Where(m => (Model is null || m.Model == Model) && (Fold is null || m.Fold == Fold))];
    }

    // A checkpoint lies in the folder of its unit's key, and the lock of the experiment that made it knows the key.
    private static ModelReference OfCheckpoint(string path, string root)
    {
        var full = Path.GetFullPath(path, root);
        if (!File.Exists(full) && !Directory.Exists(full))
        {
            throw new ConfigurationException($"--model={path}: there is no such file; {Spellings}.");
        }

        var key = Path.GetFileName(File.Exists(full) ? Path.GetDirectoryName(full)! : full);
        foreach (var name in ExperimentFile.Names(root))
        {
            var file = Path.Combine(root, "experiments", name + ".lock.json");
            if (!File.Exists(file))
            {
                continue;
            }

            using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var entry in document.RootElement.EnumerateObject())
            {
                if (entry.Value.TryGetProperty("key", out var found) && found.GetString() == key && UnitPattern().Match(entry.Name) is { Success: true } unit)
                {
                    return new ModelReference(name, unit.Groups[1].Value, int.Parse(unit.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
                }
            }
        }

        throw new ConfigurationException($"--model={path}: no lock in experiments/ knows this checkpoint as a Train unit's, so that what it was trained with is unknown. Name the experiment; weights of elsewhere go into a model by models.NAME.weights.");
    }

    [GeneratedRegex(@"^(?:Train|Validate|Infer)\[model=([^,\]]+),fold=(\d{1,3})\]\z")]
    private static partial Regex UnitPattern();

    [GeneratedRegex(@"^(?:fold ?)?(\d{1,3})\z")]
    private static partial Regex FoldPattern();
}
