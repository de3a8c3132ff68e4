using Osteon.Abstractions;
using Osteon.Masks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Swin;

/// <summary>An image in patches, (N, H/4, W/4, C). Keys: proj, norm.</summary>
internal sealed class PatchEmbedding : Module<Tensor, Tensor>
{
    private readonly Conv2d proj;
    private readonly LayerNorm norm;
    private readonly string _encoder;
    private readonly Frame? _only;

    /// <param name="encoder">Its name, for the message.</param>
    /// <param name="inChannels">Of images.</param>
    /// <param name="channels">Of patches.</param>
    /// <param name="only">The one size of images that is taken; null for any.</param>
    public PatchEmbedding(string encoder, int inChannels, int channels, Frame? only) : base(nameof(PatchEmbedding))
    {
        (_encoder, _only) = (encoder, only);
        proj = Conv2d(inChannels, channels, SwinTransformer.Patch, stride: SwinTransformer.Patch);
        norm = LayerNorm(channels);
        RegisterComponents();
    }

    /// <exception cref="ConfigurationException">The image has another size.</exception>
    public override Tensor forward(Tensor input)
    {
        var came = new Frame((int)input.shape[2], (int)input.shape[3]);
        if (_only is { } only && came != only)
        {
            throw new ConfigurationException($"encoder {_encoder} takes images of {only} alone, and one of {came} came. Set the encoder's img_size to the size of the images, or strict_img_size: false.");
        }

        using var scope = NewDisposeScope();
        return norm.forward(proj.forward(input).permute(0, 2, 3, 1)).MoveToOuterDisposeScope();
    }
}
