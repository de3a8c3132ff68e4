using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Architectures.HRNet;

/// <summary>Adds to each pixel what it shares with the object regions. Keys: object_context_block, conv_bn_dropout.</summary>
/// <remarks>Yuan, Chen, Wang 2020, arXiv:1909.11065, section 3.2, equations 2 to 5.</remarks>
internal sealed class ObjectContext : Module<Tensor, Tensor, Tensor>
{
    private readonly ObjectAttention object_context_block;
    private readonly Sequential conv_bn_dropout;

    public ObjectContext(int channels, int keyChannels, double dropout) : base(nameof(ObjectContext))
    {
        object_context_block = new ObjectAttention(channels, keyChannels);
        conv_bn_dropout = Sequential(Conv2d(2 * channels, channels, 1, bias: false), ObjectAttention.Norm(channels), Dropout2d(dropout));
        RegisterComponents();
    }

    /// <summary>Pixels (N, C, h, w) and rough logits (N, K, h, w) to pixels that know of the regions, (N, C, h, w).</summary>
    public override Tensor forward(Tensor pixels, Tensor rough)
    {
        using var scope = NewDisposeScope();
        // A class's region is the sum of all pixels, each weighed by its share in the class.
        var shares = functional.softmax(rough.flatten(2), dim: 2);                                  // (N, K, hw)
        var regions = matmul(shares, pixels.flatten(2).permute(0, 2, 1)).permute(0, 2, 1).unsqueeze(3);   // (N, C, K, 1)
        var context = object_context_block.forward(pixels, regions);
        return conv_bn_dropout.forward(cat([context, pixels], 1)).MoveToOuterDisposeScope();
    }
}

/// <summary>Each pixel asks the regions. Keys: f_pixel, f_object, f_down, f_up.</summary>
internal sealed class ObjectAttention : Module<Tensor, Tensor, Tensor>
{
    private readonly Sequential f_pixel, f_object, f_down, f_up;
    private readonly double _scale;

    public ObjectAttention(int channels, int keyChannels) : base(nameof(ObjectAttention))
    {
        _scale = 1 / Math.Sqrt(keyChannels);
        f_pixel = Twice(channels, keyChannels);
        f_object = Twice(channels, keyChannels);
        f_down = Sequential(Pointwise(channels, keyChannels), Norm(keyChannels));
        f_up = Sequential(Pointwise(keyChannels, channels), Norm(channels));
        RegisterComponents();
    }

    /// <summary>Normalisation and ReLU. Key: 0.</summary>
    public static Sequential Norm(int channels) => Sequential(BatchNorm2d(channels), ReLU());

    public override Tensor forward(Tensor pixels, Tensor regions)
    {
        using var scope = NewDisposeScope();
        var query = f_pixel.forward(pixels).flatten(2).permute(0, 2, 1);                            // (N, hw, key)
        var key = f_object.forward(regions).flatten(2);                                             // (N, key, K)
        var value = f_down.forward(regions).flatten(2).permute(0, 2, 1);                            // (N, K, key)
        var relation = functional.softmax(matmul(query, key) * _scale, dim: -1);                    // (N, hw, K)
        var context = matmul(relation, value).permute(0, 2, 1).contiguous().view(pixels.shape[0], -1, pixels.shape[2], pixels.shape[3]);
        return f_up.forward(context).MoveToOuterDisposeScope();
    }

    private static Sequential Twice(int channels, int keyChannels) =>
        Sequential(Pointwise(channels, keyChannels), Norm(keyChannels), Pointwise(keyChannels, keyChannels), Norm(keyChannels));

    private static Conv2d Pointwise(int inChannels, int outChannels) => Conv2d(inChannels, outChannels, 1, bias: false);
}
