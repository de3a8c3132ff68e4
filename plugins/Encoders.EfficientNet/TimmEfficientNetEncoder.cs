using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.EfficientNet;

/// <summary>SMP's encoders around timm's EfficientNet, whose first map is the first convolution's; padded alike on all sides.</summary>
[Encoder("timm-efficientnet-b0")]
[Encoder("timm-efficientnet-b1")]
[Encoder("timm-efficientnet-b2")]
[Encoder("timm-efficientnet-b3")]
[Encoder("timm-efficientnet-b4")]
[Encoder("timm-efficientnet-b5")]
[Encoder("timm-efficientnet-b6")]
[Encoder("timm-efficientnet-b7")]
[Encoder("timm-efficientnet-b8")]
[Encoder("timm-efficientnet-l2")]
[Encoder("timm-tf_efficientnet_lite0")]
[Encoder("timm-tf_efficientnet_lite1")]
[Encoder("timm-tf_efficientnet_lite2")]
[Encoder("timm-tf_efficientnet_lite3")]
[Encoder("timm-tf_efficientnet_lite4")]
public sealed class TimmEfficientNetEncoder : SmpEncoder
{
    private static readonly int[] s_after = [0, 2, 3, 5, 7];        // stages before each map

    private readonly MobileTrunk _trunk;
    private readonly Conv2d conv_head;
    private readonly BatchNorm2d bn2;

    /// <summary>Builds the size that the options name.</summary>
    /// <exception cref="ConfigurationException">A depth outside 1–5, or an output stride other than 8, 16 and 32.</exception>
    public TimmEfficientNetEncoder(EncoderOptions options) : base(options, Maps(Design(options)))
    {
        var design = Design(options);
        _trunk = new MobileTrunk(design, options, outputStride: 32);
        _trunk.RegisterIn(this);
        var head = design.FixStem ? 1280 : design.Channels(1280);
        conv_head = Conv2d(design.Channels(320), head, 1, bias: false); // unused, and in the reference's files
        bn2 = BatchNorm2d(head);
        RegisterComponents();
        Dilation.Apply(options.OutputStride, (16, _trunk.Stages[3]), (16, _trunk.Stages[4]), (32, _trunk.Stages[5]), (32, _trunk.Stages[6]));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> forward(Tensor input) => [input, .. _trunk.Forward(input, s_after[..Depth], s_after[Depth - 1])];

    private static MobileDesign Design(EncoderOptions options) => options.Name.Split('-') switch
    {
        ["timm", "efficientnet", var size] => EfficientNetDesigns.Named($"efficientnet_{size}") with { DropPath = 0.2 },
        // SMP builds these without what the tf_ of their name stands for in timm.
        [_, var lite] => EfficientNetDesigns.Named(lite["tf_".Length..]) with { DropPath = 0.2 },
        _ => throw new ConfigurationException($"encoder '{options.Name}' is no EfficientNet that is known here."),
    };

    private static int[] Maps(MobileDesign design) => [design.Stem, .. new[] { 24, 40, 112, 320 }.Select(design.Channels)];
}
