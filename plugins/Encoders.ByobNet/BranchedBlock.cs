using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ByobNet;

/// <summary>
/// The sum of branches, each with a normalisation, then activation: convolutions of one size, one of a single pixel, and the input itself where
/// its shape is the output's. Keys of RepVGG: identity, conv_kxk, conv_1x1, attn; of MobileOne: identity, conv_kxk.0 …, conv_scale, attn.
/// </summary>
/// <remarks>Ding et al. 2021, arXiv:2101.03697; Vasu et al. 2022, arXiv:2206.04040.</remarks>
internal sealed class BranchedBlock : Module<Tensor, Tensor>
{
    private readonly BatchNorm2d? _identity;
    private readonly List<ConvNormAct> _branches = [];
    private readonly Module<Tensor, Tensor>? _attention;
    private readonly Module<Tensor, Tensor> _activation;

    private BranchedBlock(ByobPlace place, int branches, int kernel, int groups, int dilation, bool squeezes, string single) : base(nameof(BranchedBlock))
    {
        ConvNormAct Branch(int side) => new(place.InChannels, place.OutChannels, side, place.Stride, groups, side > 1 ? dilation : 1);
        if (place.Keeps)
        {
            _identity = BatchNorm2d(place.OutChannels);
            register_module("identity", _identity);
        }

        var many = Enumerable.Range(0, Math.Max(branches, 1)).Select(_ => Branch(kernel)).ToArray();
        _branches.AddRange(many);
        register_module("conv_kxk", branches == 0 ? many[0] : ModuleList(many));
        if (kernel > 1)
        {
            _branches.Add(Branch(1));
            register_module(single, _branches[^1]);
        }

        _attention = squeezes ? place.Design.Attention!(place.OutChannels) : null;
        if (_attention is not null)
        {
            register_module("attn", _attention);
        }

        _activation = place.Design.Activation();
    }

    /// <summary>RepVGG's.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="number">In its stage, from 0.</param>
    public static BranchedBlock RepVgg(ByobPlace place, int number) => new(
        place, 0, 3, number % 2 == 1 && place.Blocks.EverySecondGroups > 0 ? place.Blocks.EverySecondGroups : 1, place.Dilation, place.Blocks.Squeezes, "conv_1x1");

    /// <summary>MobileOne's, which timm does not dilate.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="branches">Convolutions of its kernel's size.</param>
    public static BranchedBlock MobileOne(ByobPlace place, int branches) => new(
        place, branches, place.Blocks.Kernel, place.Blocks.GroupSize > 0 ? place.InChannels / place.Blocks.GroupSize : 1, 1, place.Blocks.Squeezes, "conv_scale");

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _branches.Select(branch => branch.forward(input)).Aggregate((sum, branch) => sum.add_(branch));
        x = _identity is null ? x : x.add_(_identity.forward(input));
        return _activation.forward(_attention?.forward(x) ?? x).MoveToOuterDisposeScope();
    }
}
