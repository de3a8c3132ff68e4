using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.GerNet;

/// <param name="InChannels">Channels in.</param>
/// <param name="Width">Channels out.</param>
/// <param name="Stride">Of the first 3×3 convolution.</param>
/// <param name="Dilation">Of the first 3×3 convolution: in the first block of a stage, half of …</param>
/// <param name="StageDilation">… the other ones'.</param>
internal sealed record GerNetPlace(int InChannels, int Width, int Stride, int Dilation, int StageDilation)
{
    /// <summary>Null: the input itself goes around. Where a stage's dilation begins, timm convolves even if nothing changes.</summary>
    public ConvNormAct? Shortcut() => InChannels != Width || Stride != 1 || Dilation != StageDilation ? new ConvNormAct(InChannels, Width, 1, Stride) : null;
}

/// <summary>Two 3×3 convolutions beside a shortcut. Keys: shortcut, conv1_kxk, conv2_kxk.</summary>
internal sealed class GerNetBasicBlock : Module<Tensor, Tensor>
{
    private readonly ConvNormAct? shortcut;
    private readonly ConvNormAct conv1_kxk;
    private readonly ConvNormAct conv2_kxk;

    public GerNetBasicBlock(GerNetPlace place) : base(nameof(GerNetBasicBlock))
    {
        shortcut = place.Shortcut();
        conv1_kxk = new ConvNormAct(place.InChannels, place.Width, 3, place.Stride, dilation: place.Dilation, activation: ReLU(inplace: true));
        conv2_kxk = new ConvNormAct(place.Width, place.Width, 3, dilation: place.StageDilation);
        RegisterComponents();
        init.zeros_(conv2_kxk.get_parameter("bn.weight")!);         // timm: a block starts as its shortcut
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv2_kxk.forward(conv1_kxk.forward(input));
        return functional.relu(x.add_(shortcut?.forward(input) ?? input), inplace: true).MoveToOuterDisposeScope();
    }
}

/// <summary>1×1, 3×3 in groups, 1×1 beside a shortcut. Keys: shortcut, conv1_1x1, conv2_kxk, conv3_1x1.</summary>
internal sealed class GerNetBottleneck : Module<Tensor, Tensor>
{
    private readonly ConvNormAct? shortcut;
    private readonly ConvNormAct conv1_1x1;
    private readonly ConvNormAct conv2_kxk;
    private readonly ConvNormAct conv3_1x1;

    public GerNetBottleneck(GerNetPlace place, int inner, int groups) : base(nameof(GerNetBottleneck))
    {
        shortcut = place.Shortcut();
        conv1_1x1 = new ConvNormAct(place.InChannels, inner, 1, activation: ReLU(inplace: true));
        conv2_kxk = new ConvNormAct(inner, inner, 3, place.Stride, groups, place.Dilation, ReLU(inplace: true));
        conv3_1x1 = new ConvNormAct(inner, place.Width, 1);
        RegisterComponents();
        init.zeros_(conv3_1x1.get_parameter("bn.weight")!);         // timm: a block starts as its shortcut
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv3_1x1.forward(conv2_kxk.forward(conv1_1x1.forward(input)));
        return functional.relu(x.add_(shortcut?.forward(input) ?? input), inplace: true).MoveToOuterDisposeScope();
    }
}
