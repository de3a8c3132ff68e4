using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.MMSegmentation;

/// <summary>What every head is told.</summary>
/// <param name="InChannels">Of each map it takes.</param>
/// <param name="InIndex">Which of the backbone's maps these are; below 0 from the end.</param>
/// <param name="Concatenated">Whether they come as one, enlarged to the first's size.</param>
/// <param name="Channels">Before the logits.</param>
/// <param name="Norm">Behind its convolutions.</param>
/// <param name="AlignCorners">Of every enlargement.</param>
/// <param name="Dropout">Share of channels dropped before the logits.</param>
internal sealed record HeadPlan(int[] InChannels, int[] InIndex, bool Concatenated, int Channels, ConvNorm? Norm, bool AlignCorners, double Dropout)
{
    /// <summary>Channels of the maps together.</summary>
    public int Joined => InChannels.Sum();
}

/// <summary>Takes maps of the backbone, gives logits of the finest one's size. Keys: conv_seg, then the head's own.</summary>
internal abstract class DecodeHead : Module<IReadOnlyList<Tensor>, Tensor>
{
    private readonly Conv2d conv_seg;
    private readonly Dropout2d dropout;

    protected DecodeHead(string name, HeadPlan plan, NetworkShape shape) : base(name)
    {
        Plan = plan;
        conv_seg = Conv2d(plan.Channels, shape.Classes, 1);
        dropout = Dropout2d(plan.Dropout);
    }

    /// <summary>What it was told.</summary>
    protected HeadPlan Plan { get; }

    /// <summary>The head that a configuration's type names, and the weight of its loss.</summary>
    /// <param name="settings">Of the head.</param>
    /// <param name="shape">Of the network.</param>
    /// <param name="maps">Channels of the backbone's maps.</param>
    /// <exception cref="ConfigurationException">An option is unknown or outside what is allowed.</exception>
    public static (DecodeHead Head, double LossWeight, bool AlignCorners) Of(Settings settings, NetworkShape shape, IReadOnlyList<int> maps)
    {
        var type = settings.Word("type", null, "SegformerHead", "UPerHead", "FCNHead");
        foreach (var key in (string[])["num_classes", "out_channels"])
        {
            if (settings.Whole(key, shape.Classes) is var said && said != shape.Classes)
            {
                throw settings.Refused(key, $"{said} must be {shape.Classes}, as the experiment has classes. Remove it");
            }
        }

        var transform = settings.Word("input_transform", type == "FCNHead" ? "none" : "multiple_select", type == "FCNHead" ? ["none", "resize_concat"] : ["multiple_select"]);
        var channels = settings.Wholes("in_channels") ?? throw settings.Refused("in_channels", "is missing");
        var indices = settings.Wholes("in_index", least: -maps.Count) ?? [-1];
        if (indices.Length != channels.Length || indices.Any(index => index >= maps.Count) || indices.Zip(channels).Any(pair => maps[Place(pair.First, maps.Count)] != pair.Second))
        {
            throw settings.Refused("in_channels", $"[{string.Join(", ", channels)}] with in_index [{string.Join(", ", indices)}] must be the channels of the backbone's maps, which are [{string.Join(", ", maps)}]");
        }

        if (transform == "none" && channels.Length != 1)
        {
            throw settings.Refused("in_index", "must be one number unless input_transform is resize_concat");
        }

        var plan = new HeadPlan(channels, indices, transform == "resize_concat", settings.Whole("channels"), ConvNorm.Of(settings.Inner("norm_cfg")), settings.Flag("align_corners", false), settings.Share("dropout_ratio", 0.1));
        settings.Ignore("ignore_index", "init_cfg", "threshold");
        settings.Unsupported("conv_cfg", "sampler");
        settings.Inner("act_cfg")?.Word("type", null, "ReLU");
        var weight = settings.LossWeight();
        DecodeHead head = type switch
        {
            "SegformerHead" => new SegformerHead(settings, plan, shape),
            "UPerHead" => new UPerHead(settings, plan, shape),
            _ => new FcnHead(settings, plan, shape),
        };
        settings.Finish();
        Initialization.Encoder(head);
        init.normal_(head.conv_seg.weight, std: 0.01);
        Initialization.Logits(head.conv_seg.bias, shape);
        return (head, weight, plan.AlignCorners);
    }

    /// <summary>The maps it takes.</summary>
    protected IReadOnlyList<Tensor> Selected(IReadOnlyList<Tensor> maps) => [.. Plan.InIndex.Select(index => maps[Place(index, maps.Count)])];

    /// <summary>Enlarged to another map's size.</summary>
    protected Tensor Resized(Tensor map, Tensor like, InterpolationMode mode = InterpolationMode.Bilinear) =>
        functional.interpolate(map, size: like.shape[2..], mode: mode, align_corners: mode == InterpolationMode.Nearest ? null : Plan.AlignCorners);

    /// <summary>Logits of a map of the plan's channels.</summary>
    protected Tensor Classified(Tensor map)
    {
        using var scope = NewDisposeScope();
        return conv_seg.forward(dropout.forward(map)).MoveToOuterDisposeScope();
    }

    private static int Place(int index, int count) => index < 0 ? index + count : index;
}
