using Osteon.Models;
using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.FocalNet;

/// <summary>Blocks at one resolution. Keys: downsample, blocks.</summary>
internal sealed class FocalStage : Module<Tensor, Tensor>
{
    private readonly Downsampling? downsample;
    private readonly Sequential blocks;

    public FocalStage(FocalNetVariant variant, int stage, IReadOnlyList<double> dropPath) : base(nameof(FocalStage))
    {
        downsample = stage > 0 ? new Downsampling(variant.ChannelsOf(stage - 1), variant.ChannelsOf(stage), 2, variant.Overlaps) : null;
        blocks = Sequential(dropPath.Select(rate => new FocalBlock(variant, variant.ChannelsOf(stage), rate)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return blocks.forward(downsample?.forward(input) ?? input).MoveToOuterDisposeScope();
    }
}

/// <summary>A strided convolution and a normalisation. Keys: proj, norm.</summary>
internal sealed class Downsampling : Module<Tensor, Tensor>
{
    private readonly Conv2d proj;
    private readonly LayerNorm2d norm;

    public Downsampling(int inChannels, int outChannels, int stride, bool overlaps) : base(nameof(Downsampling))
    {
        var kernel = !overlaps ? stride : stride == 4 ? 7 : 3;
        proj = Conv2d(inChannels, outChannels, kernel, stride: stride, padding: overlaps ? stride / 2 : 0);
        norm = new LayerNorm2d(outChannels, FocalNetVariant.Eps);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return norm.forward(proj.forward(input)).MoveToOuterDisposeScope();
    }
}

/// <summary>Modulation, then a feed-forward network. Keys: norm1, modulation, norm1_post, ls1, norm2, mlp, norm2_post, ls2.</summary>
internal sealed class FocalBlock : Module<Tensor, Tensor>
{
    private const int Expansion = 4;
    private const double FirstScale = 1e-4;

    private readonly LayerNorm2d? norm1;
    private readonly FocalModulation modulation;
    private readonly LayerNorm2d? norm1_post;
    private readonly LayerScale? ls1;
    private readonly DropPath drop_path1;
    private readonly LayerNorm2d? norm2;
    private readonly ConvMlp mlp;
    private readonly LayerNorm2d? norm2_post;
    private readonly LayerScale? ls2;
    private readonly DropPath drop_path2;

    public FocalBlock(FocalNetVariant variant, int channels, double dropPath) : base(nameof(FocalBlock))
    {
        LayerNorm2d? Norm(bool there) => there ? new LayerNorm2d(channels, FocalNetVariant.Eps) : null;
        LayerScale? Scale() => variant.IsLarge ? new LayerScale(channels, FirstScale, map: true) : null;
        norm1 = Norm(!variant.IsLarge);
        modulation = new FocalModulation(variant, channels);
        norm1_post = Norm(variant.IsLarge);
        ls1 = Scale();
        drop_path1 = new DropPath(dropPath);
        norm2 = Norm(!variant.IsLarge);
        mlp = new ConvMlp(channels, Expansion * channels);
        norm2_post = Norm(variant.IsLarge);
        ls2 = Scale();
        drop_path2 = new DropPath(dropPath);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = modulation.forward(norm1?.forward(input) ?? input);
        x = norm1_post?.forward(x) ?? x;
        x = input + drop_path1.forward(ls1?.forward(x) ?? x);
        var y = mlp.forward(norm2?.forward(x) ?? x);
        y = norm2_post?.forward(y) ?? y;
        return (x + drop_path2.forward(ls2?.forward(y) ?? y)).MoveToOuterDisposeScope();
    }
}

/// <summary>Each pixel is multiplied with what depthwise convolutions gather around it, at each scale as much as it asks for. Keys: f, h, proj, focal_layers, norm.</summary>
internal sealed class FocalModulation : Module<Tensor, Tensor>
{
    private readonly Conv2d f, h, proj;
    private readonly ModuleList<Sequential> focal_layers;
    private readonly LayerNorm2d? norm;
    private readonly int _channels;

    public FocalModulation(FocalNetVariant variant, int channels) : base(nameof(FocalModulation))
    {
        _channels = channels;
        f = Conv2d(channels, (2 * channels) + variant.Levels + 1, 1);
        h = Conv2d(channels, channels, 1);
        proj = Conv2d(channels, channels, 1);
        focal_layers = ModuleList([.. Enumerable.Range(0, variant.Levels).Select(level => variant.Window + (2 * level))
            .Select(kernel => Sequential(Conv2d(channels, channels, kernel, padding: kernel / 2, groups: channels, bias: false), GELU()))]);
        norm = variant.NormalizesModulation ? new LayerNorm2d(channels, FocalNetVariant.Eps) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = f.forward(input);
        var (query, context) = (x.narrow(1, 0, _channels), x.narrow(1, _channels, _channels));
        Tensor Gate(int level) => x.narrow(1, (2 * _channels) + level, 1);
        Tensor? gathered = null;
        foreach (var (level, layer) in focal_layers.Index())
        {
            context = layer.forward(context);
            var weighed = context * Gate(level);
            gathered = gathered is null ? weighed : gathered + weighed;
        }

        gathered = gathered! + (functional.gelu(context.mean([2, 3], keepdim: true)) * Gate(focal_layers.Count));
        var modulated = query * h.forward(gathered);
        return proj.forward(norm?.forward(modulated) ?? modulated).MoveToOuterDisposeScope();
    }
}
