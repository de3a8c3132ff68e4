#!/usr/bin/env python3
"""Makes losses.VERSION.json: what segmentation_models.pytorch makes of each loss under many arguments, values and gradients.

Inputs are a function of their index alone (as in LossCases.cs), so that nothing but the results is stored.
Run: python3 make_losses.py FOLDER/segmentation_models_pytorch > losses.v0.5.0.json      (the tag v0.5.0)
     python3 make_losses.py FOLDER/segmentation_models_pytorch > losses.head.json        (the development branch 0.5.1.dev0)
torch 1.13, CPU, one thread.
"""
import inspect
import itertools
import json
import re
import sys
import zlib

import numpy as np
import torch

sys.path.insert(0, sys.argv[1])
import losses  # noqa: E402

VERSION = re.search(r'"(.+)"', open(sys.argv[1] + "/__version__.py").read()).group(1)
CLASSES, HEIGHT, WIDTH = 4, 8, 12
IGNORED = {"binary": [255, -100], "multilabel": [255], "multiclass": [255, -1, 0, 2]}


def hashed(count, key):
    with np.errstate(over="ignore"):
        x = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B1) ^ np.uint32(zlib.crc32(key.encode()))
        x = (x ^ x >> np.uint32(16)) * np.uint32(0x85EBCA6B)
        x = (x ^ x >> np.uint32(13)) * np.uint32(0xC2B2AE35)
        return x ^ x >> np.uint32(16)


def units(count, key):
    return ((hashed(count, key) >> np.uint32(8)).astype(np.int32) - 8388608).astype(np.float32) * np.float32(1 / 8388608)


def inputs(mode, case):
    shape = (2, 1 if mode == "binary" else CLASSES, HEIGHT, WIDTH)
    x = torch.from_numpy(units(int(np.prod(shape)), "loss.logits") * np.float32(3)).view(shape)
    if mode == "multiclass":
        count = 2 * HEIGHT * WIDTH
        y = torch.from_numpy(((hashed(count, "loss.labels") >> np.uint32(8)) % CLASSES).astype(np.int64)).view(2, HEIGHT, WIDTH)
        if case.get("empty_class"):
            y[y == 1] = 0
    else:
        y = torch.from_numpy((hashed(int(np.prod(shape)), "loss.mask") >> np.uint32(31)).astype(np.float32)).view(shape)
        if case.get("empty_class"):
            if mode == "binary":
                y[:] = 0
            else:
                y[:, 1] = 0
    if "target_ignore_value" in case:
        ignored = (hashed(y.numel(), "loss.ignore") & np.uint32(7)) == 0
        y[torch.from_numpy(ignored).view(y.shape)] = case["target_ignore_value"]
    if case.get("input") == "probabilities":
        x = x.softmax(1) if mode == "multiclass" else x.sigmoid()
    return x, y


def build(name, mode, args):
    kind = getattr(losses, name)
    args = {k: torch.tensor(v).view(-1, 1, 1) if k in ("weight", "pos_weight") else v for k, v in args.items()}
    return kind(mode, **args) if "mode" in inspect.signature(kind).parameters else kind(**args)


def run(case, dtype):
    x, y = inputs(case["mode"], case)
    x = x.to(dtype).requires_grad_()
    if case["mode"] != "multiclass":
        y = y.to(dtype)
    loss = build(case["loss"], case["mode"], case["args"]).to(dtype)
    value = loss(x, y).sum()
    value.backward()
    g = x.grad.double().numpy().ravel()
    probe = float((g * units(g.size, "probe")).sum())
    return float(value), {"l2": float(np.sqrt((g * g).sum())), "probe": probe}


def cases():
    weights = {"class_weights": [0.2, 1.0, 3.0, 0.5]}
    for name in ("DiceLoss", "JaccardLoss", "TverskyLoss"):
        own = [{}, {"alpha": 0.7, "beta": 0.3}, {"alpha": 1.0, "beta": 0.1, "gamma": 1.5}] if name == "TverskyLoss" else [{}]
        for mode, args in itertools.product(IGNORED, own):
            for more in ({}, {"log_loss": True}, {"smooth": 0.5, "eps": 1e-3}, {"log_loss": True, "smooth": 1.0}):
                yield name, mode, {**args, **more}, {}
                yield name, mode, {**args, **more}, {"empty_class": True}
            yield name, mode, {**args, "from_logits": False}, {"input": "probabilities"}
            for v in IGNORED[mode]:
                yield name, mode, {**args, "ignore_index": v}, {"target_ignore_value": v}
            if mode != "binary":
                yield name, mode, {**args, "classes": [0, 2]}, {}
                yield name, mode, {**args, "classes": [3, 1], "log_loss": True}, {"empty_class": True}
                yield name, mode, {**args, **weights, "classes": [0, 2]}, {}
                yield name, mode, {**args, **weights, "log_loss": True, "ignore_index": 255}, {"target_ignore_value": 255}
    for mode in IGNORED:
        for args in ({}, {"alpha": 0.6}, {"gamma": 0.0}, {"gamma": 1.5, "alpha": 0.25}, {"normalized": True}, {"reduced_threshold": 0.5},
                     {"reduced_threshold": 0.3, "normalized": True, "alpha": 0.4}):
            for reduction in ("mean", "sum", "none", "batchwise_mean"):
                yield "FocalLoss", mode, {**args, "reduction": reduction}, {}
        for v in IGNORED[mode]:
            for reduction in ("mean", "sum"):
                yield "FocalLoss", mode, {"ignore_index": v, "reduction": reduction, "normalized": v == 255}, {"target_ignore_value": v}
        yield "FocalLoss", mode, {}, {"empty_class": True}
        yield "FocalLoss", mode, {"from_logits": False}, {"input": "probabilities"}
        yield "FocalLoss", mode, {"from_logits": False, "eps": 0.05, "alpha": 0.3}, {"input": "probabilities"}
        if mode != "binary":
            yield "FocalLoss", mode, {**weights, "reduction": "sum"}, {}
            yield "FocalLoss", mode, {**weights, "alpha": 0.25, "normalized": True}, {}
        for per_image in (False, True):
            yield "LovaszLoss", mode, {"per_image": per_image}, {"empty_class": True}
            yield "LovaszLoss", mode, {"per_image": per_image, "from_logits": False}, {"input": "probabilities"}
            for v in IGNORED[mode]:
                yield "LovaszLoss", mode, {"per_image": per_image, "ignore_index": v}, {"target_ignore_value": v}
    for mode, k in (("binary", 1), ("multilabel", CLASSES)):
        for reduction in ("mean", "sum", "none"):
            yield "SoftBCEWithLogitsLoss", mode, {"reduction": reduction, "smooth_factor": 0.2}, {}
            yield "SoftBCEWithLogitsLoss", mode, {"reduction": reduction, "weight": [0.5, 2.0, 1.0, 3.0][:k]}, {}
        yield "SoftBCEWithLogitsLoss", mode, {"pos_weight": [0.5, 2.0, 1.0, 3.0][:k], "smooth_factor": 0.1}, {}
        yield "SoftBCEWithLogitsLoss", mode, {}, {"empty_class": True}
        yield "SoftBCEWithLogitsLoss", mode, {}, {"target_ignore_value": -100}
        yield "SoftBCEWithLogitsLoss", mode, {"ignore_index": 255, "smooth_factor": 0.1}, {"target_ignore_value": 255}
        yield "SoftBCEWithLogitsLoss", mode, {"ignore_index": None}, {}
    for smooth, reduction in itertools.product((0.0, 0.3), ("mean", "sum", "none")):
        yield "SoftCrossEntropyLoss", "multiclass", {"smooth_factor": smooth, "reduction": reduction}, {}
        for v in IGNORED["multiclass"]:
            yield "SoftCrossEntropyLoss", "multiclass", {"smooth_factor": smooth, "reduction": reduction, "ignore_index": v}, {"target_ignore_value": v}
    yield "SoftCrossEntropyLoss", "multiclass", {"smooth_factor": 0.1, "dim": 1}, {"target_ignore_value": -100}
    for mode in ("binary", "multilabel"):
        if mode == "binary":
            yield "MCCLoss", mode, {"eps": 1e-2}, {}
            yield "MCCLoss", mode, {}, {"input": "probabilities"}
            yield "MCCLoss", mode, {}, {"input": "probabilities", "empty_class": True}


def main():
    torch.set_num_threads(1)
    lines = []
    for name, mode, args, more in cases():
        case = {"loss": name, "mode": mode, "args": args, **more}
        known = inspect.signature(getattr(losses, name)).parameters
        if any(a not in known for a in args):
            continue                                             # of the other version
        if VERSION != "0.5.0" and not (name == "FocalLoss" or "class_weights" in args or name == "JaccardLoss" and "ignore_index" in args):
            continue                                             # as in the release
        if VERSION != "0.5.0" and name == "FocalLoss" and mode == "multilabel" and "ignore_index" in args:
            continue                                             # raises an IndexError there
        value, grad = run(case, torch.float32)
        case.update(value=value, grad=grad)
        if name != "LovaszLoss":                                 # its weights are float32 whatever comes in
            case["value_f64"], case["grad_f64"] = run(case, torch.float64)
        lines.append("  " + json.dumps(case))
    print('{\n "source": {"lib": "segmentation_models_pytorch", "version": "%s", "torch": "%s"},\n "cases": [' % (VERSION, torch.__version__.split("+")[0]))
    print(",\n".join(lines))
    print(" ]\n}")


main()
