using Osteon.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.MMSegmentation;

/// <summary>All maps at the finest one's size, joined pixel by pixel. Keys: convs, fusion_conv.</summary>
/// <remarks>Xie et al. 2021, arXiv:2105.15203.</remarks>
internal sealed class SegformerHead : DecodeHead
{
    private readonly ModuleList<ConvModule> convs;
    private readonly ConvModule fusion_conv;
    private readonly InterpolationMode _mode;

    public SegformerHead(Settings settings, HeadPlan plan, NetworkShape shape) : base(nameof(SegformerHead), plan, shape)
    {
        _mode = settings.Word("interpolate_mode", "bilinear", "bilinear", "nearest") == "nearest" ? InterpolationMode.Nearest : InterpolationMode.Bilinear;
        convs = ModuleList([.. plan.InChannels.Select(channels => new ConvModule(channels, plan.Channels, 1, plan.Norm))]);
        fusion_conv = new ConvModule(plan.Channels * plan.InChannels.Length, plan.Channels, 1, plan.Norm);
        RegisterComponents();
    }

    public override Tensor forward(IReadOnlyList<Tensor> input)
    {
        using var scope = NewDisposeScope();
        var maps = Selected(input);
        var joined = cat([.. maps.Select((map, i) => Resized(convs[i].forward(map), maps[0], _mode))], 1);
        return Classified(fusion_conv.forward(joined)).MoveToOuterDisposeScope();
    }
}

/// <summary>Convolutions on one map, which joins their result unless concat_input is false. Keys: convs, conv_cat.</summary>
/// <remarks>Long, Shelhamer, Darrell 2015, arXiv:1411.4038.</remarks>
internal sealed class FcnHead : DecodeHead
{
    private readonly Sequential convs;
    private readonly ConvModule? conv_cat;

    public FcnHead(Settings settings, HeadPlan plan, NetworkShape shape) : base("FCNHead", plan, shape)
    {
        var (count, kernel, dilation) = (settings.Whole("num_convs", 2, least: 0), settings.Whole("kernel_size", 3), settings.Whole("dilation", 1));
        if (count == 0 && plan.Joined != plan.Channels)
        {
            throw settings.Refused("channels", $"{plan.Channels} must be those of the map, {plan.Joined}, where num_convs is 0");
        }

        convs = Sequential(Enumerable.Range(0, count).Select(i => (Module<Tensor, Tensor>)new ConvModule(i == 0 ? plan.Joined : plan.Channels, plan.Channels, kernel, plan.Norm, dilation)));
        conv_cat = settings.Flag("concat_input", true) ? new ConvModule(plan.Joined + plan.Channels, plan.Channels, kernel, plan.Norm) : null;
        RegisterComponents();
    }

    public override Tensor forward(IReadOnlyList<Tensor> input)
    {
        using var scope = NewDisposeScope();
        var maps = Selected(input);
        var x = Plan.Concatenated ? cat([.. maps.Select(map => Resized(map, maps[0]))], 1) : maps[0];
        var convolved = convs.forward(x);
        return Classified(conv_cat?.forward(cat([x, convolved], 1)) ?? convolved).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// The coarsest map seen at several scales, and a pyramid that brings it down to the finest. Keys: psp_modules, bottleneck,
/// lateral_convs, fpn_convs, fpn_bottleneck.
/// </summary>
/// <remarks>UPerNet: Xiao et al. 2018, arXiv:1807.10221.</remarks>
internal sealed class UPerHead : DecodeHead
{
    private readonly ModuleList<Sequential> psp_modules;
    private readonly ConvModule bottleneck;
    private readonly ModuleList<ConvModule> lateral_convs, fpn_convs;
    private readonly ConvModule fpn_bottleneck;

    public UPerHead(Settings settings, HeadPlan plan, NetworkShape shape) : base(nameof(UPerHead), plan, shape)
    {
        var scales = settings.Wholes("pool_scales") ?? [1, 2, 3, 6];
        var (coarsest, channels, norm) = (plan.InChannels[^1], plan.Channels, plan.Norm);
        psp_modules = ModuleList([.. scales.Select(scale => Sequential(AdaptiveAvgPool2d(scale), new ConvModule(coarsest, channels, 1, norm)))]);
        bottleneck = new ConvModule(coarsest + (scales.Length * channels), channels, 3, norm);
        lateral_convs = ModuleList([.. plan.InChannels[..^1].Select(map => new ConvModule(map, channels, 1, norm))]);
        fpn_convs = ModuleList([.. plan.InChannels[..^1].Select(_ => new ConvModule(channels, channels, 3, norm))]);
        fpn_bottleneck = new ConvModule(plan.InChannels.Length * channels, channels, 3, norm);
        RegisterComponents();
    }

    public override Tensor forward(IReadOnlyList<Tensor> input)
    {
        using var scope = NewDisposeScope();
        var maps = Selected(input);
        Tensor[] levels = [.. lateral_convs.Select((conv, i) => conv.forward(maps[i])), Pooled(maps[^1])];
        for (var level = levels.Length - 2; level >= 0; level--)
        {
            levels[level] += Resized(levels[level + 1], levels[level]);
        }

        for (var level = levels.Length - 2; level >= 0; level--)
        {
            levels[level] = fpn_convs[level].forward(levels[level]);
        }

        var joined = cat([.. levels.Select(level => Resized(level, levels[0]))], 1);
        return Classified(fpn_bottleneck.forward(joined)).MoveToOuterDisposeScope();
    }

    private Tensor Pooled(Tensor map) => bottleneck.forward(cat([map, .. psp_modules.Select(scale => Resized(scale.forward(map), map))], 1));
}
