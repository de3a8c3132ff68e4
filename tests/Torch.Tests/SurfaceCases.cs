using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>The losses and operators of make_surface.py, under the same names.</summary>
internal static class SurfaceCases
{
    private static readonly Tensor s_square = Kept(tensor([4f, 1, 0, 1, 3, 1, 0, 1, 2], [3, 3]));
    private static readonly Tensor s_signs = Kept(tensor([1f, -1, 1]));
    private static readonly Tensor s_classes = Kept(tensor([4L, 0, 2]));
    private static readonly Tensor s_many = Kept(tensor([3L, 0, -1, 1, 2, 1, -1, 0, 2, 3, 0, 1, 4, -1, 2], [3, 5]));

    public static Dictionary<string, Func<Tensor, Tensor, Tensor>> Losses { get; } = new()
    {
        ["BCELoss"] = (x, y) => BCELoss(PerClass()).call(x.sigmoid(), y.sigmoid()),
        ["BCEWithLogitsLoss"] = (x, y) => BCEWithLogitsLoss(pos_weights: PerClass()).call(x, y.sigmoid()),
        ["CrossEntropyLoss"] = (x, _) => CrossEntropyLoss(PerClass(), ignore_index: 0).call(x, s_classes),
        ["NLLLoss"] = (x, _) => NLLLoss(PerClass()).call(x.log_softmax(1), s_classes),
        ["KLDivLoss"] = (x, y) => KLDivLoss().call(x.log_softmax(1), y.log_softmax(1)),
        ["KLDivLoss plain"] = (x, y) => KLDivLoss(false, Reduction.Sum).call(x.log_softmax(1), y.softmax(1)),
        ["PoissonNLLLoss"] = (x, y) => PoissonNLLLoss(full: true).call(x, (y * 4).abs().floor()),
        ["GaussianNLLLoss"] = (x, y) => GaussianNLLLoss(full: true, 1e-6f).call(x, y, (x * y).abs() + 0.1),
        ["GaussianNLLLoss floor"] = (x, y) => GaussianNLLLoss(eps: 0.2f).call(x, y, (x * y).abs()),
        ["MSELoss"] = (x, y) => MSELoss().call(x, y),
        ["L1Loss"] = (x, y) => L1Loss(Reduction.None).call(x, y),
        ["SmoothL1Loss"] = (x, y) => SmoothL1Loss(beta: 0.5).call(x, y),
        ["HuberLoss"] = (x, y) => HuberLoss(0.5).call(x, y),
        ["SoftMarginLoss"] = (x, y) => SoftMarginLoss().call(x, y.detach().sign()),
        ["HingeEmbeddingLoss"] = (x, y) => HingeEmbeddingLoss(0.7).call(x, y.detach().sign()),
        ["MultiLabelMarginLoss"] = (x, _) => MultiLabelMarginLoss().call(x, s_many),
        ["MultiLabelSoftMarginLoss"] = (x, y) => MultiLabelSoftMarginLoss(PerClass()).call(x, (y > 0).to(float32)),
        ["MultiMarginLoss"] = (x, _) => MultiMarginLoss(2, 0.8, PerClass()).call(x, s_classes),
        ["CosineEmbeddingLoss"] = (x, y) => CosineEmbeddingLoss(0.1).call(x, y, s_signs),
        ["MarginRankingLoss"] = (x, y) => MarginRankingLoss(0.3).call(x, y, y.detach().sign()),
        ["TripletMarginLoss"] = (x, y) => TripletMarginLoss(2, swap: true).call(x, y, x * y),
        ["TripletMarginWithDistanceLoss"] = (x, y) => TripletMarginWithDistanceLoss(margin: 2, swap: true).call(x, y, x * y),
        ["PairwiseDistance"] = (x, y) => PairwiseDistance(3).call(x, y),
        ["CosineSimilarity"] = (x, y) => CosineSimilarity().call(x, y),
        ["Softmin"] = (x, _) => Softmin(1).call(x),
        ["Softshrink"] = (x, _) => Softshrink(0.3).call(x),
        ["Hardshrink"] = (x, _) => Hardshrink(0.3).call(x),
        ["Tanhshrink"] = (x, _) => Tanhshrink().call(x),
        ["Threshold"] = (x, _) => Threshold(0.2, -1).call(x),
        ["RReLU"] = (x, _) => Evaluated(RReLU()).call(x),
        ["LPPool1d"] = (x, _) => LPPool1d(2, 2).call(x.unsqueeze(0)),
        ["LPPool2d"] = (x, _) => LPPool2d(4, [2, 3], [1, 1]).call(x.unsqueeze(0)),
        ["LocalResponseNorm"] = (x, _) => LocalResponseNorm(3, 0.5).call(x.t().reshape(1, 5, 3)),
        ["LocalResponseNorm images"] = (x, _) => LocalResponseNorm(2, 0.5).call(x.t().reshape(1, 5, 1, 3)),
        ["bilinear"] = (x, y) => functional.bilinear(x, y, Parity.Wave([2, 5, 5]), Parity.Wave([2])),
        ["Unflatten"] = (x, _) => Unflatten(1, [5, 1]).call(x),
        ["grid_sample"] = (x, y) => functional.grid_sample(x[TensorIndex.None, TensorIndex.None], stack([y, x], -1)[TensorIndex.None], padding_mode: GridSamplePaddingMode.Reflection, align_corners: true),
        ["affine_grid"] = (x, _) => functional.affine_grid(x[TensorIndex.None, ..2, ..3], [1, 1, 2, 3]),
        ["Conv1d same"] = (x, _) => Filled(Conv1d(3, 2, 4, padding: Padding.Same)).call(x.unsqueeze(0)),
        ["Conv2d same"] = (x, _) => Filled(Conv2d(1, 2, (2, 3), Padding.Same, dilation: (1, 2))).call(x[TensorIndex.None, TensorIndex.None]),
        ["Conv2d same reflected"] = (x, _) => Filled(Conv2d(1, 2, 4, Padding.Same, padding_mode: PaddingModes.Reflect)).call(x[TensorIndex.None, TensorIndex.None]),
        ["Conv2d valid"] = (x, _) => Filled(Conv2d(1, 2, 2, Padding.Valid, stride: 2)).call(x[TensorIndex.None, TensorIndex.None]),
        ["Conv3d same"] = (x, y) => Filled(Conv3d(1, 2, (1, 2, 3), Padding.Same)).call(stack([x, y])[TensorIndex.None, TensorIndex.None]),
        ["ConvTranspose1d sized"] = (x, _) => Filled(ConvTranspose1d(3, 2, 3, 2, padding: 1)).call(x.unsqueeze(0), [10]),
        ["ConvTranspose2d sized"] = (x, _) => Filled(ConvTranspose2d(1, 2, (3, 3), (2, 3))).call(x[TensorIndex.None, TensorIndex.None], [1, 2, 8, 17]),
        ["ConvTranspose3d sized"] = (x, y) => Filled(ConvTranspose3d(1, 2, 2, 2)).forward(stack([x, y])[TensorIndex.None, TensorIndex.None], [5, 6, 11]),
        ["Embedding short"] = (x, _) => Embedded(Embedding_from_pretrained(x.clone(), freeze: false, max_norm: 0.9)),
        ["Embedding short by sums"] = (x, _) => Embedded(Embedding_from_pretrained(x.clone(), freeze: false, padding_idx: -1, max_norm: 1.5, norm_type: 1)),
        ["Embedding by frequency"] = (x, _) => Frequent(x),
        ["MultiheadAttention"] = (x, y) => Attended(x, y, MultiheadAttention(6, 3)),
        ["MultiheadAttention appended"] = (x, y) => Attended(x, y, MultiheadAttention(6, 3, add_bias_kv: true, add_zero_attn: true)),
        ["MultiheadAttention widths"] = (x, y) => Attended(x, y, MultiheadAttention(6, 3, kdim: 5, vdim: 5, add_bias_kv: true), 5),
        ["dirac_"] = (x, _) => init.dirac_(empty([3, 2, 3, 4])) + x.sum(),
        ["dirac_ 1d"] = (_, _) => init.dirac_(empty([2, 4, 3])),
        ["sparse_"] = (_, _) => Drawn(() => init.sparse_(empty([7, 3]), 0.4, 0.5)),
        ["attention drawn"] = (_, _) => Drawn(() => cat([.. MultiheadAttention(6, 3, kdim: 5, vdim: 4, add_bias_kv: true).parameters().Select(p => p.flatten())])),
        ["CTCLoss"] = (x, y) => CTCLoss().call(stack([x, y], 1).log_softmax(2), tensor([1L, 3, 4, 0], [2, 2]), tensor([3L, 3]), tensor([2L, 1])),
        ["CTCLoss too long"] = (x, y) => CTCLoss(4, zero_infinity: true, Reduction.Sum).call(stack([x, y], 1).log_softmax(2), tensor([1L, 1, 3, 0], [2, 2]), tensor([2L, 3]), tensor([2L, 2])),
        ["conv2d same"] = (x, y) => functional.conv2d_padding(x[TensorIndex.None, TensorIndex.None], y[TensorIndex.None, TensorIndex.None, ..2, ..3], padding: Padding.Same),
    };

    public static Dictionary<string, Func<Tensor, Tensor, Tensor>> Others { get; } = new()
    {
        ["nansum"] = (x, _) => Holed(x).nansum(),
        ["nanmean"] = (x, _) => Holed(x).nanmean(1),
        ["nanmedian"] = (x, _) => nanmedian(Holed(x)),
        ["mode"] = (x, _) => (x * 2).round().mode(1).Item1,
        ["median"] = (x, _) => x.median(1).values,
        ["aminmax"] = (x, _) => stack([aminmax(x.detach(), 1).Item1, x.detach().aminmax(1).Item2]),
        ["cummax"] = (x, _) => x.cummax(1).Item1,
        ["cummin"] = (x, _) => x.cummin(0).Item1,
        ["histc"] = (x, _) => histc(x.detach(), 4, -1, 1),
        ["bincount"] = (_, _) => bincount(s_classes, PerClass().narrow(0, 0, 3), 6),
        ["msort"] = (x, _) => msort(x),
        ["bucketize"] = (x, _) => bucketize(x, tensor([-0.5f, 0, 0.5f])),
        ["isin"] = (_, _) => s_classes.isin(tensor([0L, 2])),
        ["cov"] = (x, _) => x.cov(),
        ["corrcoef"] = (x, _) => x.corrcoef(),
        ["unique_consecutive"] = (_, _) => tensor([1L, 1, 2, 2, 1]).unique_consecutive(return_counts: true).counts!,
        ["argwhere"] = (x, _) => argwhere(x > 0),
        ["tensordot"] = (x, y) => x.tensordot(y, [1], [1]),
        ["cross"] = (x, y) => linalg.cross(x.t(), y.t()),
        ["renorm"] = (x, _) => x.renorm(2, 0, 0.5f),
        ["addmv"] = (x, y) => addmv(s_square[0], x, y[0], 0.5f, 2),
        ["addr"] = (x, y) => addr(s_square, x[.., 0], y[.., 1]),
        ["matrix_exp"] = (x, y) => matrix_exp((s_square * 0.1) + x.matmul(y.t())),
        ["qr"] = (x, _) => linalg.qr(x.t()).R.abs(),
        ["pinv"] = (x, _) => linalg.pinv(x),
        ["lstsq"] = (x, y) => linalg.lstsq(x.detach().t(), y.detach().t()).Solution,
        ["slogdet"] = (x, _) => linalg.slogdet(s_square + x.matmul(x.t())).logabsdet,
        ["eigvalsh"] = (x, _) => linalg.eigvalsh(s_square + x.matmul(x.t())),
        ["svdvals"] = (x, _) => linalg.svdvals(x),
        ["matrix_rank"] = (x, _) => linalg.matrix_rank(x.detach()),
        ["matrix_norm"] = (x, _) => linalg.matrix_norm(x),
        ["cond"] = (_, _) => linalg.cond(s_square),
        ["solve_triangular"] = (x, _) => linalg.solve_triangular(s_square.triu(), x, upper: true),
        ["multi_dot"] = (x, y) => linalg.multi_dot([x, y.t(), s_square]),
        ["diag_embed"] = (x, _) => x.diag_embed(1),
        ["select_scatter"] = (x, y) => x.select_scatter(y[0], 0, 1),
        ["slice_scatter"] = (x, y) => x.slice_scatter(y[..1], 0, 2, 3),
        ["index_fill"] = (x, _) => index_fill(x, 1, tensor([0L, 3]), 0.5),
        ["index_copy"] = (x, y) => x.index_copy(0, tensor([2L, 0]), y[..2]),
        ["take"] = (x, _) => take(x, s_many.clamp(min: 0)),
        ["hstack"] = (x, y) => hstack(x, y),
        ["vstack"] = (x, y) => vstack(x, y),
        ["block_diag"] = (x, y) => block_diag(x, y),
        ["searchsorted"] = (x, y) => searchsorted(x.detach().msort().t().contiguous(), y.t().contiguous()),
    };

    private static T Filled<T>(T module) where T : Module
    {
        Parity.Fill(module);
        return module;
    }

    private static Tensor Drawn(Func<Tensor> make)
    {
        manual_seed(7);
        return make().detach();
    }

    /// <summary>The layer's output and the rows that it left.</summary>
    private static Tensor Embedded(TorchSharp.Modules.Embedding layer)
    {
        var found = layer.call(tensor([0L, 2, 0]));
        return cat([found, layer.weight]).detach();
    }

    private static Tensor Frequent(Tensor x)
    {
        var layer = Embedding_from_pretrained(x.clone(), freeze: false, scale_grad_by_freq: true);
        var found = layer.call(tensor([0L, 2, 0, 0]));
        (found * Parity.Wave(found.shape, 1)).sum().backward();
        return layer.weight.grad!;
    }

    private static Tensor Attended(Tensor x, Tensor y, TorchSharp.Modules.MultiheadAttention layer, long width = 6)
    {
        Parity.Fill(layer);
        var query = stack([x, y], 1).narrow(2, 0, 1) * Parity.Wave([6]);
        var key = x.t()[..4, ..2].unsqueeze(2) * Parity.Wave([width], 1);
        var value = y.t()[..4, ..2].unsqueeze(2) * Parity.Wave([width], 2);
        var hidden = tensor([false, false, true, false, false, true, false, false], [2, 4]);
        var (output, weights) = layer.call(query, key, value, hidden, attn_mask: Parity.Wave([3, 4], 3));
        return cat([output.flatten(), weights!.flatten()]);
    }

    private static Tensor PerClass() => (arange(5, dtype: float32) / 4) + 0.5;

    private static Tensor Holed(Tensor x) => where(x > 0.9, full_like(x, float.NaN), x);

    private static Tensor Kept(Tensor value) => value.DetachFromDisposeScope();

    private static T Evaluated<T>(T module) where T : Module
    {
        module.eval();
        return module;
    }
}
