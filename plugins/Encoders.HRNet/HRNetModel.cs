using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.HRNet;

/// <summary>The trunk, and a bottleneck that widens each map. Keys: the trunk's, incre_modules.</summary>
internal sealed class HRNetModel : Module<Tensor, IReadOnlyList<Tensor>>
{
    private static readonly int[] s_widened = [32, 64, 128, 256];

    private readonly HRNetTrunk _trunk;
    private readonly ModuleList<Module<Tensor, Tensor>> _widening;
    private readonly int _maps;

    /// <summary>Builds all of it, to give the first maps.</summary>
    /// <exception cref="ConfigurationException">An output stride other than 32: timm does not dilate HRNets.</exception>
    public HRNetModel(EncoderOptions options, int maps) : base("model")
    {
        if (options.OutputStride != 32)
        {
            throw new ConfigurationException($"encoder {options.Name}: output stride {options.OutputStride} must be 32; HRNets are not dilated.");
        }

        var variant = HRNetVariant.Named(options.Name["tu-hrnet_".Length..]);
        _maps = maps;
        _trunk = new HRNetTrunk(variant, options.InChannels, (map, like) => Resampling.To(map, like.shape[2], like.shape[3], InterpolationMode.Nearest));
        _widening = ModuleList<Module<Tensor, Tensor>>([.. s_widened.Select((width, i) => HRNetTrunk.Bottlenecks(variant.Channels(i), width, 1))]);
        foreach (var (key, part) in _trunk.Parts)
        {
            register_module(key, part);
        }

        register_module("incre_modules", _widening);
        Initialization.Encoder(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (first, branches) = _trunk.Forward(input);
        List<Tensor> maps = [first, .. _widening.Zip(branches, (widen, branch) => widen.forward(branch))];
        return maps.Take(_maps).ToList().MoveToOuterDisposeScope();
    }
}
