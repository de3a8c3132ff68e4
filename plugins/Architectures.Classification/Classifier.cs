using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Osteon.Plugins.Architectures.Classification;

/// <summary>What stands behind the encoder; names are SMP's, of its classification head.</summary>
public sealed record ClassifierOptions
{
    /// <summary>Stages of the encoder that are used, 3 to 5.</summary>
    public int EncoderDepth { get; init; } = 5;

    /// <summary>What becomes of the deepest map: avg, or max.</summary>
    public string Pooling { get; init; } = "avg";

    /// <summary>Share of the pooled features that is dropped in training, in [0, 1).</summary>
    public double Dropout { get; init; } = 0.2;
}

/// <summary>
/// Classifies whole images by any encoder: its deepest map, pooled to one pixel, dropout, and one linear layer. Keys begin with encoder and
/// classification_head, as in SMP's models with <c>aux_params</c>; with a ResNet it is torchvision's, whose fc is <c>classification_head.3</c>.
/// </summary>
[Architecture("Classifier")]
public sealed class Classifier(ClassifierOptions options) : Architecture
{
    private readonly int _depth = options.EncoderDepth is >= 3 and <= 5 ? options.EncoderDepth : throw new ConfigurationException($"encoder_depth {options.EncoderDepth} must be 3 to 5.");

    private readonly AuxParams _head = options.Pooling is not ("avg" or "max") ? throw new ConfigurationException($"pooling '{options.Pooling}' is unknown; avg and max are allowed.")
        : options.Dropout is >= 0 and < 1 ? new AuxParams { Pooling = options.Pooling, Dropout = options.Dropout }
        : throw new ConfigurationException(FormattableString.Invariant($"dropout {options.Dropout} must be at least 0 and below 1."));

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder) =>
        new EncoderWithHead(encoder(new EncoderOptions { InChannels = shape.InChannels, Depth = _depth }), _head with { Classes = shape.Classes }, shape);

    private sealed class EncoderWithHead : Network
    {
        private readonly Encoder encoder;
        private readonly Sequential classification_head;

        public EncoderWithHead(Encoder encoder, AuxParams head, NetworkShape shape)
            : base("Classifier")
        {
            this.encoder = encoder;
            classification_head = Heads.Classification(encoder.Channels[^1], head);
            RegisterComponents();
            Initialization.Head(classification_head, shape);
        }

        public override InputSizes Sizes => new(encoder.SizeMultiple) { Only = encoder.OnlySize };

        public override IReadOnlyList<NetworkOutput> Outputs => [new(OutputKind.ImageLogits)];

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var maps = encoder.forward(input);
            return classification_head.forward(maps[encoder.Channels.Count - 1]).MoveToOuterDisposeScope();      // (N, K)
        }
    }
}
