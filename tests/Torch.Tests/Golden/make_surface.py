"""Writes surface.json: outputs and gradients of PyTorch's losses, element functions, reductions and decompositions.

Run it with the Python whose torch is built on the libtorch under test:  python3 make_surface.py
"""
import json
import pathlib
import re

import torch
from torch import nn
from torch.nn import functional as F

from make_layers import digest, fill, wave, weighted

torch.set_num_threads(1)
SIGNS = torch.tensor([1.0, -1, 1])
CLASSES = torch.tensor([4, 0, 2])
MANY = torch.tensor([[3, 0, -1, 1, 2], [1, -1, 0, 2, 3], [0, 1, 4, -1, 2]])
PER_CLASS = 0.5 + torch.arange(5) / 4



def filled(module):
    fill(module)
    return module


def drawn(make):
    torch.manual_seed(7)
    return make().detach()


def embedded(rows, **options):
    """The layer's output and the rows that it left."""
    layer = nn.Embedding.from_pretrained(rows.detach().clone(), freeze=False, **options)
    found = layer(torch.tensor([0, 2, 0]))
    return torch.cat([found, layer.weight]).detach()


def frequent(x):
    """The rows' gradient."""
    layer = nn.Embedding.from_pretrained(x.detach().clone(), freeze=False, scale_grad_by_freq=True)
    weighted(layer(torch.tensor([0, 2, 0, 0]))).backward()
    return layer.weight.grad


def attended(x, y, wide=False, **options):
    """Over batches of 2: queries (3, 2, 6), keys and values (4, 2, ...), both masks; the output beside the weights."""
    layer = filled(nn.MultiheadAttention(6, 3, **options))
    width = 5 if wide else 6
    query = torch.stack([x, y], 1)[:, :, :1] * wave(6)
    key = x.t()[:4, :2, None] * wave(width, phase=1)
    value = y.t()[:4, :2, None] * wave(width, phase=2)
    hidden = torch.tensor([[False, False, True, False], [False, True, False, False]])
    output, weights = layer(query, key, value, key_padding_mask=hidden, attn_mask=wave(3, 4, phase=3))
    return torch.cat([output.flatten(), weights.flatten()])


losses = {
    "BCELoss": lambda x, y: nn.BCELoss(PER_CLASS)(x.sigmoid(), y.sigmoid()),
    "BCEWithLogitsLoss": lambda x, y: nn.BCEWithLogitsLoss(pos_weight=PER_CLASS)(x, y.sigmoid()),
    "CrossEntropyLoss": lambda x, y: nn.CrossEntropyLoss(PER_CLASS, ignore_index=0)(x, CLASSES),
    "NLLLoss": lambda x, y: nn.NLLLoss(PER_CLASS)(x.log_softmax(1), CLASSES),
    "KLDivLoss": lambda x, y: nn.KLDivLoss(reduction="mean", log_target=True)(x.log_softmax(1), y.log_softmax(1)),
    "KLDivLoss plain": lambda x, y: nn.KLDivLoss(reduction="sum")(x.log_softmax(1), y.softmax(1)),
    "PoissonNLLLoss": lambda x, y: nn.PoissonNLLLoss(full=True)(x, (y * 4).abs().floor()),
    "GaussianNLLLoss": lambda x, y: nn.GaussianNLLLoss(full=True)(x, y, (x * y).abs() + 0.1),
    "GaussianNLLLoss floor": lambda x, y: nn.GaussianNLLLoss(eps=0.2)(x, y, (x * y).abs()),
    "MSELoss": lambda x, y: nn.MSELoss()(x, y), "L1Loss": lambda x, y: nn.L1Loss(reduction="none")(x, y),
    "SmoothL1Loss": lambda x, y: nn.SmoothL1Loss(beta=0.5)(x, y), "HuberLoss": lambda x, y: nn.HuberLoss(delta=0.5)(x, y),
    "SoftMarginLoss": lambda x, y: nn.SoftMarginLoss()(x, y.detach().sign()),
    "HingeEmbeddingLoss": lambda x, y: nn.HingeEmbeddingLoss(0.7)(x, y.detach().sign()),
    "MultiLabelMarginLoss": lambda x, y: nn.MultiLabelMarginLoss()(x, MANY),
    "MultiLabelSoftMarginLoss": lambda x, y: nn.MultiLabelSoftMarginLoss(PER_CLASS)(x, (y > 0).float()),
    "MultiMarginLoss": lambda x, y: nn.MultiMarginLoss(2, 0.8, PER_CLASS)(x, CLASSES),
    "CosineEmbeddingLoss": lambda x, y: nn.CosineEmbeddingLoss(0.1)(x, y, SIGNS),
    "MarginRankingLoss": lambda x, y: nn.MarginRankingLoss(0.3)(x, y, y.detach().sign()),
    "TripletMarginLoss": lambda x, y: nn.TripletMarginLoss(2, swap=True)(x, y, x * y),
    "TripletMarginWithDistanceLoss": lambda x, y: nn.TripletMarginWithDistanceLoss(margin=2, swap=True)(x, y, x * y),
    "PairwiseDistance": lambda x, y: nn.PairwiseDistance(3)(x, y), "CosineSimilarity": lambda x, y: nn.CosineSimilarity()(x, y),
    "Softmin": lambda x, y: nn.Softmin(1)(x), "Softshrink": lambda x, y: nn.Softshrink(0.3)(x), "Hardshrink": lambda x, y: nn.Hardshrink(0.3)(x),
    "Tanhshrink": lambda x, y: nn.Tanhshrink()(x), "Threshold": lambda x, y: nn.Threshold(0.2, -1)(x), "RReLU": lambda x, y: nn.RReLU().eval()(x),
    "LPPool1d": lambda x, y: nn.LPPool1d(2, 2)(x[None]), "LPPool2d": lambda x, y: nn.LPPool2d(4, (2, 3), 1)(x[None]),
    "LocalResponseNorm": lambda x, y: nn.LocalResponseNorm(3, 0.5)(x.t().reshape(1, 5, 3)),
    "LocalResponseNorm images": lambda x, y: nn.LocalResponseNorm(2, 0.5)(x.t().reshape(1, 5, 1, 3)),
    "bilinear": lambda x, y: F.bilinear(x, y, wave(2, 5, 5), wave(2)), "Unflatten": lambda x, y: nn.Unflatten(1, (5, 1))(x),
    "grid_sample": lambda x, y: F.grid_sample(x[None, None], torch.stack([y, x], -1)[None], padding_mode="reflection", align_corners=True),
    "affine_grid": lambda x, y: F.affine_grid(x[None, :2, :3], (1, 1, 2, 3), align_corners=False),
    "Conv1d same": lambda x, y: filled(nn.Conv1d(3, 2, 4, padding="same"))(x[None]),
    "Conv2d same": lambda x, y: filled(nn.Conv2d(1, 2, (2, 3), padding="same", dilation=(1, 2)))(x[None, None]),
    "Conv2d same reflected": lambda x, y: filled(nn.Conv2d(1, 2, 4, padding="same", padding_mode="reflect"))(x[None, None]),
    "Conv2d valid": lambda x, y: filled(nn.Conv2d(1, 2, 2, 2, padding="valid"))(x[None, None]),
    "Conv3d same": lambda x, y: filled(nn.Conv3d(1, 2, (1, 2, 3), padding="same"))(torch.stack([x, y])[None, None]),
    "ConvTranspose1d sized": lambda x, y: filled(nn.ConvTranspose1d(3, 2, 3, 2, padding=1))(x[None], [10]),
    "ConvTranspose2d sized": lambda x, y: filled(nn.ConvTranspose2d(1, 2, 3, (2, 3)))(x[None, None], [1, 2, 8, 17]),
    "ConvTranspose3d sized": lambda x, y: filled(nn.ConvTranspose3d(1, 2, 2, 2))(torch.stack([x, y])[None, None], [5, 6, 11]),
    "Embedding short": lambda x, y: embedded(x * 1, max_norm=0.9),
    "Embedding short by sums": lambda x, y: embedded(x * 1, max_norm=1.5, norm_type=1, padding_idx=-1),
    "Embedding by frequency": lambda x, y: frequent(x),
    "MultiheadAttention": lambda x, y: attended(x, y),
    "MultiheadAttention appended": lambda x, y: attended(x, y, add_bias_kv=True, add_zero_attn=True),
    "MultiheadAttention widths": lambda x, y: attended(x, y, kdim=5, vdim=5, add_bias_kv=True, wide=True),
    "dirac_": lambda x, y: nn.init.dirac_(torch.empty(3, 2, 3, 4)) + x.sum(), "dirac_ 1d": lambda x, y: nn.init.dirac_(torch.empty(2, 4, 3)),
    "sparse_": lambda x, y: drawn(lambda: nn.init.sparse_(torch.empty(7, 3), 0.4, 0.5)),
    "attention drawn": lambda x, y: drawn(lambda: torch.cat([p.flatten() for p in nn.MultiheadAttention(6, 3, kdim=5, vdim=4, add_bias_kv=True).parameters()])),
    "CTCLoss": lambda x, y: nn.CTCLoss()(torch.stack([x, y], 1).log_softmax(2), torch.tensor([[1, 3], [4, 0]]), torch.tensor([3, 3]), torch.tensor([2, 1])),
    "CTCLoss too long": lambda x, y: nn.CTCLoss(4, "sum", True)(torch.stack([x, y], 1).log_softmax(2), torch.tensor([[1, 1], [3, 0]]), torch.tensor([2, 3]), torch.tensor([2, 2])),
    "conv2d same": lambda x, y: F.conv2d(x[None, None], y[None, None, :2, :3], padding="same"),
}
unary = "acosh asinh atanh arccos arcsin arctan exp2 deg2rad rad2deg digamma lgamma logit sgn sinc i0 signbit positive absolute silu selu relu6 log_sigmoid softplus".split()
pairs = "arctan2 copysign fmax fmin hypot logaddexp logaddexp2 xlogy ldexp float_power multiply subtract divide greater less_equal inner dist kron".split()
SQUARE = torch.tensor([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]])


def lifted(name, x):
    """Into the function's domain."""
    return x + 2.5 if name in ("acosh", "digamma", "lgamma") else x.sigmoid() * 0.9 + 0.05


others = {
    "nansum": lambda x, y: torch.where(x > 0.9, torch.nan, x).nansum(), "nanmean": lambda x, y: torch.where(x > 0.9, torch.nan, x).nanmean(1),
    "nanmedian": lambda x, y: torch.where(x > 0.9, torch.nan, x).nanmedian(), "mode": lambda x, y: (x * 2).round().mode(1)[0], "median": lambda x, y: x.median(1)[0],
    "aminmax": lambda x, y: torch.stack(x.detach().aminmax(dim=1)), "cummax": lambda x, y: x.cummax(1)[0], "cummin": lambda x, y: x.cummin(0)[0],
    "histc": lambda x, y: x.detach().histc(4, -1, 1), "bincount": lambda x, y: CLASSES.bincount(PER_CLASS[:3], 6), "msort": lambda x, y: x.msort(),
    "bucketize": lambda x, y: torch.bucketize(x, torch.tensor([-0.5, 0, 0.5])), "isin": lambda x, y: torch.isin(CLASSES, torch.tensor([0, 2])), "cov": lambda x, y: x.cov(), "corrcoef": lambda x, y: x.corrcoef(),
    "unique_consecutive": lambda x, y: torch.tensor([1, 1, 2, 2, 1]).unique_consecutive(return_counts=True)[1], "argwhere": lambda x, y: (x > 0).argwhere(),
    "tensordot": lambda x, y: torch.tensordot(x, y, ([1], [1])), "cross": lambda x, y: torch.linalg.cross(x.t(), y.t()), "renorm": lambda x, y: x.renorm(2, 0, 0.5),
    "addmv": lambda x, y: SQUARE[0].addmv(x, y[0], beta=0.5, alpha=2), "addr": lambda x, y: torch.addr(SQUARE, x[:, 0], y[:, 1]), "matrix_exp": lambda x, y: (SQUARE * 0.1 + x @ y.t()).matrix_exp(),
    "qr": lambda x, y: torch.linalg.qr(x.t())[1].abs(), "pinv": lambda x, y: torch.linalg.pinv(x), "lstsq": lambda x, y: torch.linalg.lstsq(x.detach().t(), y.detach().t())[0],
    "slogdet": lambda x, y: torch.linalg.slogdet(SQUARE + x @ x.t())[1], "eigvalsh": lambda x, y: torch.linalg.eigvalsh(SQUARE + x @ x.t()), "svdvals": lambda x, y: torch.linalg.svdvals(x),
    "matrix_rank": lambda x, y: torch.linalg.matrix_rank(x.detach()), "matrix_norm": lambda x, y: torch.linalg.matrix_norm(x), "cond": lambda x, y: torch.linalg.cond(SQUARE),
    "solve_triangular": lambda x, y: torch.linalg.solve_triangular(SQUARE.triu(), x, upper=True), "multi_dot": lambda x, y: torch.linalg.multi_dot([x, y.t(), SQUARE]),
    "diag_embed": lambda x, y: x.diag_embed(1), "select_scatter": lambda x, y: x.select_scatter(y[0], 0, 1), "slice_scatter": lambda x, y: x.slice_scatter(y[:1], 0, 2, 3, 1),
    "index_fill": lambda x, y: x.index_fill(1, torch.tensor([0, 3]), 0.5), "index_copy": lambda x, y: x.index_copy(0, torch.tensor([2, 0]), y[:2]), "take": lambda x, y: x.take(MANY.clamp(min=0)),
    "hstack": lambda x, y: torch.hstack([x, y]), "vstack": lambda x, y: torch.vstack([x, y]), "block_diag": lambda x, y: torch.block_diag(x, y), "searchsorted": lambda x, y: torch.searchsorted(x.detach().msort().t().contiguous(), y.t().contiguous()),
}


def run(f):
    x, y = wave(3, 5).requires_grad_(), wave(3, 5, phase=2).requires_grad_()
    z = f(x, y)
    found = {"shape": list(z.shape), "output": digest(z)}
    if z.requires_grad:
        weighted(z).backward()
        found |= {n: digest(t.grad) for n, t in [("x", x), ("y", y)] if t.grad is not None}
    return found


def unary_of(name):
    own = {"silu": F.silu, "selu": F.selu, "relu6": F.relu6, "log_sigmoid": F.logsigmoid, "softplus": F.softplus}.get(name) or getattr(torch, name)
    return run(lambda x, y: own(lifted(name, x)))


def pair_of(name):
    return run(lambda x, y: getattr(torch, name)(x.sigmoid() + 0.5, y.sigmoid() + 0.5))


golden = {"losses": {n: run(f) for n, f in losses.items()}, "unary": {n: unary_of(n) for n in unary},
          "pairs": {n: pair_of(n) for n in pairs}, "others": {n: run(f) for n, f in others.items()}}
text = re.sub(r"\[[^\[\]{}]*\]", lambda m: " ".join(m[0].split()), json.dumps({"torch": torch.__version__} | golden, indent=0, allow_nan=False))
pathlib.Path(__file__).with_name("surface.json").write_text(text + "\n")
