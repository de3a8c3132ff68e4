#!/usr/bin/env python3
"""Makes transforms.json: what OpenCV, numpy and SciPy make of small hashed images, transform by transform.

The formulas are those Albumentations 2.0.8 and batchgeneratorsv2 document; the pixels are cv2's (4.6.0), numpy's (1.24), SciPy's (1.10).
Where a reference computes places in single precision, the pixels themselves are kept, and how many may differ.
Run: python3 make_transforms.py > transforms.json
"""
import base64
import hashlib
import json
import math

import cv2
import numpy as np
import scipy
from scipy import ndimage

cv2.setNumThreads(1)
HEIGHT, WIDTH = 37, 53
BORDERS = {"constant": cv2.BORDER_CONSTANT, "replicate": cv2.BORDER_REPLICATE, "reflect": cv2.BORDER_REFLECT,
           "reflect_101": cv2.BORDER_REFLECT_101, "wrap": cv2.BORDER_WRAP}
READ = {"nearest": cv2.INTER_NEAREST, "linear": cv2.INTER_LINEAR, "cubic": cv2.INTER_CUBIC, "area": cv2.INTER_AREA,
        "lanczos4": cv2.INTER_LANCZOS4}
ROWS = []


def hashed(bits):
    """Pixel i is the top bits of SplitMix64's finaliser over i + 1, as in make_augmentations.py."""
    z = (np.arange(1, HEIGHT * WIDTH + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = (z ^ (z >> np.uint64(31))) >> np.uint64(64 - bits)
    return z.astype(f"uint{bits}").reshape(HEIGHT, WIDTH)


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def raw(array, within, share):
    """The pixels, of which a share may differ, and none by more than some levels."""
    return {"raw": base64.b64encode(np.ascontiguousarray(array).tobytes()).decode(), "within": within, "share": share}


def top(image):
    return 255 if image.dtype == np.uint8 else 65535


def intensity(name, draw, make, options=None, bits=(8, 16), keep=None):
    row = {"name": name, "options": options or {}, "draw": draw}
    for b in bits if keep is None else (8,):
        made = make(hashed(b))
        row[f"image{b}"] = digest(made) if keep is None else raw(made, *keep)
    ROWS.append(row)


def spatial(name, draw, image, words, options=None, keep=None):
    """`image` maps an image, `words` 8- or 16-bit words; wider ones are put together of 16-bit parts, which OpenCV has."""
    row = {"name": name, "options": options or {}, "draw": draw}
    for b in (8, 16) if keep is None else (8,):
        made = image(hashed(b))
        row["frame"] = list(made.shape)
        row[f"image{b}"] = digest(made) if keep is None else raw(made, 255, keep)
    for b in (8, 16, 32, 64) if keep is None else (8,):
        w = hashed(b)
        if b <= 16:
            moved = words(w)
        else:
            moved = sum(words(((w >> w.dtype.type(s)) & w.dtype.type(0xFFFF)).astype(np.uint16)).astype(w.dtype) << w.dtype.type(s)
                        for s in range(0, b, 16))
        row[f"words{b}"] = digest(moved.astype(w.dtype)) if keep is None else raw(moved.astype(w.dtype), 255, keep)
    ROWS.append(row)


# Intensities ------------------------------------------------------------------------------------------------------------------

def blurs():
    for size in (3, 7):
        intensity("Blur", size, lambda a: cv2.blur(a, (size, size)))
    for size in (3, 5, 7, 11):
        intensity("MedianBlur", size, lambda a: cv2.medianBlur(a, size) if a.dtype == np.uint8 or size <= 5
                  else ndimage.median_filter(a, size, mode="nearest"))
    for size, sigma in ((0, 1.3), (0, 0.5), (5, 2.0)):
        side = int(sigma * 3.5) * 2 + 1 if size == 0 else size
        x = np.arange(-(side // 2), side // 2 + 1)
        kernel = np.exp(-0.5 * (x / sigma) ** 2)
        kernel /= kernel.sum()
        intensity("GaussianBlur", {"Size": size, "Sigma": sigma}, lambda a: cv2.sepFilter2D(a, -1, kernel, kernel))
    intensity("GaussianBlur", {"Size": 5, "Sigma": 0}, lambda a: cv2.GaussianBlur(a, (5, 5), 0), {"compat": "1.x"})
    for size, angle, direction, dx, dy in ((5, 30.0, -0.5, 0.3, -0.7), (7, 200.0, 0.4, 0.0, 0.0), (3, 90.0, 0.0, 0.2, 0.1)):
        half = size // 2
        ends = (-half, half * (1 + direction)) if direction < 0 else (-half * (1 - direction), half)
        t = np.linspace(*map(float, ends), size)
        a = np.deg2rad(angle)
        x = np.clip(np.round(half + np.cos(a) * t + dx), 0, size - 1).astype(int)
        y = np.clip(np.round(half + np.sin(a) * t + dy), 0, size - 1).astype(int)
        kernel = np.zeros((size, size), np.float32)
        kernel[y, x] = 1
        kernel /= np.sum(kernel)
        intensity("MotionBlur", {"Size": size, "Angle": angle, "Direction": direction, "ShiftX": dx, "ShiftY": dy},
                  lambda im: cv2.filter2D(im, -1, kernel))


def sharpening():
    still = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], np.float32)
    for alpha, lightness in ((0.3, 0.7), (0.5, 1.0)):
        effect = np.array([[-1, -1, -1], [-1, 8 + lightness, -1], [-1, -1, -1]], np.float32)
        intensity("Sharpen", {"Alpha": alpha, "Lightness": lightness}, lambda a: cv2.filter2D(a, -1, (1 - alpha) * still + alpha * effect))

    def gaussian(a, alpha=0.4):
        soft = cv2.GaussianBlur(a, (5, 5), 1.0).astype(np.float64)
        return np.clip(a + alpha * (a - soft), 0, top(a)).astype(a.dtype)
    intensity("Sharpen", {"Alpha": 0.4, "Lightness": 0}, gaussian, {"method": "gaussian"})
    for alpha, s in ((0.35, 0.5), (0.2, 0.25)):
        effect = np.array([[-1 - s, -s, 0], [-s, 1, s], [0, s, 1 + s]], np.float32)
        intensity("Emboss", {"Alpha": alpha, "Strength": s}, lambda a: cv2.filter2D(a, -1, (1 - alpha) * still + alpha * effect))
    for size, sigma, alpha, threshold in ((5, 0.0, 0.4, 10), (3, 1.2, 0.25, 60)):
        def unsharp(a):
            image = a.astype(np.float32) / np.float32(top(a))
            blur = cv2.GaussianBlur(image, (size, size), sigma)
            residual = image - blur
            mask = (np.abs(residual) * 255 > threshold).astype(np.float32)
            sharp = np.clip(image + alpha * residual, 0, 1)
            soft = cv2.GaussianBlur(mask, (size, size), sigma)
            return np.clip(np.rint(np.clip(cv2.add(cv2.multiply(sharp, soft), cv2.multiply(image, 1 - soft)), 0, 1) * top(a)), 0, top(a)).astype(a.dtype)
        intensity("UnsharpMask", {"Size": size, "Sigma": sigma, "Alpha": alpha}, unsharp, {"threshold": threshold})


def tables():
    def spread(a):
        if a.dtype == np.uint8:
            return cv2.equalizeHist(a)
        hist = np.bincount(a.ravel(), minlength=65536)
        first = np.flatnonzero(hist)[0]
        scale = np.float32(65535) / np.float32(hist.sum() - hist[first])
        total = np.cumsum(hist) - hist[first]
        total[:first] = 0
        return np.clip(np.rint(total.astype(np.float32) * scale), 0, 65535).astype(a.dtype)[a]

    def pillow(a):
        hist = np.bincount(a.ravel(), minlength=top(a) + 1)
        step = hist[hist > 0][:-1].sum() // top(a)
        return a.copy() if step == 0 else np.minimum((np.cumsum(hist) + step // 2) // step, top(a)).astype(a.dtype)[a]
    intensity("Equalize", {}, spread)
    intensity("Equalize", {}, pillow, {"mode": "pil"})
    intensity("InvertImg", {}, lambda a: top(a) - a)
    for factor in (1.07, 0.5):
        intensity("MultiplicativeNoise", {"Multiplier": factor, "Key": 0},
                  lambda a: np.clip(np.arange(top(a) + 1, dtype=np.float32) * np.float32(factor), 0, top(a)).astype(a.dtype)[a])
    for limit in (1.0, 2.5, 40.0):
        intensity("CLAHE", limit, lambda a: cv2.createCLAHE(limit, (8, 8)).apply(a))
    for quality in (50, 95):
        intensity("ImageCompression", quality, lambda a: cv2.imdecode(cv2.imencode(".jpg", a, (cv2.IMWRITE_JPEG_QUALITY, quality))[1], 0), bits=(8,))
    intensity("ImageCompression", 80, lambda a: cv2.imdecode(cv2.imencode(".webp", a, (cv2.IMWRITE_WEBP_QUALITY, 80))[1], 0),
              {"compression_type": "webp"}, bits=(8,))
    for scale, down, up in ((0.25, "nearest", "nearest"), (0.4, "area", "linear"), (0.7, "linear", "cubic")):
        def downscale(a):
            small = cv2.resize(a, None, fx=scale, fy=scale, interpolation=READ[down])
            return cv2.resize(small, (WIDTH, HEIGHT), interpolation=READ[up])
        intensity("Downscale", scale, downscale, {"interpolation_pair": {"downscale": down, "upscale": up}})


def nnunet():
    def rounded(a, values):
        return np.clip(np.rint(values), 0, top(a)).astype(a.dtype)

    def gamma(a, g, invert, retain):
        x = a.astype(np.float64)
        low, high = x.min(), x.max()
        share = (x - low) / (high - low)
        y = low + (high - low) * (1 - (1 - share) ** g if invert else share ** g)
        if retain:
            y = (y - y.mean()) / y.std() * x.std() + x.mean()
        return rounded(a, y)
    for g, invert, retain in ((0.8, False, True), (1.4, True, True), (1.2, False, False)):
        intensity("GammaTransform", {"Gamma": g, "Invert": invert, "RetainStats": retain}, lambda a: gamma(a, g, invert, retain), keep=(1, 0.01))

    def contrast(a, factor, clip):
        x = a.astype(np.float64)
        y = (x - x.mean()) * factor + x.mean()
        return rounded(a, np.clip(y, x.min(), x.max()) if clip else y)
    intensity("ContrastTransform", 1.2, lambda a: contrast(a, 1.2, True), keep=(1, 0.01))
    intensity("MultiplicativeBrightnessTransform", 0.8, lambda a: contrast(a, 0.8, False), keep=(1, 0.01))
    intensity("SimulateLowResolutionTransform", 0.6, lambda a: cv2.resize(cv2.resize(a, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_NEAREST), (WIDTH, HEIGHT)))
    intensity("GaussianBlurTransform", 0.8, lambda a: cv2.GaussianBlur(a, (0, 0), 0.8))


# Moves ------------------------------------------------------------------------------------------------------------------------

def affine_matrix(d):
    a = np.deg2rad(d["Degrees"])
    cx, cy = WIDTH / 2 - 0.5, HEIGHT / 2 - 0.5
    shift = lambda x, y: np.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]])
    turn = np.array([[np.cos(a), np.sin(a), 0], [-np.sin(a), np.cos(a), 0], [0, 0, 1]])
    shear = np.array([[1, np.tan(np.deg2rad(d["ShearX"])), 0], [np.tan(np.deg2rad(d["ShearY"])), 1, 0], [0, 0, 1]])
    return shift(cx, cy) @ shift(d["ShiftX"], d["ShiftY"]) @ shear @ turn @ np.diag([d["ScaleX"], d["ScaleY"], 1.0]) @ shift(-cx, -cy)


def drawn(degrees=0.0, sx=1.0, sy=1.0, dx=0, dy=0, shx=0.0, shy=0.0):
    return {"Degrees": degrees, "ScaleX": sx, "ScaleY": sy, "ShiftX": dx, "ShiftY": dy, "ShearX": shx, "ShearY": shy}


def warp(a, m, size, by, border, fill):
    if m[2].tolist() == [0, 0, 1]:
        return cv2.warpAffine(a, m[:2], size, flags=READ[by], borderMode=BORDERS[border], borderValue=fill)
    return cv2.warpPerspective(a, m, size, flags=READ[by], borderMode=BORDERS[border], borderValue=fill)


def matrices():
    def both(name, draw, m, size, options, by="linear", border="constant", fill=0, then=lambda a: a, keep=None):
        spatial(name, draw, lambda a: then(warp(a, m, size, by, border, fill)), lambda a: then(warp(a, m, size, "nearest", border, 0)), options, keep)
    size = (WIDTH, HEIGHT)
    for by in ("nearest", "cubic", "lanczos4"):
        both("Rotate", drawn(21.5), affine_matrix(drawn(21.5)), size, {"interpolation": by, "border_mode": "reflect_101"}, by, "reflect_101")
    both("Rotate", drawn(-40.0), affine_matrix(drawn(-40.0)), size, {"compat": "1.x"}, border="reflect_101")
    for angle in (12.0, 77.0):
        sin, cos = abs(math.sin(math.radians(angle))), abs(math.cos(math.radians(angle)))
        if HEIGHT <= 2 * sin * cos * WIDTH:
            w, h = 0.5 * HEIGHT / sin, 0.5 * HEIGHT / cos
        else:
            w, h = (WIDTH * cos - HEIGHT * sin) / (cos * cos - sin * sin), (HEIGHT * cos - WIDTH * sin) / (cos * cos - sin * sin)
        rows = slice(max(0, int(HEIGHT / 2 - h / 2)), min(HEIGHT, int(HEIGHT / 2 + h / 2)))
        columns = slice(max(0, int(WIDTH / 2 - w / 2)), min(WIDTH, int(WIDTH / 2 + w / 2)))
        both("Rotate", drawn(angle), affine_matrix(drawn(angle)), size, {"crop_border": True}, then=lambda a: a[rows, columns])
    for angle in (33.3, -71.0):
        m = cv2.getRotationMatrix2D((WIDTH / 2 - 0.5, HEIGHT / 2 - 0.5), angle, 1.0)
        w = int(HEIGHT * abs(m[0, 1]) + WIDTH * abs(m[0, 0]))
        h = int(HEIGHT * abs(m[0, 0]) + WIDTH * abs(m[0, 1]))
        m[0, 2] += w / 2 - (WIDTH / 2 - 0.5)
        m[1, 2] += h / 2 - (HEIGHT / 2 - 0.5)
        both("SafeRotate", angle, np.diag([WIDTH / w, HEIGHT / h, 1.0]) @ np.vstack([m, [0, 0, 1]]), size, {"fill": 7.0}, fill=7)
    for d in (drawn(10.0, 1.1, 0.9, 3, -2, -8.0, 5.0), drawn(shx=12.0), drawn(-200.0, 0.7, 0.7)):
        both("Affine", d, affine_matrix(d), size, {"border_mode": "reflect"}, border="reflect")
        corners = np.array([[0, 0, 1], [WIDTH, 0, 1], [WIDTH, HEIGHT, 1], [0, HEIGHT, 1]]) @ affine_matrix(d).T
        low, high = np.floor(corners.min(axis=0)[:2]).astype(int), np.ceil(corners.max(axis=0)[:2]).astype(int)
        moved = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1.0]]) @ affine_matrix(d)
        both("Affine", d, moved, (high[0] - low[0] + 1, high[1] - low[1] + 1), {"fit_output": True})
    d = drawn(-15.0, 1.05, 0.95, 2, 1)
    both("ShiftScaleRotate", d, affine_matrix(d), size, {"fill": 200.0}, fill=200)

    inward = [0.05, 0.02, 0.08, 0.11, 0.03, 0.06, 0.1, 0.01]
    names = ["TopLeftX", "TopLeftY", "TopRightX", "TopRightY", "BottomRightX", "BottomRightY", "BottomLeftX", "BottomLeftY"]
    tlx, tly, trx, tr_y, brx, bry, blx, bly = inward
    quad = np.array([[tlx * WIDTH, tly * HEIGHT], [(1 - trx) * WIDTH, tr_y * HEIGHT], [(1 - brx) * WIDTH, (1 - bry) * HEIGHT],
                     [blx * WIDTH, (1 - bly) * HEIGHT]], np.float32)
    rect = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    for keep_size in (True, False):
        for fit in (True, False):
            m = cv2.getPerspectiveTransform(quad, rect)
            length = lambda i, j: np.sqrt(np.sum((quad[i] - quad[j]) ** 2))
            w, h = int(max(length(1, 0), length(2, 3))), int(max(length(2, 1), length(3, 0)))
            if fit:
                dst = cv2.perspectiveTransform(rect[None], m)[0]
                dst = np.around(dst - dst.min(axis=0, keepdims=True))
                m = cv2.getPerspectiveTransform(rect, dst)
                w, h = map(int, dst.max(axis=0))
            if keep_size:
                both("Perspective", dict(zip(names, inward)), np.diag([WIDTH / w, HEIGHT / h, 1.0]) @ m, size, {"keep_size": True, "fit_output": fit}, keep=0.001)
            else:
                both("Perspective", dict(zip(names, inward)), m, (w, h), {"keep_size": False, "fit_output": fit}, keep=0.001)


def fields():
    def both(name, draw, x, y, options, keep=None, border="constant"):
        x, y = x.astype(np.float32), y.astype(np.float32)
        spatial(name, draw, lambda a: cv2.remap(a, x, y, cv2.INTER_LINEAR, borderMode=BORDERS[border]),
                lambda a: cv2.remap(a, x, y, cv2.INTER_NEAREST, borderMode=BORDERS[border]), options, keep)
    columns, rows = [0.8, 1.25, 1.1, 0.75, 1.2, 0.9], [1.3, 0.7, 1.05, 0.95, 0.85, 1.15]

    def axis(steps, length, normalized):
        steps, step = np.array(steps), length // 5
        if normalized:
            steps[-1] *= (min(length, 6 * step) - 5 * step) / step
            steps = steps * (length / math.floor(length / 5) / np.sum(steps))
        places, before = np.zeros(length, np.float32), 0.0
        for i, width in enumerate(steps):
            start, end = i * step, min((i + 1) * step, length)
            places[start:end] = np.linspace(before, before + step * width, end - start)
            before += step * width
        return places
    for normalized in (True, False):
        x, y = np.meshgrid(axis(columns, WIDTH, normalized), axis(rows, HEIGHT, normalized))
        both("GridDistortion", {"Values": columns + rows}, x, y, {"normalized": normalized, "border_mode": "reflect_101"}, border="reflect_101")
    for k in (0.3, -0.25):
        camera = np.array([[WIDTH, 0, WIDTH / 2], [0, HEIGHT, HEIGHT / 2], [0, 0, 1]], np.float32)
        x, y = cv2.initUndistortRectifyMap(camera, np.array([k, k, 0, 0, 0], np.float32), None, None, (WIDTH, HEIGHT), cv2.CV_32FC1)
        both("OpticalDistortion", k, x, y, {}, keep=0.002)
        y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
        x, y = x - WIDTH / 2, y - HEIGHT / 2
        r, theta = np.sqrt(x * x + y * y), np.arctan2(y, x)
        r = r * (1 + k * (r / math.sqrt((WIDTH / 2) ** 2 + (HEIGHT / 2) ** 2)) ** 2)
        both("OpticalDistortion", k, r * np.cos(theta) + WIDTH / 2, r * np.sin(theta) + HEIGHT / 2, {"mode": "fisheye"}, keep=0.002)

    points = np.stack(np.meshgrid(np.linspace(0, 1, 4), np.linspace(0, 1, 4)), axis=-1).reshape(-1, 2)
    ways = 0.03 * np.sin(np.arange(32).reshape(16, 2) * 1.7)
    squared = ((points[:, None] - points[None]) ** 2).sum(-1)
    system = np.zeros((19, 19))
    system[:16, :16] = np.where(squared > 0, squared ** 2 * np.log(squared + 1e-6), 0)
    system[:16, 16:] = np.c_[np.ones(16), points]
    system[16:, :16] = system[:16, 16:].T
    weights = np.linalg.solve(system, np.r_[points + ways, np.zeros((3, 2))])
    x, y = np.meshgrid(np.arange(WIDTH) / WIDTH, np.arange(HEIGHT) / HEIGHT)
    at = np.stack([x.ravel(), y.ravel()], axis=1)
    squared = ((at[:, None] - points[None]) ** 2).sum(-1)
    bent = np.where(squared > 0, squared * np.log(squared + 1e-6), 0) @ weights[:16] + np.c_[np.ones(len(at)), at] @ weights[16:]
    both("ThinPlateSpline", {"Values": ways.ravel().tolist()}, (bent[:, 0] * WIDTH).reshape(HEIGHT, WIDTH), (bent[:, 1] * HEIGHT).reshape(HEIGHT, WIDTH), {}, keep=0.002)


def windows():
    def window(top, left, height, width):
        return {"Top": top, "Left": left, "Height": height, "Width": width}
    modes = {"constant": "constant", "replicate": "edge", "reflect": "symmetric", "symmetric": "symmetric", "reflect_101": "reflect", "wrap": "wrap"}
    for border, mode in modes.items():
        pads = ((4, 7), (9, 2))
        kind = {"constant_values": 7} if mode == "constant" else {}
        zero = {"constant_values": 0} if mode == "constant" else {}
        spatial("PadIfNeeded", window(-4, -9, HEIGHT + 11, WIDTH + 11), lambda a: np.pad(a, pads, mode, **kind), lambda a: np.pad(a, pads, mode, **zero),
                {"border_mode": border, "fill": 7.0})
    spatial("RandomCrop", window(3, 11, 20, 30), lambda a: a[3:23, 11:41], lambda a: a[3:23, 11:41], {"height": 20, "width": 30})
    for by in ("linear", "cubic", "area", "nearest"):
        spatial("RandomResizedCrop", window(5, 6, 24, 40), lambda a: cv2.resize(a[5:29, 6:46], (20, 16), interpolation=READ[by]),
                lambda a: cv2.resize(a[5:29, 6:46], (20, 16), interpolation=cv2.INTER_NEAREST), {"size": {"height": 16, "width": 20}, "interpolation": by})
    for height, width, by, options in ((50, 70, "linear", {}), (18, 30, "area", {"area_for_downscale": "image"}), (61, 40, "lanczos4", {"interpolation": "lanczos4"})):
        spatial("Resize", {"Height": height, "Width": width}, lambda a: cv2.resize(a, (width, height), interpolation=READ[by]),
                lambda a: cv2.resize(a, (width, height), interpolation=cv2.INTER_NEAREST), {"height": height, "width": width, **options})


def holes():
    cut = [(2, 3, 9, 14), (20, 30, 10, 12)]
    draw = {"Holes": [dict(zip(("Top", "Left", "Height", "Width"), h)) for h in cut], "Key": 5}

    def filled(a, value):
        a = a.copy()
        for top_, left, height, width in cut:
            a[top_:top_ + height, left:left + width] = value
        return a
    spatial("CoarseDropout", draw, lambda a: filled(a, 9), lambda a: filled(a, 0), {"fill": "9", "fill_mask": 0})
    mask = filled(np.zeros((HEIGHT, WIDTH), np.uint8), 1)
    for name, method in (("inpaint_telea", cv2.INPAINT_TELEA), ("inpaint_ns", cv2.INPAINT_NS)):
        intensity("CoarseDropout", draw, lambda a: cv2.inpaint(a, mask, 3, method), {"fill": name})


blurs()
sharpening()
tables()
nnunet()
matrices()
fields()
windows()
holes()
print(json.dumps({"cv2": cv2.__version__, "numpy": np.__version__, "scipy": scipy.__version__})[:-1] + ', "rows": [')
print(",\n".join(json.dumps(row) for row in ROWS) + "\n]}")
