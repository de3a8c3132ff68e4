#!/usr/bin/env python3
"""Makes paper_networks.json: what HRNet-OCR (Yuan et al. 2020, arXiv:1909.11065) and U-Net 3+ (Huang et al. 2020, arXiv:2004.08790) give.

Both are written here anew from the papers, with the key names of their authors' published code; entries as make_smp_options.py makes them.
Run: python3 make_paper_networks.py > paper_networks.json
"""
import json
import sys
import types

sys.modules.setdefault("segmentation_models_pytorch", types.ModuleType("segmentation_models_pytorch"))     # not asked for anything here
import make_smp_options as rule  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

ROWS = [
    ("UNet3Plus", {"width": 8}),
    ("UNet3Plus", {"width": 4, "deep_supervision": True, "in_channels": 1}),
    ("UNet3Plus", {"width": 4, "deep_supervision": True, "classification_guided": True}),
    ("UNet3Plus", {"width": 4, "batch_norm": False}),
    ("HRNetOCR", {"backbone": "hrnet_w18_small", "mid_channels": 32, "key_channels": 16}),
    ("HRNetOCR", {"backbone": "hrnet_w18_small_v2", "mid_channels": 24, "key_channels": 8, "align_corners": False, "in_channels": 1}),
]


# ---- U-Net 3+: five levels; each decoder node sees every level, brought to its size and to the narrowest width.

def twice(cin, cout, norm):
    block = nn.Module()
    for i in (1, 2):
        parts = [nn.Conv2d(cin if i == 1 else cout, cout, 3, padding=1)] + ([nn.BatchNorm2d(cout)] if norm else []) + [nn.ReLU()]
        block.add_module(f"conv{i}", nn.Sequential(*parts))
    return block


class UNet3Plus(nn.Module):
    def __init__(self, cin, classes, width, deep, guided, norm):
        super().__init__()
        self.deep, self.guided = deep, guided
        widths, wide = [width * 2**i for i in range(5)], 5 * width
        for i in range(5):
            self.add_module(f"conv{i + 1}", twice(cin if i == 0 else widths[i - 1], widths[i], norm))
        self.plan = {}
        for d in (4, 3, 2, 1):
            names = []
            for s in range(1, 6):
                name = f"h{s}_PT_hd{d}" if s < d else f"h{s}_Cat_hd{d}" if s == d else f"hd{s}_UT_hd{d}"
                self.add_module(name + "_conv", nn.Conv2d(wide if d < s < 5 else widths[s - 1], width, 3, padding=1))
                self.add_module(name + "_bn", nn.BatchNorm2d(width))
                names.append((name, 2.0 ** (s - d)))
            self.add_module(f"conv{d}d_1", nn.Conv2d(wide, wide, 3, padding=1))
            self.add_module(f"bn{d}d_1", nn.BatchNorm2d(wide))
            self.plan[d] = names
        for i in range(5 if deep else 1):
            self.add_module(f"outconv{i + 1}", nn.Conv2d(widths[4] if i == 4 else wide, classes, 3, padding=1))
        if guided:
            self.cls = nn.Sequential(nn.Dropout(0.5), nn.Conv2d(widths[4], 2, 1), nn.AdaptiveMaxPool2d(1))

    def part(self, name):
        return getattr(self, name)

    def forward(self, x):
        levels = []
        for i in range(1, 6):
            x = F.max_pool2d(x, 2) if i > 1 else x
            x = self.part(f"conv{i}").conv2(self.part(f"conv{i}").conv1(x))
            levels.append(x)
        done = {5: levels[4]}
        for d in (4, 3, 2, 1):
            seen = []
            for s, (name, factor) in enumerate(self.plan[d], 1):
                y = done[s] if s > d else levels[s - 1]
                if factor < 1:
                    y = F.max_pool2d(y, int(1 / factor), ceil_mode=True)
                elif factor > 1:
                    y = F.interpolate(y, scale_factor=factor, mode="bilinear", align_corners=False)
                seen.append(F.relu(self.part(name + "_bn")(self.part(name + "_conv")(y))))
            done[d] = F.relu(self.part(f"bn{d}d_1")(self.part(f"conv{d}d_1")(torch.cat(seen, 1))))
        outputs = [self.part(f"outconv{i}")(done[i]) for i in range(1, 6 if self.deep else 2)]
        outputs = [o if i == 0 else F.interpolate(o, scale_factor=2.0**i, mode="bilinear", align_corners=False) for i, o in enumerate(outputs)]
        if not self.guided:
            return outputs
        scores = self.cls(levels[4]).flatten(1)
        there = (scores[:, 1:] > scores[:, :1]).to(x.dtype)[..., None, None]
        return [o * there for o in outputs] + [scores[:, 1:] - scores[:, :1]]


# ---- HRNet with the object-contextual head.

def conv_bn(cin, cout, k, stride=1, relu=True):
    return nn.Sequential(nn.Conv2d(cin, cout, k, stride, k // 2, bias=False), nn.BatchNorm2d(cout), *([nn.ReLU()] if relu else []))


class Block(nn.Module):
    def __init__(self, cin, width, expansion):
        super().__init__()
        out = width * expansion
        shapes = [(cin, width, 1), (width, width, 3), (width, out, 1)] if expansion == 4 else [(cin, width, 3), (width, width, 3)]
        self.n = len(shapes)
        for i, (a, b, k) in enumerate(shapes, 1):
            self.add_module(f"conv{i}", nn.Conv2d(a, b, k, 1, k // 2, bias=False))
            self.add_module(f"bn{i}", nn.BatchNorm2d(b))
        self.downsample = conv_bn(cin, out, 1, relu=False) if cin != out else None

    def forward(self, x):
        y = x
        for i in range(1, self.n + 1):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            y = F.relu(y) if i < self.n else y
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


def resize(x, like, align):
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=align)


class Fusion(nn.Module):
    def __init__(self, widths, blocks, align):
        super().__init__()
        self.align = align
        self.branches = nn.ModuleList(nn.Sequential(*[Block(w, w, 1) for _ in range(blocks)]) for w in widths)
        self.fuse_layers = nn.ModuleList()
        for i, out in enumerate(widths):
            row = nn.ModuleList()
            for j, w in enumerate(widths):
                if j > i:
                    row.append(conv_bn(w, out, 1, relu=False))
                elif j == i:
                    row.append(nn.Identity())
                else:
                    row.append(nn.Sequential(*[conv_bn(w, out if k == i - j - 1 else w, 3, 2, relu=k < i - j - 1) for k in range(i - j)]))
            self.fuse_layers.append(row)

    def forward(self, xs):
        xs = [b(x) for b, x in zip(self.branches, xs)]
        fused = []
        for i, row in enumerate(self.fuse_layers):
            fused.append(F.relu(sum(resize(f(x), xs[i], self.align) if j > i else f(x) for j, (f, x) in enumerate(zip(row, xs)))))
        return fused


class HRNetOCR(nn.Module):
    VARIANTS = {"hrnet_w18_small": (16, 1, 32, 2, (1, 1, 1)), "hrnet_w18_small_v2": (18, 2, 64, 2, (1, 3, 2))}

    def __init__(self, cin, classes, backbone, mid, key, align):
        super().__init__()
        self.align = align
        width, first_blocks, first_width, blocks, modules = self.VARIANTS[backbone]
        widths = [width * 2**i for i in range(4)]
        self.conv1, self.bn1 = nn.Conv2d(cin, 64, 3, 2, 1, bias=False), nn.BatchNorm2d(64)
        self.conv2, self.bn2 = nn.Conv2d(64, 64, 3, 2, 1, bias=False), nn.BatchNorm2d(64)
        self.layer1 = nn.Sequential(*[Block(64 if i == 0 else 4 * first_width, first_width, 4) for i in range(first_blocks)])
        before = [4 * first_width]
        for stage in (2, 3, 4):
            now = widths[:stage]
            row = nn.ModuleList()
            for i, w in enumerate(now):
                if i < len(before):
                    row.append(nn.Identity() if before[i] == w else conv_bn(before[i], w, 3))
                else:
                    row.append(nn.Sequential(conv_bn(before[-1], w, 3, 2)))
            self.add_module(f"transition{stage - 1}", row)
            self.add_module(f"stage{stage}", nn.Sequential(*[Fusion(now, blocks, align) for _ in range(modules[stage - 2])]))
            before = now
        every = sum(widths)
        self.conv3x3_ocr = nn.Sequential(nn.Conv2d(every, mid, 3, padding=1), nn.BatchNorm2d(mid), nn.ReLU())
        norm = lambda c: nn.Sequential(nn.BatchNorm2d(c), nn.ReLU())
        one = lambda a, b: nn.Conv2d(a, b, 1, bias=False)
        attention = nn.Module()
        attention.f_pixel = nn.Sequential(one(mid, key), norm(key), one(key, key), norm(key))
        attention.f_object = nn.Sequential(one(mid, key), norm(key), one(key, key), norm(key))
        attention.f_down = nn.Sequential(one(mid, key), norm(key))
        attention.f_up = nn.Sequential(one(key, mid), norm(mid))
        self.ocr_distri_head = nn.Module()
        self.ocr_distri_head.object_context_block = attention
        self.ocr_distri_head.conv_bn_dropout = nn.Sequential(one(2 * mid, mid), norm(mid), nn.Dropout2d(0.05))
        self.cls_head = nn.Conv2d(mid, classes, 1)
        self.aux_head = nn.Sequential(nn.Conv2d(every, every, 1), nn.BatchNorm2d(every), nn.ReLU(), nn.Conv2d(every, classes, 1))

    def forward(self, image):
        x = F.relu(self.bn1(self.conv1(image)))
        x = self.layer1(F.relu(self.bn2(self.conv2(x))))
        maps = [x]
        for stage in (2, 3, 4):
            row = getattr(self, f"transition{stage - 1}")
            maps = getattr(self, f"stage{stage}")([f(maps[min(i, len(maps) - 1)]) for i, f in enumerate(row)])
        feats = torch.cat([maps[0]] + [resize(m, maps[0], self.align) for m in maps[1:]], 1)
        rough = self.aux_head(feats)
        pixels = self.conv3x3_ocr(feats)
        n, c, h, w = pixels.shape
        # Each class's region: pixels weighed by how much they are taken for it (equation 2 of the paper).
        share = rough.flatten(2).softmax(dim=2)
        regions = torch.einsum("nkp,ncp->nck", share, pixels.flatten(2))[..., None]
        block = self.ocr_distri_head.object_context_block
        query, keys, values = block.f_pixel(pixels).flatten(2), block.f_object(regions).flatten(2), block.f_down(regions).flatten(2)
        relation = (torch.einsum("ncp,nck->npk", query, keys) / query.shape[1] ** 0.5).softmax(dim=2)
        context = block.f_up(torch.einsum("npk,nck->ncp", relation, values).reshape(n, -1, h, w))
        out = self.cls_head(self.ocr_distri_head.conv_bn_dropout(torch.cat([context, pixels], 1)))
        return [resize(o, image, self.align) for o in (out, rough)]


def build(arch, _, options):
    cin = options.get("in_channels", 3)
    if arch == "UNet3Plus":
        guided = options.get("classification_guided", False)
        return UNet3Plus(cin, 1 if guided else 3, options["width"], options.get("deep_supervision", False), guided, options.get("batch_norm", True))
    return HRNetOCR(cin, 3, options["backbone"], options["mid_channels"], options["key_channels"], options.get("align_corners", True))


rule.build = build
if __name__ == "__main__":
    torch.set_num_threads(1)
    rows = []
    for arch, options in ROWS:
        with torch.backends.mkldnn.flags(enabled=False):
            entry = rule.golden(arch, None, options)
        del entry["ctor"]["encoder_name"]
        if options.get("classification_guided"):
            entry["ctor"]["classes"] = 1
        rows.append(json.dumps(entry))
        print(arch, entry["gain"], entry["eval"]["outputs"]["out"]["std"], file=sys.stderr)
    print("[\n" + ",\n".join(rows) + "\n]")
