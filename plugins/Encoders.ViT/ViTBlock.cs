using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ViT;

/// <summary>Attention among all tokens (N, T, C), and a feed-forward network. Keys: norm1, attn, ls1, norm2, mlp, ls2.</summary>
internal sealed class ViTBlock : Module<Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly Attention attn;
    private readonly LayerScale? ls1;
    private readonly LayerNorm norm2;
    private readonly Module<Tensor, Tensor> mlp;
    private readonly LayerScale? ls2;

    public ViTBlock(ViTVariant variant) : base(nameof(ViTBlock))
    {
        norm1 = LayerNorm(variant.Channels, eps: variant.Eps);
        attn = new Attention(variant);
        ls1 = variant.LayerScale > 0 ? new LayerScale(variant.Channels, variant.LayerScale) : null;
        norm2 = LayerNorm(variant.Channels, eps: variant.Eps);
        mlp = variant.Gated ? new GatedMlp(variant) : new Mlp(variant.Channels, variant.Hidden, variant.Activation);
        ls2 = variant.LayerScale > 0 ? new LayerScale(variant.Channels, variant.LayerScale) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input + Scaled(attn.forward(norm1.forward(input)), ls1);
        return (x + Scaled(mlp.forward(norm2.forward(x)), ls2)).MoveToOuterDisposeScope();
    }

    private static Tensor Scaled(Tensor branch, LayerScale? scale) => scale?.forward(branch) ?? branch;

    private sealed class Attention : Module<Tensor, Tensor>
    {
        private readonly Linear qkv;
        private readonly Linear proj;
        private readonly int _heads;

        public Attention(ViTVariant variant) : base(nameof(Attention))
        {
            _heads = variant.Heads;
            qkv = Linear(variant.Channels, 3 * variant.Channels, hasBias: variant.QkvBias);
            proj = Linear(variant.Channels, variant.Channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (images, tokens, channels) = (input.shape[0], input.shape[1], input.shape[2]);
            var parts = qkv.forward(input).reshape(images, tokens, 3, _heads, channels / _heads).permute(2, 0, 3, 1, 4).unbind();
            var x = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);
            return proj.forward(x.transpose(1, 2).reshape(images, tokens, channels)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>SiLU of the first half of the hidden channels times the second. Keys: fc1, fc2.</summary>
    private sealed class GatedMlp : Module<Tensor, Tensor>
    {
        private readonly Linear fc1;
        private readonly Linear fc2;

        public GatedMlp(ViTVariant variant) : base(nameof(GatedMlp))
        {
            fc1 = Linear(variant.Channels, 2 * variant.Hidden);
            fc2 = Linear(variant.Hidden, variant.Channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var halves = fc1.forward(input).chunk(2, -1);
            return fc2.forward(functional.silu(halves[0]) * halves[1]).MoveToOuterDisposeScope();
        }
    }
}
