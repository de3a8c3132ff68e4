#!/usr/bin/env python3
"""Makes surfaces.json: surface distances of pairs of masks by SciPy's exact distance transform.

The masks are unions of ellipses and boxes drawn from NumPy's generator, stored as row-major runs [start, length, ...].
Run: python3 make_surfaces.py > surfaces.json        (NumPy 1.24, SciPy 1.10)
"""
import json

import numpy as np
from scipy import ndimage

TOLERANCES = [0.0, 0.5, 1.0, 2.5]
PERCENTILES = [50, 95, 100]


def surface(mask):
    return mask & ~ndimage.binary_erosion(mask)                  # a cross; outside the frame nothing is set


def distances(of, to, spacing):
    return ndimage.distance_transform_edt(~surface(to), sampling=spacing)[surface(of)]


def drawn(rng, height, width, kind):
    y, x = np.mgrid[:height, :width]
    mask = np.zeros((height, width), bool)
    if kind == "noise":
        return rng.random((height, width)) < 0.3
    for _ in range(rng.integers(1, 4)):
        cy, cx, ry, rx = rng.uniform(0, height), rng.uniform(0, width), rng.uniform(1, 1 + height / 3), rng.uniform(1, 1 + width / 3)
        mask |= ((y - cy) / ry) ** 2 + ((x - cx) / rx) ** 2 <= 1 if kind == "ellipses" else (abs(y - cy) <= ry) & (abs(x - cx) <= rx)
    mask[int(rng.integers(height)), int(rng.integers(width))] = True
    return mask


def runs(mask):
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.ravel().astype(np.int8), [0]])))
    return [int(v) for start, end in edges.reshape(-1, 2) for v in (start, end - start)]


def main():
    rng = np.random.default_rng(20240611)
    lines = []
    sizes = [(1, 1), (1, 40), (33, 1), (7, 9), (31, 47), (64, 64), (90, 53)]
    for number in range(42):
        height, width = sizes[number % len(sizes)]
        spacing = [(1.0, 1.0), (0.143, 0.143), (0.7, 2.3)][number // len(sizes) % 3]
        kind = ["ellipses", "boxes", "noise"][number % 3]
        a, b = drawn(rng, height, width, kind), drawn(rng, height, width, "ellipses" if number % 5 == 0 else kind)
        a.flat[rng.integers(a.size)] = b.flat[rng.integers(b.size)] = True
        ab, ba = distances(a, b, spacing), distances(b, a, spacing)
        both = np.concatenate([ab, ba])
        lines.append("  " + json.dumps({
            "height": height, "width": width, "spacing": spacing, "prediction": runs(a), "truth": runs(b),
            "surface": [len(ab), len(ba)],
            "hausdorff": [max(np.percentile(ab, p), np.percentile(ba, p)) for p in PERCENTILES],
            "average": both.mean(), "average_to_truth": ab.mean(),
            "dice": [(both <= t * spacing[0]).mean() for t in TOLERANCES],
        }))
    print('{\n "percentiles": %s,\n "tolerances_in_rows": %s,\n "cases": [' % (PERCENTILES, TOLERANCES))
    print(",\n".join(lines))
    print(" ]\n}")


main()
