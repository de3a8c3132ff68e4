using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.SENet;

/// <summary>The same networks under timm's names: keys under model, stages beyond the depth left out.</summary>
/// <remarks>Hu, Shen, Sun 2018, arXiv:1709.01507.</remarks>
[Encoder("tu-legacy_senet154")]
[Encoder("tu-legacy_seresnet18")]
[Encoder("tu-legacy_seresnet34")]
[Encoder("tu-legacy_seresnet50")]
[Encoder("tu-legacy_seresnet101")]
[Encoder("tu-legacy_seresnet152")]
[Encoder("tu-legacy_seresnext26_32x4d")]
[Encoder("tu-legacy_seresnext50_32x4d")]
[Encoder("tu-legacy_seresnext101_32x4d")]
public sealed class TimmSENetEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), new Body(options))
{
    private static SENetVariant Variant(EncoderOptions options) =>
        SENetVariant.Named(options.Name["tu-legacy_".Length..].Replace("seres", "se_res", StringComparison.Ordinal));

    private static TimmFeatures Features(EncoderOptions options) => new(2, Variant(options).Channels);

    /// <summary>Keys: layer0 … layer4.</summary>
    private sealed class Body : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly List<Sequential> _layers;

        public Body(EncoderOptions options) : base("model")
        {
            if (options.OutputStride != 32)
            {
                throw new ConfigurationException($"encoder {options.Name}: output stride {options.OutputStride} cannot be had; timm does not dilate this family. Ask for 32, or take se_resnet50 and its kin.");
            }

            var variant = Variant(options);
            _layers = [variant.Stem(options.InChannels), .. Enumerable.Range(0, Features(options).Used(options) - 1).Select(variant.Stage)];
            foreach (var (i, layer) in _layers.Index())
            {
                register_module($"layer{i}", layer);
            }

            Initialization.Convolutions(this);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var maps = new List<Tensor> { _layers[0].forward(input) };
            foreach (var (i, layer) in _layers.Skip(1).Index())
            {
                maps.Add(layer.forward(i == 0 ? functional.max_pool2d(maps[0], 3, 2, ceil_mode: true) : maps[^1]));
            }

            return maps.MoveToOuterDisposeScope();
        }
    }
}
