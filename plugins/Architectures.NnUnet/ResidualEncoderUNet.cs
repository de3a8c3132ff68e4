using System.Text.Json.Nodes;
using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.NnUnet;

/// <summary>Of the network with residual blocks.</summary>
public sealed record ResidualEncoderUNetOptions : NnUnetOptions
{
    /// <summary>Residual blocks of each stage of the encoder; null: 1, 3, 4, then 6.</summary>
    public JsonNode? NBlocksPerStage { get; init; }

    /// <summary>BasicBlockD, or BottleneckD.</summary>
    public string Block { get; init; } = "BasicBlockD";

    /// <summary>Channels of each stage's middle convolution; BottleneckD only, which needs it.</summary>
    public JsonNode? BottleneckChannels { get; init; }

    /// <summary>Channels of the convolution before the first stage; null: as the first stage has.</summary>
    public int? StemChannels { get; init; }
}

/// <summary>nnU-Net's network with a residual encoder (ResEnc), as dynamic_network_architectures builds it, with its key names.</summary>
/// <remarks>Isensee et al. 2024, arXiv:2404.09556.</remarks>
[Architecture("ResidualEncoderUNet")]
public sealed class ResidualEncoderUNet : Architecture
{
    private readonly ResidualEncoderUNetOptions _options;
    private readonly Layers _layers;
    private readonly StagePlan _plan;
    private readonly int[] _blocks;
    private readonly int[]? _middles;

    /// <summary>With these options.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public ResidualEncoderUNet(ResidualEncoderUNetOptions options)
    {
        (_options, _layers) = (options, new Layers(options));
        _plan = StagePlan.Of(options, _layers.Axes, decoderConvolutions: 1);
        int[] usual = [1, 3, 4];
        _blocks = StageNumbers.Of("n_blocks_per_stage", options.NBlocksPerStage ?? new JsonArray([.. Enumerable.Range(0, _plan.Stages).Select(s => (JsonNode)(s < usual.Length ? usual[s] : 6))]), _plan.Stages);
        _middles = options.Block[(options.Block.LastIndexOf('.') + 1)..] switch
        {
            "BasicBlockD" => null,
            "BottleneckD" => StageNumbers.Of("bottleneck_channels", options.BottleneckChannels, _plan.Stages),
            _ => throw new ConfigurationException($"block '{options.Block}' is unknown; BasicBlockD and BottleneckD are allowed."),
        };
        if (options.StemChannels < 1)
        {
            throw new ConfigurationException($"stem_channels {options.StemChannels} must be at least 1, or null.");
        }
    }

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        var width = _options.StemChannels ?? _plan.Channels[0];
        var still = Enumerable.Repeat(1L, _layers.Axes).ToArray();
        var stem = new ConvStack(_layers, 1, shape.InChannels, width, _plan.Kernels[0], still);
        var stages = Enumerable.Range(0, _plan.Stages).Select(s => (Module<Tensor, Tensor>)new ResidualStack(
            _layers, _blocks[s], s == 0 ? width : _plan.Channels[s - 1], _middles?[s], _plan.Channels[s], _plan.Kernels[s], _plan.Strides[s]));
        return new StagedUNet(nameof(ResidualEncoderUNet), new StagedEncoder(stem, stages), _plan, _layers, shape, _options.DeepSupervision);
    }
}
