using Osteon.Abstractions;
using Osteon.Runner.Plugins;

namespace Osteon.Runner.Configuration;

/// <summary>What the end of train.augment says of the networks' input: <see cref="NormalizingAugmentation"/>.</summary>
public static class ListedNormalization
{
    /// <summary>What networks are fed with, where the list says so; else null.</summary>
    public static NormalizeOptions? Of(Plan plan, PluginCatalog plugins)
    {
        NormalizeOptions? meant = null;
        foreach (var last in plan.Train.Augment.Select(choice => plugins.Create<Augmentation>(choice)).OfType<NormalizingAugmentation>())
        {
            meant = last.After(meant);
        }

        return meant;
    }

    /// <summary>Where one stands that cannot stand there, each with its place; the augmentations themselves are sound.</summary>
    public static IReadOnlyList<string> Faults(LoadedPlan loaded, PluginCatalog plugins)
    {
        var faults = new Faults();
        var (plan, list) = (loaded.Plan, loaded.Plan.Train.Augment);
        Augmentation[] made = [.. list.Select(choice => plugins.Create<Augmentation>(choice))];
        var changing = Array.FindLastIndex(made, a => a is not NormalizingAugmentation);
        NormalizeOptions? meant = null;
        for (var i = 0; i < made.Length; i++)
        {
            var path = $"train.augment[{i}]";
            if (made[i] is not NormalizingAugmentation last)
            {
                Held(made[i], path, $"{path}.{list[i].Name}", "a network is fed in one way. Write it as the last line of train.augment");
            }
            else if (i < changing)
            {
                faults.Add(loaded.MarkOf(path), path, $"is {list[i].Name}, which makes what the network is fed with; {list[changing].Name} comes after it and changes grey levels. Move {list[i].Name} to the end of the list.");
            }
            else
            {
                try
                {
                    meant = last.After(meant);
                }
                catch (ConfigurationException e)
                {
                    faults.Add(loaded.MarkOf(path), $"{path}.{list[i].Name}", e.Faults[0]);
                }
            }
        }

        if (made.LastOrDefault() is NormalizingAugmentation)
        {
            foreach (var name in plan.Models.Where(m => m.Value.Normalize is not null).Select(m => m.Key))
            {
                var path = $"models.{name}.normalize";
                faults.Add(loaded.MarkOf(path), path, $"is given, and train.augment ends with {list[^1].Name}, which says the same for every network. Keep one of the two.");
            }
        }

        for (var r = 0; r < plan.Augment.Count; r++)
        {
            for (var i = 0; i < plan.Augment[r].Transforms.Count; i++)
            {
                var (path, choice) = ($"augment[{r}].transforms[{i}]", plan.Augment[r].Transforms[i]);
                var one = plugins.Create<Augmentation>(choice);
                const string Instead = "extra cases are stored as grey levels. Write it as the last line of train.augment";
                if (one is NormalizingAugmentation)
                {
                    faults.Add(loaded.MarkOf(path), path, $"is {choice.Name}, but {Instead}.");
                }

                Held(one, path, $"{path}.{choice.Name}", Instead);
            }
        }

        return faults.Lines();

        void Held(Augmentation outer, string mark, string path, string instead)
        {
            foreach (var child in (outer as AugmentationContainer)?.Children ?? [])
            {
                if (child is NormalizingAugmentation)
                {
                    faults.Add(loaded.MarkOf(mark), path, $"holds {child.GetType().Name}, but {instead}.");
                }

                Held(child, mark, path, instead);
            }
        }
    }
}
