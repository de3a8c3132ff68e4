using System.Text.Json;
using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;

namespace Osteon.Zoo.Tests;

/// <summary>The networks that the built plugins make, found and configured as the program finds and configures them.</summary>
internal static class Zoo
{
    // What the references call the shape of a network, which an experiment says elsewhere, and what makes no difference here.
    private static readonly string[] s_inChannels = ["in_channels", "input_channels"];
    private static readonly string[] s_classes = ["classes", "num_classes", "n_classes"];
    private static readonly string[] s_weights = ["encoder_name", "encoder_weights", "weights", "weights_backbone"];

    private static readonly HashSet<string> s_notYet = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "NotYet.txt")).Select(line => line.Trim()).Where(line => line.Length > 0)];

    private static readonly Lazy<PluginCatalog> s_plugins = new(() => PluginCatalog.Load(
        [Path.Combine(AppContext.BaseDirectory, "plugins")], Path.Combine(Path.GetTempPath(), $"osteon-zoo-{Environment.ProcessId}")));

    /// <summary>All plugins.</summary>
    public static PluginCatalog Plugins => s_plugins.Value;

    /// <summary>Skips the test where a plugin is on the list of those to come; fails it where one is on the list and there.</summary>
    public static void SkipIfToCome(string? encoder, string? architecture = null)
    {
        var toCome = new[] { ToCome<Encoder>(encoder), ToCome<Architecture>(architecture) }.OfType<string>().ToArray();
        Assert.SkipWhen(toCome.Length > 0, $"not built yet: {string.Join(", ", toCome)}");
    }

    /// <summary>An encoder by its name, with the keyword arguments that the architecture leaves to it.</summary>
    public static Encoder Encoder(string name, JsonObject? arguments, EncoderOptions asked) =>
        Plugins.Create<Encoder>(new Choice(name, arguments ?? []), PlanSlices.Json(asked));

    /// <summary>A network from the reference's constructor arguments: what the architecture's options do not know is the encoder's.</summary>
    public static Network Build(string architecture, string? encoder, JsonObject ctor)
    {
        var own = Plugins.OptionsTypeOf<Architecture>(architecture)?.GetProperties().Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)).ToHashSet() ?? [];
        var shape = new NetworkShape(Number(ctor, s_inChannels) ?? Number(ctor["backbone"] as JsonObject, s_inChannels) ?? 3, Number(ctor, s_classes) ?? Number(ctor["decode_head"]?.AsObject(), s_classes) ?? 1);
        var options = new JsonObject();
        var others = new JsonObject();
        foreach (var (key, value) in ctor.Where(argument => ((string[])[.. s_inChannels, .. s_classes, .. s_weights]).All(given => given != argument.Key)))
        {
            (own.Contains(key) || encoder is null ? options : others)[key] = value?.DeepClone();
        }

        return Plugins.Create<Architecture>(new Choice(architecture, options))
            .Build(shape, asked => Encoder(encoder ?? throw new InvalidOperationException($"{architecture} asks for an encoder where the reference has none."), others, asked with { InChannels = shape.InChannels }));
    }

    private static string? ToCome<T>(string? name)
    {
        var line = $"{PluginKind.Of<T>()} {name}";
        if (name is null || !s_notYet.Contains(line))
        {
            return null;
        }

        Assert.False(Plugins.Names(PluginKind.Of<T>()).Contains(name), $"{line} is there: take it off NotYet.txt.");
        return line;
    }

    private static int? Number(JsonObject? arguments, string[] names) => names.Select(name => (int?)arguments?[name]).FirstOrDefault(n => n is not null);
}
