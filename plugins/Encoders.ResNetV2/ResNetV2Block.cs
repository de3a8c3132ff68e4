using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ResNetV2;

/// <summary>Normalisation and ReLU before each convolution, and the input around all. Keys: downsample (conv), norm1, conv1, norm2, conv2, norm3, conv3.</summary>
internal sealed class ResNetV2Block : Module<Tensor, Tensor>
{
    private readonly Shortcut? downsample;
    private readonly List<(Module<Tensor, Tensor> Norm, Module<Tensor, Tensor> Convolution)> _steps = [];
    private readonly ResNetV2Design _design;

    /// <param name="design">The network.</param>
    /// <param name="inChannels">Channels in.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="place">Stride and dilation.</param>
    /// <param name="first">Of its stage.</param>
    public ResNetV2Block(ResNetV2Design design, int inChannels, int outChannels, StagePlace place, bool first) : base(nameof(ResNetV2Block))
    {
        _design = design;
        var stride = first ? place.Stride : 1;
        var dilation = first ? (place.Dilation <= 2 ? 1 : 2) : place.Dilation;
        if (first && (!design.Basic || stride != 1 || dilation != place.Dilation || inChannels != outChannels))
        {
            downsample = new Shortcut(design, inChannels, outChannels, stride, place.Dilation);
            register_module(nameof(downsample), downsample);
        }

        if (design.Basic)
        {
            Add(design, inChannels, outChannels, 3, stride, dilation);
            Add(design, outChannels, outChannels, 3, 1, place.Dilation);
        }
        else
        {
            var inner = outChannels / 4;
            Add(design, inChannels, inner, 1);
            Add(design, inner, inner, 3, stride, dilation);
            Add(design, inner, outChannels, 1);
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var before = _design.Activated(_steps[0].Norm.forward(input));
        var x = _steps[0].Convolution.forward(before);
        foreach (var (norm, convolution) in _steps.Skip(1))
        {
            x = convolution.forward(_design.Activated(norm.forward(x)));
        }

        return (x + (downsample?.forward(before) ?? input)).MoveToOuterDisposeScope();
    }

    private void Add(ResNetV2Design design, int inChannels, int outChannels, int kernel, int stride = 1, int dilation = 1)
    {
        _steps.Add((design.Norm(inChannels), design.Convolution(inChannels, outChannels, kernel, stride, dilation)));
        register_module($"norm{_steps.Count}", _steps[^1].Norm);
        register_module($"conv{_steps.Count}", _steps[^1].Convolution);
    }

    /// <summary>A 1×1 convolution, after an average in the variants d and t. Key: conv.</summary>
    private sealed class Shortcut : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv;
        private readonly Module<Tensor, Tensor>? _pool;

        public Shortcut(ResNetV2Design design, int inChannels, int outChannels, int stride, int dilation) : base(nameof(Shortcut))
        {
            var averages = design.DeepStem is not null;
            _pool = averages switch
            {
                true when dilation > 1 => new SameAvgPool2d(),
                true when stride > 1 => AvgPool2d(2, stride, ceil_mode: true, count_include_pad: false),
                _ => null,
            };
            conv = design.Convolution(inChannels, outChannels, 1, averages ? 1 : stride);
            register_module(nameof(conv), conv);
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return conv.forward(_pool?.forward(input) ?? input).MoveToOuterDisposeScope();
        }
    }
}
