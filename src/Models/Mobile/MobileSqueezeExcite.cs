using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Squeeze-and-excitation with mobile networks' activations. Keys: conv_reduce, conv_expand.</summary>
/// <remarks>Hu, Shen, Sun 2018, arXiv:1709.01507.</remarks>
public sealed class MobileSqueezeExcite : Module<Tensor, Tensor>
{
    private readonly Conv2d conv_reduce;
    private readonly Conv2d conv_expand;
    private readonly MobileActivation _activation;
    private readonly bool _hard;

    /// <summary>For maps of this many channels.</summary>
    /// <param name="channels">Channels in and out.</param>
    /// <param name="squeezed">Channels between.</param>
    /// <param name="activation">Between the two layers.</param>
    /// <param name="hard">The gate is a hard sigmoid.</param>
    public MobileSqueezeExcite(int channels, int squeezed, MobileActivation activation, bool hard) : base(nameof(MobileSqueezeExcite))
    {
        (_activation, _hard) = (activation, hard);
        conv_reduce = Drawn(channels, squeezed);
        conv_expand = Drawn(squeezed, channels);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv_expand.forward(MobileActivations.Apply(_activation, conv_reduce.forward(input.mean([2, 3], keepdim: true))));
        return (input * (_hard ? functional.hardsigmoid(x) : x.sigmoid())).MoveToOuterDisposeScope();
    }

    private static Conv2d Drawn(int inChannels, int outChannels)
    {
        var convolution = Conv2d(inChannels, outChannels, 1);
        init.normal_(convolution.weight, 0, Math.Sqrt(2.0 / outChannels));
        init.zeros_(convolution.bias!);
        return convolution;
    }
}
