using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Osteon.Tracking;

/// <summary>What a run computed on.</summary>
public static class MachineFacts
{
    /// <summary>The machine in words a person compares: host, system, processor, its instruction set, cores, memory and GPUs.</summary>
    /// <param name="proc">Linux's /proc; where it is absent, so are the facts that come from it.</param>
    public static IReadOnlyDictionary<string, string> Read(string proc = "/proc")
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = Environment.MachineName,
            ["os"] = RuntimeInformation.OSDescription,
            ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
            ["isa"] = InstructionSet(),
            ["cores"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            ["memory_megabytes"] = (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1_000_000).ToString(CultureInfo.InvariantCulture),
            ["dotnet"] = Environment.Version.ToString(),
        };
        if (ProcessorModel(proc) is { } model)
        {
            facts["cpu"] = model;
        }

        var gpus = NvidiaSmi.Find()?.Names() ?? [];
        if (gpus.Count > 0)
        {
            facts["gpu"] = string.Join(", ", gpus);
        }

        return facts;
    }

    /// <summary>The widest of the instruction sets that libtorch and OpenCV choose kernels by.</summary>
    public static string InstructionSet() =>
        Avx512F.IsSupported ? "AVX-512"
        : Avx2.IsSupported ? "AVX2"
        : Avx.IsSupported ? "AVX"
        : Sse42.IsSupported ? "SSE4.2"
        : AdvSimd.IsSupported ? "NEON"
        : "baseline";

    private static string? ProcessorModel(string proc)
    {
        try
        {
            return File.ReadLines(Path.Combine(proc, "cpuinfo"))
                .FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2) is [_, var model] ? model.Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
