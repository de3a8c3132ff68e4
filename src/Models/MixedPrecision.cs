using Osteon.Abstractions;
using Osteon.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>A network's forward pass in the plan's precision.</summary>
public static class MixedPrecision
{
    /// <summary>Logits in float32, so that losses, thresholds and resizing are computed in it whatever the network was.</summary>
    /// <param name="network">Maps (N, C, H, W) to (N, K, H, W).</param>
    /// <param name="images">float32, on the network's device.</param>
    /// <param name="precision">Below fp32 the pass runs under PyTorch's autocast, whose lists say which operators narrow.</param>
    public static Tensor Logits(Module<Tensor, Tensor> network, Tensor images, Precision precision)
    {
        using var region = Enter(images, precision);
        return network.call(images).to(float32);
    }

    /// <summary>All outputs of a network in float32, the main one first.</summary>
    /// <param name="network">In training or evaluation mode.</param>
    /// <param name="images">float32, on the network's device.</param>
    /// <param name="precision">As for <see cref="Logits"/>.</param>
    public static IReadOnlyList<Tensor> Outputs(Network network, Tensor images, Precision precision)
    {
        using var region = Enter(images, precision);
        return [.. network.ForwardAll(images).Select(output => output.to(float32))];
    }

    /// <summary>Refuses what a device cannot compute.</summary>
    /// <exception cref="ConfigurationException">fp16 on the CPU.</exception>
    public static void Check(Precision precision, Device device)
    {
        if (precision == Precision.Fp16 && device.type != DeviceType.CUDA)
        {
            throw new ConfigurationException($"train.precision is fp16, which needs a GPU; the device is {device}. Use bf16 or fp32 here, or --device=cuda:0 on a machine that has one.");
        }
    }

    private static Autocast? Enter(Tensor images, Precision precision) => precision switch
    {
        Precision.Fp16 => Autocast.Enter(images.device_type, float16),
        Precision.Bf16 => Autocast.Enter(images.device_type, bfloat16),
        _ => null,
    };
}
