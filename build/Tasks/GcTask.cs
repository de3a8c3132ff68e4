using System.Globalization;
using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>Shows what of the cache no lock, tag or running unit needs, and removes it when told --yes.</summary>
[TaskName("Gc")]
[TaskDescription("Shows what of the cache nobody needs; --yes removes it")]
public sealed class GcTask : FrostingTask<ExperimentContext>
{
    private const int Shown = 20;

    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        var sweep = new CacheSweep(context.Root, TimeProvider.System);
        var found = sweep.Find();
        foreach (var removable in found.Take(Shown))
        {
            context.Say($"{Size(removable.Bytes),10}  {Path.GetRelativePath(context.Root, removable.Path)}  ({removable.What})");
        }

        if (found.Count > Shown)
        {
            context.Say($"{Size(found.Skip(Shown).Sum(f => f.Bytes)),10}  in {found.Count - Shown} more");
        }

        var total = $"{Size(found.Sum(f => f.Bytes))} in {found.Count} folders";
        context.Say(found.Count == 0 ? "Nothing can go: a lock, a tag or a running process needs all of it."
            : context.DryRun || !context.CommandLine.Has("yes") ? $"{total} can go. Nothing was removed: say --yes to remove them."
            : $"Removed {Size(sweep.Remove(found))} of {total}.");
    }

    private static string Size(long bytes) => bytes switch
    {
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F1} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):F1} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):F1} GiB"),
    };
}
