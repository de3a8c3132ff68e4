#!/usr/bin/env python3
"""Makes plain_unet.json: what PyTorch makes of the plain U-Net (width 4, depth 3), filled by the golden numbers' rule.

The network is written anew here from the paper's figure, so that it is a second opinion on ours. torch 1.13, CPU, one thread.
Run: python3 make_plain_unet.py > plain_unet.json
"""
import hashlib
import json
import math
import zlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

WIDTH, DEPTH, CLASSES, GAIN = 4, 3, 2, 0.9


def hashed(count, key):
    with np.errstate(over="ignore"):
        x = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B1) ^ np.uint32(zlib.crc32(key.encode()))
        x = (x ^ x >> np.uint32(16)) * np.uint32(0x85EBCA6B)
        x = (x ^ x >> np.uint32(13)) * np.uint32(0xC2B2AE35)
        return x ^ x >> np.uint32(16)


def units(count, key):
    return ((hashed(count, key) >> np.uint32(8)).astype(np.int32) - 8388608).astype(np.float32) * np.float32(1 / 8388608)


def filled(key, shape):
    u = units(math.prod(shape), key).reshape(shape)
    last = key.rsplit(".", 1)[-1]
    if last == "running_var":
        return u * np.float32(0.25) + np.float32(1)
    if last == "running_mean" or last.endswith("bias"):
        return u * np.float32(0.1)
    if len(shape) < 2:
        return u * np.float32(0.1) + np.float32(1)
    return u * np.float32(GAIN * math.sqrt(6 / math.prod(shape[1:])))


def block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())


def twice(i, o):
    return nn.Sequential(block(i, o), block(o, o))


class PlainUnet(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [WIDTH * 2 ** level for level in range(DEPTH + 1)]
        self.down = nn.ModuleList(twice(i, o) for i, o in zip([1] + widths, widths))
        self.enlarge = nn.ModuleList(nn.Sequential(nn.ConvTranspose2d(2 * w, w, 2, stride=2)) for w in widths[-2::-1])
        self.up = nn.ModuleList(twice(2 * w, w) for w in widths[-2::-1])
        self.head = nn.Conv2d(WIDTH, CLASSES, 1)

    def forward(self, x):
        skips = []
        for level, down in enumerate(self.down):
            x = down(x if level == 0 else F.max_pool2d(x, 2))
            skips.append(x)
        for enlarge, up, skip in zip(self.enlarge, self.up, skips[-2::-1]):
            x = up(torch.cat([skip, enlarge(x)], 1))
        return self.head(x)


def statistics(tensor):
    flat = tensor.detach().float().numpy().ravel()
    f = flat.astype(np.float64)
    picks = hashed(16, "sample") % np.uint32(flat.size)
    return {"shape": list(tensor.shape), "mean": f.mean(), "std": f.std(), "min": f.min(), "max": f.max(), "sumabs": np.abs(f).sum(),
            "probe": (f * units(flat.size, "probe")).sum(), "samples": [[int(i), float(flat[i])] for i in picks]}


def norms(network):
    grads = {name: p.grad.double().norm().item() for name, p in network.named_parameters()}
    picked = {name: {"l2": norm} for name, norm in grads.items() if name.endswith(".0.weight")}
    return {**picked, "__total__": {"l2": math.sqrt(sum(norm ** 2 for norm in grads.values()))}}


def bce(logits):
    target = torch.from_numpy((hashed(logits.numel(), "mask") >> np.uint32(31)).astype(np.float32)).reshape(logits.shape)
    return F.binary_cross_entropy_with_logits(logits, target.to(logits.dtype))


def run(shape, dtype, training):
    network = PlainUnet()
    network.load_state_dict({k: torch.from_numpy(filled(k, tuple(v.shape))) if v.dtype == torch.float32 else v for k, v in network.state_dict().items()})
    network.to(dtype).train(training)
    logits = network(torch.from_numpy(units(math.prod(shape), "input").reshape(shape)).to(dtype))
    loss = bce(logits)
    loss.backward()
    return network, logits, loss.item(), norms(network)


torch.set_num_threads(1)
eval_shape, train_shape = [1, 1, 40, 56], [2, 1, 40, 56]
network, logits, loss, grads = run(eval_shape, torch.float32, False)
_, exact_logits, exact_loss, exact_grads = run(eval_shape, torch.float64, False)
trained, _, train_loss, train_grads = run(train_shape, torch.float32, True)
_, _, exact_train_loss, exact_train_grads = run(train_shape, torch.float64, True)
lines = [f"{k} {'x'.join(map(str, v.shape)) or 'scalar'} {str(v.dtype)[6:]}" for k, v in network.state_dict().items()]
buffers = {name: {"sum": b.double().sum().item(), "sumabs": b.double().abs().sum().item()} for name, b in trained.named_buffers() if "running" in name}
print(json.dumps({
    "versions": {"torch": torch.__version__}, "ctor": {"width": WIDTH, "depth": DEPTH, "classes": CLASSES}, "gain": GAIN,
    "param_count": sum(p.numel() for p in network.parameters()),
    "state_dict": {"count": len(lines), "sha256_of_lines": hashlib.sha256("".join(l + "\n" for l in lines).encode()).hexdigest(), "all": lines},
    "eval": {"input_shape": eval_shape, "outputs": {"out": statistics(logits)},
             "f32_vs_f64": {"out": {"max_abs": (logits - exact_logits).abs().max().item()}},
             "grad": {"bce": loss, "params": grads, "bce_f64": exact_loss, "params_f64": exact_grads}},
    "train": {"input_shape": train_shape, "output_shape": [2, CLASSES, 40, 56], "bce": train_loss, "grad_bce": train_grads, "no_grad_params": 0,
              "buffers_after": buffers, "f64": {"bce": exact_train_loss, "grad_bce": exact_train_grads}}}, indent=1))
