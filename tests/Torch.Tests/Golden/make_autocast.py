"""Writes autocast.json: what PyTorch's CPU autocast to bfloat16 makes of make_parity.py's network.

Run it with the Python whose torch is built on the libtorch under test:  python3 make_autocast.py
"""
import json
import pathlib
import re

import torch
from torch.nn import functional as F

import make_parity as parity

torch.set_num_threads(1)


def numbers(t):
    return [float(f"{v:.9g}") for v in t.detach().double().flatten().tolist()]


net = parity.filled()
x = parity.wave(2, 1, 16, 16)
y = (parity.wave(2, 2, 16, 16, phase=1) > 0).float()
with torch.autocast("cpu", dtype=torch.bfloat16):
    logits = net(x)
loss = parity.loss_of(logits.float(), y)
loss.backward()
statistics = {n: parity.digest(t) for n, t in net.named_buffers() if t.is_floating_point()}

net.eval()
with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
    evaluated = net(x)

# Which type each operator answers in, given float32.
a, b, conv = parity.wave(2, 4, 8, 8), parity.wave(8, 8), torch.nn.Conv2d(4, 4, 3)
norm = torch.nn.BatchNorm2d(4)
with torch.autocast("cpu", dtype=torch.bfloat16):
    half = conv(a)
    types = {
        "conv2d": half.dtype,
        "matmul": b.matmul(b).dtype,
        "linear": F.linear(b, b).dtype,
        "batch_norm": norm(half).dtype,
        "relu": half.relu().dtype,
        "interpolate": F.interpolate(half, scale_factor=2, mode="bilinear", align_corners=False).dtype,
        "cat": torch.cat([half, half.float()]).dtype,
        "add": (half + half.float()).dtype,
        "softmax": half.softmax(1).dtype,
        "sigmoid": half.sigmoid().dtype,
    }

golden = {
    "torch": torch.__version__,
    "logits": numbers(logits),
    "logits_dtype": str(logits.dtype),
    "float32": numbers(parity.filled()(x)),
    "loss": float(f"{loss.item():.9g}"),
    "gradients": {n: parity.digest(p.grad) for n, p in net.named_parameters()},
    "statistics": statistics,
    "evaluated": numbers(evaluated),
    "types": {n: str(t) for n, t in types.items()},
}
text = re.sub(r"\[[^\[\]{}]*\]", lambda m: " ".join(m[0].split()), json.dumps(golden, indent=1))
pathlib.Path(__file__).with_name("autocast.json").write_text(text + "\n")
