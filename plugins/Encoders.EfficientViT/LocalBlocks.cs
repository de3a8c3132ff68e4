using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.EfficientViT;

/// <summary>A convolution, mostly with a normalisation instead of a bias, and mostly an activation. Keys: conv, norm.</summary>
internal sealed class Layer : Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly BatchNorm2d? norm;
    private readonly Func<Tensor, Tensor>? _activation;

    public Layer(EfficientViTDesign design, int inChannels, int outChannels, int kernel, int stride = 1, int groups = 1, bool normed = true, bool hasBias = false, bool active = true) : base(nameof(Layer))
    {
        conv = Conv2d(inChannels, outChannels, kernel, stride: stride, padding: kernel / 2, groups: groups, bias: hasBias);
        norm = normed ? BatchNorm2d(outChannels, eps: design.Eps) : null;
        _activation = active ? design.Activation : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv.forward(input);
        x = norm?.forward(x) ?? x;
        return (_activation?.Invoke(x) ?? x).MoveToOuterDisposeScope();
    }
}

/// <summary>Blocks of convolutions, whose first layers have a bias instead of a normalisation where those are few.</summary>
internal static class LocalBlocks
{
    /// <summary>Keys: depth_conv, point_conv; of the large ones, whose convolutions are whole, conv1, conv2.</summary>
    public static Sequential Plain(EfficientViTDesign design, int channels) => design.IsLarge
        ? Sequential(("conv1", new Layer(design, channels, channels, 3)), ("conv2", new Layer(design, channels, channels, 3, active: false)))
        : Sequential(("depth_conv", new Layer(design, channels, channels, 3, groups: channels)), ("point_conv", new Layer(design, channels, channels, 1, active: false)));

    /// <summary>Keys: inverted_conv, depth_conv, point_conv; fused, spatial_conv, point_conv.</summary>
    public static Sequential Inverted(EfficientViTDesign design, int inChannels, int outChannels, int stride, int expansion, bool fewNorms, bool fused)
    {
        var inner = inChannels * expansion;
        var last = ("point_conv", new Layer(design, inner, outChannels, 1, active: false));
        return fused
            ? Sequential(("spatial_conv", new Layer(design, inChannels, inner, 3, stride, normed: !fewNorms, hasBias: fewNorms)), last)
            : Sequential(
                ("inverted_conv", new Layer(design, inChannels, inner, 1, normed: !fewNorms, hasBias: fewNorms)),
                ("depth_conv", new Layer(design, inner, inner, 3, stride, inner, normed: !fewNorms, hasBias: fewNorms)), last);
    }
}

/// <summary>A branch, and mostly the input around it. Key: main.</summary>
internal sealed class Residual : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> main;
    private readonly bool _isAdded;

    public Residual(Module<Tensor, Tensor> main, bool isAdded = true) : base(nameof(Residual))
    {
        (this.main, _isAdded) = (main, isAdded);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = main.forward(input);
        return (_isAdded ? x + input : x).MoveToOuterDisposeScope();
    }
}
