"""Writes layers.json: outputs, gradients, state and initial draws of PyTorch's layers, and of operators.

Run it with the Python whose torch is built on the libtorch under test:  python3 make_layers.py
"""
import json
import math
import pathlib
import re

import torch
from torch import nn
from torch.nn import functional as F


def wave(*shape, phase=0.0, scale=1.0):
    n = math.prod(shape)
    return torch.tensor([scale * math.sin(0.37 * i + phase) for i in range(n)], dtype=torch.float64).float().reshape(shape)


def digest(t):
    """Enough to tell two tensors apart: the first values, the sum, the sum of squares."""
    t = t.detach().double().flatten()
    return [float(f"{v:.9g}") for v in t[:3].tolist() + [t.sum().item(), (t * t).sum().item()]]


def state(module):
    return {n: digest(t) for n, t in module.state_dict().items()}


def fill(module):
    with torch.no_grad():
        for k, p in enumerate(module.parameters()):
            p.copy_((1 if p.ndim == 1 else 0) + wave(*p.shape, phase=k, scale=0.5))


def weighted(y):
    return (y * wave(*y.shape, phase=1)).sum()


def layer(make, *shape):
    torch.manual_seed(7)
    module = make()
    found = {"input": list(shape), "initial": state(module), "next draw": digest(torch.rand(3))}
    fill(module)
    x = wave(*shape, scale=4).requires_grad_()
    y = module(x)
    weighted(y).backward()
    return found | {"shape": list(y.shape), "output": digest(y), "gradient": digest(x.grad),
                    "gradients": {n: digest(p.grad) for n, p in module.named_parameters()},
                    "after": state(module)}


class ChannelShuffle(nn.Module):
    """nn.ChannelShuffle(2), which has no gradient in torch 1.13."""
    def forward(self, x):
        return x.reshape(2, 2, 2, 6, 8).transpose(1, 2).reshape(2, 4, 6, 8)


LINE, IMAGE, VOLUME = (2, 4, 9), (2, 4, 6, 8), (1, 4, 4, 6, 4)
layers = {
    "Linear": layer(lambda: nn.Linear(9, 3), *LINE),
    "Conv1d": layer(lambda: nn.Conv1d(4, 6, 3, 2, 2, 2, 2), *LINE),
    "Conv1d reflect": layer(lambda: nn.Conv1d(4, 2, 3, padding=1, padding_mode="reflect"), *LINE),
    "Conv2d grouped": layer(lambda: nn.Conv2d(4, 6, (3, 2), (2, 1), (1, 0), (1, 2), 2), *IMAGE),
    "Conv2d depthwise": layer(lambda: nn.Conv2d(4, 8, 3, padding=1, groups=4), *IMAGE),
    "Conv2d replicate": layer(lambda: nn.Conv2d(4, 2, 3, padding=(2, 1), padding_mode="replicate"), *IMAGE),
    "Conv3d": layer(lambda: nn.Conv3d(4, 2, (1, 3, 2), (1, 2, 1), (0, 1, 1), groups=2), *VOLUME),
    "Conv3d circular": layer(lambda: nn.Conv3d(4, 2, 3, padding=(1, 2, 1), padding_mode="circular"), *VOLUME),
    "ConvTranspose1d": layer(lambda: nn.ConvTranspose1d(4, 6, 3, 2, 1, 1, 2, dilation=2), *LINE),
    "ConvTranspose2d": layer(lambda: nn.ConvTranspose2d(4, 6, (3, 2), 2, (1, 0), (1, 0), 2, dilation=(1, 2)), *IMAGE),
    "ConvTranspose3d": layer(lambda: nn.ConvTranspose3d(4, 2, 2, (1, 2, 2), 0, (0, 1, 0), 2), *VOLUME),
    "LayerNorm": layer(lambda: nn.LayerNorm(9), *LINE),
    "LayerNorm two": layer(lambda: nn.LayerNorm((6, 8), 1e-3), *IMAGE),
    "GroupNorm": layer(lambda: nn.GroupNorm(2, 4), *IMAGE),
    "BatchNorm1d": layer(lambda: nn.BatchNorm1d(4), *LINE),
    "BatchNorm2d": layer(lambda: nn.BatchNorm2d(4, momentum=None), *IMAGE),
    "BatchNorm3d": layer(lambda: nn.BatchNorm3d(4, 1e-3, 0.2), *VOLUME),
    "InstanceNorm1d": layer(lambda: nn.InstanceNorm1d(4, affine=True), *LINE),
    "InstanceNorm2d": layer(lambda: nn.InstanceNorm2d(4, affine=True, track_running_stats=True), *IMAGE),
    "InstanceNorm3d": layer(lambda: nn.InstanceNorm3d(4), *VOLUME),
    "GELU": layer(nn.GELU, *IMAGE), "GELU tanh": layer(lambda: nn.GELU("tanh"), *IMAGE),
    "SiLU": layer(nn.SiLU, *IMAGE), "Mish": layer(nn.Mish, *IMAGE), "Hardswish": layer(nn.Hardswish, *IMAGE),
    "Hardsigmoid": layer(nn.Hardsigmoid, *IMAGE), "Hardtanh": layer(lambda: nn.Hardtanh(-2, 1.5), *IMAGE),
    "PReLU": layer(nn.PReLU, *IMAGE), "PReLU channels": layer(lambda: nn.PReLU(4, 0.1), *IMAGE),
    "LeakyReLU": layer(lambda: nn.LeakyReLU(0.2), *IMAGE), "ELU": layer(lambda: nn.ELU(0.7), *IMAGE),
    "CELU": layer(lambda: nn.CELU(0.7), *IMAGE), "SELU": layer(nn.SELU, *IMAGE), "ReLU6": layer(nn.ReLU6, *IMAGE),
    "Softplus": layer(lambda: nn.Softplus(2, 5), *IMAGE), "Softsign": layer(nn.Softsign, *IMAGE), "Tanh": layer(nn.Tanh, *IMAGE),
    "LogSigmoid": layer(nn.LogSigmoid, *IMAGE), "LogSoftmax": layer(lambda: nn.LogSoftmax(1), *IMAGE),
    "Softmax2d": layer(nn.Softmax2d, *IMAGE), "GLU": layer(lambda: nn.GLU(1), *IMAGE),
    "AdaptiveAvgPool1d": layer(lambda: nn.AdaptiveAvgPool1d(4), *LINE),
    "AdaptiveAvgPool3d": layer(lambda: nn.AdaptiveAvgPool3d((2, 4, 3)), *VOLUME),
    "AdaptiveMaxPool1d": layer(lambda: nn.AdaptiveMaxPool1d(4), *LINE),
    "AdaptiveMaxPool2d": layer(lambda: nn.AdaptiveMaxPool2d((4, 3)), *IMAGE),
    "AdaptiveMaxPool3d": layer(lambda: nn.AdaptiveMaxPool3d((2, 4, 3)), *VOLUME),
    "MaxPool1d": layer(lambda: nn.MaxPool1d(3, 2, 1), *LINE),
    "MaxPool3d": layer(lambda: nn.MaxPool3d((2, 3, 2), (2, 2, 1), (1, 0, 1)), *VOLUME),
    "AvgPool1d": layer(lambda: nn.AvgPool1d(3, 2, 1, True, False), *LINE),
    "AvgPool3d": layer(lambda: nn.AvgPool3d(2, 2, (0, 1, 0), count_include_pad=False), *VOLUME),
    "PixelShuffle": layer(lambda: nn.PixelShuffle(2), *IMAGE), "PixelUnshuffle": layer(lambda: nn.PixelUnshuffle(2), *IMAGE),
    "ChannelShuffle": layer(lambda: ChannelShuffle(), *IMAGE),
    "Unfold": layer(lambda: nn.Unfold((3, 2), 1, (1, 0), 2), *IMAGE),
    "Fold": layer(lambda: nn.Fold((3, 4), (2, 2)), 1, 8, 6),
    "ZeroPad2d": layer(lambda: nn.ZeroPad2d((1, 2, 0, 3)), *IMAGE),
    "ConstantPad1d": layer(lambda: nn.ConstantPad1d((1, 2), 0.5), *LINE),
    "ConstantPad2d": layer(lambda: nn.ConstantPad2d(1, 0.5), *IMAGE),
    "ReflectionPad1d": layer(lambda: nn.ReflectionPad1d((1, 2)), *LINE),
    "ReflectionPad2d": layer(lambda: nn.ReflectionPad2d((1, 2, 3, 0)), *IMAGE),
    "ReflectionPad3d": layer(lambda: nn.ReflectionPad3d(1), *VOLUME),
    "ReplicationPad2d": layer(lambda: nn.ReplicationPad2d((1, 2, 3, 0)), *IMAGE),
    "ReplicationPad3d": layer(lambda: nn.ReplicationPad3d((1, 2, 3, 0, 1, 1)), *VOLUME),
    "Upsample bicubic": layer(lambda: nn.Upsample(scale_factor=1.5, mode="bicubic", align_corners=True), *IMAGE),
    "Upsample trilinear": layer(lambda: nn.Upsample(scale_factor=2, mode="trilinear"), *VOLUME),
    "Upsample volume": layer(lambda: nn.Upsample((5, 3, 9)), *VOLUME),
    "TransformerEncoderLayer": layer(lambda: nn.TransformerEncoderLayer(9, 3, 16, dropout=0.0), *LINE),
    "TransformerEncoder": layer(lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(9, 3, 5, dropout=0.0, activation="gelu"), 2), *LINE),
    "Upsample linear": layer(lambda: nn.Upsample(scale_factor=2, mode="linear", align_corners=True), *LINE),
}


def embedding():
    torch.manual_seed(7)
    module = nn.Embedding(6, 4, padding_idx=2)
    found = {"initial": state(module), "next draw": digest(torch.rand(3))}
    y = module(torch.tensor([[0, 2, 5], [5, 1, 0]]))
    weighted(y).backward()
    return found | {"output": digest(y), "gradient": digest(module.weight.grad)}


def attention():
    torch.manual_seed(7)
    module = nn.MultiheadAttention(6, 3)
    found = {"initial": state(module), "next draw": digest(torch.rand(3))}
    fill(module)
    q, k, v = (wave(n, 2, 6, phase=p).requires_grad_() for n, p in [(4, 0), (5, 1), (5, 2)])
    hidden = torch.tensor([[False] * 5, [False, True, False, False, True]])
    y, w = module(q, k, v, key_padding_mask=hidden, attn_mask=wave(4, 5, phase=3))
    (weighted(y) + weighted(w)).backward()
    return found | {"output": digest(y), "weights": digest(w), "gradients": {n: digest(p.grad) for n, p in module.named_parameters()},
                    "q": digest(q.grad), "k": digest(k.grad), "v": digest(v.grad)}


def unpooled(x):
    values, where = F.max_pool2d(x, (2, 2), return_indices=True)
    return F.max_unpool2d(values, where, (2, 2))


def unpooled_line(x):
    values, where = F.max_pool1d(x, 3, 2, 1, return_indices=True)
    return F.max_unpool1d(values, where, 3, 2, 1, output_size=(5,))


def unpooled_volume(x):
    values, where = F.max_pool3d(x, (1, 2, 2), return_indices=True)
    return F.max_unpool3d(values, where, (1, 2, 2))


SQUARE = torch.tensor([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]])
INDEX = torch.tensor([[0, 2, 1, 1, 0]])
operators = {
    "einsum": lambda x, y: torch.einsum("ij,kj->ik", x, y),
    "scatter": lambda x, y: x.scatter(0, INDEX, y[:1]), "scatter value": lambda x, y: x.scatter(1, INDEX[:, :2], 0.5),
    "scatter_add": lambda x, y: x.scatter_add(0, INDEX, y[:1]), "gather": lambda x, y: x.gather(0, INDEX),
    "index_add": lambda x, y: x.index_add(0, torch.tensor([2, 0]), y[:2], alpha=2),
    "index_put": lambda x, y: x.index_put((torch.tensor([0, 2]),), y[:2]),
    "masked_fill": lambda x, y: x.masked_fill(y > 0, 0.5), "masked_select": lambda x, y: x.masked_select(y > 0),
    "masked_scatter": lambda x, y: x.masked_scatter(y > 0, y), "take_along_dim": lambda x, y: x.take_along_dim(INDEX, 0),
    "roll": lambda x, y: x.roll(2, 1), "roll all": lambda x, y: x.roll(4), "fliplr": lambda x, y: x.fliplr(), "tile": lambda x, y: x.tile(2, 1, 2),
    "repeat_interleave": lambda x, y: x.repeat_interleave(torch.tensor([1, 0, 3]), 0), "movedim": lambda x, y: x.movedim((0,), (1,)),
    "unflatten": lambda x, y: x.t().unflatten(1, (3, 1)), "unfold": lambda x, y: x.unfold(1, 3, 2), "kthvalue": lambda x, y: x.kthvalue(2, 1)[0],
    "tril": lambda x, y: x.tril(-1), "triu": lambda x, y: x.triu(1), "diag": lambda x, y: x.diag(1), "diagonal": lambda x, y: x.diagonal(1),
    "outer": lambda x, y: torch.outer(x[0], y[1]), "dot": lambda x, y: x[0].dot(y[1]), "mv": lambda x, y: x.mv(y[0]),
    "addmm": lambda x, y: torch.addmm(SQUARE, x, y.t(), beta=0.5, alpha=2),
    "baddbmm": lambda x, y: torch.baddbmm(SQUARE[None], x[None], y.t()[None], beta=0.5, alpha=2),
    "bmm": lambda x, y: x[None].bmm(y.t()[None]), "inv": lambda x, y: (SQUARE + x @ y.t() * 0.1).inverse(),
    "solve": lambda x, y: torch.linalg.solve(SQUARE, x), "solve right": lambda x, y: torch.linalg.solve(SQUARE, x.t(), left=False), "det": lambda x, y: torch.linalg.det(SQUARE + x @ x.t()),
    "norm": lambda x, y: torch.linalg.norm(x, 3, 1), "frobenius": lambda x, y: torch.linalg.norm(x), "vector_norm": lambda x, y: torch.linalg.vector_norm(x, 1, 0),
    "cholesky": lambda x, y: torch.linalg.cholesky(SQUARE + x @ x.t()), "eigh": lambda x, y: torch.linalg.eigh(SQUARE + x @ x.t())[0],
    "svd": lambda x, y: torch.linalg.svd(x, False)[1],
    "tan": lambda x, y: x.tan(), "asin": lambda x, y: (x * 0.5).asin(), "acos": lambda x, y: (x * 0.5).acos(), "atan2": lambda x, y: x.atan2(y),
    "sinh": lambda x, y: x.sinh(), "cosh": lambda x, y: x.cosh(), "erf": lambda x, y: x.erf(), "erfc": lambda x, y: x.erfc(), "erfinv": lambda x, y: (x * 0.5).erfinv(),
    "expm1": lambda x, y: x.expm1(), "log10": lambda x, y: (x + 2).log10(), "rsqrt": lambda x, y: (x + 2).rsqrt(), "trunc": lambda x, y: (x * 3).trunc(),
    "frac": lambda x, y: (x * 3).frac(), "round": lambda x, y: (x * 3).round(), "round decimals": lambda x, y: x.round(decimals=2), "floor": lambda x, y: (x * 3).floor(), "ceil": lambda x, y: (x * 3).ceil(),
    "maximum": lambda x, y: x.max(y), "minimum": lambda x, y: x.min(y), "fmod": lambda x, y: x.fmod(0.3), "remainder": lambda x, y: x.remainder(y),
    "nan_to_num": lambda x, y: (x.detach() / 0).nan_to_num(1, 2, 3), "any": lambda x, y: (x > 0.9).any(1), "all": lambda x, y: (x > -0.9).all(0), "nonzero": lambda x, y: (x > 0).nonzero(),
    "bitwise": lambda x, y: (x > 0).bitwise_xor(y > 0), "shift": lambda x, y: INDEX.bitwise_left_shift(INDEX), "logical_xor": lambda x, y: (x > 0).logical_xor(y > 0),
    "var_mean": lambda x, y: torch.stack(torch.var_mean(x, 1, False)), "std_mean": lambda x, y: torch.stack(torch.std_mean(x)),
    "logsumexp": lambda x, y: x.logsumexp(1), "logcumsumexp": lambda x, y: x.logcumsumexp(1), "cumprod": lambda x, y: x.cumprod(1), "prod": lambda x, y: x.prod(1),
    "quantile": lambda x, y: x.quantile(torch.tensor([0.25, 0.5]), 1), "diff": lambda x, y: x.diff(), "argsort": lambda x, y: x.argsort(1, True),
    "unique": lambda x, y: INDEX.unique(), "meshgrid": lambda x, y: torch.meshgrid(x[0], y[1], indexing="xy")[0], "chunk": lambda x, y: x.chunk(2, 1)[1],
    "tensor_split": lambda x, y: x.tensor_split(2, 1)[1], "unbind": lambda x, y: x.unbind(1)[2],
    "normalize": lambda x, y: F.normalize(x, 3.0, 1), "cosine_similarity": lambda x, y: F.cosine_similarity(x, y), "unpool": lambda x, y: unpooled(x[None]),
    "unpool line": lambda x, y: unpooled_line(x[None]), "unpool volume": lambda x, y: unpooled_volume(x[None, None]),
    "attention": lambda x, y: ((x @ y.t() / math.sqrt(5)).masked_fill(torch.ones(3, 3).triu(1) > 0, -math.inf)).softmax(1) @ y,
}


def operator(run):
    x, y = wave(3, 5).requires_grad_(), wave(3, 5, phase=2).requires_grad_()
    z = run(x, y)
    found = {"shape": list(z.shape), "output": digest(z)}
    if z.requires_grad:
        weighted(z).backward()
        found |= {n: digest(t.grad) for n, t in [("x", x), ("y", y)] if t.grad is not None}
    return found


torch.set_num_threads(1)
golden = {"torch": torch.__version__, "layers": layers, "embedding": embedding(), "attention": attention(),
          "operators": {n: operator(f) for n, f in operators.items()}}
if __name__ == "__main__":
    text = re.sub(r"\[[^\[\]{}]*\]", lambda m: " ".join(m[0].split()), json.dumps(golden, indent=0, allow_nan=False))
    pathlib.Path(__file__).with_name("layers.json").write_text(text + "\n")
