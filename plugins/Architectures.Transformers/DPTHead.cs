using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Transformers;

/// <summary>Two convolutions to logits, twice the size, activation. Key: head.</summary>
internal sealed class DPTHead : Module<Tensor, Tensor>
{
    private readonly Sequential head;
    private readonly Module<Tensor, Tensor> activation;

    public DPTHead(int inChannels, int classes, string? activation) : base(nameof(DPTHead))
    {
        head = Sequential(
            Conv2d(inChannels, inChannels, 3, padding: 1, bias: false), BatchNorm2d(inChannels), ReLU(inplace: true), Dropout(0.1),
            Conv2d(inChannels, classes, 1));
        this.activation = Heads.Activation("activation", activation);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return activation.forward(Resampling.Twice(head.forward(input), InterpolationMode.Bilinear, alignCorners: true)).MoveToOuterDisposeScope();
    }
}
