using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.DenseNet;

/// <summary>Layers that each see all maps before them. Keys: denselayer1, denselayer2, …</summary>
internal sealed class DenseBlock : Module<Tensor, Tensor>
{
    private readonly List<DenseLayer> _layers = [];

    public DenseBlock(int channels, int growth, int layers) : base(nameof(DenseBlock))
    {
        for (var i = 0; i < layers; i++)
        {
            _layers.Add(new DenseLayer(channels + (i * growth), growth));
            register_module($"denselayer{i + 1}", _layers[i]);
        }
    }

    /// <returns>The input's channels and what each layer has added.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var maps = new List<Tensor> { input };
        foreach (var layer in _layers)
        {
            using var gathered = cat(maps, 1);
            maps.Add(layer.forward(gathered));
        }

        return cat(maps, 1).MoveToOuterDisposeScope();
    }

    private sealed class DenseLayer : Module<Tensor, Tensor>
    {
        private const int Bottleneck = 4;
        private readonly BatchNorm2d norm1;
        private readonly Conv2d conv1;
        private readonly BatchNorm2d norm2;
        private readonly Conv2d conv2;

        public DenseLayer(int channels, int growth) : base(nameof(DenseLayer))
        {
            norm1 = BatchNorm2d(channels);
            conv1 = Conv2d(channels, Bottleneck * growth, 1, bias: false);
            norm2 = BatchNorm2d(Bottleneck * growth);
            conv2 = Conv2d(Bottleneck * growth, growth, 3, padding: 1, bias: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = conv1.forward(functional.relu(norm1.forward(input), inplace: true));
            return conv2.forward(functional.relu(norm2.forward(x), inplace: true)).MoveToOuterDisposeScope();
        }
    }
}
