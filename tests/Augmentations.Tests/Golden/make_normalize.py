#!/usr/bin/env python3
"""Makes normalize.json: what Albumentations 2.0.8 documents for Normalize and ToFloat, by numpy and cv2, on a small 8-bit image.

The image is one grey channel; a network of three channels gets it three times. 16-bit rows use the levels times 257.
Run: python3 make_normalize.py > normalize.json
"""
import json

import cv2
import numpy as np

IMAGE = (np.arange(35, dtype=np.uint32) * 2654435761 % 211 + 12).astype(np.uint8).reshape(5, 7)
DARK = np.where(np.arange(4096).reshape(64, 64) == 1700, 255, 3).astype(np.uint8)      # a deviation so small that what is bright is cut
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def standard(x, mean, std, top, clip=None):
    x = x.astype(np.float64) if clip is None else np.clip(x.astype(np.float64), *clip)
    return [(x / top - m) / s for m, s in zip(mean, std)]


def image(x):
    x = x.astype(np.float64)
    return [np.clip((x - x.mean()) / (x.std() + 1e-4), -20, 20)]


def min_max(x):
    return [cv2.normalize(x.astype(np.float32), None, alpha=0, beta=1, norm_type=cv2.NORM_MINMAX, dtype=cv2.CV_32F)]


def min_max_per_channel(x):
    x = x.astype(np.float64)
    return [(x - x.min()) / (x.max() - x.min() + 1e-4)]


def percentile(x, low, high):
    a, b = np.percentile(x, [low, high])
    return [(np.clip(x.astype(np.float64), a, b) - a) / (b - a)]


def row(name, options, made, levels=IMAGE, before=None):
    planes = [p.astype(np.float32) for p in made]
    places = list(range(levels.size)) if levels.size < 100 else [0, 1699, 1700, 1701]
    return {"name": name, "options": options, "before": before, "height": levels.shape[0], "width": levels.shape[1],
            "bits": levels.dtype.itemsize * 8, "levels": levels.ravel().tolist() if levels.size < 100 else "dark", "places": places,
            "channels": [[float(p.ravel()[i]) for i in places] for p in planes]}


WIDE = IMAGE.astype(np.uint16) * 257
ROWS = [
    row("Normalize", {}, standard(IMAGE, MEAN, STD, 255)),
    row("Normalize", {"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]}, standard(IMAGE, [0.5], [0.25], 255)),
    row("Normalize", {"mean": [0.5, 0.5], "std": list(STD)}, standard(IMAGE, [0.5] * 3, STD, 255)),
    row("Normalize", {"max_pixel_value": None}, standard(WIDE, MEAN, STD, 65535), WIDE),
    row("Normalize", {"max_pixel_value": 4095}, standard(WIDE, MEAN, STD, 4095), WIDE),
    row("Normalize", {"mean": [91.5], "std": [40.25], "max_pixel_value": 1, "clip": [30, 170]}, standard(IMAGE, [91.5], [40.25], 1, (30, 170))),
    row("Normalize", {"normalization": "image"}, image(IMAGE)),
    row("Normalize", {"normalization": "image_per_channel"}, image(IMAGE)),
    row("Normalize", {"normalization": "image"}, image(WIDE), WIDE),
    row("Normalize", {"normalization": "image"}, image(DARK), DARK),
    row("Normalize", {"normalization": "min_max"}, min_max(IMAGE)),
    row("Normalize", {"normalization": "min_max"}, min_max(WIDE), WIDE),
    row("Normalize", {"normalization": "min_max_per_channel"}, min_max_per_channel(IMAGE)),
    row("Normalize", {"normalization": "percentile"}, percentile(IMAGE, 0.5, 99.5)),
    row("Normalize", {"normalization": "percentile", "percentiles": [10, 75]}, percentile(WIDE, 10, 75), WIDE),
    row("ToFloat", {}, [IMAGE / 255]),
    row("ToFloat", {}, [WIDE / 65535], WIDE),
    row("ToFloat", {"max_value": 4095}, [WIDE / 4095], WIDE),
    row("Normalize", {"max_pixel_value": 1}, standard(WIDE, MEAN, STD, 4095), WIDE, before={"max_value": 4095}),
]
print(json.dumps({"numpy": np.__version__, "cv2": cv2.__version__})[:-1] + ', "rows": [')
print(",\n".join(json.dumps(r) for r in ROWS) + "\n]}")
