using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>
/// An HRNet's parts and their order: two strided convolutions, bottlenecks, then stages of two, three and four branches. It is no module:
/// its owner registers the parts, under conv1, bn1, conv2, bn2, layer1, transition1, stage2, transition2, stage3, transition3, stage4,
/// beside what it has of its own.
/// </summary>
public sealed class HRNetTrunk
{
    private readonly Conv2d _conv1, _conv2;
    private readonly BatchNorm2d _bn1, _bn2;
    private readonly Sequential _layer1;
    private readonly ModuleList<Module<Tensor, Tensor>> _transition1, _transition2, _transition3;
    private readonly ModuleList<HRNetModule> _stage2, _stage3, _stage4;

    /// <summary>Builds the parts.</summary>
    /// <param name="variant">The network's numbers.</param>
    /// <param name="inChannels">Image channels.</param>
    /// <param name="enlarge">Brings a smaller map to a larger one's size.</param>
    public HRNetTrunk(HRNetVariant variant, int inChannels, BranchEnlargement enlarge)
    {
        _conv1 = Conv2d(inChannels, 64, 3, stride: 2, padding: 1, bias: false);
        _bn1 = BatchNorm2d(64);
        _conv2 = Conv2d(64, 64, 3, stride: 2, padding: 1, bias: false);
        _bn2 = BatchNorm2d(64);
        _layer1 = Bottlenecks(64, variant.FirstWidth, variant.FirstBlocks);
        _transition1 = ModuleList<Module<Tensor, Tensor>>(HRNetModule.Convolution(variant.FirstWidth * 4, variant.Channels(0), 1, active: true), New(variant.FirstWidth * 4, variant.Channels(1)));
        _stage2 = Stage(variant, 2, enlarge);
        _transition2 = ModuleList<Module<Tensor, Tensor>>(Identity(), Identity(), New(variant.Channels(1), variant.Channels(2)));
        _stage3 = Stage(variant, 3, enlarge);
        _transition3 = ModuleList<Module<Tensor, Tensor>>(Identity(), Identity(), Identity(), New(variant.Channels(2), variant.Channels(3)));
        _stage4 = Stage(variant, 4, enlarge);
    }

    /// <summary>The parts under their keys, in the state dictionary's order.</summary>
    public IReadOnlyList<(string Key, Module Part)> Parts =>
    [
        ("conv1", _conv1), ("bn1", _bn1), ("conv2", _conv2), ("bn2", _bn2), ("layer1", _layer1), ("transition1", _transition1), ("stage2", _stage2),
        ("transition2", _transition2), ("stage3", _stage3), ("transition3", _transition3), ("stage4", _stage4),
    ];

    /// <summary>Bottlenecks in a row that give four times <paramref name="width"/> channels. Keys: the number of a block, then the block's.</summary>
    public static Sequential Bottlenecks(int inChannels, int width, int blocks) => Sequential(Enumerable.Range(0, blocks).Select<int, Module<Tensor, Tensor>>(i => new BottleneckBlock(
        i == 0 ? inChannels : width * 4, width, width * 4, groups: 1, stride: 1, dilation: 1, i == 0 ? Shortcut.For(inChannels, width * 4, 1) : null)));

    /// <summary>Through all parts.</summary>
    /// <returns>The first map, (N, 64, H/2, W/2), and those of the four branches, of strides 4, 8, 16 and 32; the caller's scope owns them.</returns>
    public (Tensor First, IReadOnlyList<Tensor> Branches) Forward(Tensor input)
    {
        var first = functional.relu(_bn1.forward(_conv1.forward(input)), inplace: true);
        var x = _layer1.forward(functional.relu(_bn2.forward(_conv2.forward(first)), inplace: true));
        IReadOnlyList<Tensor> branches = [.. _transition1.Select(transition => transition.forward(x))];
        branches = Through(_stage2, branches);
        branches = Through(_stage3, [.. branches, _transition2[^1].forward(branches[^1])]);
        return (first, Through(_stage4, [.. branches, _transition3[^1].forward(branches[^1])]));
    }

    private static IReadOnlyList<Tensor> Through(ModuleList<HRNetModule> stage, IReadOnlyList<Tensor> branches) =>
        stage.Aggregate(branches, (maps, module) => module.forward(maps));

    private static ModuleList<HRNetModule> Stage(HRNetVariant variant, int branches, BranchEnlargement enlarge) =>
        ModuleList([.. Enumerable.Range(0, variant.Modules[branches - 2]).Select(_ => new HRNetModule(variant, branches, enlarge))]);

    // A branch that begins here: of the smallest map there is.
    private static Sequential New(int inChannels, int outChannels) => Sequential([HRNetModule.Convolution(inChannels, outChannels, 2, active: true)]);
}
