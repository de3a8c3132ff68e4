using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.SelecSLS;

/// <summary>SelecSLS as timm builds it: modules of a few blocks, each of which joins what the module's first has given.</summary>
/// <remarks>Mehta et al. 2019, arXiv:1907.00837.</remarks>
[Encoder("tu-selecsls42")]
[Encoder("tu-selecsls42b")]
[Encoder("tu-selecsls60")]
[Encoder("tu-selecsls60b")]
[Encoder("tu-selecsls84")]
public sealed class SelecSLSEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), new Model(options))
{
    private const int StemChannels = 32;

    private static TimmFeatures Features(EncoderOptions options)
    {
        var plan = SelecSLSPlan.Named(options.Name);
        return new(2, [StemChannels, .. plan.Modules.Select(module => module.Channels[^1]), plan.Head[1]]) { Dilates = false };
    }

    /// <summary>Keys: stem_0, stem_1, features_0 …, head_0, head_1.</summary>
    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly Module<Tensor, Tensor>[] _stem;
        private readonly List<List<SelectiveBlock>> _modules = [];
        private readonly List<Sequential> _head = [];

        public Model(EncoderOptions options) : base("model")
        {
            var (plan, used) = (SelecSLSPlan.Named(options.Name), Features(options).Used(options));
            _stem = [Conv2d(options.InChannels, StemChannels, 3, stride: 2, padding: 1, bias: false), BatchNorm2d(StemChannels), ReLU(inplace: true)];
            foreach (var (i, part) in _stem.Index())
            {
                register_module($"stem_{i}", part);
            }

            var (before, index) = (StemChannels, 0);
            foreach (var (inner, channels) in plan.Modules.Take(used - 1))
            {
                var first = channels[0];
                _modules.Add([]);
                foreach (var outChannels in channels)
                {
                    var block = new SelectiveBlock(before, inner, outChannels, _modules[^1].Count == 0 ? 0 : first);
                    _modules[^1].Add(block);
                    register_module($"features_{index++}", block);
                    before = outChannels;
                }
            }

            if (used == 5)
            {
                foreach (var (i, channels) in plan.Head.Index())
                {
                    _head.Add(SelectiveBlock.Layer(before, channels, 3, i == 0 ? 2 : 1));
                    register_module($"head_{i}", _head[i]);
                    before = channels;
                }
            }

            Initialization.Convolutions(this);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = _stem.Aggregate(input, (map, part) => part.forward(map));
            var maps = new List<Tensor> { x };
            foreach (var module in _modules)
            {
                Tensor? first = null;
                foreach (var block in module)
                {
                    x = block.Pass(x, first);
                    first ??= x;
                }

                maps.Add(x);
            }

            if (_head.Count > 0)
            {
                maps.Add(_head.Aggregate(x, (map, part) => part.forward(map)));
            }

            return maps.MoveToOuterDisposeScope();
        }
    }
}

/// <summary>A network by its numbers.</summary>
/// <param name="Modules">Inner channels, and channels of each block; the first halves.</param>
/// <param name="Head">Channels of two more convolutions, the first of which halves.</param>
/// <remarks>Mehta et al. 2019, arXiv:1907.00837; timm's configurations.</remarks>
internal sealed record SelecSLSPlan(IReadOnlyList<(int Inner, int[] Channels)> Modules, IReadOnlyList<int> Head)
{
    /// <summary>The plan of an encoder's name. The variants b differ in layers that no map comes from.</summary>
    /// <exception cref="ConfigurationException">None has that name.</exception>
    public static SelecSLSPlan Named(string encoder) => encoder["tu-selecsls".Length..] switch
    {
        "42" or "42b" => new([(64, [64, 128]), (144, [144, 288]), (304, [304, 480])], [960, 1024]),
        "60" or "60b" => new([(64, [64, 128]), (128, [128, 128, 288]), (288, [288, 288, 288, 416])], [756, 1024]),
        "84" => new([(64, [64, 144]), (144, [144, 144, 144, 144, 304]), (304, [304, 304, 304, 304, 304, 512])], [960, 1024]),
        var name => throw new ConfigurationException($"encoder 'tu-selecsls{name}' is no SelecSLS that is known here."),
    };
}

/// <summary>Three convolutions of 3×3 in a row, joined, with what the module's first block has given. Keys: conv1 … conv6.</summary>
internal sealed class SelectiveBlock : Module
{
    private readonly Sequential conv1, conv2, conv3, conv4, conv5, conv6;

    /// <param name="inChannels">Channels in.</param>
    /// <param name="inner">Of the first convolution; the others have half as many.</param>
    /// <param name="outChannels">Channels out.</param>
    /// <param name="first">Channels of what the first block has given; 0 for the first block itself, which halves.</param>
    public SelectiveBlock(int inChannels, int inner, int outChannels, int first) : base(nameof(SelectiveBlock))
    {
        conv1 = Layer(inChannels, inner, 3, first == 0 ? 2 : 1);
        conv2 = Layer(inner, inner, 1);
        conv3 = Layer(inner, inner / 2, 3);
        conv4 = Layer(inner / 2, inner, 1);
        conv5 = Layer(inner, inner / 2, 3);
        conv6 = Layer((2 * inner) + first, outChannels, 1);
        RegisterComponents();
    }

    /// <summary>Convolution, normalisation, ReLU. Keys: 0, 1.</summary>
    public static Sequential Layer(int inChannels, int outChannels, int kernel, int stride = 1) =>
        Sequential(Conv2d(inChannels, outChannels, kernel, stride: stride, padding: kernel / 2, bias: false), BatchNorm2d(outChannels), ReLU(inplace: true));

    public Tensor Pass(Tensor input, Tensor? first)
    {
        using var scope = NewDisposeScope();
        var one = conv1.forward(input);
        var two = conv3.forward(conv2.forward(one));
        var three = conv5.forward(conv4.forward(two));
        return conv6.forward(cat(first is null ? [one, two, three] : [one, two, three, first], 1)).MoveToOuterDisposeScope();
    }
}
