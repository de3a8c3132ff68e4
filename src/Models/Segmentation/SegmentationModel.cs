using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>
/// SMP's frame of all its architectures: encoder, decoder, segmentation head, and perhaps a classification head on the deepest map.
/// Keys begin with encoder, decoder, segmentation_head, classification_head.
/// </summary>
public sealed class SegmentationModel : Network
{
    private readonly Encoder encoder;
    private readonly Module<IReadOnlyList<Tensor>, Tensor> decoder;
    private readonly Module<Tensor, Tensor> segmentation_head;
    private readonly Module<Tensor, Tensor>? classification_head;

    /// <summary>Puts the parts together and initialises decoder and heads; the encoder comes as its family initialises it.</summary>
    /// <param name="name">Module name: the architecture's.</param>
    /// <param name="encoder">Made by the factory.</param>
    /// <param name="decoder">Takes all that the encoder gives.</param>
    /// <param name="head">From <see cref="Heads.Segmentation"/>, or the architecture's own.</param>
    /// <param name="options">Says whether there is a classification head.</param>
    /// <param name="shape">Where logits start.</param>
    public SegmentationModel(string name, Encoder encoder, Module<IReadOnlyList<Tensor>, Tensor> decoder, Module<Tensor, Tensor> head, SegmentationModelOptions options, NetworkShape shape)
        : base(name)
    {
        (this.encoder, this.decoder, segmentation_head) = (encoder, decoder, head);
        classification_head = options.AuxParams is { } aux ? Heads.Classification(encoder.Channels[^1], aux) : null;
        RegisterComponents();
        Initialization.Decoder(decoder);
        Initialization.Head(segmentation_head, shape);
        var main = Kind(options.Activation, OutputKind.Logits);
        Outputs = options.AuxParams is null ? [main] : [main, Kind(options.AuxParams.Activation, OutputKind.Presence) with { Weight = options.AuxParams.LossWeight }];
        if (classification_head is not null)
        {
            Initialization.Head(classification_head);
        }
    }

    /// <summary>Sides are a multiple of this besides the encoder's strides, 1 where the decoder asks for nothing.</summary>
    public int DecoderMultiple { get; init; } = 1;

    /// <summary>The smallest side that the decoder can work on.</summary>
    public int LeastSide { get; init; } = 1;

    /// <inheritdoc/>
    public override InputSizes Sizes => new(LeastCommonMultiple(LeastCommonMultiple(encoder.Strides.Max(), encoder.SizeMultiple), DecoderMultiple))
    {
        Only = encoder.OnlySize,
        Least = Math.Max(LeastSide, encoder.LeastSide),
    };

    /// <inheritdoc/>
    public override IReadOnlyList<NetworkOutput> Outputs { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return segmentation_head.forward(decoder.forward(encoder.forward(input))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> ForwardAll(Tensor input)
    {
        using var scope = NewDisposeScope();
        var maps = encoder.forward(input);
        var logits = segmentation_head.forward(decoder.forward(maps)).MoveToOuterDisposeScope();
        return classification_head is null ? [logits] : [logits, classification_head.forward(maps[encoder.Channels.Count - 1]).MoveToOuterDisposeScope()];
    }

    private static NetworkOutput Kind(string? activation, OutputKind bare) => new(activation is null or "identity" ? bare : OutputKind.Activated);

    private static int LeastCommonMultiple(int a, int b) => a / (int)System.Numerics.BigInteger.GreatestCommonDivisor(a, b) * b;
}
