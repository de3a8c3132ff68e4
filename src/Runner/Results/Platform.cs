using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace Osteon.Runner;

/// <summary>What the last bits of a result may depend on besides code and data. Two equal platforms are held to equal bits.</summary>
/// <param name="Runtime">E.g. linux-x64.</param>
/// <param name="Processor">The model's name: libraries choose their kernels by it.</param>
/// <param name="Isa">The widest vector instructions, e.g. avx512.</param>
/// <param name="Libtorch">Its version.</param>
/// <param name="Device">cpu or cuda.</param>
public sealed record Platform(string Runtime, string Processor, string Isa, string Libtorch, string Device)
{
    /// <summary>This one.</summary>
    /// <param name="device">cpu or cuda, the kind that networks compute on.</param>
    public static Platform Current(string device) => new(
        OperatingSystem.IsLinux() ? $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}" : RuntimeInformation.RuntimeIdentifier,
        Model(), Avx512F.IsSupported ? "avx512" : Avx2.IsSupported ? "avx2" : RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(), __version__, device);

    /// <summary>What differs, a line each; none between equal platforms.</summary>
    public IEnumerable<string> DifferencesTo(Platform other) =>
        new (string Name, string Was, string Is)[]
        {
            ("runtime", Runtime, other.Runtime), ("processor", Processor, other.Processor), ("instructions", Isa, other.Isa),
            ("libtorch", Libtorch, other.Libtorch), ("device", Device, other.Device),
        }.Where(d => d.Was != d.Is).Select(d => $"{d.Name} {d.Was} → {d.Is}");

    private static string Model()
    {
        try
        {
            return File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
