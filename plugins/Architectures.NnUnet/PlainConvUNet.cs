using System.Text.Json.Nodes;
using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.NnUnet;

/// <summary>Of the plain network.</summary>
public sealed record PlainConvUNetOptions : NnUnetOptions
{
    /// <summary>Convolutions of each stage of the encoder.</summary>
    public JsonNode? NConvPerStage { get; init; } = 2;

    /// <summary>Whether the nonlinearity comes before the normalisation.</summary>
    public bool NonlinFirst { get; init; }
}

/// <summary>nnU-Net's standard network, as dynamic_network_architectures builds it, with its key names.</summary>
/// <remarks>Isensee et al. 2021, doi:10.1038/s41592-020-01008-z.</remarks>
[Architecture("PlainConvUNet")]
public sealed class PlainConvUNet : Architecture
{
    private readonly PlainConvUNetOptions _options;
    private readonly Layers _layers;
    private readonly StagePlan _plan;
    private readonly int[] _convolutions;

    /// <summary>With these options.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public PlainConvUNet(PlainConvUNetOptions options)
    {
        (_options, _layers) = (options, new Layers(options));
        _plan = StagePlan.Of(options, _layers.Axes, decoderConvolutions: 2);
        _convolutions = StageNumbers.Of("n_conv_per_stage", options.NConvPerStage, _plan.Stages);
    }

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        var stages = Enumerable.Range(0, _plan.Stages).Select(s => (Module<Tensor, Tensor>)Sequential(new ConvStack(
            _layers, _convolutions[s], s == 0 ? shape.InChannels : _plan.Channels[s - 1], _plan.Channels[s], _plan.Kernels[s], _plan.Strides[s], _options.NonlinFirst)));
        return new StagedUNet(nameof(PlainConvUNet), new StagedEncoder(null, stages), _plan, _layers, shape, _options.DeepSupervision, _options.NonlinFirst);
    }
}
