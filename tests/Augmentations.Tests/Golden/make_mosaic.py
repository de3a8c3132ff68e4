#!/usr/bin/env python3
"""Makes mosaic.json: mosaics of hashed images as Albumentations 2.0.8 defines them, with cv2.resize and numpy.

Sample k has its own frame; its pixels are those of make_transforms.py's hash, begun at 10000·k. Each seen cell of the grid shows a crop of its
sample, resized to cover the cell or to lie in it; where the crop is taken follows from where the cell lies about the result's middle.
Run: python3 make_mosaic.py > mosaic.json
"""
import hashlib
import json

import cv2
import numpy as np

cv2.setNumThreads(1)
FRAMES = [(37, 53), (40, 21), (64, 64), (30, 90), (17, 19), (50, 33)]


def hashed(k, bits):
    height, width = FRAMES[k]
    z = np.arange(1, height * width + 1, dtype=np.uint64) + np.uint64(10000 * k)
    z = z * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = (z ^ (z >> np.uint64(31))) >> np.uint64(64 - bits)
    return z.astype(f"uint{bits}").reshape(height, width)


def cells(grid, cell, target, centre):
    """Placements (top, left, bottom, right) in the result, in reading order: grid lines cut to the window."""
    lines = []
    for n, size, length, middle in zip(grid, cell, target, centre):
        start = middle - length // 2
        lines.append(sorted({int(v) - start for v in np.clip(np.arange(n + 1) * size, start, start + length)}))
    rows, columns = lines
    return [(a, c, b, d) for a, b in zip(rows, rows[1:]) for c, d in zip(columns, columns[1:])]


def crop_start(place, cell, target):
    """The corner opposite to where the cell lies about the result's middle; the cell's middle on an axis."""
    (top, left, bottom, right), (height, width) = place, cell
    h, w = bottom - top, right - left
    down, across = (top + bottom) / 2 - target[0] / 2, (left + right) / 2 - target[1] / 2
    if down == 0 or across == 0:
        return (height - h) // 2, (width - w) // 2
    return (height - h if down < 0 else 0), (width - w if across < 0 else 0)


def segment(a, place, cell, target, fit, read, fill):
    h, w = a.shape
    factors = cell[0] / h, cell[1] / w
    factor = max(factors) if fit == "cover" else min(factors)
    size = max(1, round(h * factor)), max(1, round(w * factor))
    a = cv2.resize(a, size[::-1], interpolation=read) if size != a.shape else a
    y, x = crop_start(place, cell, target)
    bottom, right = y + place[2] - place[0], x + place[3] - place[1]
    below, beside = max(0, bottom - size[0]), max(0, right - size[1])
    if below or beside:
        a = cv2.copyMakeBorder(a, below // 2, max(below - below // 2, below), beside // 2, max(beside - beside // 2, beside), cv2.BORDER_CONSTANT, value=fill)
    return a[y:bottom, x:right]


def mosaic(grid, cell, target, centre, others, bits, fit, read, fill):
    places = cells(grid, cell, target, centre)
    own = max(places, key=lambda p: (p[2] - p[0]) * (p[3] - p[1]))
    rest = iter(others)
    made = np.full(target, fill, f"uint{bits}")
    for place in places:
        k = 0 if place == own else next(rest) + 1
        made[place[0]:place[2], place[1]:place[3]] = segment(hashed(k, bits), place, cell, target, fit, read, fill)
    return made


ROWS = []
for grid, cell, target, centre, others in [
        ((2, 2), (40, 44), (40, 44), (37, 47), [0, 1, 2]),
        ((2, 2), (40, 44), (50, 61), (39, 50), [4, -1, 2]),
        ((3, 3), (32, 24), (70, 60), (49, 37), [3, 2, 1, 0, 4, -1, 2, 3]),
        ((1, 2), (48, 40), (30, 50), (20, 41), [3]),
        ((1, 1), (61, 47), (61, 47), (30, 23), [])]:
    for fit in ("cover", "contain"):
        for name, read in (("linear", cv2.INTER_LINEAR), ("cubic", cv2.INTER_CUBIC)):
            row = {"options": {"grid_yx": grid, "cell_shape": cell, "target_size": target, "fit_mode": fit, "interpolation": name, "fill": 9, "fill_mask": 5},
                   "draw": {"Others": others, "CentreY": centre[0], "CentreX": centre[1]}}
            for bits in (8, 16):
                made = mosaic(grid, cell, target, centre, others, bits, fit, read, 9)
                row[f"image{bits}"] = hashlib.sha256(made.tobytes()).hexdigest()
                words = mosaic(grid, cell, target, centre, others, bits, fit, cv2.INTER_NEAREST, 5)
                row[f"words{bits}"] = hashlib.sha256(words.tobytes()).hexdigest()
            ROWS.append(row)
print(json.dumps({"cv2": cv2.__version__, "numpy": np.__version__})[:-1] + ', "rows": [')
print(",\n".join(json.dumps(r) for r in ROWS) + "\n]}")
