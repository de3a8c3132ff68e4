using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>
/// Trades strides for dilation as SMP does in its own encoders: every convolution of a stage, also the 1×1 of a shortcut, gets stride 1,
/// dilation d and padding d × half the kernel. timm's (<c>tu-</c>) and torchvision's networks dilate otherwise, when they are built.
/// </summary>
public static class Dilation
{
    /// <summary>Dilates the stages whose stride would be above the wanted one, by how much it would.</summary>
    /// <param name="outputStride">The total stride wanted: 8, 16 or 32.</param>
    /// <param name="stages">Stages with the total stride of each as built, e.g. (16, layer3), (32, layer4); a stage may come in parts.</param>
    public static void Apply(int outputStride, params ReadOnlySpan<(int Stride, Module Stage)> stages)
    {
        foreach (var (stride, stage) in stages)
        {
            if (stride > outputStride)
            {
                Apply(stage, stride / outputStride);
            }
        }
    }

    private static void Apply(Module stage, int rate) => stage.apply(part =>
    {
        switch (part)
        {
            case Conv2d convolution:                                // reads these at each call
                Array.Fill(convolution.stride, 1);
                Array.Fill(convolution.dilation, rate);
                (convolution.padding![0], convolution.padding[1]) = (convolution.kernel_size[0] / 2 * rate, convolution.kernel_size[1] / 2 * rate);
                break;
            case SameConv2d same:
                same.Dilate(rate);
                break;
        }
    });
}
