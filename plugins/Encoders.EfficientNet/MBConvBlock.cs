using Osteon.Models;
using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.EfficientNet;

/// <summary>
/// Expansion, depthwise convolution, squeeze-and-excitation, projection, and the input around them. Keys: _expand_conv, _bn0,
/// _depthwise_conv, _bn1, _se_reduce, _se_expand, _project_conv, _bn2.
/// </summary>
internal sealed class MBConvBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d? _expand_conv;
    private readonly BatchNorm2d? _bn0;
    private readonly SameConv2d _depthwise_conv;
    private readonly BatchNorm2d _bn1;
    private readonly Conv2d _se_reduce;
    private readonly Conv2d _se_expand;
    private readonly Conv2d _project_conv;
    private readonly BatchNorm2d _bn2;
    private readonly DropPath? _drop_connect;

    /// <summary>Builds it for maps of a nominal side; the input goes around where its shape is the output's.</summary>
    public MBConvBlock(int inChannels, int outChannels, int expansion, int kernel, int stride, int side, double dropConnect) : base(nameof(MBConvBlock))
    {
        var inner = inChannels * expansion;
        if (expansion != 1)
        {
            _expand_conv = Conv2d(inChannels, inner, 1, bias: false);
            _bn0 = Norm(inner);
        }

        _depthwise_conv = new SameConv2d(inner, inner, kernel, stride, groups: inner, nominal: side);
        _bn1 = Norm(inner);
        _se_reduce = Conv2d(inner, Math.Max(1, inChannels / 4), 1);
        _se_expand = Conv2d(Math.Max(1, inChannels / 4), inner, 1);
        _project_conv = Conv2d(inner, outChannels, 1, bias: false);
        _bn2 = Norm(outChannels);
        _drop_connect = stride == 1 && inChannels == outChannels ? new DropPath(dropConnect) : null;
        RegisterComponents();
    }

    /// <summary>A normalisation with TensorFlow's numbers.</summary>
    public static BatchNorm2d Norm(int channels) => BatchNorm2d(channels, eps: 1e-3, momentum: 0.01);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _expand_conv is null ? input : functional.silu(_bn0!.forward(_expand_conv.forward(input)));
        x = functional.silu(_bn1.forward(_depthwise_conv.forward(x)));
        var gate = functional.silu(_se_reduce.forward(x.mean([2, 3], keepdim: true)));
        x = _bn2.forward(_project_conv.forward(x * _se_expand.forward(gate).sigmoid()));
        return (_drop_connect is null ? x : _drop_connect.forward(x).add_(input)).MoveToOuterDisposeScope();
    }
}
