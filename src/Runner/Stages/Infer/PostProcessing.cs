using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Inference;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;

namespace Osteon.Runner;

/// <summary>What infer.postprocess and ensemble.postprocess ask for: plugins, what <c>auto</c> stands for, and what validation cases chose.</summary>
public static class PostProcessing
{
    /// <summary>In a unit's folder: what validation cases chose, and what it brought them.</summary>
    public const string FileName = "postprocess.json";

    /// <summary>An entry that stands for the usual steps, and the option that lets validation cases decide on a step.</summary>
    public const string Auto = "auto";

    private static readonly JsonSerializerOptions s_layout = new() { WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What an entry <c>auto</c> stands for, each tried on validation cases.</summary>
    private static readonly Choice[] s_usual =
    [
        new("RemoveSmallObjects", new() { ["min_size"] = 16, [Auto] = true }),
        new("RemoveSmallObjects", new() { ["min_size"] = 64, [Auto] = true }),
        new("RemoveSmallObjects", new() { ["min_size"] = 256, [Auto] = true }),
        new("LargestComponent", new() { [Auto] = true }),
        new("FillHoles", new() { [Auto] = true }),
        new("Opening", new() { [Auto] = true }),
        new("Closing", new() { [Auto] = true }),
    ];

    /// <summary>The plan with every entry <c>auto</c> written out.</summary>
    public static Plan Spelt(Plan plan) => plan with
    {
        Infer = plan.Infer with { Postprocess = Spelt(plan.Infer.Postprocess) },
        Ensemble = plan.Ensemble with { Postprocess = Spelt(plan.Ensemble.Postprocess) },
    };

    /// <summary>Steps that name classes which cannot be meant, each with its place; the steps themselves are sound.</summary>
    public static IReadOnlyList<string> Faults(LoadedPlan loaded, PluginCatalog plugins)
    {
        var (plan, faults) = (loaded.Plan, new Faults());
        var classes = plan.Data.Classes.Count > 0 ? plan.Data.Classes : plugins.Create<DatasetFormat>(plan.Data.Format).Classes;
        foreach (var (list, choices) in new[] { ("infer.postprocess", plan.Infer.Postprocess), ("ensemble.postprocess", plan.Ensemble.Postprocess) })
        {
            for (var i = 0; i < choices?.Count && classes.Count > 0; i++)
            {
                var path = $"{list}[{i}].{choices[i].Name}";
                foreach (var fault in PostProcessChain.Faults(plugins.Create<PostProcessor>(choices[i]).Options, classes, plan.Data.Mode, Nearest.Hint))
                {
                    faults.Add(loaded.MarkOf(path), $"{path}:", fault);
                }
            }
        }

        return faults.Lines();
    }

    /// <summary>The steps of a list; null where there are none.</summary>
    internal static PostProcessChain? Chain(ExperimentSession session, IReadOnlyList<Choice>? choices, IReadOnlyList<string> classes) => choices is not { Count: > 0 }
        ? null
        : new PostProcessChain([.. choices.Select(c => (Title(c), session.Plugins.Create<PostProcessor>(c)))], classes, session.Plan.Data.Mode);

    /// <summary>What is done to the masks of a vote. Masks that vote were post-processed before; of probabilities there are masks only when they have voted.</summary>
    internal static IReadOnlyList<Choice> OfVote(Plan plan) => [.. plan.Ensemble.Vote == Voting.Soft ? plan.Infer.Postprocess ?? [] : [], .. plan.Ensemble.Postprocess ?? []];

    /// <summary>The same by its keys.</summary>
    internal static string NameOfVote(Plan plan) => plan.Ensemble.Vote == Voting.Soft && plan.Infer.Postprocess is { Count: > 0 } ? "infer.postprocess for a soft vote" : "ensemble.postprocess";

    /// <summary>The plugins of a list.</summary>
    internal static IEnumerable<(PluginKind Kind, string Name)> PluginsOf(IReadOnlyList<Choice>? choices) => (choices ?? []).Select(c => (PluginKind.Of<PostProcessor>(), c.Name));

    /// <summary>Whether validation cases have to be asked what of a list is applied.</summary>
    internal static bool IsOpen(ExperimentSession session, IReadOnlyList<Choice>? choices) => (choices ?? []).Any(c => session.Plugins.Create<PostProcessor>(c).Options.Auto);

    /// <summary>Asks validation cases, keeps what they chose in the unit's folder, and tells lock and MLflow what it brought.</summary>
    /// <exception cref="ConfigurationException">There are too few validation cases with labels.</exception>
    internal static PostProcessChain Choose(UnitRun run, PostProcessChain chain, IReadOnlyList<ValidationCase> cases, string list)
    {
        if (cases.Select(c => c.Group).Distinct().Count() < PostProcessChain.LeastGroups)
        {
            throw new ConfigurationException($"{list} is to be chosen on validation cases, which takes labelled ones of at least {PostProcessChain.LeastGroups} folds or patients; there are {cases.Count} cases. Write the steps without auto.");
        }

        var (chosen, choice) = chain.Choose(cases);
        AtomicFile.WriteAllText(Path.Combine(run.Folder, FileName), JsonSerializer.Serialize(choice, s_layout) + "\n");
        run.Headline("postprocess_gain", choice.After - choice.Before);
        run.Headline("postprocess_nested_gain", choice.Nested);
        run.Log.Artifact(Path.Combine(run.Folder, FileName));
        return chosen;
    }

    /// <summary>What validation cases chose for a unit; null where nothing was left to them.</summary>
    internal static PostProcessChoice? ChoiceOf(string folder) =>
        Path.Combine(folder, FileName) is var path && File.Exists(path) ? UnitJson.Read<PostProcessChoice>(path, s_layout) : null;

    // For people: the options too that tell one step from another of its name.
    private static string Title(Choice choice)
    {
        var options = choice.Options.Where(o => o.Key is not (Auto or "classes" or "background")).Select(o => $"{o.Key} {CanonicalJson.Text(o.Value).Trim('"')}").ToArray();
        return options.Length == 0 ? choice.Name : $"{choice.Name} ({string.Join(", ", options)})";
    }

    private static IReadOnlyList<Choice>? Spelt(IReadOnlyList<Choice>? choices) =>
        choices is null ? null : [.. choices.SelectMany(c => c is { Name: Auto, Options.Count: 0 } ? s_usual : [c])];
}
