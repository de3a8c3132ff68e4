using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;

namespace Osteon.Runner;

/// <summary>experiments/schema.json: not committed, for it names the plugins of this checkout, dropped-in ones among them.</summary>
public static class SchemaFile
{
    /// <summary>Where it lies.</summary>
    public static string Path(string root) => System.IO.Path.Combine(root, "experiments", "schema.json");

    /// <summary>Writes it; the same plugins give the same bytes.</summary>
    public static void Write(string root, PluginCatalog plugins) =>
        AtomicFile.WriteAllText(Path(root), CanonicalJson.Text(Of(root, plugins), indented: true) + "\n");

    /// <summary>The schema of what is there.</summary>
    public static System.Text.Json.Nodes.JsonObject Of(string root, PluginCatalog plugins) =>
        ExperimentSchema.Of(plugins, TrainingOptions.All, [System.IO.Path.Combine(AppContext.BaseDirectory, "docs"), System.IO.Path.Combine(root, "plugins"), AppContext.BaseDirectory]);
}
