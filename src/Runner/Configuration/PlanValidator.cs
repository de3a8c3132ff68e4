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
        var plan = loaded.Plan;
        var check = new Check(loaded, plugins, new Faults());
        check.Plugin<DatasetFormat>("data.format", plan.Data.Format);
        check.Plugin<Synthesizer>("data.synthesize", plan.Data.Synthesize);
        foreach (var (name, model) in plan.Models)
        {
            check.Plugin<Architecture>($"models.{name}.architecture", model.Architecture, create: false);
            check.Plugin<Encoder>($"models.{name}.encoder", model.Encoder, create: false);
        }

        for (var i = 0; i < plan.Train.Loss.Count; i++)
        {
            check.Plugin<Loss>($"train.loss[{i}]", plan.Train.Loss[i]);
        }

        for (var i = 0; i < plan.Train.Augment.Count; i++)
        {
            check.Plugin<Augmentation>($"train.augment[{i}]", plan.Train.Augment[i]);
        }

        for (var r = 0; r < plan.Augment.Count; r++)
        {
            for (var i = 0; i < plan.Augment[r].Transforms.Count; i++)
            {
                check.Plugin<Augmentation>($"augment[{r}].transforms[{i}]", plan.Augment[r].Transforms[i]);
            }
        }

        foreach (var choices in builtIn)
        {
            check.BuiltIn(choices, choices.Path switch
            {
                "train.optimizer" => plan.Train.Optimizer,
                "train.schedule" => plan.Train.Schedule,
                "train.sampler" => plan.Train.Sampler,
                _ => throw new ArgumentException($"The plan has no choice at {choices.Path}.", nameof(builtIn)),
            });
        }

        return check.Faults.Lines();
    }

    private sealed record Check(LoadedPlan Loaded, PluginCatalog Plugins, Faults Faults)
    {
        public void Plugin<T>(string path, Choice? choice, bool create = true)
        {
            if (choice is null)
            {
                return;
            }

            var kind = PluginKind.Of<T>();
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
                if (create && Faults.Count == before)
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

        /// <summary>The options where they were written, so that faults have places.</summary>
        private Node Options(string path, Choice choice) =>
            Loaded.Find($"{path}.{choice.Name}") as MapNode ?? Node.From(choice.Options, Loaded.MarkOf(path));
    }
}
