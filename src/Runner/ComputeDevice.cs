using System.Runtime.InteropServices;
using Osteon.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Runner;

/// <summary>The device that a command computes on. Which one is known without libtorch where there is no choice, so that a command with nothing to do need not load it.</summary>
public sealed class ComputeDevice
{
    private const string Auto = "auto", Driver = "libcuda.so.1";
    private readonly string _asked;

    private ComputeDevice(string asked, string name) => (_asked, Name) = (asked, name);

    /// <summary>cpu or cuda:N; auto has been resolved.</summary>
    public string Name { get; }

    /// <summary>cpu or cuda: the part that a result depends on, and so a unit's key. GPUs of one machine count as alike.</summary>
    public string Kind => Name.Split(':')[0];

    /// <summary>Resolves what was asked for. A device that is absent is not refused yet: what is up to date needs none.</summary>
    /// <param name="asked">auto, cpu, cuda or cuda:N. auto takes the first GPU, or the processor where there is none.</param>
    public static ComputeDevice Of(string asked) => new(asked, asked switch
    {
        Auto => HasDriver() && cuda.is_available() ? "cuda:0" : "cpu",
        "cuda" => "cuda:0",
        _ => asked,
    });

    /// <summary>The device, for libtorch.</summary>
    /// <exception cref="ConfigurationException">It is absent; says what there is.</exception>
    public Device Require()
    {
        var found = device(Name);
        if (found.type == DeviceType.CPU)
        {
            return found;
        }

        var count = cuda.device_count();
        return found.index < count ? found : throw new ConfigurationException(
            $"--device={_asked}: {Present(count)}. Use --device={string.Join(" or --device=", (string[])[Auto, "cpu", .. Enumerable.Range(0, count).Select(i => $"cuda:{i}")])}.");
    }

    private static string Present(int count) => count switch
    {
        > 0 => $"this machine has {count} CUDA {(count == 1 ? "device" : "devices")}",
        _ when HasDriver() => $"libtorch {__version__} sees no GPU although NVIDIA's driver is installed; build with LIBTORCH set to a libtorch that has CUDA",
        _ => "this machine has no CUDA device: NVIDIA's driver is not installed",
    };

    private static bool HasDriver()
    {
        if (!NativeLibrary.TryLoad(Driver, out var driver))
        {
            return false;
        }

        NativeLibrary.Free(driver);
        return true;
    }
}
