using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.MMSegmentation;

/// <summary>Pixels as a list (N, H·W, C), and what transformers share.</summary>
internal static class Tokens
{
    /// <summary>(N, C, H, W) to (N, H·W, C).</summary>
    public static Tensor Of(Tensor map) => map.flatten(2).transpose(1, 2);

    /// <summary>(N, H·W, C) to (N, C, H, W).</summary>
    public static Tensor ToMap(Tensor tokens, long height, long width) => tokens.transpose(1, 2).reshape(tokens.shape[0], tokens.shape[2], height, width);

    /// <summary>Zeros at the right and the bottom, so that sides are multiples.</summary>
    public static Tensor Padded(Tensor map, long multiple)
    {
        var (bottom, right) = ((multiple - (map.shape[2] % multiple)) % multiple, (multiple - (map.shape[3] % multiple)) % multiple);
        return bottom == 0 && right == 0 ? map : functional.pad(map, [0, right, 0, bottom]);
    }

    /// <summary>Truncated normal of deviation 0.02 for linear layers, normal by fan out for convolutions, 1 and 0 for normalisations.</summary>
    public static void Initialize(Module backbone) => backbone.apply(part =>
    {
        switch (part)
        {
            case Linear { weight: var weight, bias: var bias }:
                init.trunc_normal_(weight, std: 0.02);
                Zero(bias);
                break;
            case Conv2d convolution:
                var fanOut = convolution.kernel_size[0] * convolution.kernel_size[1] * convolution.out_channels / convolution.groups;
                init.normal_(convolution.weight, 0, Math.Sqrt(2.0 / fanOut));
                Zero(convolution.bias);
                break;
        }
    });

    private static void Zero(Parameter? bias)
    {
        if (bias is not null)
        {
            init.zeros_(bias);
        }
    }
}

/// <summary>Cuts an image or a map into patches, which may overlap. Keys: projection, norm.</summary>
internal sealed class PatchEmbedding : Module<Tensor, Tensor>
{
    private readonly Conv2d projection;
    private readonly LayerNorm? norm;
    private readonly bool _corner;

    /// <param name="inChannels">Channels in.</param>
    /// <param name="channels">Channels out.</param>
    /// <param name="patch">Side of a patch.</param>
    /// <param name="stride">From one patch to the next.</param>
    /// <param name="padding">Pixels on all sides; null: as many at the right and the bottom as whole patches need.</param>
    /// <param name="eps">Of the normalisation; null for none.</param>
    public PatchEmbedding(int inChannels, int channels, int patch, int stride, int? padding, double? eps) : base(nameof(PatchEmbedding))
    {
        _corner = padding is null;
        projection = Conv2d(inChannels, channels, patch, stride: stride, padding: padding ?? 0);
        norm = eps is { } small ? LayerNorm(channels, small) : null;
        RegisterComponents();
    }

    /// <summary>(N, C, H, W) to (N, D, h, w).</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = projection.forward(_corner ? Tokens.Padded(input, projection.stride[0]) : input);
        return (norm is null ? x : Tokens.ToMap(norm.forward(Tokens.Of(x)), x.shape[2], x.shape[3])).MoveToOuterDisposeScope();
    }
}
