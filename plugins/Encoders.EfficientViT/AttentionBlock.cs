using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.EfficientViT;

/// <summary>Attention, then convolutions. Keys: context_module, local_module.</summary>
internal sealed class AttentionBlock : Module<Tensor, Tensor>
{
    private readonly Residual context_module, local_module;

    public AttentionBlock(EfficientViTDesign design, int channels) : base(nameof(AttentionBlock))
    {
        context_module = new Residual(new LinearAttention(design, channels));
        local_module = new Residual(LocalBlocks.Inverted(design, channels, channels, 1, design.Expansion, fewNorms: true, fused: false));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return local_module.forward(context_module.forward(input)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Attention with ReLU for a kernel, whose cost is linear in the pixels, over queries, keys and values as they are and gathered from 5×5
    /// pixels. Keys: qkv, aggreg, proj.
    /// </summary>
    private sealed class LinearAttention : Module<Tensor, Tensor>
    {
        private const int Scale = 5;
        private const double Eps = 1e-5;

        private readonly Layer qkv;
        private readonly ModuleList<Sequential> aggreg;
        private readonly Layer proj;
        private readonly int _head;

        public LinearAttention(EfficientViTDesign design, int channels) : base(nameof(LinearAttention))
        {
            _head = design.Head;
            var heads = channels / _head;
            qkv = new Layer(design, channels, 3 * channels, 1, normed: false, active: false);
            aggreg = ModuleList(Sequential(
                Conv2d(3 * channels, 3 * channels, Scale, padding: Scale / 2, groups: 3 * channels, bias: false),
                Conv2d(3 * channels, 3 * channels, 1, groups: 3 * heads, bias: false)));
            proj = new Layer(design, 2 * channels, channels, 1, active: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var (images, height, width) = (input.shape[0], input.shape[2], input.shape[3]);
            var x = qkv.forward(input);
            // Sums over all pixels need single precision.
            var parts = cat([x, aggreg[0].forward(x)], 1).reshape(images, -1, 3 * _head, height * width).transpose(-1, -2).to(ScalarType.Float32).chunk(3, -1);
            var (query, key, value) = (functional.relu(parts[0]), functional.relu(parts[1]), functional.pad(parts[2], [0, 1], value: 1));
            var sums = query.matmul(key.transpose(-1, -2).matmul(value));
            var attended = sums.narrow(-1, 0, _head) / (sums.narrow(-1, _head, 1) + Eps);
            return proj.forward(attended.to(x.dtype).transpose(-1, -2).reshape(images, -1, height, width)).MoveToOuterDisposeScope();
        }
    }
}
