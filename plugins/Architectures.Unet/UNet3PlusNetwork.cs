using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.Unet;

/// <summary>
/// Keys: conv1 … conv5 the encoder; hS_PT_hdD, hS_Cat_hdD and hdS_UT_hdD (pooled, of the same size, enlarged) what level D takes from
/// level S, with _conv and _bn; convDd_1 and bnDd_1 what joins them; outconv1 … outconv5 the logits; cls the classifier.
/// </summary>
internal sealed class UNet3PlusNetwork : Network
{
    private const int Levels = 5;

    private readonly List<Sequential> _encoder = [];
    private readonly Dictionary<(int From, int To), (Conv2d Convolution, BatchNorm2d Norm)> _views = [];
    private readonly Dictionary<int, (Conv2d Convolution, BatchNorm2d Norm)> _joins = [];
    private readonly List<Conv2d> _heads = [];
    private readonly Sequential? cls;

    public UNet3PlusNetwork(NetworkShape shape, UNet3PlusOptions options) : base(nameof(UNet3Plus))
    {
        int Width(int level) => options.Width << (level - 1);
        var joined = Levels * options.Width;
        for (var level = 1; level <= Levels; level++)
        {
            _encoder.Add(Twice(level == 1 ? shape.InChannels : Width(level - 1), Width(level), options.BatchNorm));
            register_module($"conv{level}", _encoder[^1]);
        }

        for (var to = Levels - 1; to >= 1; to--)
        {
            for (var from = 1; from <= Levels; from++)
            {
                var key = from < to ? $"h{from}_PT_hd{to}" : from == to ? $"h{from}_Cat_hd{to}" : $"hd{from}_UT_hd{to}";
                _views[(from, to)] = Registered($"{key}_conv", $"{key}_bn", from > to && from < Levels ? joined : Width(from), options.Width);
            }

            _joins[to] = Registered($"conv{to}d_1", $"bn{to}d_1", joined, joined);
        }

        for (var level = 1; level <= (options.DeepSupervision ? Levels : 1); level++)
        {
            _heads.Add(Conv2d(level == Levels ? Width(Levels) : joined, shape.Classes, 3, padding: 1));
            register_module($"outconv{level}", _heads[^1]);
        }

        if (options.ClassificationGuided)
        {
            cls = Sequential(Dropout(0.5), Conv2d(Width(Levels), 2, 1), AdaptiveMaxPool2d([1, 1]));
            register_module(nameof(cls), cls);
        }

        apply(Drawn);
        _heads.ForEach(head => Initialization.Logits(head.bias, shape));
    }

    public override InputSizes Sizes => new(1 << (Levels - 1));

    public override IReadOnlyList<NetworkOutput> Outputs =>
        [.. Enumerable.Repeat(NetworkOutput.Main, _heads.Count), .. cls is null ? (NetworkOutput[])[] : [new(OutputKind.Presence)]];

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var decoded = Decoded(input);
        var logits = _heads[0].forward(decoded[1]);
        return (Presence(decoded[Levels]) is { } presence ? Guided(logits, presence) : logits).MoveToOuterDisposeScope();
    }

    public override IReadOnlyList<Tensor> ForwardAll(Tensor input)
    {
        using var scope = NewDisposeScope();
        var decoded = Decoded(input);
        List<Tensor> outputs = [.. _heads.Select((head, i) => i == 0 ? head.forward(decoded[1]) : Enlarged(head.forward(decoded[i + 1]), 1 << i))];
        if (Presence(decoded[Levels]) is { } presence)
        {
            outputs = [.. outputs.Select(logits => Guided(logits, presence)), presence];
        }

        return outputs.MoveToOuterDisposeScope();
    }

    // The decoder's map of each level, the lowest being the encoder's.
    private Dictionary<int, Tensor> Decoded(Tensor input)
    {
        var encoded = new Dictionary<int, Tensor>();
        for (var level = 1; level <= Levels; level++)
        {
            encoded[level] = _encoder[level - 1].forward(level == 1 ? input : functional.max_pool2d(encoded[level - 1], 2, 2));
        }

        var decoded = new Dictionary<int, Tensor> { [Levels] = encoded[Levels] };
        for (var to = Levels - 1; to >= 1; to--)
        {
            var views = Enumerable.Range(1, Levels).Select(from => Through(_views[(from, to)], Brought(from > to ? decoded[from] : encoded[from], from, to)));
            decoded[to] = Through(_joins[to], cat([.. views], 1));
        }

        return decoded;
    }

    private (Conv2d Convolution, BatchNorm2d Norm) Registered(string convolutionKey, string normKey, int inChannels, int outChannels)
    {
        var parts = (Conv2d(inChannels, outChannels, 3, padding: 1), BatchNorm2d(outChannels));
        register_module(convolutionKey, parts.Item1);
        register_module(normKey, parts.Item2);
        return parts;
    }

    // The logit of "the class is there", (N, 1): of the two scores' softmax.
    private Tensor? Presence(Tensor deepest)
    {
        if (cls is null)
        {
            return null;
        }

        var scores = cls.forward(deepest).flatten(1);
        return scores.narrow(1, 1, 1) - scores.narrow(1, 0, 1);
    }

    // No gradient passes the decision, as in the paper.
    private static Tensor Guided(Tensor logits, Tensor presence) => logits * presence.detach().gt(0).to(logits.dtype).unsqueeze(2).unsqueeze(3);

    private static Tensor Brought(Tensor map, int from, int to) => from < to
        ? functional.max_pool2d(map, 1 << (to - from), 1 << (to - from), ceil_mode: true)
        : from == to ? map : Enlarged(map, 1 << (from - to));

    private static Tensor Enlarged(Tensor map, int factor) => Resampling.To(map, map.shape[2] * factor, map.shape[3] * factor);

    private static Tensor Through((Conv2d Convolution, BatchNorm2d Norm) parts, Tensor map) => functional.relu(parts.Norm.forward(parts.Convolution.forward(map)));

    // Keys: conv1, conv2; in each 0 the convolution, 1 the normalisation.
    private static Sequential Twice(int inChannels, int outChannels, bool norm)
    {
        Sequential Once(int channels)
        {
            var parts = Sequential(Conv2d(channels, outChannels, 3, padding: 1));
            return (norm ? parts.append(BatchNorm2d(outChannels)) : parts).append(ReLU(inplace: true));
        }

        return Sequential(("conv1", Once(inChannels)), ("conv2", Once(outChannels)));
    }

    // The authors' first weights.
    private static void Drawn(Module part)
    {
        switch (part)
        {
            case Conv2d convolution:
                init.kaiming_normal_(convolution.weight);
                break;
            case BatchNorm2d norm:
                init.normal_(norm.weight!, mean: 1, std: 0.02);
                break;
        }
    }
}
