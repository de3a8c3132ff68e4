"""Numbers that the imaging bridge must meet, from OpenCV's own Python (made with cv2 4.6.0, numpy 1.24).

    /usr/bin/python3 make_imaging.py > imaging.json

Images are made by a formula that the tests repeat, so only digests are kept.
"""
import hashlib
import json

import cv2
import numpy as np

H, W = 97, 131
y, x = np.mgrid[0:H, 0:W].astype(np.int64)
FORMULA = 3 * x * x + 5 * y * y + 7 * x * y + 11
GREY8, GREY16 = FORMULA.astype(np.uint8), (FORMULA * 37).astype(np.uint16)
WORDS = {n: (FORMULA.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)).astype(f"<u{n}") for n in (1, 2, 4, 8)}
INDEX = np.arange(1, H * W + 1, dtype=np.float64).reshape(H, W)  # 0 will mean: outside


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def move(words, index):
    """Whole words, moved as OpenCV moved the pixels' numbers."""
    flat = np.concatenate([np.zeros(1, words.dtype), words.ravel()])
    return flat[index.astype(np.int64)]


SIZES = [(41, 63), (200, 150), (97, 260), (48, 65), (1, 1)]
MATRICES = {
    "turn": cv2.getRotationMatrix2D((W / 2 - 0.5, H / 2 - 0.5), 23.5, 1.1),
    "shift": np.float64([[1, 0, 12.25], [0, 1, -7.5]]),
    "shear": np.float64([[0.9, 0.3, -4], [-0.2, 1.2, 6]]),
}
BORDERS = {"Constant": 0, "Replicate": 1, "Reflect": 2, "Wrap": 3, "Reflect101": 4}
POLYGONS = {
    "triangle": [(10, 5), (90, 40), (30, 80)],
    "star": [(60, 4), (80, 90), (8, 30), (120, 30), (30, 92)],
    "concave": [(5, 5), (120, 8), (64, 40), (122, 90), (6, 88), (40, 44)],
    "beyond": [(-40, -20), (180, 30), (100, 140), (-10, 70)],
    "outside": [(200, 200), (240, 210), (220, 260)],
    "far": [(-30000, 50), (60, -30000), (30000, 48), (60, 30000)],
    "line": [(10, 10), (110, 63)],
    "point": [(17, 23)],
    "full": [(0, 0), (W - 1, 0), (W - 1, H - 1), (0, H - 1)],
    "spiral": [(int(round(65 + (5 + t * 0.7) * np.cos(t * 0.7))), int(round(48 + (5 + t * 0.7) * np.sin(t * 0.7)))) for t in range(60)],
}

golden = {"resize": [], "words": [], "planes": [], "warp": [], "warp_words": [], "polygons": {}, "matrices": {}}

for h, w in SIZES:
    for bits, image in ((8, GREY8), (16, GREY16)):
        for name, flag in (("Area", cv2.INTER_AREA), ("Linear", cv2.INTER_LINEAR), ("Nearest", cv2.INTER_NEAREST)):
            golden["resize"].append({"h": h, "w": w, "bits": bits, "by": name, "sha256": digest(cv2.resize(image, (w, h), interpolation=flag))})
    index = cv2.resize(INDEX, (w, h), interpolation=cv2.INTER_NEAREST)
    for n, words in WORDS.items():
        golden["words"].append({"h": h, "w": w, "bytes": n, "sha256": digest(move(words, index))})
    floats = (FORMULA % 1009).astype(np.float32) / 1009 - 0.5
    resized = cv2.resize(floats, (w, h), interpolation=cv2.INTER_LINEAR)
    golden["planes"].append({"h": h, "w": w, "mean": float(resized.mean(dtype=np.float64)), "first": float(resized[0, 0]), "middle": float(resized[h // 2, w // 2]), "last": float(resized[-1, -1])})

for name, matrix in MATRICES.items():
    golden["matrices"][name] = matrix.ravel().tolist()
    for border, flag in BORDERS.items():
        for bits, image in ((8, GREY8), (16, GREY16)):
            for by, interpolation in (("Nearest", 0), ("Linear", 1), ("Cubic", 2)):
                warped = cv2.warpAffine(image, matrix, (W, H), flags=interpolation, borderMode=flag, borderValue=77)
                golden["warp"].append({"matrix": name, "border": border, "bits": bits, "by": by, "sha256": digest(warped)})
        index = cv2.warpAffine(INDEX, matrix, (W, H), flags=cv2.INTER_NEAREST, borderMode=flag, borderValue=0)
        for n, words in WORDS.items():
            golden["warp_words"].append({"matrix": name, "border": border, "bytes": n, "sha256": digest(move(words, index))})

for name, points in POLYGONS.items():
    mask = np.zeros((H, W), np.uint8)
    cv2.fillPoly(mask, [np.int32(points)], 1)
    found = {}
    for mode, flag in (("External", cv2.RETR_EXTERNAL), ("List", cv2.RETR_LIST)):
        contours, _ = cv2.findContours(mask, flag, cv2.CHAIN_APPROX_NONE)
        flat = np.concatenate([np.zeros((0, 2), np.int32)] + [c.reshape(-1, 2) for c in contours])
        found[mode] = {"lengths": [len(c) for c in contours], "sha256": digest(flat.astype("<i4"))}
    golden["polygons"][name] = {"points": [list(map(int, p)) for p in points], "area": int(mask.sum()), "sha256": digest(mask), "contours": found}

print(json.dumps(golden, indent=0, separators=(",", ":")))
