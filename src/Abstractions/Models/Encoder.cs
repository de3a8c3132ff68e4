using Osteon.Masks;
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

    /// <summary>Stages used, 3 to 5, of a vision transformer blocks; SMP's own encoders keep the weights of stages beyond, timm's (<c>tu-</c>) leave them out.</summary>
    public int Depth { get; init; } = 5;

    /// <summary>
    /// Total stride of the last stage: 32, or 16 or 8 with dilation instead of the last strides. SMP's own encoders dilate as
    /// <c>Dilation</c> of Osteon.Models does; timm's and torchvision's leave a dilated stage's first convolution at the stage before's dilation.
    /// </summary>
    public int OutputStride { get; init; } = 32;
}

/// <summary>What an architecture that joins blocks of a vision transformer asks of it; its encoders take this record, or one derived from it.</summary>
public record BlockEncoderOptions : EncoderOptions
{
    /// <summary>The blocks whose maps are given, counted from 0, or from the last by negative numbers; as many as the depth. Null: spread evenly, the last one included.</summary>
    public IReadOnlyList<int>? OutputIndices { get; init; }
}

/// <summary>
/// Turns an image into feature maps of falling resolution. Member names are the reference's state_dict keys, so that its
/// weights load unmapped. <c>forward</c> gives the maps in order, the shallowest first. Where a transformer has no map at half
/// the size, an empty one, (N, 0, H/2, W/2), stands there. What comes behind the declared maps, such as a vision transformer's
/// prefix tokens (N, T, C), one tensor for each map, is for architectures that know of it.
/// </summary>
public abstract class Encoder : Module<Tensor, IReadOnlyList<Tensor>>
{
    /// <summary>Declares the maps that <c>forward</c> returns, in order.</summary>
    /// <param name="name">Module name.</param>
    /// <param name="channels">Channels of each map. SMP's convention: the first is the input itself, stride 1, or, as in VGG, a map of that size.</param>
    /// <param name="strides">Height of the input divided by the height of each map.</param>
    protected Encoder(string name, IReadOnlyList<int> channels, IReadOnlyList<int> strides)
        : base(name) => (Channels, Strides) = (channels, strides);

    /// <summary>Channels of each returned map.</summary>
    public IReadOnlyList<int> Channels { get; }

    /// <summary>Stride of each returned map.</summary>
    public IReadOnlyList<int> Strides { get; }

    /// <summary>Whether prefix tokens come behind the maps.</summary>
    public virtual bool HasPrefixTokens => false;

    /// <summary>The one image size it takes, as a transformer with fixed positions; null for any.</summary>
    public virtual Frame? OnlySize => null;

    /// <summary>Sides it takes are multiples of this, e.g. of a patch; most take any.</summary>
    public virtual int SizeMultiple => 1;

    /// <summary>Sides it takes are at least this; most take any.</summary>
    public virtual int LeastSide => 1;

    /// <summary>Whether each map has the input's size over its stride. False where convolutions do not pad: maps are then smaller, and not each half of the one before.</summary>
    public virtual bool KeepsSizes => true;
}
