using System.Globalization;

namespace Osteon.Tracking;

/// <summary>Reads what MLflow calls system metrics, by its names and in its units: 1 MB is 10⁶ bytes.</summary>
/// <param name="proc">Linux's /proc; what is absent from it is left out.</param>
/// <param name="disk">A folder on the disk that is told of.</param>
/// <param name="gpus">NVIDIA's program; null: no GPU is told of.</param>
internal sealed class SystemSampler(string proc, string disk, NvidiaSmi? gpus)
{
    private (long Busy, long All)? _cpu;
    private (long In, long Out)? _network;

    /// <summary>One sample. The processor's share needs an earlier one to compare with; the network counts from the first on.</summary>
    public IReadOnlyList<(string Name, double Value)> Sample() => [.. Cpu(), .. Memory(), .. Disk(), .. Network(), .. gpus?.Sample() ?? []];

    // proc(5): jiffies of user nice system idle iowait irq softirq steal …; guest time is in user's already.
    private IEnumerable<(string, double)> Cpu()
    {
        if (Lines("stat").FirstOrDefault(l => l.StartsWith("cpu ", StringComparison.Ordinal)) is not { } line)
        {
            yield break;
        }

        var times = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(Whole).ToArray();
        if (times.Length < 5)
        {
            yield break;
        }

        var now = (Busy: times.Sum() - times[3] - times[4], All: times.Sum());
        if (_cpu is { } before && now.All > before.All)
        {
            yield return ("cpu_utilization_percentage", Math.Round(100.0 * (now.Busy - before.Busy) / (now.All - before.All), 1));
        }

        _cpu = now;
    }

    private IEnumerable<(string, double)> Memory()
    {
        long total = 0, available = 0;
        foreach (var fields in Lines("meminfo").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(f => f.Length >= 2))
        {
            total = fields[0] == "MemTotal:" ? Whole(fields[1]) * 1024 : total;
            available = fields[0] == "MemAvailable:" ? Whole(fields[1]) * 1024 : available;
        }

        if (total > 0)
        {
            yield return ("system_memory_usage_megabytes", Math.Round((total - available) / 1e6));
            yield return ("system_memory_usage_percentage", Math.Round(100.0 * (total - available) / total, 1));
        }
    }

    private List<(string, double)> Disk()
    {
        try
        {
            var drive = new DriveInfo(disk);
            var (total, free, available) = (drive.TotalSize, drive.TotalFreeSpace, drive.AvailableFreeSpace);
            var used = total - free;
            return
            [
                ("disk_usage_percentage", Math.Round(100.0 * used / Math.Max(used + available, 1), 1)),
                ("disk_usage_megabytes", Math.Round(used / 1e6)),
                ("disk_available_megabytes", Math.Round(available / 1e6)),
            ];
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // proc(5): received bytes are the first number after the interface's name, sent ones the ninth.
    private IEnumerable<(string, double)> Network()
    {
        var interfaces = Lines("net/dev").Skip(2).Select(l => l.Split(':', 2)).Where(p => p.Length == 2)
            .Select(p => p[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(f => f.Length >= 9).ToArray();
        if (interfaces.Length == 0)
        {
            yield break;
        }

        var now = (In: interfaces.Sum(f => Whole(f[0])), Out: interfaces.Sum(f => Whole(f[8])));
        var first = _network ??= now;
        yield return ("network_receive_megabytes", Math.Round((now.In - first.In) / 1e6, 1));
        yield return ("network_transmit_megabytes", Math.Round((now.Out - first.Out) / 1e6, 1));
    }

    private string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(proc, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static long Whole(string field) => long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
