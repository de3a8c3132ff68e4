using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Xception;

/// <summary>Where a block stands in an aligned Xception, and what it is.</summary>
/// <param name="InChannels">Channels in.</param>
/// <param name="Widths">Channels after each of its three convolutions.</param>
/// <param name="Stride">Of the last.</param>
/// <param name="Dilation">Of all.</param>
/// <param name="IsLast">Nothing goes around, and activations stand behind normalisations, not before convolutions.</param>
/// <param name="Eps">Of its normalisations.</param>
internal sealed record AlignedPlace(int InChannels, IReadOnlyList<int> Widths, int Stride, int Dilation, bool IsLast, double Eps)
{
    public bool Changes => Stride != 1 || InChannels != Widths[^1];
}

/// <summary>Three separable convolutions beside a shortcut, each rectified before. Keys: shortcut, stack.</summary>
internal sealed class AlignedBlock : Module<Tensor, IReadOnlyList<Tensor>>
{
    private readonly ConvNormAct? shortcut;
    private readonly Sequential stack;
    private readonly bool _around;

    public AlignedBlock(AlignedPlace place) : base(nameof(AlignedBlock))
    {
        _around = !place.IsLast;
        shortcut = _around && place.Changes ? new ConvNormAct(place.InChannels, place.Widths[^1], 1, stride: place.Stride, eps: place.Eps) : null;
        stack = Sequential();
        foreach (var (i, width) in place.Widths.Index())
        {
            if (!place.IsLast)
            {
                stack.append($"act{i + 1}", ReLU(inplace: i > 0));  // the first must not touch what goes around
            }

            stack.append($"conv{i + 1}", new NormalisedSeparable(i == 0 ? place.InChannels : place.Widths[i - 1], width, i == 2 ? place.Stride : 1, place.Dilation, place.IsLast, place.Eps));
        }

        RegisterComponents();
    }

    /// <returns>What the last convolution takes, which is a map where it halves, and what the block gives.</returns>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = Enumerable.Range(0, stack.Count - 1).Aggregate(input, (map, i) => stack[i].call(map));
        var given = stack[stack.Count - 1].call(x);
        return [x.MoveToOuterDisposeScope(), (_around ? given + (shortcut?.forward(input) ?? input) : given).MoveToOuterDisposeScope()];
    }

    /// <summary>Keys: conv_dw, bn_dw, conv_pw, bn_pw.</summary>
    private sealed class NormalisedSeparable : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv_dw, conv_pw;
        private readonly BatchNorm2d bn_dw, bn_pw;
        private readonly bool _rectifies;

        public NormalisedSeparable(int inChannels, int outChannels, int stride, int dilation, bool rectifies, double eps) : base(nameof(NormalisedSeparable))
        {
            conv_dw = Conv2d(inChannels, inChannels, 3, stride: stride, padding: Padding(stride, dilation), dilation: dilation, groups: inChannels, bias: false);
            bn_dw = BatchNorm2d(inChannels, eps: eps);
            conv_pw = Conv2d(inChannels, outChannels, 1, bias: false);
            bn_pw = BatchNorm2d(outChannels, eps: eps);
            _rectifies = rectifies;
            register_module(nameof(conv_dw), conv_dw);
            register_module(nameof(bn_dw), bn_dw);
            register_module(nameof(conv_pw), conv_pw);
            register_module(nameof(bn_pw), bn_pw);
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = Active(bn_dw.forward(conv_dw.forward(input)));
            return Active(bn_pw.forward(conv_pw.forward(x))).MoveToOuterDisposeScope();
        }

        private Tensor Active(Tensor x) => _rectifies ? functional.relu(x, inplace: true) : x;
    }

    /// <summary>timm's padding of a 3×3 convolution.</summary>
    internal static int Padding(int stride, int dilation) => (stride - 1 + (2 * dilation)) / 2;
}

/// <summary>The same with normalisation and activation before each convolution, and before what goes around. Keys: shortcut, norm, stack.</summary>
internal sealed class PreActivatedBlock : Module<Tensor, IReadOnlyList<Tensor>>
{
    private readonly Conv2d? shortcut;
    private readonly BatchNorm2d norm;
    private readonly Sequential stack;
    private readonly bool _around;

    public PreActivatedBlock(AlignedPlace place) : base(nameof(PreActivatedBlock))
    {
        _around = !place.IsLast;
        shortcut = _around && place.Changes ? Conv2d(place.InChannels, place.Widths[^1], 1, stride: place.Stride, bias: false) : null;
        norm = BatchNorm2d(place.InChannels, eps: place.Eps);
        stack = Sequential();
        foreach (var (i, width) in place.Widths.Index())
        {
            stack.append($"conv{i + 1}", new PreActivatedSeparable(i == 0 ? place.InChannels : place.Widths[i - 1], width, i == 2 ? place.Stride : 1, place.Dilation, i > 0 ? place.Eps : null));
        }

        RegisterComponents();
    }

    /// <returns>What the last convolution takes, which is a map where it halves, and what the block gives.</returns>
    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var active = functional.relu(norm.forward(input), inplace: true);
        var x = stack[1].call(stack[0].call(active));
        var given = stack[2].call(x);
        return [x.MoveToOuterDisposeScope(), (_around ? given + (shortcut?.forward(active) ?? active) : given).MoveToOuterDisposeScope()];
    }

    /// <summary>Keys: norm, conv_dw, conv_pw.</summary>
    private sealed class PreActivatedSeparable : Module<Tensor, Tensor>
    {
        private readonly BatchNorm2d? norm;
        private readonly Conv2d conv_dw, conv_pw;

        public PreActivatedSeparable(int inChannels, int outChannels, int stride, int dilation, double? eps) : base(nameof(PreActivatedSeparable))
        {
            norm = eps is { } added ? BatchNorm2d(inChannels, eps: added) : null;
            conv_dw = Conv2d(inChannels, inChannels, 3, stride: stride, padding: AlignedBlock.Padding(stride, dilation), dilation: dilation, groups: inChannels, bias: false);
            conv_pw = Conv2d(inChannels, outChannels, 1, bias: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = norm is null ? input : functional.relu(norm.forward(input), inplace: true);
            return conv_pw.forward(conv_dw.forward(x)).MoveToOuterDisposeScope();
        }
    }
}
