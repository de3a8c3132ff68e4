using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ConvNeXt;

/// <summary>Two layers over each pixel's channels, of (N, C, H, W). Keys: fc1, grn in V2, fc2.</summary>
internal sealed class ChannelMlp : Module<Tensor, Tensor>
{
    private const int Expansion = 4;

    private readonly Module<Tensor, Tensor> fc1;
    private readonly GlobalResponseNorm? grn;
    private readonly Module<Tensor, Tensor> fc2;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly bool _convolutions;

    public ChannelMlp(int channels, ConvNeXtVariant variant) : base(nameof(ChannelMlp))
    {
        (_activation, _convolutions) = (variant.Activation, variant.Convolutions);
        fc1 = Layer(channels, Expansion * channels);
        grn = variant.ResponseNorm ? new GlobalResponseNorm(Expansion * channels) : null;
        fc2 = Layer(Expansion * channels, channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _activation(fc1.forward(_convolutions ? input : ChannelsLast(input)));
        if (grn is not null)
        {
            x = _convolutions ? ChannelsFirst(grn.forward(ChannelsLast(x))) : grn.forward(x);
        }

        x = fc2.forward(x);
        return (_convolutions ? x : ChannelsFirst(x)).MoveToOuterDisposeScope();
    }

    private static Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1);

    private static Tensor ChannelsFirst(Tensor x) => x.permute(0, 3, 1, 2);

    private Module<Tensor, Tensor> Layer(int inChannels, int outChannels) => _convolutions ? Conv2d(inChannels, outChannels, 1) : Linear(inChannels, outChannels);

    /// <summary>Lets the channels of (N, H, W, C) compete: each is weighed by its norm over the image among all channels' norms. Keys: weight, bias.</summary>
    /// <remarks>Woo et al. 2023, arXiv:2301.00808, section 3.</remarks>
    private sealed class GlobalResponseNorm : Module<Tensor, Tensor>
    {
        private const double Eps = 1e-6;

        private readonly Parameter weight;
        private readonly Parameter bias;

        public GlobalResponseNorm(int channels) : base(nameof(GlobalResponseNorm))
        {
            weight = new Parameter(zeros(channels));
            bias = new Parameter(zeros(channels));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var norms = input.flatten(1, 2).norm(1, keepdim: true).unsqueeze(1);        // (N, 1, 1, C)
            var shares = norms / (norms.mean([-1L], keepdim: true) + Eps);
            return (input + (bias + (weight * (input * shares)))).MoveToOuterDisposeScope();
        }
    }
}
