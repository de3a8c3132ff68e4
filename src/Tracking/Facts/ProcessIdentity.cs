using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Osteon.Tracking;

/// <summary>Names a process so that a later process with the same number is not taken for it.</summary>
/// <param name="Host">The machine.</param>
/// <param name="ProcessId">Its number there.</param>
/// <param name="Start">When it started: on Linux the kernel's boot id and clock ticks, which never drift; elsewhere UTC seconds.</param>
internal sealed record ProcessIdentity(string Host, int ProcessId, string Start)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } =
        new(Environment.MachineName, Environment.ProcessId, StartOf(Environment.ProcessId) ?? "unknown");

    /// <summary>True when the process is or was on this machine, so that it can be asked for.</summary>
    public bool IsHere => Host == Environment.MachineName;

    /// <summary>True when the process was on this machine and is no more. A process elsewhere is never judged.</summary>
    public bool IsGone => IsHere && StartOf(ProcessId) != Start;

    private static string? StartOf(int processId)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // proc(5): field 22 is the start in clock ticks since boot; field 2 is in parentheses and may hold spaces.
                var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
                var ticks = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
                return $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}:{ticks}";
            }

            using var process = Process.GetProcessById(processId);
            return process.StartTime.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException or Win32Exception or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
