using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.MMSegmentation;

/// <summary>Which normalisation follows a head's convolutions.</summary>
/// <param name="Key">mmcv's name of it, as in its keys.</param>
/// <param name="Layer">For maps of so many channels.</param>
internal sealed record ConvNorm(string Key, Func<int, Module<Tensor, Tensor>> Layer)
{
    /// <summary>Reads a norm_cfg; null for none. SyncBN is batch normalisation over several devices, and the same on one.</summary>
    public static ConvNorm? Of(Settings? settings)
    {
        if (settings is null)
        {
            return null;
        }

        settings.Ignore("requires_grad");
        var type = settings.Word("type", null, "BN", "BN2d", "SyncBN", "GN");
        var (eps, momentum) = (settings.Number("eps", 1e-5), settings.Number("momentum", 0.1));
        var norm = type == "GN" && settings.Whole("num_groups") is var groups
            ? new ConvNorm("gn", channels => GroupNorm(groups, channels, eps))
            : new ConvNorm("bn", channels => BatchNorm2d(channels, eps, momentum));
        settings.Finish();
        return norm;
    }
}

/// <summary>Convolution, normalisation, ReLU, under mmcv's names; a bias only where no normalisation follows. Keys: conv, bn or gn.</summary>
internal sealed class ConvModule : Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly Module<Tensor, Tensor>? _norm;

    public ConvModule(int inChannels, int outChannels, int kernel, ConvNorm? norm, int dilation = 1) : base(nameof(ConvModule))
    {
        conv = Conv2d(inChannels, outChannels, kernel, padding: kernel / 2 * dilation, dilation: dilation, bias: norm is null);
        _norm = norm?.Layer(outChannels);
        register_module(nameof(conv), conv);
        if (_norm is not null)
        {
            register_module(norm!.Key, _norm);
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv.forward(input);
        return functional.relu(_norm?.forward(x) ?? x, inplace: true).MoveToOuterDisposeScope();
    }
}
