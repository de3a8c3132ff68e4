#!/usr/bin/env python3
"""Makes augmentations.json: digests of what numpy and OpenCV make of small hashed images.

The formulas are those Albumentations 2.0.8 documents; the pixels are cv2's (4.6.0) and numpy's (1.24).
Run: python3 make_augmentations.py > augmentations.json
"""
import hashlib
import json

import cv2
import numpy as np

HEIGHT, WIDTH = 37, 53
BORDERS = {"constant": cv2.BORDER_CONSTANT, "replicate": cv2.BORDER_REPLICATE, "reflect": cv2.BORDER_REFLECT,
           "reflect_101": cv2.BORDER_REFLECT_101, "wrap": cv2.BORDER_WRAP}


def hashed(bits):
    """Pixel i is the top bits of SplitMix64's finaliser over i + 1; smooth enough for nobody, so no error hides."""
    z = (np.arange(1, HEIGHT * WIDTH + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = (z ^ (z >> np.uint64(31))) >> np.uint64(64 - bits)
    return z.astype(f"uint{bits}").reshape(HEIGHT, WIDTH)


def matrix(degrees, sx, sy, dx, dy):
    a = np.deg2rad(degrees % 360)
    cx, cy = WIDTH / 2 - 0.5, HEIGHT / 2 - 0.5
    back = np.array([[1, 0, cx + dx], [0, 1, cy + dy], [0, 0, 1]])
    turn = np.array([[np.cos(a), np.sin(a), 0], [-np.sin(a), np.cos(a), 0], [0, 0, 1]])
    return (back @ turn @ np.diag([sx, sy, 1.0]) @ np.array([[1, 0, -cx], [0, 1, -cy], [0, 0, 1]]))[:2]


def warp(image, m, border, flags, value=0):
    return cv2.warpAffine(image, m, (WIDTH, HEIGHT), flags=flags, borderMode=border, borderValue=value)


def warp_words(words, m, border):
    """Nearest neighbour over words of any width, 16 bits at a time: OpenCV has no 32- or 64-bit unsigned images."""
    bits = words.dtype.itemsize * 8
    if bits == 8:
        return warp(words, m, border, cv2.INTER_NEAREST)
    moved = np.zeros_like(words)
    for shift in range(0, bits, 16):
        part = ((words >> words.dtype.type(shift)) & words.dtype.type(0xFFFF)).astype(np.uint16)
        moved |= warp(part, m, border, cv2.INTER_NEAREST).astype(words.dtype) << words.dtype.type(shift)
    return moved


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def affine():
    draws = [(30, 1, 1, 0, 0), (-77.25, 1, 1, 0, 0), (90, 1, 1, 0, 0), (0, 0.93, 1.08, 0, 0), (12.5, 1.1, 0.9, -3, 2)]
    for draw in draws:
        for name, border in BORDERS.items():
            m = matrix(*draw)
            yield {"draw": draw, "border": name, "fill": 7,
                   **{f"image{b}": digest(warp(hashed(b), m, border, cv2.INTER_LINEAR, 7)) for b in (8, 16)},
                   **{f"words{b}": digest(warp_words(hashed(b), m, border)) for b in (8, 16, 32, 64)}}


def orientation():
    moves = {"HorizontalFlip": np.fliplr, "VerticalFlip": np.flipud, "Transpose": np.transpose,
             "Rotate90": np.rot90, "Rotate180": lambda a: np.rot90(a, 2), "Rotate270": lambda a: np.rot90(a, 3),
             "AntiTranspose": lambda a: np.rot90(np.transpose(a), 2)}
    for name, move in moves.items():
        yield {"name": name, **{f"words{b}": digest(move(hashed(b))) for b in (8, 16, 32, 64)}}


def brightness_contrast():
    for contrast, brightness, by_max in [(1.2, 0.1, True), (0.8, -0.15, True), (1.0, 0.2, False), (0.5, 0.0, True)]:
        row = {"contrast": contrast, "brightness": brightness, "by_max": by_max}
        for bits in (8, 16):
            image, top = hashed(bits), 2 ** bits - 1
            beta = brightness * (top if by_max else np.mean(image))
            table = np.arange(top + 1, dtype=np.float32) * np.float32(contrast) + np.float32(beta)
            row[f"image{bits}"] = digest(np.clip(table, 0, top).astype(image.dtype)[image])
        yield row


def gamma():
    for exponent in (0.8, 1.2, 2.0):
        row = {"gamma": exponent}
        for bits in (8, 16):
            image, top = hashed(bits), 2 ** bits - 1
            table = (np.arange(top + 1) * (1.0 / top)) ** exponent * top
            row[f"image{bits}"] = digest(np.clip(table, 0, top).astype(image.dtype)[image])
        yield row


print(json.dumps({"versions": {"cv2": cv2.__version__, "numpy": np.__version__},
                  "affine": list(affine()), "orientation": list(orientation()),
                  "brightness_contrast": list(brightness_contrast()), "gamma": list(gamma())}, indent=1))
