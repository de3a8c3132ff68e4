using System.Text.Json.Nodes;
using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.MMSegmentation;

/// <summary>The model part of an mmsegmentation configuration, in its own words.</summary>
public sealed record EncoderDecoderOptions
{
    /// <summary>type: MixVisionTransformer, SwinTransformer, ResNet, ResNetV1c or ResNetV1d, and its arguments.</summary>
    public JsonObject? Backbone { get; init; }

    /// <summary>type: SegformerHead, UPerHead or FCNHead, and its arguments.</summary>
    public JsonObject? DecodeHead { get; init; }

    /// <summary>A head that is learnt from besides, or a list of them; null for none. Its share of the loss is its loss_decode's loss_weight.</summary>
    public JsonNode? AuxiliaryHead { get; init; }
}

/// <summary>mmsegmentation's EncoderDecoder: its own backbones and heads, with its key names, so that its checkpoints load unmapped.</summary>
[Architecture("EncoderDecoder")]
public sealed class EncoderDecoder : Architecture
{
    private readonly EncoderDecoderOptions _options;

    /// <summary>With these options.</summary>
    /// <exception cref="ConfigurationException">The backbone or the head is missing.</exception>
    public EncoderDecoder(EncoderDecoderOptions options)
    {
        string[] faults =
        [
            .. options.Backbone is null ? (string[])["backbone is missing: {type: …, …} as in mmsegmentation's configurations."] : [],
            .. options.DecodeHead is null ? (string[])["decode_head is missing: {type: …, …} as in mmsegmentation's configurations."] : [],
        ];
        _options = faults.Length == 0 ? options : throw new ConfigurationException(faults);
    }

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder) => new EncoderDecoderNetwork(shape, _options);

    private sealed class EncoderDecoderNetwork : Network
    {
        private readonly Backbone backbone;
        private readonly DecodeHead decode_head;
        private readonly List<DecodeHead> _auxiliary = [];
        private readonly List<NetworkOutput> _outputs = [];
        private readonly bool _alignCorners;

        public EncoderDecoderNetwork(NetworkShape shape, EncoderDecoderOptions options) : base(nameof(EncoderDecoder))
        {
            backbone = Backbone.Of(new Settings("backbone", options.Backbone!), shape.InChannels);
            (decode_head, var weight, _alignCorners) = DecodeHead.Of(new Settings("decode_head", options.DecodeHead!), shape, backbone.Channels);
            RegisterComponents();
            _outputs.Add(NetworkOutput.Main with { Weight = weight });
            JsonNode?[] heads = options.AuxiliaryHead switch { null => [], JsonArray list => [.. list], var one => [one] };
            foreach (var head in heads)
            {
                var settings = new Settings("auxiliary_head", head as JsonObject ?? throw new ConfigurationException("auxiliary_head must be a mapping, or a list of them."));
                var (auxiliary, share, _) = DecodeHead.Of(settings, shape, backbone.Channels);
                _auxiliary.Add(auxiliary);
                _outputs.Add(new NetworkOutput(OutputKind.Logits, share));
            }

            if (options.AuxiliaryHead is JsonArray)
            {
                register_module("auxiliary_head", ModuleList(_auxiliary.ToArray()));
            }
            else if (_auxiliary is [var only])
            {
                register_module("auxiliary_head", only);
            }
        }

        public override InputSizes Sizes => new(backbone.Stride);

        public override IReadOnlyList<NetworkOutput> Outputs => _outputs;

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return Enlarged(decode_head.forward(backbone.forward(input)), input).MoveToOuterDisposeScope();
        }

        public override IReadOnlyList<Tensor> ForwardAll(Tensor input)
        {
            using var scope = NewDisposeScope();
            var maps = backbone.forward(input);
            var logits = Enlarged(decode_head.forward(maps), input).MoveToOuterDisposeScope();
            return [logits, .. _auxiliary.Select(head => head.forward(maps).MoveToOuterDisposeScope())];
        }

        private Tensor Enlarged(Tensor logits, Tensor input) =>
            functional.interpolate(logits, size: input.shape[2..], mode: InterpolationMode.Bilinear, align_corners: _alignCorners);
    }
}
