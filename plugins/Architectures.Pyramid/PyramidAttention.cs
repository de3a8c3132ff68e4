using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Pyramid;

/// <summary>Weighs the pixels of a map by one channel made at half, a quarter and an eighth of its size; PAN's FPABlock.</summary>
internal sealed class PyramidAttention : Module<Tensor, Tensor>
{
    /// <summary>Fewer pixels cannot be halved thrice.</summary>
    public const int LeastSide = 8;

    private readonly Sequential branch1, mid, down1, down2, down3;
    private readonly ConvBatchNorm conv2, conv1;

    public PyramidAttention(int inChannels, int outChannels) : base(nameof(PyramidAttention))
    {
        branch1 = Sequential(AdaptiveAvgPool2d(1), new ConvBatchNorm(inChannels, outChannels, 1));
        mid = Sequential(new ConvBatchNorm(inChannels, outChannels, 1));
        down1 = Sequential(MaxPool2d(2, 2), new ConvBatchNorm(inChannels, 1, 7));
        down2 = Sequential(MaxPool2d(2, 2), new ConvBatchNorm(1, 1, 5));
        down3 = Sequential(MaxPool2d(2, 2), new ConvBatchNorm(1, 1, 3), new ConvBatchNorm(1, 1, 3));
        conv2 = new ConvBatchNorm(1, 1, 5);
        conv1 = new ConvBatchNorm(1, 1, 7);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var half = down1.forward(input);
        var quarter = down2.forward(half);
        var weights = conv2.forward(quarter) + As(down3.forward(quarter), quarter);
        weights = conv1.forward(half) + As(weights, half);
        return ((As(weights, input) * mid.forward(input)) + As(branch1.forward(input), input)).MoveToOuterDisposeScope();
    }

    private static Tensor As(Tensor map, Tensor like) => Resampling.To(map, like.shape[2], like.shape[3], InterpolationMode.Bilinear, alignCorners: true);
}
