using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Hiera;

/// <summary>What timm's constructor takes, and SMP passes on.</summary>
public sealed record HieraOptions : EncoderOptions
{
    /// <summary>Side of the images, or height and width; null for the side that the name promises.</summary>
    public JsonNode? ImgSize { get; init; }
}

/// <summary>Hiera as timm builds it: a vision transformer in four resolutions, which attends within windows in the first two, and has no other ornaments.</summary>
/// <remarks>Ryali et al. 2023, arXiv:2306.00989; abswin: Bolya et al. 2023, arXiv:2311.05613.</remarks>
[Encoder("tu-hiera_base_224")]
[Encoder("tu-hiera_base_abswin_256")]
[Encoder("tu-hiera_base_plus_224")]
[Encoder("tu-hiera_huge_224")]
[Encoder("tu-hiera_large_224")]
[Encoder("tu-hiera_small_224")]
[Encoder("tu-hiera_small_abswin_256")]
[Encoder("tu-hiera_tiny_224")]
public sealed class HieraEncoder(HieraOptions options) : TimmEncoder(options, Features(options), new FeatureGetter(new Model(options)))
{
    private const int Patch = 4, Unit = 8;

    private readonly Frame _size = Size(options);

    /// <inheritdoc/>
    public override Frame? OnlySize => _size;

    private static TimmFeatures Features(EncoderOptions options) => HieraVariant.Named(options.Name).Features;

    private static Frame Size(HieraOptions options) =>
        ImageSize.Of(options.Name, options.ImgSize, int.Parse(options.Name[(options.Name.LastIndexOf('_') + 1)..], System.Globalization.CultureInfo.InvariantCulture), Patch * Unit);

    /// <summary>Keys: pos_embed, pos_embed_win, patch_embed, blocks.</summary>
    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly Parameter pos_embed;
        private readonly Parameter? pos_embed_win;
        private readonly HieraTrunk _trunk;

        public Model(HieraOptions options) : base("model")
        {
            var (variant, size) = (HieraVariant.Named(options.Name), Size(options));
            var (rows, columns) = (size.Height / Patch, size.Width / Patch);
            pos_embed = new Parameter(variant.GlobalPositions is { } side
                ? init.trunc_normal_(empty(1, variant.Channels, side, side), std: Initialization.TransformerDeviation)
                : init.trunc_normal_(empty(1, rows * columns, variant.Channels), std: Initialization.TransformerDeviation));
            pos_embed_win = variant.GlobalPositions is null ? null : new Parameter(init.trunc_normal_(empty(1, variant.Channels, Unit, Unit), std: Initialization.TransformerDeviation));
            RegisterComponents();
            // A stage's first block still attends as the stage before.
            int[] windows = [Unit, Unit / 2, 0, 0];
            _trunk = new HieraTrunk(variant, options.InChannels, Features(options).Used(options), (stage, isFirst) => isFirst && stage > 0 ? windows[stage - 1] : windows[stage]);
            _trunk.RegisterIn(this);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (rows, columns) = (input.shape[2] / Patch, input.shape[3] / Patch);
            var positions = pos_embed_win is null
                ? pos_embed.reshape(1, rows, columns, -1)
                : (CubicResize.Of(pos_embed, rows, columns) + pos_embed_win.repeat(1, 1, rows / Unit, columns / Unit)).permute(0, 2, 3, 1);
            return _trunk.Forward(input, positions).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>SAM 2's image encoder as timm builds it: Hiera with windows in all stages but for some blocks, which takes images of any size.</summary>
/// <remarks>Ravi et al. 2024, arXiv:2408.00714.</remarks>
[Encoder("tu-hieradet_small")]
[Encoder("tu-sam2_hiera_base_plus")]
[Encoder("tu-sam2_hiera_large")]
[Encoder("tu-sam2_hiera_small")]
[Encoder("tu-sam2_hiera_tiny")]
public sealed class HieraDetEncoder(EncoderOptions options) : TimmEncoder(options, Features(options), new FeatureGetter(new Model(options)))
{
    private const int Patch = 4;

    private readonly int _multiple = Patch * HieraVariant.Named(options.Name).Windows[0];

    /// <inheritdoc/>
    public override int SizeMultiple => _multiple;                  // whole windows of positions

    private static TimmFeatures Features(EncoderOptions options) => HieraVariant.Named(options.Name).Features;

    /// <summary>Keys: pos_embed, pos_embed_window, patch_embed, blocks.</summary>
    private sealed class Model : Module<Tensor, IReadOnlyList<Tensor>>
    {
        private readonly Parameter pos_embed, pos_embed_window;
        private readonly HieraTrunk _trunk;

        public Model(EncoderOptions options) : base("model")
        {
            var variant = HieraVariant.Named(options.Name);
            var side = variant.GlobalPositions!.Value;
            pos_embed = new Parameter(init.trunc_normal_(empty(1, variant.Channels, side, side), std: Initialization.TransformerDeviation));
            pos_embed_window = new Parameter(init.trunc_normal_(empty(1, variant.Channels, variant.Windows[0], variant.Windows[0]), std: Initialization.TransformerDeviation));
            RegisterComponents();
            _trunk = new HieraTrunk(variant, options.InChannels, Features(options).Used(options), (stage, isFirst) => variant.Windows[isFirst && stage > 0 ? stage - 1 : stage]);
            _trunk.RegisterIn(this);
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (rows, columns) = (input.shape[2] / Patch, input.shape[3] / Patch);
            var window = pos_embed_window.repeat(1, 1, rows / pos_embed_window.shape[2], columns / pos_embed_window.shape[3]);
            var positions = functional.interpolate(pos_embed, size: [rows, columns], mode: InterpolationMode.Bicubic, align_corners: false) + window;
            return _trunk.Forward(input, positions.permute(0, 2, 3, 1)).MoveToOuterDisposeScope();
        }
    }
}
