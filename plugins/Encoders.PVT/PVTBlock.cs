using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.PVT;

/// <summary>Attention to a reduced map, then a feed-forward network with a convolution in it. Keys: norm1, attn, norm2, mlp.</summary>
internal sealed class PVTBlock : Module<Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly ReducedAttention attn;
    private readonly LayerNorm norm2;
    private readonly FeedForward mlp;

    public PVTBlock(PVTVariant variant, int stage) : base(nameof(PVTBlock))
    {
        var channels = variant.Channels[stage];
        norm1 = LayerNorm(channels, eps: 1e-6);
        attn = new ReducedAttention(channels, variant.Heads[stage], PVTVariant.Reductions[stage], variant.Linear);
        norm2 = LayerNorm(channels, eps: 1e-6);
        mlp = new FeedForward(channels, variant.Expansions[stage] * channels, variant.Linear);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var shape = input.shape;
        var x = Rows(input);
        x += attn.Attend(norm1.forward(x), shape);
        x += mlp.Pass(norm2.forward(x), shape);
        return Map(x, shape).MoveToOuterDisposeScope();
    }

    /// <returns>(N, HW, C) of (N, C, H, W).</returns>
    private static Tensor Rows(Tensor map) => map.flatten(2).transpose(1, 2);

    /// <returns>(N, C, H, W) of (N, HW, C).</returns>
    private static Tensor Map(Tensor rows, long[] shape) => rows.transpose(1, 2).reshape(rows.shape[0], rows.shape[2], shape[2], shape[3]);

    /// <summary>Keys: q, kv, proj, and sr, norm where the map is reduced: by a strided convolution, or to 7×7 pixels by an average.</summary>
    private sealed class ReducedAttention : Module
    {
        private const int Side = 7;
        private readonly Linear q, kv, proj;
        private readonly Conv2d? sr;
        private readonly LayerNorm? norm;
        private readonly int _heads;
        private readonly bool _linear;

        public ReducedAttention(int channels, int heads, int reduction, bool linear) : base(nameof(ReducedAttention))
        {
            (_heads, _linear) = (heads, linear);
            q = Linear(channels, channels);
            kv = Linear(channels, 2 * channels);
            proj = Linear(channels, channels);
            if (linear || reduction > 1)
            {
                sr = linear ? Conv2d(channels, channels, 1) : Conv2d(channels, channels, reduction, stride: reduction);
                norm = LayerNorm(channels);
            }

            RegisterComponents();
        }

        public Tensor Attend(Tensor rows, long[] shape)
        {
            using var scope = NewDisposeScope();
            var (images, length, channels) = (rows.shape[0], rows.shape[1], rows.shape[2]);
            var query = q.forward(rows).reshape(images, length, _heads, -1).transpose(1, 2);
            var pairs = kv.forward(Reduced(rows, shape)).reshape(images, -1, 2, _heads, channels / _heads).permute(2, 0, 3, 1, 4).unbind();
            var x = functional.scaled_dot_product_attention(query, pairs[0], pairs[1]);
            return proj.forward(x.transpose(1, 2).reshape(images, length, channels)).MoveToOuterDisposeScope();
        }

        private Tensor Reduced(Tensor rows, long[] shape)
        {
            if (sr is null)
            {
                return rows;
            }

            var map = Map(rows, shape);
            var reduced = norm!.forward(Rows(sr.forward(_linear ? functional.adaptive_avg_pool2d(map, Side) : map)));
            return _linear ? functional.gelu(reduced) : reduced;
        }
    }

    /// <summary>Keys: fc1, dwconv, fc2.</summary>
    private sealed class FeedForward : Module
    {
        private readonly Linear fc1;
        private readonly Conv2d dwconv;
        private readonly Linear fc2;
        private readonly bool _relu;

        public FeedForward(int channels, int hidden, bool relu) : base(nameof(FeedForward))
        {
            fc1 = Linear(channels, hidden);
            dwconv = Conv2d(hidden, hidden, 3, padding: 1, groups: hidden);
            fc2 = Linear(hidden, channels);
            _relu = relu;
            RegisterComponents();
        }

        public Tensor Pass(Tensor rows, long[] shape)
        {
            using var scope = NewDisposeScope();
            var map = Map(fc1.forward(rows), shape);
            return fc2.forward(functional.gelu(Rows(dwconv.forward(_relu ? functional.relu(map) : map)))).MoveToOuterDisposeScope();
        }
    }
}
