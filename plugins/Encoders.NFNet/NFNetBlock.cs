using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.NFNet;

/// <summary>
/// Activation before each convolution, and the input around all. The branch is divided by the deviation that its input is expected to have,
/// and multiplied by a small share. Keys: skipinit_gain, downsample (conv), conv1, conv2, conv2b, attn, conv3, attn_last.
/// </summary>
internal sealed class NFNetBlock : Module<Tensor, Tensor>
{
    private readonly Parameter? skipinit_gain;
    private readonly Shortcut? downsample;
    private readonly Module<Tensor, Tensor> conv1, conv2, conv3;
    private readonly Module<Tensor, Tensor>? conv2b, attn, attn_last;
    private readonly NFNetDesign _design;
    private readonly double _beta;

    /// <param name="design">The network.</param>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="stride">Pixels from one place to the next.</param>
    /// <param name="firstDilation">Of the first 3×3 convolution.</param>
    /// <param name="dilation">Of the second.</param>
    /// <param name="ratio">Inner channels for each channel out, or in.</param>
    /// <param name="variance">What its input is expected to have.</param>
    public NFNetBlock(NFNetDesign design, int inChannels, int outChannels, int stride, int firstDilation, int dilation, double ratio, double variance) : base(nameof(NFNetBlock))
    {
        (_design, _beta) = (design, 1 / Math.Sqrt(variance));
        var inner = Blocks.MakeDivisible((design.Expands ? inChannels : outChannels) * ratio);
        var groups = design.GroupSize > 0 ? inner / design.GroupSize : 1;
        inner = design.GroupSize > 0 ? design.GroupSize * groups : inner;
        skipinit_gain = design.IsDeepMind ? new Parameter(tensor(0f)) : null;
        downsample = inChannels != outChannels || stride != 1 || dilation != firstDilation ? new Shortcut(design, inChannels, outChannels, stride, dilation) : null;
        conv1 = design.Convolution(inChannels, inner, 1);
        conv2 = design.Convolution(inner, inner, 3, stride, firstDilation, groups);
        conv2b = design.SecondConvolution ? design.Convolution(inner, inner, 3, 1, dilation, groups) : null;
        attn = design.Expands ? design.Attention?.Invoke(inner) : null;
        conv3 = design.Convolution(inner, outChannels, 1, firstGain: design.IsDeepMind ? 1 : 0);
        attn_last = design.Expands ? null : design.Attention?.Invoke(outChannels);
        if (skipinit_gain is not null)
        {
            register_parameter(nameof(skipinit_gain), skipinit_gain);
        }

        foreach (var (name, part) in new (string, Module<Tensor, Tensor>?)[] { (nameof(downsample), downsample), (nameof(conv1), conv1), (nameof(conv2), conv2), (nameof(conv2b), conv2b), (nameof(attn), attn), (nameof(conv3), conv3), (nameof(attn_last), attn_last) })
        {
            if (part is not null)
            {
                register_module(name, part);
            }
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var before = _design.Active(input) * _beta;
        var x = conv2.forward(_design.Active(conv1.forward(before)));
        x = conv2b?.forward(_design.Active(x)) ?? x;
        x = attn is null ? x : attn.forward(x) * NFNetDesign.AttentionGain;
        x = conv3.forward(_design.Active(x));
        x = attn_last is null ? x : attn_last.forward(x) * NFNetDesign.AttentionGain;
        x = skipinit_gain is null ? x : x * skipinit_gain;
        return ((x * NFNetDesign.Alpha) + (downsample?.forward(before) ?? input)).MoveToOuterDisposeScope();
    }

    /// <summary>An average where the size halves or is dilated, then a 1×1 convolution. Key: conv.</summary>
    private sealed class Shortcut : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv;
        private readonly Module<Tensor, Tensor>? _pool;

        public Shortcut(NFNetDesign design, int inChannels, int outChannels, int stride, int dilation) : base(nameof(Shortcut))
        {
            _pool = (stride, dilation) switch
            {
                (_, > 1) => new SameAvgPool2d(),
                ( > 1, _) => AvgPool2d(2, stride, ceil_mode: true, count_include_pad: false),
                _ => null,
            };
            conv = design.Convolution(inChannels, outChannels, 1);
            register_module(nameof(conv), conv);
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return conv.forward(_pool?.forward(input) ?? input).MoveToOuterDisposeScope();
        }
    }
}
