#!/usr/bin/env python3
"""Makes postprocessing.json: what OpenCV makes of small masks, step by step; scipy and scikit-image have to agree where they do the same.

Masks are hashed noise, blots, touching discs, rings with islands, and the trivial ones; each is written as runs [start, length].
Run: python3 make_postprocessing.py > postprocessing.json
"""
import base64
import hashlib
import json

import cv2
import numpy as np
from scipy import ndimage
from skimage import morphology

cv2.setNumThreads(1)
HEIGHT, WIDTH = 61, 83
SHAPES = {"rect": cv2.MORPH_RECT, "cross": cv2.MORPH_CROSS, "ellipse": cv2.MORPH_ELLIPSE}


def hashed(first):
    z = np.arange(1, HEIGHT * WIDTH + 1, dtype=np.uint64) + np.uint64(first)
    z = z * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(32)).astype(np.float64).reshape(HEIGHT, WIDTH) / 2 ** 32


def disc(*circles):
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return np.any([(y - a) ** 2 + (x - b) ** 2 <= r * r for a, b, r in circles], axis=0)


def masks():
    smooth = cv2.GaussianBlur(hashed(7), (0, 0), 2.5)
    rings = disc((20, 22, 16)) & ~disc((20, 22, 12)) | disc((20, 22, 4)) | disc((45, 60, 12)) & ~disc((45, 60, 9)) | disc((60, 10, 9)) & ~disc((60, 10, 6))
    return {"sparse": hashed(1) < 0.2, "half": hashed(2) < 0.45, "dense": hashed(3) < 0.75, "blots": smooth > 0.51, "web": smooth < 0.51,
            "discs": disc((20, 25, 13), (22, 45, 12), (41, 35, 12), (50, 70, 9), (12, 66, 10)), "rings": rings,
            "edges": disc((0, 0, 12), (60, 82, 15), (0, 50, 9), (30, 0, 7)), "full": np.ones((HEIGHT, WIDTH), bool),
            "pixel": disc((30, 40, 0)), "corner": disc((60, 82, 0))}


def runs(mask):
    flat = np.concatenate([[0], np.asarray(mask).astype(np.int8).ravel(), [0]])
    change = np.flatnonzero(np.diff(flat))
    return [[int(a), int(b - a)] for a, b in zip(change[::2], change[1::2])]


def digest(mask):
    return hashlib.sha256((np.asarray(mask) != 0).astype(np.uint8).tobytes()).hexdigest()


def components(mask, connectivity):
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=connectivity)
    return count - 1, labels, stats[1:, cv2.CC_STAT_AREA]


def largest(mask, connectivity, keep):
    count, labels, areas = components(mask, connectivity)
    return np.isin(labels, 1 + np.argsort(-areas, kind="stable")[:keep])


def small(mask, connectivity, size):
    count, labels, areas = components(mask, connectivity)
    made = np.isin(labels, 1 + np.flatnonzero(areas >= size))
    assert np.array_equal(made, morphology.remove_small_objects(mask, size, connectivity=1 if connectivity == 4 else 2))
    return made


def filled(mask, connectivity, most):
    count, labels, stats, _ = cv2.connectedComponentsWithStats((~mask).astype(np.uint8), connectivity=12 - connectivity)
    edge = set(labels[0]) | set(labels[-1]) | set(labels[:, 0]) | set(labels[:, -1])
    holes = [k for k in range(1, count) if k not in edge and (most is None or stats[k, cv2.CC_STAT_AREA] <= most)]
    made = mask | np.isin(labels, holes) & ~mask
    if most is None:
        assert np.array_equal(made, ndimage.binary_fill_holes(mask, None if connectivity == 8 else np.ones((3, 3))))
    return made


def morphed(mask, operation, shape, size, iterations):
    return cv2.morphologyEx(mask.astype(np.uint8), operation, cv2.getStructuringElement(SHAPES[shape], (size, size)), iterations=iterations)


def watershed(grey, kernel, closing, dilation, distance, factor, threshold=127):
    element = np.ones((kernel, kernel), np.uint8)
    _, thresh = cv2.threshold(grey, threshold, 255, cv2.THRESH_BINARY)
    closed = cv2.morphologyEx(thresh, cv2.MORPH_CLOSE, element, iterations=closing) if closing else thresh
    around = cv2.dilate(closed, element, iterations=dilation) if dilation else closed
    far = cv2.distanceTransform(closed, cv2.DIST_L2, distance)
    _, seeds = cv2.threshold(far, factor * far.max(), 255, cv2.THRESH_BINARY)
    seeds = seeds.astype(np.uint8)
    unknown = cv2.subtract(around, seeds)
    _, markers = cv2.connectedComponents(seeds)
    markers = markers + 1
    markers[unknown == 255] = 0
    return cv2.watershed(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), markers)


MASKS = masks()
CHAINS = [(3, 2, 3, 5, 0.7), (3, 2, 3, 3, 0.5), (5, 1, 2, 0, 0.3), (3, 0, 1, 5, 0.9), (3, 1, 0, 5, 0.0), (4, 2, 2, 5, 0.6)]
rows = []
for name, mask in MASKS.items():
    for connectivity in (4, 8):
        count, _, areas = components(mask, connectivity)
        rows.append({"mask": name, "step": "components", "options": {"connectivity": connectivity}, "areas": [int(a) for a in areas]})
        for keep in (1, 2, 5):
            rows.append({"mask": name, "step": "LargestComponent", "options": {"connectivity": connectivity, "keep": keep}, "made": digest(largest(mask, connectivity, keep))})
        for size in (2, 7, 64):
            rows.append({"mask": name, "step": "RemoveSmallObjects", "options": {"connectivity": connectivity, "min_size": size}, "made": digest(small(mask, connectivity, size))})
        for most in (None, 1, 30):
            rows.append({"mask": name, "step": "FillHoles", "options": {"connectivity": connectivity, "max_size": most}, "made": digest(filled(mask, connectivity, most))})
    for step, operation in (("Opening", cv2.MORPH_OPEN), ("Closing", cv2.MORPH_CLOSE)):
        for shape, size, iterations in (("rect", 3, 1), ("rect", 4, 2), ("cross", 3, 3), ("ellipse", 7, 1), ("ellipse", 5, 2), ("rect", 1, 1)):
            rows.append({"mask": name, "step": step, "options": {"shape": shape, "size": size, "iterations": iterations}, "made": digest(morphed(mask, operation, shape, size, iterations))})
    for kernel, closing, dilation, distance, factor in CHAINS:
        made = watershed(mask.astype(np.uint8) * 255, kernel, closing, dilation, distance, factor) > 1
        rows.append({"mask": name, "step": "Watershed", "options": {"kernel": kernel, "closing": closing, "dilation": dilation, "distance": distance, "factor": factor}, "made": digest(made)})

grey = np.clip((cv2.GaussianBlur(hashed(11), (0, 0), 3) - 0.4) * 1400, 0, 255).astype(np.uint8)
greys = [{"threshold": threshold, "kernel": kernel, "closing": closing, "dilation": dilation, "distance": distance, "factor": factor,
          "markers": hashlib.sha256(watershed(grey, kernel, closing, dilation, distance, factor, threshold).astype(np.int32).tobytes()).hexdigest()}
         for threshold in (127, 90) for kernel, closing, dilation, distance, factor in CHAINS]
print(json.dumps({"cv2": cv2.__version__, "height": HEIGHT, "width": WIDTH})[:-1] + ', "masks": {')
print(",\n".join(f"{json.dumps(name)}: {json.dumps(runs(mask))}" for name, mask in MASKS.items()))
print('}, "grey": ' + json.dumps(base64.b64encode(grey.tobytes()).decode()) + ', "greys": [')
print(",\n".join(json.dumps(row) for row in greys))
print('], "rows": [')
print(",\n".join(json.dumps(row) for row in rows) + "\n]}")
