using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>The layers and operators of make_layers.py, under the same names.</summary>
internal static class LayerCases
{
    private static readonly Tensor s_square = tensor([4f, 1, 0, 1, 3, 1, 0, 1, 2], [3, 3]).DetachFromDisposeScope();
    private static readonly Tensor s_index = tensor([0L, 2, 1, 1, 0], [1, 5]).DetachFromDisposeScope();

    public static Dictionary<string, Func<Module<Tensor, Tensor>>> Layers { get; } = new()
    {
        ["Linear"] = () => Linear(9, 3),
        ["Conv1d"] = () => Conv1d(4, 6, 3, 2, 2, 2, groups: 2),
        ["Conv1d reflect"] = () => Conv1d(4, 2, 3, padding: 1, padding_mode: PaddingModes.Reflect),
        ["Conv2d grouped"] = () => Conv2d(4, 6, (3, 2), (2, 1), (1, 0), (1, 2), groups: 2),
        ["Conv2d depthwise"] = () => Conv2d(4, 8, 3, padding: 1, groups: 4),
        ["Conv2d replicate"] = () => Conv2d(4, 2, (3, 3), padding: (2, 1), padding_mode: PaddingModes.Replicate),
        ["Conv3d"] = () => Conv3d(4, 2, (1, 3, 2), (1, 2, 1), (0, 1, 1), groups: 2),
        ["Conv3d circular"] = () => Conv3d(4, 2, (3, 3, 3), padding: (1, 2, 1), padding_mode: PaddingModes.Circular),
        ["ConvTranspose1d"] = () => ConvTranspose1d(4, 6, 3, 2, 1, 1, dilation: 2, groups: 2),
        ["ConvTranspose2d"] = () => ConvTranspose2d(4, 6, (3, 2), (2, 2), (1, 0), (1, 0), dilation: (1, 2), groups: 2),
        ["ConvTranspose3d"] = () => ConvTranspose3d(4, 2, (2, 2, 2), (1, 2, 2), output_padding: (0, 1, 0), groups: 2),
        ["LayerNorm"] = () => LayerNorm(9),
        ["LayerNorm two"] = () => LayerNorm([6, 8], 1e-3),
        ["GroupNorm"] = () => GroupNorm(2, 4),
        ["BatchNorm1d"] = () => BatchNorm1d(4),
        ["BatchNorm2d"] = () => BatchNorm2d(4, momentum: null),
        ["BatchNorm3d"] = () => BatchNorm3d(4, 1e-3, 0.2),
        ["InstanceNorm1d"] = () => InstanceNorm1d(4, affine: true),
        ["InstanceNorm2d"] = () => InstanceNorm2d(4, affine: true, track_running_stats: true),
        ["InstanceNorm3d"] = () => InstanceNorm3d(4),
        ["GELU"] = () => GELU(),
        ["GELU tanh"] = () => GELU(TorchSharp.Modules.GELU.Approximate.tanh),
        ["SiLU"] = () => SiLU(),
        ["Mish"] = () => Mish(),
        ["Hardswish"] = () => Hardswish(),
        ["Hardsigmoid"] = () => Hardsigmoid(),
        ["Hardtanh"] = () => Hardtanh(-2, 1.5),
        ["PReLU"] = () => PReLU(),
        ["PReLU channels"] = () => PReLU(4, 0.1),
        ["LeakyReLU"] = () => LeakyReLU(0.2),
        ["ELU"] = () => ELU(0.7),
        ["CELU"] = () => CELU(0.7),
        ["SELU"] = () => SELU(),
        ["ReLU6"] = () => ReLU6(),
        ["Softplus"] = () => Softplus(2, 5),
        ["Softsign"] = () => Softsign(),
        ["Tanh"] = () => Tanh(),
        ["LogSigmoid"] = () => LogSigmoid(),
        ["LogSoftmax"] = () => LogSoftmax(1),
        ["Softmax2d"] = () => Softmax2d(),
        ["GLU"] = () => GLU(1),
        ["AdaptiveAvgPool1d"] = () => AdaptiveAvgPool1d(4),
        ["AdaptiveAvgPool3d"] = () => AdaptiveAvgPool3d((2, 4, 3)),
        ["AdaptiveMaxPool1d"] = () => AdaptiveMaxPool1d(4),
        ["AdaptiveMaxPool2d"] = () => AdaptiveMaxPool2d((4, 3)),
        ["AdaptiveMaxPool3d"] = () => AdaptiveMaxPool3d([2, 4, 3]),
        ["MaxPool1d"] = () => MaxPool1d(3, 2, 1),
        ["MaxPool3d"] = () => MaxPool3d((2, 3, 2), (2, 2, 1), (1, 0, 1)),
        ["AvgPool1d"] = () => AvgPool1d(3, 2, 1, true, false),
        ["AvgPool3d"] = () => AvgPool3d((2, 2, 2), (2, 2, 2), (0, 1, 0), count_include_pad: false),
        ["PixelShuffle"] = () => PixelShuffle(2),
        ["PixelUnshuffle"] = () => PixelUnshuffle(2),
        ["ChannelShuffle"] = () => ChannelShuffle(2),
        ["Unfold"] = () => Unfold((3, 2), (1, 1), (1, 0), (2, 2)),
        ["Fold"] = () => Fold((3, 4), (2, 2)),
        ["ZeroPad2d"] = () => ZeroPad2d((1, 2, 0, 3)),
        ["ConstantPad1d"] = () => ConstantPad1d((1, 2), 0.5),
        ["ConstantPad2d"] = () => ConstantPad2d(1, 0.5),
        ["ReflectionPad1d"] = () => ReflectionPad1d((1, 2)),
        ["ReflectionPad2d"] = () => ReflectionPad2d((1, 2, 3, 0)),
        ["ReflectionPad3d"] = () => ReflectionPad3d(1),
        ["ReplicationPad2d"] = () => ReplicationPad2d((1, 2, 3, 0)),
        ["ReplicationPad3d"] = () => ReplicationPad3d((1, 2, 3, 0, 1, 1)),
        ["Upsample bicubic"] = () => Upsample(scale_factor: [1.5], mode: UpsampleMode.Bicubic, align_corners: true),
        ["Upsample trilinear"] = () => Upsample(scale_factor: [2], mode: UpsampleMode.Trilinear),
        ["Upsample volume"] = () => Upsample([5, 3, 9]),
        ["TransformerEncoderLayer"] = () => TransformerEncoderLayer(9, 3, 16, dropout: 0),
        ["TransformerEncoder"] = () => new Unmasked(TransformerEncoder(TransformerEncoderLayer(9, 3, 5, dropout: 0, activation: Activations.GELU), 2)),
        ["Upsample linear"] = () => Upsample(scale_factor: [2], mode: UpsampleMode.Linear, align_corners: true),
    };

    public static Dictionary<string, Func<Tensor, Tensor, Tensor>> Operators { get; } = new()
    {
        ["einsum"] = (x, y) => einsum("ij,kj->ik", x, y),
        ["scatter"] = (x, y) => x.scatter(0, s_index, y.narrow(0, 0, 1)),
        ["scatter value"] = (x, _) => x.scatter(1, s_index.narrow(1, 0, 2), 0.5),
        ["scatter_add"] = (x, y) => x.scatter_add(0, s_index, y.narrow(0, 0, 1)),
        ["gather"] = (x, _) => gather(x, 0, s_index),
        ["index_add"] = (x, y) => x.index_add(0, tensor([2L, 0]), y.narrow(0, 0, 2), 2),
        ["index_put"] = (x, y) => x.index_put(y.narrow(0, 0, 2), tensor([0L, 2])),
        ["masked_fill"] = (x, y) => x.masked_fill(y > 0, 0.5),
        ["masked_select"] = (x, y) => masked_select(x, y > 0),
        ["masked_scatter"] = (x, y) => x.masked_scatter(y > 0, y),
        ["take_along_dim"] = (x, _) => x.take_along_dim(s_index, 0),
        ["roll"] = (x, _) => x.roll(2, 1),
        ["roll all"] = (x, _) => x.roll(4),
        ["fliplr"] = (x, _) => x.fliplr(),
        ["tile"] = (x, _) => x.tile(2, 1, 2),
        ["repeat_interleave"] = (x, _) => x.repeat_interleave(tensor([1L, 0, 3]), 0),
        ["movedim"] = (x, _) => x.movedim([0], [1]),
        ["unflatten"] = (x, _) => x.t().unflatten(1, 3, 1),
        ["unfold"] = (x, _) => x.unfold(1, 3, 2),
        ["kthvalue"] = (x, _) => x.kthvalue(2, 1).values,
        ["tril"] = (x, _) => x.tril(-1),
        ["triu"] = (x, _) => x.triu(1),
        ["diag"] = (x, _) => x.diag(1),
        ["diagonal"] = (x, _) => x.diagonal(1),
        ["outer"] = (x, y) => outer(x.select(0, 0), y.select(0, 1)),
        ["dot"] = (x, y) => x.select(0, 0).dot(y.select(0, 1)),
        ["mv"] = (x, y) => x.mv(y.select(0, 0)),
        ["addmm"] = (x, y) => addmm(s_square, x, y.t(), 0.5f, 2),
        ["baddbmm"] = (x, y) => baddbmm(s_square.unsqueeze(0), x.unsqueeze(0), y.t().unsqueeze(0), 0.5f, 2),
        ["bmm"] = (x, y) => x.unsqueeze(0).bmm(y.t().unsqueeze(0)),
        ["inv"] = (x, y) => (s_square + (x.mm(y.t()) * 0.1)).inverse(),
        ["solve"] = (x, _) => linalg.solve(s_square, x),
        ["solve right"] = (x, _) => linalg.solve(s_square, x.t(), left: false),
        ["det"] = (x, _) => linalg.det(s_square + x.mm(x.t())),
        ["norm"] = (x, _) => linalg.norm(x, 3, [1]),
        ["frobenius"] = (x, _) => linalg.norm(x),
        ["vector_norm"] = (x, _) => linalg.vector_norm(x, 1, [0]),
        ["cholesky"] = (x, _) => linalg.cholesky(s_square + x.mm(x.t())),
        ["eigh"] = (x, _) => linalg.eigh(s_square + x.mm(x.t())).values,
        ["svd"] = (x, _) => linalg.svd(x, false).S,
        ["tan"] = (x, _) => x.tan(),
        ["asin"] = (x, _) => (x * 0.5).asin(),
        ["acos"] = (x, _) => (x * 0.5).acos(),
        ["atan2"] = (x, y) => x.atan2(y),
        ["sinh"] = (x, _) => x.sinh(),
        ["cosh"] = (x, _) => x.cosh(),
        ["erf"] = (x, _) => erf(x),
        ["erfc"] = (x, _) => x.erfc(),
        ["erfinv"] = (x, _) => (x * 0.5).erfinv(),
        ["expm1"] = (x, _) => x.expm1(),
        ["log10"] = (x, _) => (x + 2).log10(),
        ["rsqrt"] = (x, _) => rsqrt(x + 2),
        ["trunc"] = (x, _) => (x * 3).trunc(),
        ["frac"] = (x, _) => (x * 3).frac(),
        ["round"] = (x, _) => round(x * 3),
        ["round decimals"] = (x, _) => x.round(2),
        ["floor"] = (x, _) => floor(x * 3),
        ["ceil"] = (x, _) => ceil(x * 3),
        ["maximum"] = (x, y) => x.max(y),
        ["minimum"] = (x, y) => x.min(y),
        ["fmod"] = (x, _) => x.fmod(0.3),
        ["remainder"] = (x, y) => x.remainder(y),
        ["nan_to_num"] = (x, _) => (x.detach() / 0).nan_to_num(1, 2, 3),
        ["any"] = (x, _) => (x > 0.9).any(1),
        ["all"] = (x, _) => (x > -0.9).all(0),
        ["nonzero"] = (x, _) => nonzero(x > 0),
        ["bitwise"] = (x, y) => (x > 0).bitwise_xor(y > 0),
        ["shift"] = (_, _) => s_index.bitwise_left_shift(s_index),
        ["logical_xor"] = (x, y) => (x > 0).logical_xor(y > 0),
        ["var_mean"] = (x, _) => Stacked(x.var_mean([1], false)),
        ["std_mean"] = (x, _) => Stacked(x.std_mean()),
        ["logsumexp"] = (x, _) => logsumexp(x, 1),
        ["logcumsumexp"] = (x, _) => ops.aten("logcumsumexp", x, 1),
        ["cumprod"] = (x, _) => x.cumprod(1),
        ["prod"] = (x, _) => x.prod(1),
        ["quantile"] = (x, _) => x.quantile(tensor([0.25f, 0.5f]), 1),
        ["diff"] = (x, _) => x.diff(),
        ["argsort"] = (x, _) => x.argsort(1, true),
        ["unique"] = (_, _) => s_index.unique().output,
        ["meshgrid"] = (x, y) => meshgrid([x.select(0, 0), y.select(0, 1)], "xy")[0],
        ["chunk"] = (x, _) => chunk(x, 2, 1)[1],
        ["tensor_split"] = (x, _) => x.tensor_split(2, 1)[1],
        ["unbind"] = (x, _) => unbind(x, 1)[2],
        ["normalize"] = (x, _) => functional.normalize(x, 3, 1),
        ["cosine_similarity"] = (x, y) => functional.cosine_similarity(x, y),
        ["unpool"] = (x, _) => Unpooled(x.unsqueeze(0)),
        ["unpool line"] = (x, _) => UnpooledLine(x.unsqueeze(0)),
        ["unpool volume"] = (x, _) => UnpooledVolume(x.unsqueeze(0).unsqueeze(0)),
        ["attention"] = (x, y) => functional.scaled_dot_product_attention(x, y, y, is_casual: true),
    };

    private static Tensor Unpooled(Tensor x)
    {
        var (values, where) = functional.max_pool2d_with_indices(x, [2, 2]);
        return MaxUnpool2d(2).call(values, where);
    }

    private static Tensor UnpooledLine(Tensor x)
    {
        var (values, where) = functional.max_pool1d_with_indices(x, 3, 2, 1);
        return MaxUnpool1d(3, 2, 1).call(values, where, [5]);
    }

    private static Tensor UnpooledVolume(Tensor x)
    {
        var (values, where) = functional.max_pool3d_with_indices(x, [1, 2, 2]);
        return MaxUnpool3d([1, 2, 2]).call(values, where);
    }

    private static Tensor Stacked((Tensor First, Tensor Second) pair) => stack([pair.First, pair.Second]);

    // With its keys: a case is a module of one input.
    private sealed class Unmasked : Module<Tensor, Tensor>
    {
        private readonly TransformerEncoder _encoder;

        public Unmasked(TransformerEncoder encoder)
            : base(nameof(Unmasked))
        {
            _encoder = encoder;
            foreach (var (name, module) in encoder.named_children())
            {
                register_module(name, module);
            }
        }

        public override Tensor forward(Tensor input) => _encoder.call(input);
    }
}
