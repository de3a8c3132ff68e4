using Osteon.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.MixTransformer;

/// <summary>Shrinks a map by a convolution whose windows overlap. Keys: proj, norm.</summary>
internal sealed class PatchEmbedding : Module<Tensor, Tensor>
{
    private readonly Conv2d proj;
    private readonly LayerNorm2d norm;

    public PatchEmbedding(int inChannels, int outChannels, int kernel, int stride) : base(nameof(PatchEmbedding))
    {
        proj = Conv2d(inChannels, outChannels, kernel, stride: stride, padding: kernel / 2);
        norm = new LayerNorm2d(outChannels, eps: 1e-5);             // the blocks' and stages' have 1e-6
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return norm.forward(proj.forward(input)).MoveToOuterDisposeScope();
    }
}
