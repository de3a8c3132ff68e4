using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.DeepLab;

/// <summary>What the pyramid is made of.</summary>
internal sealed record AtrousPyramidOptions(int Channels, IReadOnlyList<int> Rates, bool Separable, double Dropout);

/// <summary>Looks at a map through holes of three widths, through none, and at its mean, and joins all five; SMP's ASPP. Keys: convs, project.</summary>
/// <remarks>Chen et al. 2017, arXiv:1706.05587, section 3.3.</remarks>
internal sealed class AtrousPyramid : Module<Tensor, Tensor>
{
    private readonly ModuleList<Module<Tensor, Tensor>> convs;
    private readonly Sequential project;

    public AtrousPyramid(int inChannels, AtrousPyramidOptions options) : base(nameof(AtrousPyramid))
    {
        convs = ModuleList<Module<Tensor, Tensor>>(
        [
            NormReLU(Conv2d(inChannels, options.Channels, 1, bias: false), options.Channels),
            .. options.Rates.Select(rate => NormReLU(options.Separable
                ? Separable(inChannels, options.Channels, rate)
                : Conv2d(inChannels, options.Channels, 3, padding: rate, dilation: rate, bias: false), options.Channels)),
            new Mean(inChannels, options.Channels),
        ]);
        project = NormReLU(Conv2d(convs.Count * options.Channels, options.Channels, 1, bias: false), options.Channels).append(Dropout(options.Dropout));
        RegisterComponents();
    }

    /// <summary>Batch normalisation and ReLU behind a convolution. Keys: 0, 1.</summary>
    public static Sequential NormReLU(Module<Tensor, Tensor> convolution, int channels) => Sequential(convolution, BatchNorm2d(channels), ReLU());

    /// <summary>3×3 in each channel by itself, then 1×1; the size stays. Keys: 0, 1.</summary>
    public static Sequential Separable(int inChannels, int outChannels, int dilation = 1) => Sequential(
        Conv2d(inChannels, inChannels, 3, padding: dilation, dilation: dilation, groups: inChannels, bias: false),
        Conv2d(inChannels, outChannels, 1, bias: false));

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return project.forward(cat([.. convs.Select(branch => branch.forward(input))], 1)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean over all pixels, convolved, at every pixel. Keys: 1, 2.</summary>
    private sealed class Mean : Module<Tensor, Tensor>
    {
        private readonly Sequential _layers;

        public Mean(int inChannels, int outChannels) : base(nameof(Mean))
        {
            _layers = Sequential(AdaptiveAvgPool2d(1), Conv2d(inChannels, outChannels, 1, bias: false), BatchNorm2d(outChannels), ReLU());
            foreach (var (name, layer) in _layers.named_children())
            {
                register_module(name, layer);
            }
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return Resampling.To(_layers.forward(input), input.shape[2], input.shape[3]).MoveToOuterDisposeScope();
        }
    }
}
