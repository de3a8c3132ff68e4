"""Scores of label maps in which 255 is undecided, as mmsegmentation's IoUMetric and torchmetrics' ignore_index have it: such pixels are taken out of
prediction and truth before anything is counted. Distances: SciPy's distance_transform_edt between the surfaces of what is left.

Run: python3 make_undecided.py > undecided.json
"""
import json

import numpy as np
import scipy
from scipy.ndimage import binary_erosion, distance_transform_edt

CLASSES, IGNORE = 3, 255


def surface(mask):
    return mask & ~binary_erosion(mask, border_value=0)


def hd95(a, b):
    if not a.any() and not b.any():
        return None
    if not a.any() or not b.any():
        return float(np.hypot(*a.shape))
    a, b = surface(a), surface(b)
    return float(max(np.percentile(distance_transform_edt(~y)[x], 95) for x, y in ((a, b), (b, a))))


def scores(prediction, truth):
    kept = truth != IGNORE
    p, t = prediction[kept], truth[kept]
    rows = []
    for k in range(CLASSES):
        tp, fp, fn = int(((p == k) & (t == k)).sum()), int(((p == k) & (t != k)).sum()), int(((p != k) & (t == k)).sum())
        tn = p.size - tp - fp - fn
        rows.append({
            "dice": 1.0 if 2 * tp + fp + fn == 0 else 2 * tp / (2 * tp + fp + fn),
            "iou": 1.0 if tp + fp + fn == 0 else tp / (tp + fp + fn),
            "specificity": tn / (tn + fp),
            "hd95": hd95((prediction == k) & kept, (truth == k) & kept),
            "wrong": fp + fn,
        })
    return {"accuracy": float((p == t).mean()), "classes": rows}


def blobs(rng, shape):
    field = rng.random(shape)
    for axis in (0, 1):
        field = (field + np.roll(field, 1, axis) + np.roll(field, -1, axis)) / 3
    return np.digitize(field, np.quantile(field, [0.4, 0.75])).astype(int)


rng = np.random.default_rng(5)
cases = []
for share in (0.0, 0.1, 0.5):
    truth = blobs(rng, (14, 19))
    prediction = np.where(rng.random(truth.shape) < 0.8, truth, blobs(rng, truth.shape))
    truth[rng.random(truth.shape) < share] = IGNORE
    cases.append({"undecided": int((truth == IGNORE).sum()), "truth": truth.tolist(), "prediction": prediction.tolist(), "scores": scores(prediction, truth)})

print(json.dumps({"numpy": np.__version__, "scipy": scipy.__version__, "cases": cases}))
