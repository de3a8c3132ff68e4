using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.NnUnet;

/// <summary>
/// Two convolutions, or three with a narrow middle, beside a shortcut that averages where the size changes and convolves where
/// the channels do: the reference's BasicBlockD and BottleneckD. Keys: conv1, conv2, conv3, skip.
/// </summary>
/// <remarks>ResNet-D: He et al. 2019, arXiv:1812.01187.</remarks>
internal sealed class ResidualBlock : Module<Tensor, Tensor>
{
    private readonly Sequential? skip;
    private readonly ConvBlock[] _convolutions;
    private readonly Module<Tensor, Tensor>? _nonlinearity;

    /// <param name="layers">Makes the layers.</param>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="middle">Channels of a bottleneck's middle; null for two convolutions.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="kernel">Of the convolutions that are not 1×1.</param>
    /// <param name="stride">Of the first of them, and of the shortcut.</param>
    public ResidualBlock(Layers layers, int inChannels, int? middle, int outChannels, long[] kernel, long[] stride) : base(nameof(ResidualBlock))
    {
        var one = Array.ConvertAll(stride, _ => 1L);
        _convolutions = middle is { } narrow
            ?
            [
                new ConvBlock(layers, inChannels, narrow, one, one, layers.Bias, dropout: false),
                new ConvBlock(layers, narrow, narrow, kernel, stride, layers.Bias),
                new ConvBlock(layers, narrow, outChannels, one, one, layers.Bias, dropout: false, nonlinear: false),
            ]
            :
            [
                new ConvBlock(layers, inChannels, outChannels, kernel, stride, layers.Bias),
                new ConvBlock(layers, outChannels, outChannels, kernel, one, layers.Bias, dropout: false, nonlinear: false),
            ];
        _nonlinearity = layers.Nonlinearity();
        for (var i = 0; i < _convolutions.Length; i++)
        {
            register_module($"conv{i + 1}", _convolutions[i]);
        }

        if (_nonlinearity is not null)
        {
            register_module($"nonlin{_convolutions.Length}", _nonlinearity);
        }

        List<Module<Tensor, Tensor>> around = stride.Any(s => s != 1) ? [layers.Pooling(stride)] : [];
        if (inChannels != outChannels)
        {
            around.Add(new ConvBlock(layers, inChannels, outChannels, one, one, bias: false, dropout: false, nonlinear: false));
        }

        skip = around.Count > 0 ? Sequential(around) : null;
        if (skip is not null)
        {
            register_module(nameof(skip), skip);
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        foreach (var convolution in _convolutions)
        {
            x = convolution.forward(x);
        }

        x += skip?.forward(input) ?? input;
        return (_nonlinearity?.forward(x) ?? x).MoveToOuterDisposeScope();
    }

    /// <summary>Lets the shortcut alone speak at the beginning.</summary>
    public void Silence() => _convolutions[^1].Silence();
}

/// <summary>Residual blocks one after another, the first with a stride. Keys: blocks.</summary>
internal sealed class ResidualStack : Module<Tensor, Tensor>
{
    private readonly Sequential blocks;

    public ResidualStack(Layers layers, int count, int inChannels, int? middle, int outChannels, long[] kernel, long[] stride) : base(nameof(ResidualStack))
    {
        var still = Array.ConvertAll(stride, _ => 1L);
        blocks = Sequential(Enumerable.Range(0, count).Select(i => (Module<Tensor, Tensor>)new ResidualBlock(
            layers, i == 0 ? inChannels : outChannels, middle, outChannels, kernel, i == 0 ? stride : still)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => blocks.forward(input);
}
