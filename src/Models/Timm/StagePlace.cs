namespace Osteon.Models;

/// <summary>How a stage of a residual network keeps to the wanted output stride.</summary>
/// <param name="Stride">Of the first block.</param>
/// <param name="FirstDilation">Of the first block: torchvision and timm give it the dilation of the stage before.</param>
/// <param name="Dilation">Of the other blocks.</param>
public readonly record struct StagePlace(int Stride, int FirstDilation, int Dilation)
{
    private const int Stages = 4;

    /// <summary>The four stages behind a stem of stride 4, with dilation instead of strides beyond the output stride.</summary>
    public static IReadOnlyList<StagePlace> ForStride(int outputStride)
    {
        var (places, total, dilation) = (new StagePlace[Stages], 4, 1);
        for (var i = 0; i < Stages; i++)
        {
            var (before, stride) = (dilation, i == 0 ? 1 : 2);
            if (total >= outputStride)
            {
                (dilation, stride) = (dilation * stride, 1);
            }

            total *= stride;
            places[i] = new StagePlace(stride, before, dilation);
        }

        return places;
    }
}

/// <summary>What a residual block is told about its place.</summary>
/// <param name="InChannels">Channels in.</param>
/// <param name="Width">The stage's base width; the block gives as many times its expansion.</param>
/// <param name="Stride">Pixels from one place to the next.</param>
/// <param name="FirstDilation">Of the first 3×3 convolution.</param>
/// <param name="Dilation">Of a second one.</param>
/// <param name="Shortcut">Null: the input itself goes around.</param>
public sealed record ResidualPlace(int InChannels, int Width, int Stride, int FirstDilation, int Dilation, TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>? Shortcut);
