using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ByobNet;

/// <summary>Keys: stem, or stem_conv1 …, then stages_0 … stages_3, final_conv.</summary>
internal sealed class ByobModel : Module<Tensor, IReadOnlyList<Tensor>>
{
    private readonly List<Module<Tensor, Tensor>> _stem = [];
    private readonly List<Sequential> _stages = [];
    private readonly ConvNormAct? _last;
    private readonly int _firstMap;

    /// <summary>All maps of an encoder of these.</summary>
    public static TimmFeatures Features(EncoderOptions options) => new(2, ByobDesigns.Named(options.Name).Channels);

    /// <param name="options">What was asked for.</param>
    /// <param name="size">Of the images that it is made for, where it is for one size.</param>
    public ByobModel(EncoderOptions options, Frame? size) : base("model")
    {
        var (design, used) = (ByobDesigns.Named(options.Name), Features(options).Used(options));
        AddStem(design, options.InChannels);
        _firstMap = design.LastHalves ? design.Stem.Count - 2 : design.Stem.Count - 1;
        var total = design.LastHalves || design.StemPool is not null ? 4 : 2;
        foreach (var (index, stage) in Stages(design, total, options.OutputStride, size ?? default).Take(used - 1).Index())
        {
            _stages.Add(stage);
            register_module($"stages_{index}", stage);
        }

        if (used == 5 && design.Last > 0)
        {
            _last = design.Layer(design.Out(design.Stages[3][^1]), design.Scaled(design.Last), 1);
            register_module("final_conv", _last);
        }

        Initialization.Convolutions(this, perGroup: true);
    }

    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (maps, x) = (new List<Tensor>(), input);
        foreach (var (index, part) in _stem.Index())
        {
            x = part.forward(x);
            if (index == _firstMap)
            {
                maps.Add(x);
            }
        }

        foreach (var (index, stage) in _stages.Index())
        {
            x = stage.forward(x);
            x = index == 3 ? _last?.forward(x) ?? x : x;
            maps.Add(x);
        }

        return maps.MoveToOuterDisposeScope();
    }

    private void AddStem(ByobDesign design, int inChannels)
    {
        if (design.StemKind is { } kind)
        {
            var place = new ByobPlace(design with { Width = 1 }, new ByobBlocks(kind, 1, design.Stem[0]) { Squeezes = design.StemSqueezes }, inChannels, 2, 1, 1);
            Add("stem", kind == "rep" ? BranchedBlock.RepVgg(place, 0) : BranchedBlock.MobileOne(place, 1));
            return;
        }

        foreach (var (index, unscaled) in design.Stem.Index())
        {
            var (channels, stride) = (design.Scaled(unscaled), index == 0 || (design.LastHalves && index == design.Stem.Count - 1) ? 2 : 1);
            var active = index >= design.Stem.Count - (design.StemActivations ?? design.Stem.Count);
            Add(design.IsStacked ? $"stem_conv{index + 1}" : "stem", active
                ? design.Layer(inChannels, channels, design.StemKernel, stride)
                : Conv2d(inChannels, channels, 3, stride: stride, padding: 1, bias: false));
            inChannels = channels;
        }

        if (design.StemPool is { } pool)
        {
            Add("stem_pool", pool());
        }
    }

    private void Add(string name, Module<Tensor, Tensor> part)
    {
        _stem.Add(part);
        register_module(name, part);
    }

    private static IEnumerable<Sequential> Stages(ByobDesign design, int total, int outputStride, Frame size)
    {
        var (channels, dilation) = (design.Scaled(design.Stem[^1]), 1);
        var map = new Frame(size.Height / total, size.Width / total);
        foreach (var stage in design.Stages)
        {
            var stride = stage[0].Stride;
            (dilation, stride) = total >= outputStride && stride > 1 ? (dilation * stride, 1) : (dilation, stride);
            total *= stride;
            var first = dilation <= 2 ? 1 : 2;
            var blocks = new List<Module<Tensor, Tensor>>();
            foreach (var kind in stage.SelectMany(kind => Enumerable.Repeat(kind, kind.Repeats)))
            {
                var place = new ByobPlace(design, kind, channels, blocks.Count == 0 ? stride : 1, blocks.Count == 0 ? first : dilation, dilation);
                blocks.Add(kind.Kind switch
                {
                    "bottle" => new BottleneckBlock(place),
                    "attn" => new SelfAttentionBlock(place, map),
                    "edge" => new EdgeBlock(place),
                    "rep" => BranchedBlock.RepVgg(place, blocks.Count),
                    _ => BranchedBlock.MobileOne(place, design.Branches),
                });
                channels = place.OutChannels;
                map = blocks.Count == 1 ? new Frame(map.Height / stride, map.Width / stride) : map;
            }

            yield return Sequential(blocks);
        }
    }
}
