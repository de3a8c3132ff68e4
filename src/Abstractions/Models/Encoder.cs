using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Abstractions;

/// <summary>What the architecture asks of an encoder.</summary>
public record EncoderOptions
{
    /// <summary>The name asked for, one of the class's <see cref="EncoderAttribute"/>s.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Image channels, at least 1.</summary>
    public int InChannels { get; init; } = 3;

    /// <summary>Stages used, 3 to 5; stages beyond are built (their weights exist) as SMP does, or left out, as the family documents.</summary>
    public int Depth { get; init; } = 5;

    /// <summary>Total stride of the last stage: 32, or 16 or 8 with dilation instead of the last strides.</summary>
    public int OutputStride { get; init; } = 32;
}

/// <summary>
/// Turns an image into feature maps of falling resolution. Member names are the reference's state_dict keys, so that its
/// weights load unmapped.
/// </summary>
public abstract class Encoder : Module<Tensor, IReadOnlyList<Tensor>>
{
    /// <summary>Declares the maps that <c>forward</c> returns, in order.</summary>
    /// <param name="name">Module name.</param>
    /// <param name="channels">Channels of each map. SMP's convention: the first is the input itself, stride 1.</param>
    /// <param name="strides">Height of the input divided by the height of each map.</param>
    protected Encoder(string name, IReadOnlyList<int> channels, IReadOnlyList<int> strides)
        : base(name) => (Channels, Strides) = (channels, strides);

    /// <summary>Channels of each returned map.</summary>
    public IReadOnlyList<int> Channels { get; }

    /// <summary>Stride of each returned map.</summary>
    public IReadOnlyList<int> Strides { get; }
}
