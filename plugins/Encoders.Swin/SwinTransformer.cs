using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Swin;

/// <summary>Patches and stages. Keys: patch_embed, layers_0 ….</summary>
internal sealed class SwinTransformer : Module<Tensor, IReadOnlyList<Tensor>>
{
    /// <summary>Side of a patch.</summary>
    public const int Patch = 4;

    private const double DropPathRate = 0.1;

    private readonly PatchEmbedding patch_embed;
    private readonly List<SwinStage> _layers = [];
    private readonly string _name;
    private readonly Frame? _only;

    /// <param name="options">What was asked for.</param>
    /// <param name="variant">Its sizes.</param>
    /// <param name="stages">How many stages are built.</param>
    /// <param name="size">Of the images it is made for.</param>
    public SwinTransformer(SwinOptions options, SwinVariant variant, int stages, Frame size) : base(nameof(SwinTransformer))
    {
        (_name, _only) = (options.Name, options.StrictImgSize ? size : null);
        patch_embed = new PatchEmbedding(options.InChannels, variant.Channels);
        RegisterComponents();
        var rates = Blocks.DropPathRates(DropPathRate, variant.Depths);
        for (var stage = 0; stage < stages; stage++)
        {
            var map = new Frame(size.Height / Patch >> stage, size.Width / Patch >> stage);
            var layer = new SwinStage(variant, stage, rates[stage], new WindowPlan(map, variant.Windows[stage], options.StrictImgSize));
            _layers.Add(layer);
            register_module($"layers_{stage}", layer);
        }

        Initialization.Transformer(this);
    }

    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        var came = new Frame((int)input.shape[2], (int)input.shape[3]);
        if (_only is { } only && came != only)
        {
            throw new ConfigurationException($"encoder {_name} takes images of {only} alone, and one of {came} came. Set the encoder's img_size to the size of the images, or strict_img_size: false.");
        }

        using var scope = NewDisposeScope();
        var maps = new List<Tensor>();
        var x = patch_embed.forward(input);                         // (N, H/4, W/4, C)
        foreach (var layer in _layers)
        {
            x = layer.forward(x);
            maps.Add(x.permute(0, 3, 1, 2));
        }

        return maps.MoveToOuterDisposeScope();
    }

    private sealed class PatchEmbedding : Module<Tensor, Tensor>
    {
        private readonly Conv2d proj;
        private readonly LayerNorm norm;

        public PatchEmbedding(int inChannels, int channels) : base(nameof(PatchEmbedding))
        {
            proj = Conv2d(inChannels, channels, Patch, stride: Patch);
            norm = LayerNorm(channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return norm.forward(proj.forward(input).permute(0, 2, 3, 1)).MoveToOuterDisposeScope();
        }
    }
}
