using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Adds to each channel what a mean over all pixels says, in which each pixel has a learnt share. Keys: conv_attn, mlp_add (fc1, norm, fc2).</summary>
/// <remarks>Cao et al. 2019, arXiv:1904.11492, figure 4d.</remarks>
public sealed class GlobalContext : Module<Tensor, Tensor>
{
    private readonly Conv2d conv_attn;
    private readonly Transform mlp_add;

    /// <summary>For maps of this many channels.</summary>
    /// <param name="channels">Channels in and out; an eighth of them between the two layers.</param>
    public GlobalContext(int channels) : base(nameof(GlobalContext))
    {
        conv_attn = Conv2d(channels, 1, 1);
        mlp_add = new Transform(channels, Blocks.MakeDivisible(channels / 8.0, divisor: 1, roundLimit: 0));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, channels) = (input.shape[0], input.shape[1]);
        var shares = functional.softmax(conv_attn.forward(input).reshape(images, -1, 1), 1);        // (N, pixels, 1)
        var context = input.reshape(images, channels, -1).matmul(shares).reshape(images, channels, 1, 1);
        return (input + mlp_add.forward(context)).MoveToOuterDisposeScope();
    }

    private sealed class Transform : Module<Tensor, Tensor>
    {
        private readonly Conv2d fc1;
        private readonly LayerNorm2d norm;
        private readonly Conv2d fc2;

        public Transform(int channels, int inner) : base(nameof(Transform))
        {
            fc1 = Conv2d(channels, inner, 1);
            norm = new LayerNorm2d(inner, 1e-6);
            fc2 = Conv2d(inner, channels, 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return fc2.forward(functional.relu(norm.forward(fc1.forward(input)))).MoveToOuterDisposeScope();
        }
    }
}
