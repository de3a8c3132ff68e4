using Osteon.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>
/// MobileNetV4's attention: every head has its queries, and all share one key and one value, which may lie at every other pixel. Keys: norm,
/// attn (query, key and value with proj, key and value with down_conv and norm too, output), layer_scale.
/// </summary>
/// <remarks>Shazeer 2019, arXiv:1911.02150; Qin et al. 2024, arXiv:2404.10518, section 4.</remarks>
internal sealed class MobileAttention : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> norm;
    private readonly Queries attn;
    private readonly LayerScale? layer_scale;
    private readonly DropPath? drop_path;
    private readonly bool _skips;

    /// <summary>Builds it for a place in a network.</summary>
    public MobileAttention(MobileDesign design, MobileBlockSpec spec, int inChannels, int dilation, double dropPath) : base(nameof(MobileAttention))
    {
        var outChannels = design.Channels(spec.Channels);
        norm = design.Norm(inChannels);
        attn = new Queries(design, spec, inChannels, outChannels, dilation);
        layer_scale = design.LayerScale > 0 ? new LayerScale(outChannels, design.LayerScale, map: true) : null;
        _skips = spec.Skip && inChannels == outChannels;
        drop_path = _skips && dropPath > 0 ? new DropPath(dropPath) : null;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = attn.forward(norm.forward(input));
        x = layer_scale?.forward(x) ?? x;
        return (_skips ? (drop_path?.forward(x) ?? x) + input : x).MoveToOuterDisposeScope();
    }

    private sealed class Queries : Module<Tensor, Tensor>
    {
        private readonly Projection query, key, value, output;
        private readonly int _heads, _channels;

        public Queries(MobileDesign design, MobileBlockSpec spec, int inChannels, int outChannels, int dilation) : base(nameof(Queries))
        {
            (_heads, _channels) = (spec.Heads, spec.HeadChannels);
            query = new Projection(design, inChannels, _heads * _channels);
            key = new Projection(design, inChannels, _channels, spec.Kernel, spec.KeyStride, dilation);
            value = new Projection(design, inChannels, _channels, spec.Kernel, spec.KeyStride, dilation);
            output = new Projection(design, _heads * _channels, outChannels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (images, height, width) = (input.shape[0], input.shape[2], input.shape[3]);
            var queries = query.forward(input).reshape(images, _heads, _channels, -1).transpose(-1, -2).contiguous();       // (N, heads, pixels, d)
            var found = functional.scaled_dot_product_attention(queries, Shared(key.forward(input)), Shared(value.forward(input)));
            return output.forward(found.transpose(-1, -2).reshape(images, _heads * _channels, height, width)).MoveToOuterDisposeScope();
        }

        // (N, 1, pixels, d) as every head sees it.
        private Tensor Shared(Tensor map) => map.flatten(2).transpose(1, 2).unsqueeze(1).expand(-1, _heads, -1, -1);
    }

    private sealed class Projection : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor>? down_conv;
        private readonly Module<Tensor, Tensor>? norm;
        private readonly Conv2d proj;

        public Projection(MobileDesign design, int inChannels, int outChannels, int kernel = 0, int stride = 1, int dilation = 1) : base(nameof(Projection))
        {
            if (stride > 1)
            {
                down_conv = design.Convolution(inChannels, inChannels, [kernel], stride, dilation, inChannels);
                norm = design.Norm(inChannels);
                init.xavier_uniform_(down_conv.parameters().Single());
            }

            proj = Conv2d(inChannels, outChannels, 1, bias: false);
            init.xavier_uniform_(proj.weight);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return proj.forward(down_conv is null ? input : norm!.forward(down_conv.forward(input))).MoveToOuterDisposeScope();
        }
    }
}
