using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Inception;

/// <summary>Convolution, normalisation, ReLU. Keys: conv, bn.</summary>
/// <remarks>
/// Padded by half the kernel. The original networks leave out some paddings, so that a map of 299 pixels shrinks to 8, and so do timm's; a
/// decoder needs halves, and SMP pads them all.
/// </remarks>
internal sealed class BasicConv2d : Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly BatchNorm2d bn;

    public BasicConv2d(int inChannels, int outChannels, int kernel, int stride = 1, bool pads = true) : this(inChannels, outChannels, (kernel, kernel), stride, pads)
    {
    }

    public BasicConv2d(int inChannels, int outChannels, (int Height, int Width) kernel, int stride = 1, bool pads = true) : base(nameof(BasicConv2d))
    {
        conv = Conv2d(inChannels, outChannels, (kernel.Height, kernel.Width), stride: (stride, stride), padding: pads ? (kernel.Height / 2, kernel.Width / 2) : (0, 0), bias: false);
        bn = BatchNorm2d(outChannels, eps: 1e-3);                   // TensorFlow's, where the weights come from
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return functional.relu(bn.forward(conv.forward(input)), inplace: true).MoveToOuterDisposeScope();
    }
}
