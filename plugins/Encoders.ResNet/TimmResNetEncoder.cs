using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ResNet;

/// <summary>The same networks as timm builds them: keys under model, stages beyond the depth left out, dilated in timm's way.</summary>
[Encoder("tu-resnet18")]
[Encoder("tu-resnet34")]
[Encoder("tu-resnet50")]
[Encoder("tu-resnet101")]
[Encoder("tu-resnet152")]
[Encoder("tu-resnext50_32x4d")]
[Encoder("tu-resnext101_32x4d")]
[Encoder("tu-resnext101_32x8d")]
[Encoder("tu-resnext101_32x16d")]
[Encoder("tu-resnext101_64x4d")]
[Encoder("tu-wide_resnet50_2")]
[Encoder("tu-wide_resnet101_2")]
public sealed class TimmResNetEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), new Model(options))
{
    private static ResNetVariant Variant(EncoderOptions options) => ResNetVariant.Named(options.Name["tu-".Length..]);

    private static TimmFeatures Features(EncoderOptions options) => new(2, [64, .. Enumerable.Range(0, 4).Select(Variant(options).Channels)]);

    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly Conv2d conv1;
        private readonly BatchNorm2d bn1;
        private readonly List<Sequential> _layers = [];

        public Model(EncoderOptions options) : base("model")
        {
            conv1 = Conv2d(options.InChannels, 64, 7, stride: 2, padding: 3, bias: false);
            bn1 = BatchNorm2d(64);
            RegisterComponents();
            foreach (var layer in Variant(options).DilatedStages(options.OutputStride).Take(Features(options).Used(options) - 1))
            {
                _layers.Add(layer);
                register_module($"layer{_layers.Count}", layer);
            }

            Initialization.Encoder(this);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var maps = new List<Tensor> { functional.relu(bn1.forward(conv1.forward(input)), inplace: true) };
            var x = functional.max_pool2d(maps[0], 3, 2, 1);
            foreach (var layer in _layers)
            {
                x = layer.forward(x);
                maps.Add(x);
            }

            return maps.MoveToOuterDisposeScope();
        }
    }
}
