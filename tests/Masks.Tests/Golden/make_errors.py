"""Wrong pixels by kind and by distance from the border of the truth, by plain NumPy and SciPy's Euclidean distance transform.

Writes errors.json. Run by hand with SciPy 1.10: python3 make_errors.py
"""

import json
import os

import numpy as np
from scipy.ndimage import distance_transform_edt


def runs(mask):
    flat = np.concatenate([[0], mask.ravel().astype(np.int8), [0]])
    edges = np.flatnonzero(np.diff(flat))
    return [int(v) for pair in edges.reshape(-1, 2) for v in (pair[0], pair[1] - pair[0])]


def blobs(rng, classes, height, width, empty):
    y, x = np.mgrid[:height, :width]
    found = []
    for k in range(classes):
        cy, cx, ry, rx = rng.uniform(0, height), rng.uniform(0, width), rng.uniform(3, height / 2), rng.uniform(3, width / 2)
        found.append((((y - cy) / ry) ** 2 + ((x - cx) / rx) ** 2 < 1) & (rng.random() >= empty))
    return np.stack(found)


def counts(truth, predicted):
    missed, extra = truth & ~predicted, predicted & ~truth
    confused = missed.any(0) & extra.any(0)
    found = []
    for t, m, e in zip(truth, missed, extra):
        inside = distance_transform_edt(t) if not t.all() else np.full(t.shape, np.inf)
        outside = distance_transform_edt(~t) if t.any() else np.full(t.shape, np.inf)
        distance = np.where(t, inside, outside)
        kinds = [(m | e) & confused, m & ~confused, e & ~confused]
        bands = [distance <= 2, (distance > 2) & (distance <= 5), distance > 5]
        found.append([[int((kind & band).sum()) for band in bands] for kind in kinds])
    return found


def main():
    rng = np.random.default_rng(20260101)
    cases = []
    for _ in range(12):
        height, width = int(rng.integers(20, 48)), int(rng.integers(20, 60))
        classes = int(rng.integers(1, 5))
        truth = blobs(rng, classes, height, width, 0.15)
        predicted = np.roll(truth, (int(rng.integers(-4, 5)), int(rng.integers(-4, 5))), (1, 2))
        predicted[rng.integers(classes)] = blobs(rng, 1, height, width, 0.3)[0]
        predicted |= rng.random(predicted.shape) < 0.01
        cases.append({"height": height, "width": width, "truth": [runs(m) for m in truth], "predicted": [runs(m) for m in predicted],
                      "counts": counts(truth, predicted)})
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "errors.json"), "w") as file:
        file.write("{\"cases\": [\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]}\n")


if __name__ == "__main__":
    main()
