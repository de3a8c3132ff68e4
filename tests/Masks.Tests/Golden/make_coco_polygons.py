"""Polygons and the runs that COCO's own rule gives them: coco_polygons.json.

    git clone https://github.com/cocodataset/cocoapi && cc -O2 -shared -fPIC cocoapi/common/maskApi.c -lm -o maskapi.so
    python3 make_coco_polygons.py ./maskapi.so > coco_polygons.json

Made with cocoapi 8c9bcc3, gcc 12.2, x86-64; the part of pycocotools that draws polygons is that file.
"""
import ctypes
import json
import random
import sys


class RLE(ctypes.Structure):
    _fields_ = [("h", ctypes.c_ulong), ("w", ctypes.c_ulong), ("m", ctypes.c_ulong), ("counts", ctypes.POINTER(ctypes.c_uint))]


lib = ctypes.CDLL(sys.argv[1])
lib.rleToString.restype = ctypes.c_char_p
lib.rleFrPoly.argtypes = [ctypes.POINTER(RLE), ctypes.POINTER(ctypes.c_double), ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong]


def runs(xy, h, w):
    rle = RLE()
    lib.rleFrPoly(ctypes.byref(rle), (ctypes.c_double * len(xy))(*xy), len(xy) // 2, h, w)
    return lib.rleToString(ctypes.byref(rle)).decode()


def polygons():
    rng = random.Random(7)
    fixed = [
        [0, 0, 4, 0, 4, 3, 0, 3],                       # whole pixels, from edge to edge
        [0, 0, 40, 0, 40, 30, 0, 30],                   # the frame
        [2.5, 2.5, 6.5, 2.5, 6.5, 6.5, 2.5, 6.5],       # halves
        [3, 3, 3, 3, 3, 3], [1, 1, 9, 9, 1, 1],         # a point, a line
        [5, 5, 5, 12, 5, 20], [5, 5, 12, 5, 20, 5],     # upright, level
        [2, 2, 20, 20, 20, 2, 2, 20],                   # a bow tie
        [4, 4, 4, 20, 20, 20, 20, 4, 4, 4, 4, 20, 20, 20, 20, 4],   # twice around
        [-10, -10, 60, -10, 60, 50, -10, 50],           # around the frame
        [-7.3, 5.2, 12.9, -8.8, 47.1, 14.4, 20.2, 44.6],
        [39.9, 0, 40, 0, 40, 30, 39.9, 30], [0, 29.9, 40, 29.9, 40, 30, 0, 30],
    ]
    for xy in fixed:
        yield 30, 40, xy
    for i in range(90):
        h, w = rng.randint(1, 48), rng.randint(1, 64)
        k = rng.choice([3, 3, 4, 5, 8, 20])
        margin = rng.choice([0, 0, 5, 30])
        digits = rng.choice([0, 1, 2, 13])
        yield h, w, [round(rng.uniform(-margin, (w if j % 2 == 0 else h) + margin), digits) for j in range(2 * k)]


print(json.dumps([{"size": [h, w], "xy": xy, "counts": runs(xy, h, w)} for h, w, xy in polygons()], separators=(",", ":")).replace("},{", "},\n{"))
