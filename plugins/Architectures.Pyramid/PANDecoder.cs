using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Pyramid;

/// <summary>What the decoder is made of.</summary>
internal sealed record PANDecoderOptions(int Channels, InterpolationMode Interpolation);

/// <summary>Attends over the deepest map, then climbs to a quarter of the image's size. Keys: fpa, gau3, gau2, gau1, the last for the largest map.</summary>
internal sealed class PANDecoder : Module<IReadOnlyList<Tensor>, Tensor>
{
    private const int FirstMap = 2;                                 // of a quarter of the image's size

    private readonly PyramidAttention fpa;
    private readonly GuidedStep[] _steps;                           // deepest first

    public PANDecoder(IReadOnlyList<int> encoderChannels, PANDecoderOptions options) : base(nameof(PANDecoder))
    {
        fpa = new PyramidAttention(encoderChannels[^1], options.Channels);
        RegisterComponents();
        _steps = [.. encoderChannels.Skip(FirstMap).SkipLast(1).Reverse().Select(channels => new GuidedStep(channels, options))];
        for (var i = 0; i < _steps.Length; i++)
        {
            register_module($"gau{_steps.Length - i}", _steps[i]);
        }
    }

    public override Tensor forward(IReadOnlyList<Tensor> input)
    {
        using var scope = NewDisposeScope();
        var x = fpa.forward(input[^1]);
        for (var i = 0; i < _steps.Length; i++)
        {
            x = _steps[i].forward(input[input.Count - 2 - i], x);
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Weighs the channels of the encoder's map by the means of the map below, and adds that, enlarged. Keys: conv1, conv2.</summary>
    private sealed class GuidedStep : Module<Tensor, Tensor, Tensor>
    {
        private readonly Sequential conv1;
        private readonly ConvBatchNorm conv2;
        private readonly InterpolationMode _interpolation;

        public GuidedStep(int inChannels, PANDecoderOptions options) : base(nameof(GuidedStep))
        {
            _interpolation = options.Interpolation;
            conv1 = Sequential(AdaptiveAvgPool2d(1), new ConvBatchNorm(options.Channels, options.Channels, 1, relu: false), Sigmoid());
            conv2 = new ConvBatchNorm(inChannels, options.Channels, 3);
            RegisterComponents();
        }

        public override Tensor forward(Tensor beside, Tensor below)
        {
            using var scope = NewDisposeScope();
            var enlarged = Resampling.To(below, beside.shape[2], beside.shape[3], _interpolation, alignCorners: _interpolation == InterpolationMode.Bilinear);
            return (enlarged + (conv2.forward(beside) * conv1.forward(below))).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>Convolution with bias, batch normalisation and perhaps ReLU; the size stays. Keys: conv, bn.</summary>
internal sealed class ConvBatchNorm : Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly BatchNorm2d bn;
    private readonly bool _relu;

    public ConvBatchNorm(int inChannels, int outChannels, int kernel, bool relu = true) : base(nameof(ConvBatchNorm))
    {
        _relu = relu;
        conv = Conv2d(inChannels, outChannels, kernel, padding: kernel / 2);
        bn = BatchNorm2d(outChannels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = bn.forward(conv.forward(input));
        return (_relu ? functional.relu(x, inplace: true) : x).MoveToOuterDisposeScope();
    }
}
