#!/usr/bin/env python3
"""Makes library_options.json: what torchvision 0.14, dynamic_network_architectures 0.4.4 (nnU-Net) and jvanvugt/pytorch-unet give
for variants and options that the shared golden files do not have; entries as make_smp_options.py makes them.

Run: PYTHONPATH=DNA:UNET python3 make_library_options.py > library_options.json, with the checked-out sources of both in DNA and UNET.
"""
import json
import sys
import types

sys.modules.setdefault("segmentation_models_pytorch", types.ModuleType("segmentation_models_pytorch"))     # not asked for anything here
import make_smp_options as rule  # noqa: E402
import torch  # noqa: E402
import torchvision  # noqa: E402
from torch import nn  # noqa: E402

for absent in ["timm", "timm.layers", "timm.models", "timm.models.vision_transformer", "einops", "einops.layers", "einops.layers.torch"]:
    sys.modules.setdefault(absent, rule.Absent(absent))
from dynamic_network_architectures.architectures import unet as nnunet  # noqa: E402
from dynamic_network_architectures.building_blocks import residual  # noqa: E402
from unet import UNet  # noqa: E402

INSTANCE = {"norm_op": "InstanceNorm2d", "norm_op_kwargs": {"eps": 1e-5, "affine": True}, "nonlin": "LeakyReLU", "nonlin_kwargs": {"inplace": True}}
BATCH = {"norm_op": "BatchNorm2d", "norm_op_kwargs": None, "nonlin": "ReLU", "nonlin_kwargs": None}
SMALL = {"input_channels": 2, "n_stages": 3, "features_per_stage": [8, 16, 24], "conv_op": "Conv2d", "strides": [1, 2, [2, 1]]}
ROWS = [
    ("ResidualEncoderUNet", {**SMALL, **INSTANCE, "kernel_sizes": [3, [1, 3], 3], "n_blocks_per_stage": [1, 2, 2], "n_conv_per_stage_decoder": 1, "conv_bias": True, "deep_supervision": True}),
    ("ResidualEncoderUNet", {**SMALL, **BATCH, "kernel_sizes": 3, "n_blocks_per_stage": 2, "n_conv_per_stage_decoder": [2, 1], "conv_bias": False, "block": "BottleneckD", "bottleneck_channels": [4, 6, 8], "stem_channels": 6}),
    ("ResidualEncoderUNet", {**SMALL, **INSTANCE, "conv_op": "Conv3d", "norm_op": "InstanceNorm3d", "strides": [1, [1, 2, 2], 2], "kernel_sizes": [[1, 3, 3], 3, 3], "n_blocks_per_stage": [1, 1, 2], "n_conv_per_stage_decoder": 1, "conv_bias": True}),
    ("PlainConvUNet", {**SMALL, **BATCH, "features_per_stage": 12, "kernel_sizes": 3, "n_conv_per_stage": [1, 2, 1], "n_conv_per_stage_decoder": [1, 2], "conv_bias": False, "nonlin_first": True, "deep_supervision": True}),
    ("UNetValid", {"depth": 3, "wf": 3, "up_mode": "upsample"}),
    ("UNetValid", {"depth": 3, "wf": 3, "padding": True, "batch_norm": True}),
    ("UNetValid", {"depth": 3, "wf": 3, "padding": True, "batch_norm": True, "up_mode": "upsample", "in_channels": 1}),
    ("fcn_resnet101", {"aux_loss": True}),
    ("deeplabv3_resnet101", {"aux_loss": True}),
    ("resnext50_32x4d", {}),
    ("wide_resnet50_2", {}),
    ("resnet50", {}),
]


def build(arch, _, options):
    options = dict(options)
    if arch == "UNetValid":
        return UNet(n_classes=3, in_channels=options.pop("in_channels", 3), **options)
    if arch.endswith("UNet"):
        for key in ("conv_op", "norm_op", "nonlin"):
            options[key] = getattr(nn, options[key])
        if "block" in options:
            options["block"] = getattr(residual, options["block"])
        return getattr(nnunet, arch)(num_classes=3, **options)
    if arch.startswith(("fcn", "deeplab")):
        return getattr(torchvision.models.segmentation, arch)(weights=None, weights_backbone=None, num_classes=3, **options)
    return getattr(torchvision.models, arch)(num_classes=3)


def first_of_tied(state, gain, fill=rule.fill):
    seen, own = set(), {}
    for key, tensor in state.items():
        if tensor.data_ptr() not in seen:
            own[key] = tensor
        seen.add(tensor.data_ptr())
    fill(own, gain)


rule.build = build
rule.fill = first_of_tied
rule.listed = lambda out: list(out.values()) if isinstance(out, dict) else list(out) if isinstance(out, (tuple, list)) else [out]

if __name__ == "__main__":
    torch.set_num_threads(1)
    rows, image = [], rule.image
    for arch, options in ROWS:
        channels = options.get("in_channels", options.get("input_channels", 3))
        size = (8, 16, 24) if options.get("conv_op") == "Conv3d" else (64, 96)
        rule.image = lambda shape: image((shape[0], channels, *size))
        with torch.backends.mkldnn.flags(enabled=False):
            entry = rule.golden(arch, None, options)
        del entry["ctor"]["encoder_name"]
        rows.append(json.dumps(entry))
        print(arch, entry["gain"], entry["eval"]["outputs"]["out"]["std"], file=sys.stderr)
    print("[\n" + ",\n".join(rows) + "\n]")
