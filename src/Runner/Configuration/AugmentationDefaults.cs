using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Plugins;

namespace Osteon.Runner.Configuration;

/// <summary>
/// Hands <c>compat</c> of a whole list down to its augmentations that have the option and do not say it themselves, so that all that follows
/// sees it where it counts: among their options.
/// </summary>
public static class AugmentationDefaults
{
    private const string Key = "compat";

    /// <summary>The plan with it.</summary>
    public static Plan HandedDown(Plan plan, PluginCatalog plugins) => plan with
    {
        Train = plan.Train with { Augment = In(plan.Train.Augment, plan.Train.AugmentCompat, plugins) },
        Augment = [.. plan.Augment.Select(r => r with { Transforms = In(r.Transforms, r.Compat, plugins) })],
    };

    private static IReadOnlyList<Choice> In(IReadOnlyList<Choice> choices, string? compat, PluginCatalog plugins) =>
        compat is null ? choices : [.. choices.Select(choice => To(choice, compat, plugins))];

    private static Choice To(Choice choice, string compat, PluginCatalog plugins)
    {
        var options = (JsonObject)choice.Options.DeepClone();
        var properties = plugins.OptionsTypeOf<Augmentation>(choice.Name) is { } type ? Names.Properties(type) : new Dictionary<string, System.Reflection.PropertyInfo>();
        if (properties.ContainsKey(Key) && !options.ContainsKey(Key))
        {
            options[Key] = compat;
        }

        foreach (var key in properties.Where(p => p.Value.PropertyType.IsAssignableTo(typeof(IEnumerable<Augmentation>))).Select(p => p.Key))
        {
            if (options[key] is JsonArray held)
            {
                options[key] = new JsonArray([.. held.Select(node => Held(node, compat, plugins))]);
            }
        }

        return choice with { Options = options };
    }

    private static JsonNode? Held(JsonNode? node, string compat, PluginCatalog plugins) =>
        new RecordBinder(new Faults()).TryChoice(Node.From(node), Key, out var choice)
            ? PlanSlices.OfValue(To(choice!, compat, plugins))
            : node?.DeepClone();
}
