using Cake.Common.Diagnostics;
using Cake.Frosting;
using Osteon.Runner;
using Osteon.Runner.Plugins;

namespace Osteon.Build;

/// <summary>Lists what experiments can name, and why a DLL cannot be used.</summary>
[TaskName("Plugins")]
[TaskDescription("Lists encoders, architectures, losses, … that experiments can name")]
public sealed class PluginsTask : FrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        var catalog = ExperimentSession.OpenPlugins(context.Root);
        foreach (var kind in PluginKind.All)
        {
            context.Say($"{kind}: {string.Join(", ", catalog.Names(kind).DefaultIfEmpty("none"))}");
        }

        foreach (var plugin in catalog.All.Where(plugin => plugin.Failure is null).OrderBy(plugin => plugin.File, StringComparer.Ordinal))
        {
            context.Information("{0} {1} {2}: {3}", Path.GetFileName(plugin.File), plugin.Version, plugin.Digest[..12], string.Join(", ", plugin.Claims.Select(claim => claim.Name)));
        }

        foreach (var plugin in catalog.All.Where(plugin => plugin.Failure is not null))
        {
            context.Warning("{0} is not loaded: {1}", Path.GetFileName(plugin.File), plugin.Failure);
        }

        foreach (var conflict in catalog.Conflicts)
        {
            context.Warning("{0}", conflict);
        }
    }
}
