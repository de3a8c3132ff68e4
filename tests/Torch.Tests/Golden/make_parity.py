"""Writes parity.json: what PyTorch computes from tensors that are filled by formula.

Run it with the Python whose torch is built on the libtorch under test:  python3 make_parity.py
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


def block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(True),
                         nn.Conv2d(o, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(True))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc1, self.enc2, self.mid = block(1, 4), block(4, 8), block(8, 8)
        self.dec2, self.dec1 = block(16, 4), block(8, 4)
        self.up = nn.ConvTranspose2d(4, 4, 2, stride=2)
        self.pool = nn.MaxPool2d(2)
        self.head = nn.Conv2d(4, 2, 1)

    def forward(self, x):
        a = self.enc1(x)
        b = self.enc2(self.pool(a))
        c = self.mid(self.pool(b))
        c = F.interpolate(c, scale_factor=2, mode="bilinear", align_corners=True)
        d = self.dec2(torch.cat([b, c], 1))
        return self.head(self.dec1(torch.cat([a, self.up(d)], 1)))


def filled():
    net = UNet()
    with torch.no_grad():
        for k, p in enumerate(net.parameters()):
            if p.ndim > 1:
                p.copy_(wave(*p.shape, phase=k, scale=1 / math.sqrt(p[0].numel())))
            else:
                p.copy_(1 + wave(*p.shape, phase=k, scale=0.1))
    return net


def loss_of(logits, target):
    p = logits.sigmoid()
    dice = (2 * (p * target).sum() + 1) / (p.sum() + target.sum() + 1)
    return F.binary_cross_entropy_with_logits(logits, target) + (1 - dice)


def training(make, dtype):
    net, losses = filled().to(dtype), []
    optimizer = make(net.parameters())
    x, y = wave(2, 1, 16, 16).to(dtype), (wave(2, 2, 16, 16, phase=1) > 0).to(dtype)
    for _ in range(5):
        optimizer.zero_grad()
        loss = loss_of(net(x), y)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        losses += [loss.item(), float(norm)]
    return {"losses": losses,
            "gradients": {n: digest(p.grad) for n, p in net.named_parameters()},
            "state": {n: digest(t) for n, t in net.state_dict().items()}}


def initialised():
    torch.manual_seed(42)
    found = {}
    conv, up, linear = nn.Conv2d(4, 6, (3, 2), groups=2), nn.ConvTranspose2d(4, 2, 2, stride=2), nn.Linear(7, 3)
    for name, layer in [("conv", conv), ("up", up), ("linear", linear)]:
        found[f"{name}.weight"], found[f"{name}.bias"] = digest(layer.weight), digest(layer.bias)
    w = torch.empty(8, 4, 3, 3)
    found["kaiming_normal_"] = digest(nn.init.kaiming_normal_(w, mode="fan_out", nonlinearity="relu"))
    found["kaiming_uniform_"] = digest(nn.init.kaiming_uniform_(w, mode="fan_in", nonlinearity="relu"))
    found["xavier_uniform_"] = digest(nn.init.xavier_uniform_(w, gain=1.5))
    found["trunc_normal_"] = digest(nn.init.trunc_normal_(w, std=0.02))
    found["normal_"] = digest(nn.init.normal_(w, 0.5, 0.1))
    found["rand"], found["randn"] = digest(torch.rand(3, 7)), digest(torch.randn(5, 9))
    found["randperm"] = digest(torch.randperm(17))
    found["dropout"] = digest(F.dropout(torch.ones(4, 8), 0.3))
    return found


def operators():
    x, y = wave(2, 3, 6, 5), wave(2, 3, 6, 5, phase=2)
    labels = (torch.arange(60).reshape(2, 6, 5) * 7 % 3)
    weight = wave(4, 3, 3, 2, phase=3)
    results = {
        "x + y": x + y, "2 - x": 2 - x, "x * 3": x * 3, "x / y": x / y, "1 / x": 1 / (x + 2), "-x": -x, "x % 0.3": x % 0.3,
        "x > y": x > y, "x.abs.sqrt": x.abs().sqrt(), "x.pow": x.pow(2), "exp.log": (x.exp() + 1).log(),
        "clamp": x.clamp(-0.5, 0.25), "where": torch.where(x > 0, x, y), "sum": x.sum((0, 2)), "mean": x.mean((1,), True),
        "max": x.max(1)[0], "argmax": x.argmax(1), "amin": x.amin((2, 3)), "std": x.std((2, 3), False), "var": x.var(),
        "norm": x.norm(), "softmax": x.softmax(1), "log_softmax": x.log_softmax(1), "sigmoid": x.sigmoid(),
        "permute": x.permute(0, 2, 3, 1).reshape(2, -1), "slice": x[:, 1:, ::2, -3:], "select": x[1, ..., 2],
        "mask": x[x > 0.5], "gather": x[:, torch.tensor([2, 0, 0])], "new axis": x[:, None, 0],
        "cat": torch.cat([x, y], 1), "stack": torch.stack([x, y], 2), "flip": x.flip(3), "rot90": x.rot90(1, (2, 3)),
        "conv2d": F.conv2d(x, weight, None, (2, 1), (1, 0)), "max_pool2d": F.max_pool2d(x, 3, 2, 1),
        "avg_pool2d": F.avg_pool2d(x, 2, 2, 0, True, False), "adaptive": F.adaptive_avg_pool2d(x, (3, 2)),
        "nearest": F.interpolate(x, scale_factor=2), "bilinear": F.interpolate(x, size=(9, 4), mode="bilinear"),
        "aligned": F.interpolate(x, scale_factor=(1.5, 2), mode="bilinear", align_corners=True),
        "bicubic": F.interpolate(x, size=(9, 11), mode="bicubic", align_corners=False), "area": F.interpolate(x, size=(2, 2), mode="area"),
        "pad": F.pad(x, (1, 2, 0, 3), value=0.5), "reflect": F.pad(x, (1, 2, 1, 0), mode="reflect"),
        "circular": F.pad(x, (1, 1, 2, 2), mode="circular"),
        "bce": F.binary_cross_entropy_with_logits(x, (y > 0).float(), pos_weight=torch.full((5,), 2.0)),
        "cross_entropy": F.cross_entropy(x, labels, ignore_index=2, label_smoothing=0.1),
        "one_hot": F.one_hot(labels, 3), "group_norm": F.group_norm(x, 3), "layer_norm": F.layer_norm(x, (5,)),
        "linspace": torch.linspace(0, 1, 7), "arange": torch.arange(1, 4, 0.5), "eye": torch.eye(3, 4), "matmul": x @ y.transpose(2, 3),
        "cumsum": x.cumsum(2), "median of sort": x.sort(3)[0][..., 2], "topk": x.topk(2, 3)[0], "lerp": x.lerp(y, 0.25),
    }
    return {name: {"shape": list(t.shape), "digest": digest(t)} for name, t in results.items()}


def main():
    torch.set_num_threads(1)
    golden = {
        "torch": torch.__version__,
        "training": {f"{name} {bits}": training(make, dtype) for name, make in {
            "SGD": lambda p: torch.optim.SGD(p, 0.05, momentum=0.9, weight_decay=1e-4, nesterov=True),
            "Adam": lambda p: torch.optim.Adam(p, 1e-3, eps=1e-5, weight_decay=1e-3),
            "AdamW": lambda p: torch.optim.AdamW(p, 1e-3, weight_decay=0.05),
            "RMSprop": lambda p: torch.optim.RMSprop(p, 1e-3, alpha=0.9, momentum=0.9, centered=True),
        }.items() for bits, dtype in {"Float32": torch.float32, "Float64": torch.float64}.items()},
        "initialised": initialised(),
        "operators": operators(),
    }
    pathlib.Path(__file__).with_name("parity.json").write_text(re.sub(r"\[[^\[\]{}]*\]", lambda m: " ".join(m[0].split()), json.dumps(golden, indent=1)) + "\n")


if __name__ == "__main__":
    main()
