using Osteon.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>SMP's Attention: weighs channels and pixels of a map, and adds both results. Keys begin with attention.</summary>
/// <remarks>Roy, Navab, Wachinger 2018, arXiv:1808.08127.</remarks>
public sealed class ScseAttention : Module<Tensor, Tensor>
{
    /// <summary>How many channels are squeezed into one: SMP's value.</summary>
    public const int Reduction = 16;

    private readonly Gates attention;

    /// <summary>For maps of this many channels, at least <see cref="Reduction"/>.</summary>
    /// <exception cref="ConfigurationException">There are fewer.</exception>
    public ScseAttention(int channels) : base(nameof(ScseAttention))
    {
        if (channels < Reduction)
        {
            throw new ConfigurationException($"decoder_attention_type scse keeps one channel in {Reduction}, and the decoder has a map of {channels}. Choose wider decoder_channels or another encoder, or leave attention out.");
        }

        attention = new Gates(channels);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => attention.forward(input);

    private sealed class Gates : Module<Tensor, Tensor>
    {
        private readonly Sequential cSE, sSE;

        public Gates(int channels) : base(nameof(Gates))
        {
            cSE = Sequential(
                AdaptiveAvgPool2d(1), Conv2d(channels, channels / Reduction, 1), ReLU(inplace: true),
                Conv2d(channels / Reduction, channels, 1), Sigmoid());
            sSE = Sequential(Conv2d(channels, 1, 1), Sigmoid());
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var channelwise = input * cSE.forward(input);           // (N, C, 1, 1) over all pixels
            var pixelwise = input * sSE.forward(input);             // (N, 1, H, W) over all channels
            return (channelwise + pixelwise).MoveToOuterDisposeScope();
        }
    }
}
