using Osteon.Abstractions;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>A mobile network without its head, as parts that an encoder registers under timm's keys: conv_stem, bn1, blocks.</summary>
public sealed class MobileTrunk
{
    private readonly MobileDesign _design;
    private readonly Module<Tensor, Tensor> _stem;
    private readonly Module<Tensor, Tensor> _norm;
    private readonly Sequential[] _stages;

    /// <summary>Builds all stages. Beyond the output stride, a stage's stride becomes dilation from its second block on, as in timm.</summary>
    /// <param name="design">The network.</param>
    /// <param name="options">Its in_channels and output stride count here.</param>
    /// <param name="outputStride">Of the trunk as built; 32 where it is dilated afterwards.</param>
    /// <exception cref="ConfigurationException">The output stride is not 8, 16 or 32.</exception>
    public MobileTrunk(MobileDesign design, EncoderOptions options, int outputStride)
    {
        if (outputStride is not (8 or 16 or 32))
        {
            throw new ConfigurationException($"encoder {options.Name}: output stride {outputStride} must be 8, 16 or 32.");
        }

        _design = design;
        _stem = design.Convolution(options.InChannels, design.Stem, [design.StemKernel], stride: 2);
        _norm = design.Norm(design.Stem);
        _stages = [.. Build(design, outputStride)];
    }

    /// <summary>The stages.</summary>
    public IReadOnlyList<Sequential> Stages => _stages;

    /// <summary>A design's maps: after how many stages each comes, 0 being the first convolution, and its channels; strides 2, 4, 8 …</summary>
    public static IReadOnlyList<(int After, int Channels)> Maps(MobileDesign design)
    {
        var stages = design.Decode();
        (int, int)[] stem = stages[0][0].Stride > 1 ? [(0, design.Stem)] : [];
        return [.. stem, .. Enumerable.Range(1, stages.Count).Where(i => i == stages.Count || stages[i][0].Stride > 1).Select(i => (i, design.Channels(stages[i - 1][^1].Channels)))];
    }

    /// <summary>Makes the parts an encoder's own.</summary>
    public void RegisterIn(Module owner)
    {
        owner.register_module("conv_stem", _stem);
        owner.register_module("bn1", _norm);
        owner.register_module("blocks", Sequential(_stages));
    }

    /// <summary>The maps after these numbers of stages.</summary>
    /// <param name="input">(N, C, H, W).</param>
    /// <param name="after">Ascending; 0 is the first convolution.</param>
    /// <param name="through">Stages that run: those beyond the last map only move their running statistics, which the reference's do in training.</param>
    public IReadOnlyList<Tensor> Forward(Tensor input, IReadOnlyList<int> after, int through)
    {
        using var scope = NewDisposeScope();
        var maps = new List<Tensor>();
        var x = MobileActivations.Apply(_design.Activation, _norm.forward(_stem.forward(input)));
        for (var i = 0; ; i++)
        {
            if (after.Contains(i))
            {
                maps.Add(x);
            }

            if (i >= through)
            {
                return maps.MoveToOuterDisposeScope();
            }

            using var unused = i < after[^1] ? null : no_grad();
            x = _stages[i].forward(x);
        }
    }

    private static IEnumerable<Sequential> Build(MobileDesign design, int outputStride)
    {
        var stages = design.Decode();
        var (channels, total, dilation, done) = (design.Stem, 2, 1, 0);
        foreach (var stage in stages)
        {
            var blocks = new List<Module<Tensor, Tensor>>();
            foreach (var spec in stage)
            {
                var (before, stride) = (dilation, blocks.Count == 0 ? spec.Stride : 1);
                if (total * stride > outputStride)
                {
                    (dilation, stride) = (dilation * stride, 1);
                }

                total *= stride;
                var dropPath = design.DropPath * done++ / stages.Sum(s => s.Count);
                blocks.Add(spec.Kind switch
                {
                    "uir" => new UniversalBlock(design, spec, channels, stride, before, dropPath),
                    "mqa" => new MobileAttention(design, spec, channels, before, dropPath),
                    _ when spec.Experts > 0 => new ConditionalBlock(design, spec, channels, stride, before, dropPath),
                    _ => new MobileBlock(design, spec, channels, stride, before, dropPath),
                });
                channels = design.Channels(spec.Channels);
            }

            yield return Sequential(blocks);
        }
    }
}
