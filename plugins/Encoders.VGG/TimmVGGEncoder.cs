using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.VGG;

/// <summary>The same networks as timm builds them: a map is what a pooling takes, and the last pooling's own is the last; layers behind it are left out.</summary>
/// <remarks>Simonyan, Zisserman 2015, arXiv:1409.1556, table 1: columns A, B, D, E.</remarks>
[Encoder("tu-vgg11")]
[Encoder("tu-vgg11_bn")]
[Encoder("tu-vgg13")]
[Encoder("tu-vgg13_bn")]
[Encoder("tu-vgg16")]
[Encoder("tu-vgg16_bn")]
[Encoder("tu-vgg19")]
[Encoder("tu-vgg19_bn")]
public sealed class TimmVGGEncoder(EncoderOptions options) : TimmEncoder(options, s_features, new Body(options))
{
    private static readonly TimmFeatures s_features = new(1, [.. VGGEncoder.Widths, VGGEncoder.Widths[^1]]);

    /// <summary>Keys: features_0, features_1, …, numbered as in torchvision.</summary>
    private sealed class Body : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly List<Module<Tensor, Tensor>> _layers = [];
        private readonly int _maps;

        public Body(EncoderOptions options) : base("model")
        {
            _maps = s_features.Used(options);
            if (options.OutputStride != 32)
            {
                throw new ConfigurationException($"encoder {options.Name}: output stride {options.OutputStride} cannot be had, since pooling halves its maps. Ask for 32, or take another encoder.");
            }

            var pools = 0;
            foreach (var layer in VGGEncoder.Layers(options.InChannels, options.Name["tu-".Length..]))
            {
                pools += layer is MaxPool2d ? 1 : 0;
                if (pools == _maps)
                {
                    layer.Dispose();
                    break;
                }

                register_module($"features_{_layers.Count}", layer);
                _layers.Add(layer);
            }

            Initialization.Encoder(this);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (x, maps) = (input, new List<Tensor>());
            foreach (var layer in _layers)
            {
                if (layer is MaxPool2d)
                {
                    maps.Add(x);                                    // (N, C, H/stride, W/stride)
                }

                x = layer.forward(x);
            }

            maps.Add(x);
            return maps.MoveToOuterDisposeScope();
        }
    }
}
