using System.Collections;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Plugins;

namespace Osteon.Runner.Configuration;

/// <summary>A thing that an experiment names, and where.</summary>
/// <param name="Path">As faults write it, e.g. <c>models.unet.encoder</c>, <c>train.loss[1]</c>.</param>
/// <param name="Place">The same for all models and positions: <c>models.*.encoder</c>, <c>train.loss[]</c>.</param>
/// <param name="Choice">The name and its options.</param>
internal sealed record PlanChoice(string Path, string Place, Choice Choice);

/// <summary>Which kinds of things stand at which places of a plan.</summary>
internal static class PlanChoices
{
    /// <summary>Places that name plugins.</summary>
    public static IReadOnlyDictionary<string, PluginKind> Plugins { get; } = new Dictionary<string, PluginKind>
    {
        ["data.format"] = PluginKind.Of<DatasetFormat>(),
        ["data.synthesize"] = PluginKind.Of<Synthesizer>(),
        ["models.*.architecture"] = PluginKind.Of<Architecture>(),
        ["models.*.encoder"] = PluginKind.Of<Encoder>(),
        ["train.loss[]"] = PluginKind.Of<Loss>(),
        ["augment[].transforms[]"] = PluginKind.Of<Augmentation>(),
        ["train.augment[]"] = PluginKind.Of<Augmentation>(),
        ["infer.postprocess[]"] = PluginKind.Of<PostProcessor>(),
        ["ensemble.postprocess[]"] = PluginKind.Of<PostProcessor>(),
    };

    /// <summary>Everything a plan names, in the order of its sections.</summary>
    public static IEnumerable<PlanChoice> Of(Plan plan) => Walk(plan, string.Empty, string.Empty);

    /// <summary>A choice's options with every default written out; null where they cannot be bound.</summary>
    public static JsonObject? Complete(PlanChoice choice, PluginCatalog plugins, IReadOnlyList<BuiltInChoices> builtIn)
    {
        var faults = new Faults();
        object? record = null;
        IReadOnlyDictionary<string, string> given = new Dictionary<string, string>();
        if (Plugins.TryGetValue(choice.Place, out var kind))
        {
            if (plugins.WhyNot(kind, choice.Choice.Name) is not null)
            {
                return null;
            }

            given = kind.Given;
            record = plugins.BindOptions(kind, choice.Choice.Name, Node.From(choice.Choice.Options), choice.Path, faults);
        }
        else if (builtIn.FirstOrDefault(b => b.Path == choice.Place) is { } known)
        {
            record = new RecordBinder(faults).Kind(known.Options, choice.Choice.Name, null, Node.From(choice.Choice.Options), choice.Path);
        }

        if (faults.Count > 0)
        {
            return null;
        }

        var options = (JsonObject)choice.Choice.Options.DeepClone();
        foreach (var (key, value) in record is null ? [] : PlanSlices.Json(record))
        {
            if (!options.ContainsKey(key) && !given.ContainsKey(key))
            {
                options[key] = value?.DeepClone();
            }
        }

        return options;
    }

    private static IEnumerable<PlanChoice> Walk(object? value, string path, string place)
    {
        switch (value)
        {
            case null or string or ValueType or JsonNode:
                return [];
            case Choice choice:
                return [new PlanChoice(path, place, choice)];
            case IDictionary map:
                return map.Keys.Cast<string>().SelectMany(key => Walk(map[key], $"{path}.{key}", $"{place}.*"));
            case IEnumerable list:
                return list.Cast<object?>().SelectMany((item, i) => Walk(item, $"{path}[{i}]", $"{place}[]"));
            default:
                return Names.Properties(value.GetType()).SelectMany(p => Walk(p.Value.GetValue(value), Below(path, p.Key), Below(place, p.Key)));
        }
    }

    private static string Below(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
