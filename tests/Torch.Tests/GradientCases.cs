using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>What segmentation networks are made of, at channel counts where oneDNN takes over and sizes that fit no block.</summary>
internal static class GradientCases
{
    private static readonly long[] s_image = [2, 16, 19, 17];

    public static Dictionary<string, (long[] Shape, Func<Module<Tensor, Tensor>> Make)> All { get; } = new()
    {
        ["convolution"] = (s_image, () => Conv2d(16, 24, 3, padding: 1)),
        ["convolution, wide"] = ([1, 64, 20, 12], () => Conv2d(64, 64, 3, padding: 1)),
        ["convolution, grouped"] = (s_image, () => Conv2d(16, 32, 3, padding: 1, groups: 4)),
        ["convolution, depthwise"] = (s_image, () => Conv2d(16, 16, 3, padding: 1, groups: 16)),
        ["convolution, depthwise 7"] = (s_image, () => Conv2d(16, 16, 7, padding: 3, groups: 16)),
        ["convolution, depthwise 5, stride"] = (s_image, () => Conv2d(16, 16, 5, stride: 2, padding: 2, groups: 16)),
        ["convolution, dilated"] = (s_image, () => Conv2d(16, 8, 3, padding: 6, dilation: 6)),
        ["convolution, dilated depthwise"] = (s_image, () => Conv2d(16, 16, 3, padding: 2, dilation: 2, groups: 16)),
        ["convolution, point"] = (s_image, () => Conv2d(16, 8, 1)),
        ["convolution, point, stride"] = (s_image, () => Conv2d(16, 8, 1, stride: 2)),
        ["convolution, stem"] = ([2, 3, 33, 30], () => Conv2d(3, 16, 7, stride: 2, padding: 3)),
        ["convolution, patches"] = ([2, 3, 32, 28], () => Conv2d(3, 16, 4, stride: 4)),
        ["convolution, reflected"] = (s_image, () => Conv2d(16, 8, (3, 3), padding: (1, 1), padding_mode: PaddingModes.Reflect)),
        ["transposed 2"] = (s_image, () => ConvTranspose2d(16, 8, 2, stride: 2)),
        ["transposed 3"] = (s_image, () => ConvTranspose2d(16, 8, 3, stride: 2, padding: 1, output_padding: 1)),
        ["transposed, grouped, dilated"] = (s_image, () => ConvTranspose2d(16, 16, 3, stride: 2, padding: 1, groups: 4, dilation: 2)),
        ["transposed, depthwise"] = (s_image, () => ConvTranspose2d(16, 16, 4, stride: 2, padding: 1, groups: 16)),
        ["linear"] = ([3, 19, 17], () => Linear(17, 24)),
        ["batch norm"] = (s_image, () => BatchNorm2d(16)),
        ["batch norm, frozen"] = (s_image, () => Frozen(BatchNorm2d(16))),
        ["layer norm"] = ([2, 19, 16], () => LayerNorm(16)),
        ["layer norm of channels"] = (s_image, () => Sequential(Do(x => x.permute(0, 2, 3, 1)), LayerNorm(16), Do(x => x.permute(0, 3, 1, 2)))),
        ["group norm"] = (s_image, () => GroupNorm(4, 16)),
        ["group norm of one"] = (s_image, () => GroupNorm(1, 16)),
        ["instance norm"] = (s_image, () => InstanceNorm2d(16, affine: true)),
        ["ReLU"] = (s_image, () => ReLU()),
        ["ReLU in place"] = (s_image, () => Sequential(Do(x => x * 2), ReLU(inplace: true))),
        ["LeakyReLU"] = (s_image, () => LeakyReLU(0.1)),
        ["GELU"] = (s_image, () => GELU()),
        ["GELU tanh"] = (s_image, () => GELU(TorchSharp.Modules.GELU.Approximate.tanh)),
        ["GELU between convolutions"] = (s_image, () => Sequential(Conv2d(16, 16, 7, padding: 3, groups: 16), GELU(), Conv2d(16, 16, 1))),
        ["GELU between linear layers"] = ([2, 19, 16], () => Sequential(Linear(16, 64), GELU(), Linear(64, 16))),
        ["SiLU"] = (s_image, () => SiLU()),
        ["Mish"] = (s_image, () => Mish()),
        ["Hardswish"] = (s_image, () => Hardswish()),
        ["Hardsigmoid"] = (s_image, () => Hardsigmoid()),
        ["ReLU6"] = (s_image, () => ReLU6()),
        ["ELU"] = (s_image, () => ELU()),
        ["CELU"] = (s_image, () => CELU(0.7)),
        ["SELU"] = (s_image, () => SELU()),
        ["PReLU"] = (s_image, () => PReLU(16)),
        ["Softplus"] = (s_image, () => Softplus()),
        ["Softsign"] = (s_image, () => Softsign()),
        ["Tanh"] = (s_image, () => Tanh()),
        ["Sigmoid"] = (s_image, () => Sigmoid()),
        ["LogSigmoid"] = (s_image, () => LogSigmoid()),
        ["GLU"] = (s_image, () => GLU(1)),
        ["softmax of channels"] = (s_image, () => Softmax(1)),
        ["softmax of columns"] = (s_image, () => Softmax(3)),
        ["log-softmax"] = (s_image, () => LogSoftmax(1)),
        ["max pool"] = (s_image, () => Do(x => functional.max_pool2d(x, 3, 2, 1))),
        ["max pool, ceiling"] = (s_image, () => Do(x => functional.max_pool2d(x, 2, 2, ceil_mode: true))),
        ["max pool, dilated"] = (s_image, () => Do(x => functional.max_pool2d(x, 3, 1, 1, 2))),
        ["average pool"] = (s_image, () => Do(x => functional.avg_pool2d(x, 3, 2, 1))),
        ["average pool, ceiling"] = (s_image, () => Do(x => functional.avg_pool2d(x, 3, 2, 1, ceil_mode: true))),
        ["average pool, ceiling, without border"] = (s_image, () => Do(x => functional.avg_pool2d(x, 2, 2, ceil_mode: true, count_include_pad: false))),
        ["adaptive average"] = (s_image, () => Do(x => functional.adaptive_avg_pool2d(x, 5))),
        ["adaptive average to one"] = (s_image, () => Do(x => functional.adaptive_avg_pool2d(x, 1))),
        ["adaptive max"] = (s_image, () => AdaptiveMaxPool2d(5)),
        ["nearest"] = (s_image, () => Do(x => functional.interpolate(x, scale_factor: [2]))),
        ["nearest to a size"] = (s_image, () => Do(x => functional.interpolate(x, [40, 31]))),
        ["bilinear"] = (s_image, () => Do(x => functional.interpolate(x, scale_factor: [2], mode: InterpolationMode.Bilinear))),
        ["bilinear, corners"] = (s_image, () => Do(x => functional.interpolate(x, scale_factor: [4], mode: InterpolationMode.Bilinear, align_corners: true))),
        ["bilinear to less"] = (s_image, () => Do(x => functional.interpolate(x, [9, 7], mode: InterpolationMode.Bilinear))),
        ["bicubic"] = (s_image, () => Do(x => functional.interpolate(x, [40, 31], mode: InterpolationMode.Bicubic))),
        ["pixel shuffle"] = (s_image, () => PixelShuffle(2)),
        ["pixel unshuffle"] = ([2, 4, 18, 16], () => PixelUnshuffle(2)),
        ["reflect"] = (s_image, () => ReflectionPad2d(3)),
        ["replicate"] = (s_image, () => ReplicationPad2d(3)),
        ["circular"] = (s_image, () => Do(x => functional.pad(x, [1, 2, 3, 1], PaddingModes.Circular))),
        ["zeros around"] = (s_image, () => Do(x => functional.pad(x, [1, 2, 3, -1]))),
        ["roll"] = (s_image, () => Do(x => x.roll([3, 2], [2, 3]))),
        ["unfold"] = (s_image, () => Do(x => functional.unfold(x, 3, padding: 1))),
        ["unfold and fold"] = (s_image, () => Do(x => functional.fold(functional.unfold(x, (3, 3), padding: (1, 1)), (19, 17), (3, 3), padding: (1, 1)))),
        ["channel shuffle"] = (s_image, () => ChannelShuffle(4)),
        ["matmul"] = (s_image, () => Do(x => x.matmul(x.transpose(-1, -2)))),
        ["bmm"] = ([6, 19, 17], () => Do(x => x.bmm(x.transpose(1, 2)))),
        ["einsum"] = (s_image, () => Do(x => einsum("nchw,ndhw->ncd", x, x))),
        ["attention"] = ([2, 19, 16], () => Do(x => functional.scaled_dot_product_attention(x, x * 0.5, x))),
        ["windows of attention"] = ([2, 16, 16, 24], () => Do(Windows)),
        ["squeeze and excite"] = (s_image, () => Do(x => x * functional.adaptive_avg_pool2d(x, 1).sigmoid())),
        ["global response"] = (s_image, () => Do(x => x * x.pow(2).sum([2, 3], true).add(1e-6).sqrt())),
        ["normalize"] = (s_image, () => Do(x => functional.normalize(x))),
        ["mean"] = (s_image, () => Do(x => x.mean([2, 3], true))),
        ["variance"] = (s_image, () => Do(x => x.var(1, false))),
        ["concatenation"] = (s_image, () => Do(x => cat([x, x * 2, x.flip(3)], 1))),
        ["cumulative sum"] = (s_image, () => Do(x => x.cumsum(1))),
        ["gather"] = (s_image, () => Do(x => x.gather(1, zeros([2, 5, 19, 17], ScalarType.Int64)))),
        ["embedding of a table"] = ([11, 16], () => Do(x => functional.embedding(tensor([0L, 3, 3, 10]), x))),
    };

    /// <summary>A function as a layer.</summary>
    public static Module<Tensor, Tensor> Do(Func<Tensor, Tensor> function) => new Function(function);

    private static TorchSharp.Modules.BatchNorm2d Frozen(TorchSharp.Modules.BatchNorm2d layer)
    {
        layer.eval();
        return layer;
    }

    /// <summary>Swin's: cut into windows of 8×8, attend inside each, put together.</summary>
    private static Tensor Windows(Tensor x)
    {
        var tokens = x.view(2, 16, 2, 8, 3, 8).permute(0, 2, 4, 3, 5, 1).reshape(12, 64, 16);
        return functional.scaled_dot_product_attention(tokens, tokens.roll(1, 2), tokens).view(2, 2, 3, 8, 8, 16).permute(0, 5, 1, 3, 2, 4).reshape(2, 16, 16, 24);
    }

    private sealed class Function(Func<Tensor, Tensor> function) : Module<Tensor, Tensor>("function")
    {
        public override Tensor forward(Tensor input) => function(input);
    }
}
