using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.HRNet;

/// <summary>Branches side by side, then each map is the sum of all, brought to its size. Keys: branches, fuse_layers.</summary>
internal sealed class HRNetModule : Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>
{
    private readonly ModuleList<Sequential> branches;
    private readonly ModuleList<ModuleList<Module<Tensor, Tensor>>> fuse_layers;

    public HRNetModule(HRNetVariant variant, int count) : base(nameof(HRNetModule))
    {
        branches = ModuleList([.. Enumerable.Range(0, count).Select(branch => Branch(variant, branch))]);
        fuse_layers = ModuleList([.. Enumerable.Range(0, count).Select(to => ModuleList([.. Enumerable.Range(0, count).Select(from => Fuse(variant, from, to))]))]);
        RegisterComponents();
    }

    /// <summary>A 3×3 convolution, normalisation and, where active, ReLU. Keys: 0, 1.</summary>
    public static Sequential Convolution(int inChannels, int outChannels, int stride, bool active)
    {
        var parts = Sequential(Conv2d(inChannels, outChannels, 3, stride: stride, padding: 1, bias: false), BatchNorm2d(outChannels));
        return active ? parts.append(ReLU(inplace: true)) : parts;
    }

    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();
        Tensor[] maps = [.. branches.Zip(inputs, (branch, input) => branch.forward(input))];
        List<Tensor> fused = [.. fuse_layers.Select(layers => functional.relu(layers.Zip(maps, (layer, map) => layer.forward(map)).Aggregate((sum, map) => sum + map)))];
        return fused.MoveToOuterDisposeScope();
    }

    private static Sequential Branch(HRNetVariant variant, int branch) => Sequential(
        Enumerable.Range(0, variant.Blocks).Select<int, Module<Tensor, Tensor>>(_ => new BasicBlock(variant.Channels(branch), variant.Channels(branch), stride: 1, firstDilation: 1, dilation: 1, shortcut: null)));

    private static Module<Tensor, Tensor> Fuse(HRNetVariant variant, int from, int to)
    {
        var (inChannels, outChannels) = (variant.Channels(from), variant.Channels(to));
        if (from > to)
        {
            return Sequential(Conv2d(inChannels, outChannels, 1, bias: false), BatchNorm2d(outChannels), Upsample(scale_factor: [1 << (from - to), 1 << (from - to)]));
        }

        // Halved step by step; the last step changes the channels and is not active.
        return from == to ? Identity() : Sequential(Enumerable.Range(from + 1, to - from).Select<int, Module<Tensor, Tensor>>(step => Convolution(inChannels, step == to ? outChannels : inChannels, 2, active: step != to)));
    }
}
