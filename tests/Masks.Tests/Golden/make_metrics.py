#!/usr/bin/env python3
"""Makes metrics.v0.5.0.json: segmentation_models.pytorch's metrics of hashed labels, with every reduction.

Inputs are a function of their index alone (as in MetricCases.cs), so that nothing but the results is stored.
Run: python3 make_metrics.py FOLDER/segmentation_models_pytorch > metrics.v0.5.0.json        (the tag v0.5.0; torch 1.13)
"""
import json
import math
import sys
import zlib

import numpy as np
import torch

sys.path.insert(0, sys.argv[1])
import metrics  # noqa: E402

NAMES = ["fbeta_score", "f1_score", "iou_score", "accuracy", "precision", "recall", "sensitivity", "specificity", "balanced_accuracy",
         "positive_predictive_value", "negative_predictive_value", "false_negative_rate", "false_positive_rate", "false_discovery_rate",
         "false_omission_rate", "positive_likelihood_ratio", "negative_likelihood_ratio"]
REDUCTIONS = ["micro", "macro", "weighted", "micro-imagewise", "macro-imagewise", "weighted-imagewise", "none"]
WEIGHTS = [0.1, 0.2, 0.3, 0.4]
N, C, H, W = 3, 4, 10, 14


def hashed(shape, key):
    with np.errstate(over="ignore"):
        x = np.arange(math.prod(shape), dtype=np.uint32) * np.uint32(0x9E3779B1) ^ np.uint32(zlib.crc32(key.encode()))
        x = (x ^ x >> np.uint32(16)) * np.uint32(0x85EBCA6B)
        x = (x ^ x >> np.uint32(13)) * np.uint32(0xC2B2AE35)
        return (x ^ x >> np.uint32(16)).reshape(shape)


def inputs(mode, options):
    if mode == "multiclass":
        target, pred = ((hashed((N, H, W), "metric." + k) >> np.uint32(8)).astype(np.int64) % C for k in ("target", "pred"))
        mixed = (hashed((N, H, W), "metric.mix") >> np.uint32(5)) & np.uint32(1) == 1
        pred = np.where(mixed, target, pred)
        if options.get("empty"):
            target[target == 2] = 0
            pred[pred == 2] = 0
        if "ign" in options:
            target = np.where(hashed((N, H, W), "metric.ignore") & np.uint32(7) == 0, options["ign"], target)
        return pred, target
    shape = (N, 1 if mode == "binary" else C, H, W)
    target = (hashed(shape, "metric.target") >> np.uint32(31)).astype(np.int64)
    if "thr" in options:
        u = ((hashed(shape, "metric.pred") >> np.uint32(8)).astype(np.int32) - 8388608).astype(np.float32) * np.float32(1 / 8388608)
        pred = ((u + np.float32(1)) / np.float32(2) + target.astype(np.float32)) / np.float32(2)
    else:
        pred = (hashed(shape, "metric.pred") >> np.uint32(31)).astype(np.int64)
        pred = np.where((hashed(shape, "metric.mix") >> np.uint32(5)) & np.uint32(1) == 1, target, pred)
    if options.get("empty"):
        target[0] = 0
        pred[0] = 0
    return pred, target


def plain(value):
    return [float("%.9g" % v) if math.isfinite(v) else str(v) for v in np.atleast_1d(value.double().numpy()).ravel().tolist()]


def case(mode, options):
    pred, target = inputs(mode, options)
    classes = 1 if mode == "binary" else C
    stats = metrics.get_stats(torch.from_numpy(pred), torch.from_numpy(target), mode, ignore_index=options.get("ign"),
                              threshold=options.get("thr"), num_classes=C if mode == "multiclass" else None)
    result = {"mode": mode, "options": options, **{k: v.tolist() for k, v in zip(("tp", "fp", "fn", "tn"), stats)}, "metrics": {}}
    for name in NAMES:
        more = {"beta": 2} if name == "fbeta_score" else {}
        more["zero_division"] = options.get("zero_division", 1.0)
        result["metrics"][name] = {r: plain(getattr(metrics, name)(
            *stats, reduction=r, class_weights=WEIGHTS[:classes] if "weighted" in r or options.get("weighted") else None, **more)) for r in REDUCTIONS}
    return result


def main():
    grid = [(mode, {**more, **empty, **zero})
            for mode, mores in (("binary", [{}, {"thr": 0.3}]), ("multilabel", [{}, {"thr": 0.62}]), ("multiclass", [{}, {"ign": -1}, {"ign": 255}]))
            for more in mores for empty, zero in (({}, {}), ({"empty": True}, {}), ({"empty": True}, {"zero_division": 0.0}))]
    grid += [("multiclass", {"weighted": True}), ("multilabel", {"weighted": True, "empty": True})]
    print('{\n "source": {"lib": "segmentation_models_pytorch", "version": "0.5.0"},\n "cases": [')
    print(",\n".join("  " + json.dumps(case(*g)) for g in grid))
    print(" ]\n}")


main()
