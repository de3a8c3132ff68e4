using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>How a map of a smaller branch is brought to the size of a larger one: the map, and one of the size wanted.</summary>
public delegate Tensor BranchEnlargement(Tensor map, Tensor like);

/// <summary>Branches side by side, then each map is the sum of all, brought to its size. Keys: branches, fuse_layers.</summary>
public sealed class HRNetModule : Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>
{
    private readonly ModuleList<Sequential> branches;
    private readonly ModuleList<ModuleList<Module<Tensor, Tensor>>> fuse_layers;
    private readonly BranchEnlargement _enlarge;

    /// <summary>A module of a network.</summary>
    /// <param name="variant">The network's numbers.</param>
    /// <param name="count">Branches, 2 to 4.</param>
    /// <param name="enlarge">Brings a smaller map to a larger one's size.</param>
    public HRNetModule(HRNetVariant variant, int count, BranchEnlargement enlarge) : base(nameof(HRNetModule))
    {
        _enlarge = enlarge;
        branches = ModuleList([.. Enumerable.Range(0, count).Select(branch => Branch(variant, branch))]);
        fuse_layers = ModuleList([.. Enumerable.Range(0, count).Select(to => ModuleList([.. Enumerable.Range(0, count).Select(from => Fuse(variant, from, to))]))]);
        RegisterComponents();
    }

    /// <summary>A 3×3 convolution, normalisation and, where active, ReLU. Keys: 0, 1.</summary>
    internal static Sequential Convolution(int inChannels, int outChannels, int stride, bool active)
    {
        var parts = Sequential(Conv2d(inChannels, outChannels, 3, stride: stride, padding: 1, bias: false), BatchNorm2d(outChannels));
        return active ? parts.append(ReLU(inplace: true)) : parts;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();
        Tensor[] maps = [.. branches.Zip(inputs, (branch, input) => branch.forward(input))];
        List<Tensor> fused = [.. fuse_layers.Select((layers, to) => functional.relu(layers.Select((layer, from) => Brought(layer.forward(maps[from]), from, maps[to], to)).Aggregate((sum, map) => sum + map)))];
        return fused.MoveToOuterDisposeScope();
    }

    private Tensor Brought(Tensor map, int from, Tensor like, int to) => from > to ? _enlarge(map, like) : map;

    private static Sequential Branch(HRNetVariant variant, int branch) => Sequential(
        Enumerable.Range(0, variant.Blocks).Select<int, Module<Tensor, Tensor>>(_ => new BasicBlock(variant.Channels(branch), variant.Channels(branch), stride: 1, firstDilation: 1, dilation: 1, shortcut: null)));

    private static Module<Tensor, Tensor> Fuse(HRNetVariant variant, int from, int to)
    {
        var (inChannels, outChannels) = (variant.Channels(from), variant.Channels(to));
        if (from > to)
        {
            return Sequential(Conv2d(inChannels, outChannels, 1, bias: false), BatchNorm2d(outChannels));
        }

        // Halved step by step; the last step changes the channels and is not active.
        return from == to ? Identity() : Sequential(Enumerable.Range(from + 1, to - from).Select<int, Module<Tensor, Tensor>>(step => Convolution(inChannels, step == to ? outChannels : inChannels, 2, active: step != to)));
    }
}
