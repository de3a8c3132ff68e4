using Osteon.Abstractions;
using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.VoVNet;

/// <summary>A VoVNet by its numbers.</summary>
/// <param name="Layers">Of each block.</param>
/// <param name="Blocks">Of each stage.</param>
/// <remarks>Lee, Park 2020, arXiv:1911.06667, table 1.</remarks>
internal sealed record VoVNetVariant(int Layers, IReadOnlyList<int> Blocks)
{
    /// <summary>Channels of the first two convolutions.</summary>
    public const int StemChannels = 64;

    private static readonly int[] s_slimInner = [64, 80, 96, 112];
    private static readonly int[] s_slimOut = [112, 256, 384, 512];

    /// <summary>Channels of the third convolution.</summary>
    public int LastStem { get; init; } = 128;

    /// <summary>Channels of each stage's layers.</summary>
    public IReadOnlyList<int> InnerChannels { get; init; } = [128, 160, 192, 224];

    /// <summary>Channels of each stage.</summary>
    public IReadOnlyList<int> OutChannels { get; init; } = [256, 512, 768, 1024];

    /// <summary>Layers convolve each channel by itself first.</summary>
    public bool Depthwise { get; init; }

    /// <summary>The second version: blocks but the first of a stage have a shortcut.</summary>
    public bool Residual { get; init; } = true;

    /// <summary>Weighs the channels at the end of a stage; null for nothing.</summary>
    public Func<int, Module<Tensor, Tensor>>? Attention { get; init; } = channels => new EffectiveSqueezeExcite(channels);

    /// <summary>EvoNorm instead of batch normalisation and ReLU.</summary>
    public bool Evo { get; init; }

    /// <summary>The variant of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static VoVNetVariant Named(string encoder) => encoder["tu-".Length..] switch
    {
        "vovnet39a" => new(5, [1, 1, 2, 2]) { Residual = false, Attention = null },
        "vovnet57a" => new(5, [1, 1, 4, 3]) { Residual = false, Attention = null },
        "ese_vovnet19b_slim_dw" => new(3, [1, 1, 1, 1]) { LastStem = 64, InnerChannels = s_slimInner, OutChannels = s_slimOut, Depthwise = true },
        "ese_vovnet19b_dw" => new(3, [1, 1, 1, 1]) { LastStem = 64, Depthwise = true },
        "ese_vovnet19b_slim" => new(3, [1, 1, 1, 1]) { InnerChannels = s_slimInner, OutChannels = s_slimOut },
        "ese_vovnet39b" => new(5, [1, 1, 2, 2]),
        "ese_vovnet39b_evos" => new(5, [1, 1, 2, 2]) { Evo = true },
        "ese_vovnet57b" => new(5, [1, 1, 4, 3]),
        "ese_vovnet99b" => new(5, [1, 3, 9, 3]),
        "eca_vovnet39b" => new(5, [1, 1, 2, 2]) { Attention = channels => new EfficientChannelAttention(channels) },
        var name => throw new ConfigurationException($"encoder 'tu-{name}' is no VoVNet that is known here."),
    };
}
