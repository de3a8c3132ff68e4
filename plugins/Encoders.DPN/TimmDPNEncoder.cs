using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DPN;

/// <summary>Dual path networks as timm builds them: a map is both paths joined, as they are; what comes behind the last stage is left out.</summary>
/// <remarks>Chen et al. 2017, arXiv:1707.01629. Keys: features_ and those of Cadene's pretrained models.</remarks>
[Encoder("tu-dpn48b")]
[Encoder("tu-dpn68")]
[Encoder("tu-dpn68b")]
[Encoder("tu-dpn92")]
[Encoder("tu-dpn98")]
[Encoder("tu-dpn107")]
[Encoder("tu-dpn131")]
public sealed class TimmDPNEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), new Body(options, Features(options).Used(options)))
{
    private static DPNVariant Variant(EncoderOptions options) => DPNVariant.Named(options.Name["tu-".Length..]);

    private static TimmFeatures Features(EncoderOptions options) => new(2, Variant(options).Channels);

    // The paths are a part of it and not a child, so that their keys stand alone.
    private sealed class Body : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly DualPaths _paths;

        public Body(EncoderOptions options, int maps) : base("model")
        {
            if (options.OutputStride != 32)
            {
                throw new ConfigurationException($"encoder {options.Name}: output stride {options.OutputStride} cannot be had; timm does not dilate this family. Ask for 32, or take dpn68 and its kin.");
            }

            _paths = new DualPaths(options.InChannels, Variant(options), stages: maps - 1, normalised: false, smooth: options.Name == "tu-dpn48b");
            foreach (var (key, part) in _paths.Parts)
            {
                register_module($"features_{key}", part);
            }
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            List<Tensor> maps = [.. _paths.Maps(input).Select(paths => paths is [var one] ? one : cat([.. paths], 1))];
            return maps.MoveToOuterDisposeScope();
        }
    }
}
