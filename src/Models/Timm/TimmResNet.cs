using Osteon.Abstractions;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>timm's ResNet with <c>features_only</c>: without the stages beyond the depth, dilated in timm's way. Keys: conv1, bn1, maxpool, layer1 … layer4.</summary>
public sealed class TimmResNet : Module<Tensor, IReadOnlyList<Tensor>>
{
    private readonly Module<Tensor, Tensor> conv1;
    private readonly Module<Tensor, Tensor> bn1;
    private readonly Module<Tensor, Tensor> maxpool;
    private readonly List<Sequential> _layers = [];

    /// <summary>Draws the weights as timm does.</summary>
    /// <exception cref="ConfigurationException">An option is outside what is allowed.</exception>
    public TimmResNet(EncoderOptions options, TimmResNetPlan plan) : base("model")
    {
        conv1 = plan.Stem(options.InChannels);
        bn1 = plan.Norm(plan.StemChannels);
        maxpool = plan.StemPool(plan.StemChannels);
        RegisterComponents();
        foreach (var (index, place) in StagePlace.ForStride(options.OutputStride).Take(plan.Features.Used(options) - 1).Index())
        {
            _layers.Add(plan.Stage(index, place));
            register_module($"layer{_layers.Count}", _layers[index]);
        }

        Initialization.Convolutions(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var maps = new List<Tensor> { functional.relu(bn1.forward(conv1.forward(input)), inplace: true) };
        var x = maxpool.forward(maps[0]);
        foreach (var layer in _layers)
        {
            x = layer.forward(x);
            maps.Add(x);
        }

        return maps.MoveToOuterDisposeScope();
    }
}
