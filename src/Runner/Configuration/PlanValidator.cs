using Osteon.Abstractions;
using Osteon.Runner.Plugins;

namespace Osteon.Runner.Configuration;

/// <summary>Choices that are not plugins: what may be chosen at a place of the plan, and the record of its options.</summary>
/// <param name="Path">E.g. <c>train.optimizer</c>.</param>
/// <param name="Options">The abstract record whose kinds can be named there.</param>
public sealed record BuiltInChoices(string Path, Type Options);

/// <summary>Asks of every plugin that an experiment names whether it is there and takes its options, before anything runs.</summary>
public static class PlanValidator
{
    /// <summary>Binds the options of all choices, and makes all plugins but networks.</summary>
    /// <param name="loaded">The experiment.</param>
    /// <param name="plugins">The plugins there are.</param>
    /// <param name="builtIn">Optimizers and schedules.</param>
    /// <returns>All faults with their places; none when the experiment can run.</returns>
    public static IReadOnlyList<string> Validate(LoadedPlan loaded, PluginCatalog plugins, IReadOnlyList<BuiltInChoices> builtIn)
    {
        var check = new Check(loaded, plugins, new Faults());
        foreach (var choice in PlanChoices.Of(loaded.Plan))
        {
            if (PlanChoices.Plugins.TryGetValue(choice.Place, out var kind))
            {
                check.Plugin(choice.Path, kind, choice.Choice);
            }
            else if (builtIn.FirstOrDefault(b => b.Path == choice.Place) is { } known)
            {
                check.BuiltIn(known, choice.Choice);
            }
        }

        return check.Faults.Lines();
    }

    private sealed record Check(LoadedPlan Loaded, PluginCatalog Plugins, Faults Faults)
    {
        public void Plugin(string path, PluginKind kind, Choice choice)
        {
            if (Plugins.WhyNot(kind, choice.Name) is { } reason)
            {
                Faults.Add(Loaded.MarkOf(path), path, $"'{choice.Name}' {reason}");
                return;
            }

            var inner = $"{path}.{choice.Name}";
            try
            {
                var before = Faults.Count;
                var options = Plugins.BindOptions(kind, choice.Name, Options(path, choice), inner, Faults);
                if (!IsNetwork(kind) && Faults.Count == before)
                {
                    _ = Plugins.Create(kind, choice.Name, options);
                }
            }
            catch (ConfigurationException e)
            {
                foreach (var fault in e.Faults)
                {
                    Faults.Add(Loaded.MarkOf(inner), $"{inner}:", fault);
                }
            }
        }

        public void BuiltIn(BuiltInChoices choices, Choice choice) =>
            new RecordBinder(Faults).Kind(choices.Options, choice.Name, Loaded.MarkOf(choices.Path), Options(choices.Path, choice), choices.Path);

        private static bool IsNetwork(PluginKind kind) => kind.Contract == typeof(Architecture) || kind.Contract == typeof(Encoder);

        /// <summary>The options where they were written, so that faults have places.</summary>
        private Node Options(string path, Choice choice) =>
            Loaded.Find($"{path}.{choice.Name}") as MapNode ?? Node.From(choice.Options, Loaded.MarkOf(path));
    }
}
