using System.Globalization;

namespace Osteon.Tracking.Tests;

/// <summary>A process that logs as fast as it can, and says how far it is, until it is killed.</summary>
internal static class Writer
{
    /// <summary>Arguments: a folder, and a server's address or "embedded".</summary>
    public static int Run(string[] args)
    {
        var folder = args[0];
        var location = args[1] == "embedded" ? TrackingLocation.OfFolder(folder) : TrackingLocation.Resolve(args[1], folder, _ => null);
        using var store = TrackingStore.Open(location, Path.Combine(folder, "spool"), TimeProvider.System, _ => { });
        using var parent = store.StartRun("hands", "parent", null, new Dictionary<string, string>());
        using var run = store.StartRun("hands", "child", parent.RunId, new Dictionary<string, string>());
        run.Param("lr", "0.001");
        var file = Path.Combine(folder, $"{run.RunId}.txt");
        File.WriteAllText(file, run.RunId);
        run.Artifact(file);
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        for (var step = 0; ; step++)
        {
            run.Metric("loss", 1.0 / (step + 1), step);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.RunId} {step}"));
        }
    }
}
