using Osteon.Abstractions;
using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DPN;

/// <summary>Dual path networks: a residual and a dense path side by side, joined and rectified where a decoder takes them.</summary>
/// <remarks>Chen et al. 2017, arXiv:1707.01629. Member names are those of Cadene's pretrained models.</remarks>
[Encoder("dpn68")]
[Encoder("dpn68b")]
[Encoder("dpn92")]
[Encoder("dpn98")]
[Encoder("dpn107")]
[Encoder("dpn131")]
public sealed class DPNEncoder : StagedEncoder
{
    private readonly DualPaths features;

    /// <summary>Builds the variant that the options name.</summary>
    /// <exception cref="ConfigurationException">Another name, or an option outside what is allowed.</exception>
    public DPNEncoder(EncoderOptions options) : base(options, DPNVariant.Named(options.Name).Channels)
    {
        features = new DualPaths(options.InChannels, DPNVariant.Named(options.Name));
        RegisterComponents();
        Dilation.Apply(options.OutputStride, [.. features.Stage(2).Select(block => (16, (Module)block)), .. features.Stage(3).Select(block => (32, (Module)block))]);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Tensor> Maps(Tensor input)
    {
        foreach (var (stage, paths) in features.Maps(input).Index())
        {
            yield return stage == 0 ? paths[0] : features.Last is { } last && stage == features.Stages ? last.forward(paths) : functional.relu(cat([.. paths], 1), inplace: true);
        }
    }
}
