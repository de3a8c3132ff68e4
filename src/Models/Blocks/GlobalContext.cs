using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>
/// Adds to each channel, or weighs it by, what a mean over all pixels says, in which each pixel has a learnt share. Keys: conv_attn,
/// mlp_add or mlp_scale (fc1, norm, fc2).
/// </summary>
/// <remarks>Cao et al. 2019, arXiv:1904.11492, figure 4d.</remarks>
public sealed class GlobalContext : Module<Tensor, Tensor>
{
    private readonly Conv2d conv_attn;
    private readonly ConvMlp _mlp;
    private readonly bool _scales;

    /// <summary>One that adds.</summary>
    /// <param name="channels">Channels in and out; an eighth of them between the two layers.</param>
    public GlobalContext(int channels) : this(channels, Blocks.MakeDivisible(channels / 8.0, divisor: 1, roundLimit: 0), x => functional.relu(x), scales: false)
    {
    }

    /// <summary>One that weighs.</summary>
    /// <param name="channels">Channels in and out.</param>
    /// <param name="squeezed">Channels between the two layers.</param>
    /// <param name="activation">Between the two layers.</param>
    public GlobalContext(int channels, int squeezed, Func<Tensor, Tensor> activation) : this(channels, squeezed, activation, scales: true)
    {
    }

    private GlobalContext(int channels, int squeezed, Func<Tensor, Tensor> activation, bool scales) : base(nameof(GlobalContext))
    {
        _scales = scales;
        conv_attn = Conv2d(channels, 1, 1);
        _mlp = new ConvMlp(channels, squeezed, activation, norm: new LayerNorm2d(squeezed, 1e-6));
        register_module(nameof(conv_attn), conv_attn);
        register_module(scales ? "mlp_scale" : "mlp_add", _mlp);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, channels) = (input.shape[0], input.shape[1]);
        var shares = functional.softmax(conv_attn.forward(input).reshape(images, -1, 1), 1);        // (N, pixels, 1)
        var context = _mlp.forward(input.reshape(images, channels, -1).matmul(shares).reshape(images, channels, 1, 1));
        return (_scales ? input * context.sigmoid() : input + context).MoveToOuterDisposeScope();
    }
}
