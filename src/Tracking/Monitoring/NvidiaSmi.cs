using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Osteon.Tracking;

/// <summary>Asks NVIDIA's own program, which comes with the driver; no library has to be linked.</summary>
internal sealed class NvidiaSmi
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly string _program;

    private NvidiaSmi(string program) => _program = program;

    /// <summary>The program; null where it is not installed.</summary>
    /// <param name="path">Folders, as in PATH; null: the process's.</param>
    public static NvidiaSmi? Find(string? path = null) => (path ?? Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "nvidia-smi.exe" : "nvidia-smi"))
        .FirstOrDefault(File.Exists) is { } program ? new NvidiaSmi(program) : null;

    /// <summary>Model and driver of each GPU.</summary>
    public IReadOnlyList<string> Names() => [.. Ask("name,driver_version").Select(f => f is [var name, var driver] ? $"{name} (driver {driver})" : string.Join(' ', f))];

    /// <summary>MLflow's metrics of each GPU; none when the program fails.</summary>
    public IEnumerable<(string Name, double Value)> Sample()
    {
        const double MebibyteInMegabytes = 1.048576;
        foreach (var fields in Ask("index,utilization.gpu,memory.used,memory.total,power.draw,power.limit"))
        {
            if (fields.Length != 6)
            {
                continue;
            }

            var (used, total, watts, most) = (Number(fields[2]), Number(fields[3]), Number(fields[4]), Number(fields[5]));
            foreach (var (name, value) in ((string, double)[])
            [
                ("utilization_percentage", Number(fields[1])),
                ("memory_usage_megabytes", Math.Round(used * MebibyteInMegabytes)),
                ("memory_usage_percentage", Math.Round(100 * used / total, 1)),
                ("power_usage_watts", watts),
                ("power_usage_percentage", Math.Round(100 * watts / most, 1)),
            ])
            {
                // A card that does not know answers [N/A].
                if (double.IsFinite(value))
                {
                    yield return ($"gpu_{fields[0]}_{name}", value);
                }
            }
        }
    }

    private static double Number(string field) => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;

    private List<string[]> Ask(string query)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(_program, [$"--query-gpu={query}", "--format=csv,noheader,nounits"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var answer = process.StandardOutput.ReadToEndAsync();
            if (answer.Wait(Limit) && process.WaitForExit(Limit))
            {
                return process.ExitCode == 0 ? [.. answer.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => Array.ConvertAll(l.Split(','), f => f.Trim()))] : [];
            }

            process.Kill(entireProcessTree: true);
            return [];
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException or AggregateException)
        {
            return [];
        }
    }
}
