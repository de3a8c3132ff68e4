using Osteon.Masks;
using Osteon.Torch;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>Samples stacked for one step, still on the managed side, so that loader threads never touch libtorch.</summary>
/// <param name="Size">Samples.</param>
/// <param name="Channels">Image channels.</param>
/// <param name="Classes">Label channels.</param>
/// <param name="Frame">Height and width of the images, padded.</param>
/// <param name="TargetFrame">Height and width of the targets: smaller where convolutions do not pad.</param>
/// <param name="Images">(N, C, H, W).</param>
/// <param name="Targets">(N, K, H, W), 0 or 1.</param>
/// <param name="Cases">Case ids, for messages.</param>
public sealed record Batch(int Size, int Channels, int Classes, Frame Frame, Frame TargetFrame, float[] Images, float[] Targets, IReadOnlyList<string> Cases)
{
    /// <summary>Images, channels last as convolutions like them best, and targets as tensors on a device; the caller's scope owns them.</summary>
    public (Tensor Images, Tensor Targets) ToTensors(Device device) =>
        (Transfer.To(Images, [Size, Channels, Frame.Height, Frame.Width], device).to_channels_last(),
         Transfer.To(Targets, [Size, Classes, TargetFrame.Height, TargetFrame.Width], device));
}
