using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.HRNet;

/// <summary>
/// Two strided convolutions, bottlenecks, then stages of two, three and four branches, and a bottleneck that widens each map. Keys: conv1,
/// bn1, conv2, bn2, layer1, transition1, stage2, transition2, stage3, transition3, stage4, incre_modules.
/// </summary>
internal sealed class HRNetModel : Module<Tensor, IReadOnlyList<Tensor>>
{
    private static readonly int[] s_widened = [32, 64, 128, 256];

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential layer1;
    private readonly ModuleList<Module<Tensor, Tensor>> transition1;
    private readonly ModuleList<HRNetModule> stage2;
    private readonly ModuleList<Module<Tensor, Tensor>> transition2;
    private readonly ModuleList<HRNetModule> stage3;
    private readonly ModuleList<Module<Tensor, Tensor>> transition3;
    private readonly ModuleList<HRNetModule> stage4;
    private readonly ModuleList<Module<Tensor, Tensor>> incre_modules;
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
        conv1 = Conv2d(options.InChannels, 64, 3, stride: 2, padding: 1, bias: false);
        bn1 = BatchNorm2d(64);
        conv2 = Conv2d(64, 64, 3, stride: 2, padding: 1, bias: false);
        bn2 = BatchNorm2d(64);
        layer1 = Bottlenecks(64, variant.FirstWidth, variant.FirstBlocks);
        transition1 = ModuleList<Module<Tensor, Tensor>>(HRNetModule.Convolution(variant.FirstWidth * 4, variant.Channels(0), 1, active: true), New(variant.FirstWidth * 4, variant.Channels(1)));
        stage2 = Stage(variant, 2);
        transition2 = ModuleList<Module<Tensor, Tensor>>(Identity(), Identity(), New(variant.Channels(1), variant.Channels(2)));
        stage3 = Stage(variant, 3);
        transition3 = ModuleList<Module<Tensor, Tensor>>(Identity(), Identity(), Identity(), New(variant.Channels(2), variant.Channels(3)));
        stage4 = Stage(variant, 4);
        incre_modules = ModuleList<Module<Tensor, Tensor>>([.. s_widened.Select((width, i) => Bottlenecks(variant.Channels(i), width, 1))]);
        RegisterComponents();
        Initialization.Encoder(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var first = functional.relu(bn1.forward(conv1.forward(input)), inplace: true);
        var x = layer1.forward(functional.relu(bn2.forward(conv2.forward(first)), inplace: true));
        IReadOnlyList<Tensor> branches = [.. transition1.Select(transition => transition.forward(x))];
        branches = Through(stage2, branches);
        branches = Through(stage3, [.. branches, transition2[^1].forward(branches[^1])]);
        branches = Through(stage4, [.. branches, transition3[^1].forward(branches[^1])]);
        List<Tensor> maps = [first, .. incre_modules.Zip(branches, (widen, branch) => widen.forward(branch))];
        return maps.Take(_maps).ToList().MoveToOuterDisposeScope();
    }

    private static IReadOnlyList<Tensor> Through(ModuleList<HRNetModule> stage, IReadOnlyList<Tensor> branches) =>
        stage.Aggregate(branches, (maps, module) => module.forward(maps));

    private static ModuleList<HRNetModule> Stage(HRNetVariant variant, int branches) =>
        ModuleList([.. Enumerable.Range(0, variant.Modules[branches - 2]).Select(_ => new HRNetModule(variant, branches))]);

    // A branch that begins here: of the smallest map there is.
    private static Sequential New(int inChannels, int outChannels) => Sequential([HRNetModule.Convolution(inChannels, outChannels, 2, active: true)]);

    private static Sequential Bottlenecks(int inChannels, int width, int blocks) => Sequential(Enumerable.Range(0, blocks).Select<int, Module<Tensor, Tensor>>(i => new BottleneckBlock(
        i == 0 ? inChannels : width * 4, width, width * 4, groups: 1, stride: 1, dilation: 1, i == 0 ? Shortcut.For(inChannels, width * 4, 1) : null)));
}
