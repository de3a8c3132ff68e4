"""Transforms as Albumentations 2.0.8 does them: the same OpenCV and numpy calls on an image and a list of 29 masks.

Reads a transform's name per line from standard input and answers with the milliseconds of one call. One thread.
"""
import math
import random
import sys
import time

import cv2
import numpy as np

cv2.setNumThreads(1)
SIDE, CLASSES = 1024, 29
RNG = np.random.default_rng(7)
random.seed(7)


def make_sample():
    i, j = np.mgrid[:SIDE, :SIDE]
    image = (110 + 80 * np.sin(i / 90) * np.cos(j / 70) + RNG.integers(0, 12, (SIDE, SIDE))).astype(np.uint8)
    masks = []
    for k in range(CLASSES):
        y, x, r = 100 + k * 137 % 824, 100 + k * 331 % 824, 60 + k * 7
        masks.append(((i - y) ** 2 + (j - x) ** 2 < r * r).astype(np.uint8))
    return image, masks


IMAGE, MASKS = make_sample()


def moved(image, nearest):
    return image(IMAGE), [nearest(m) for m in MASKS]


def affine(m, border=cv2.BORDER_CONSTANT):
    warp = lambda a, by: cv2.warpAffine(a, m[:2], (SIDE, SIDE), flags=by, borderMode=border, borderValue=0)
    return moved(lambda a: warp(a, cv2.INTER_LINEAR), lambda a: warp(a, cv2.INTER_NEAREST))


def matrix(degrees, sx=1.0, sy=1.0, dx=0, dy=0):
    a, c = np.deg2rad(degrees), SIDE / 2 - 0.5
    shift = lambda x, y: np.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]])
    turn = np.array([[np.cos(a), np.sin(a), 0], [-np.sin(a), np.cos(a), 0], [0, 0, 1]])
    return shift(c + dx, c + dy) @ turn @ np.diag([sx, sy, 1.0]) @ shift(-c, -c)


def remap(x, y):
    xy = np.stack([x, y], axis=-1).astype(np.float32)
    go = lambda a, by: cv2.remap(a, xy, None, by, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return moved(lambda a: go(a, cv2.INTER_LINEAR), lambda a: go(a, cv2.INTER_NEAREST))


def shift_scale_rotate():
    u = random.uniform
    return affine(matrix(u(-45, 45), u(0.9, 1.1), u(0.9, 1.1), int(u(-.0625, .0625) * SIDE), int(u(-.0625, .0625) * SIDE)))


def perspective():
    points = np.mod(np.abs(RNG.normal(0, random.uniform(0.05, 0.1), (4, 2))), 0.32)
    points[1, 0], points[2], points[3, 1] = 1 - points[1, 0], 1 - points[2], 1 - points[3, 1]
    quad = (points * SIDE).astype(np.float32)
    m = cv2.getPerspectiveTransform(quad, np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], np.float32))
    go = lambda a, by: cv2.warpPerspective(a, m, (SIDE, SIDE), flags=by, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return moved(lambda a: go(a, cv2.INTER_LINEAR), lambda a: go(a, cv2.INTER_NEAREST))


def elastic(kernel):
    fields = RNG.standard_normal((2, SIDE, SIDE), dtype=np.float32)
    fields /= np.abs(fields).max()
    flat = fields.reshape(-1, SIDE)
    cv2.GaussianBlur(flat, kernel, 50, dst=flat, borderType=cv2.BORDER_REPLICATE)
    fields = flat.reshape(2, SIDE, SIDE) * 120
    maps = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE))) + fields
    return remap(maps[0], maps[1])


def grid_distortion():
    def axis():
        steps = np.array([1 + random.uniform(-0.3, 0.3) for _ in range(6)])
        step = SIDE // 5
        steps[-1] *= (min(SIDE, 6 * step) - 5 * step) / step
        steps *= SIDE / step / steps.sum()
        places, before = np.zeros(SIDE, np.float32), 0.0
        for i, width in enumerate(steps):
            start, end = i * step, min((i + 1) * step, SIDE)
            places[start:end] = np.linspace(before, before + step * width, end - start)
            before += step * width
        return places
    return remap(*np.meshgrid(axis(), axis()))


def optical_distortion():
    k = random.uniform(-0.05, 0.05)
    camera = np.array([[SIDE, 0, SIDE / 2], [0, SIDE, SIDE / 2], [0, 0, 1]], np.float32)
    return remap(*cv2.initUndistortRectifyMap(camera, np.array([k, k, 0, 0, 0], np.float32), None, None, (SIDE, SIDE), cv2.CV_32FC1))


def thin_plate_spline():
    def distances(a, b):
        return cv2.multiply(a, a).sum(axis=1, keepdims=True) + cv2.multiply(b, b).sum(axis=1)[None] - 2 * cv2.gemm(a, np.ascontiguousarray(b.T), 1, None, 0)
    points = np.stack(np.meshgrid(np.linspace(0, 1, 4), np.linspace(0, 1, 4)), axis=-1).reshape(-1, 2).astype(np.float32)
    aims = points + RNG.normal(0, random.uniform(0.2, 0.4) / 10, points.shape)
    d = distances(points, points)
    system = np.zeros((19, 19), np.float32)
    system[:16, :16] = np.where(d > 0, d * d * cv2.log(d + 1e-6), 0)
    system[:16, 16:] = np.c_[np.ones(16), points]
    system[16:, :16] = system[:16, 16:].T
    w = cv2.solve(system, np.r_[aims, np.zeros((3, 2))].astype(np.float32), flags=cv2.DECOMP_LU)[1]
    x, y = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    at = (np.stack([x.flatten(), y.flatten()], axis=1).astype(np.float32) / [SIDE, SIDE]).astype(np.float32)
    d = distances(at, points)
    kernel = np.where(d > 0, d * cv2.log(d + 1e-6), 0).astype(np.float32)
    terms = np.empty((len(at), 3), np.float32)
    terms[:, 0], terms[:, 1:] = 1, at
    bent = (cv2.gemm(kernel, w[:16], 1, None, 0) + cv2.gemm(terms, w[16:], 1, None, 0)) * SIDE
    return remap(bent[:, 0].reshape(SIDE, SIDE), bent[:, 1].reshape(SIDE, SIDE))


def crop():
    y, x = random.randint(0, 512), random.randint(0, 512)
    return moved(lambda a: np.ascontiguousarray(a[y:y + 512, x:x + 512]), lambda a: np.ascontiguousarray(a[y:y + 512, x:x + 512]))


def resized_crop():
    area, ratio = random.uniform(0.08, 1) * SIDE * SIDE, math.exp(random.uniform(math.log(0.75), math.log(4 / 3)))
    w, h = min(SIDE, round(math.sqrt(area * ratio))), min(SIDE, round(math.sqrt(area / ratio)))
    y, x = random.randint(0, SIDE - h), random.randint(0, SIDE - w)
    go = lambda a, by: cv2.resize(a[y:y + h, x:x + w], (512, 512), interpolation=by)
    return moved(lambda a: go(a, cv2.INTER_LINEAR), lambda a: go(a, cv2.INTER_NEAREST))


def pad():
    go = lambda a: cv2.copyMakeBorder(a, 96, 96, 96, 96, cv2.BORDER_REFLECT)
    return moved(go, go)


def dropout():
    holes = []
    for _ in range(random.randint(1, 2)):
        h, w = int(SIDE * random.uniform(.1, .2)), int(SIDE * random.uniform(.1, .2))
        holes.append((random.randint(0, SIDE - h), random.randint(0, SIDE - w), h, w))

    def go(a):
        a = a.copy()
        for y, x, h, w in holes:
            a[y:y + h, x:x + w] = 0
        return a
    return moved(go, go)


def table(values):
    return cv2.LUT(IMAGE, np.clip(values, 0, 255).astype(np.uint8))


def normal_noise():
    noise = np.zeros((SIDE, SIDE))
    cv2.randn(noise, np.zeros(1, np.float32), np.full(1, random.uniform(0.2, 0.44), np.float32))
    return np.clip(cv2.add(IMAGE.astype(np.float32), noise.astype(np.float32) * 255), 0, 255).astype(np.uint8)


def uniform_noise():
    noise = RNG.uniform(-0.1, 0.1, (SIDE, SIDE)) * 255
    return np.clip(cv2.add(IMAGE.astype(np.float32), noise.astype(np.float32)), 0, 255).astype(np.uint8)


def elementwise():
    return np.clip(cv2.multiply(IMAGE.astype(np.float32), RNG.uniform(0.9, 1.1, (SIDE, SIDE)).astype(np.float32)), 0, 255).astype(np.uint8)


def gaussian_blur():
    sigma = random.uniform(0.5, 3)
    x = np.arange(-int(sigma * 3.5), int(sigma * 3.5) + 1)
    kernel = np.exp(-0.5 * (x / sigma) ** 2)
    return cv2.sepFilter2D(IMAGE, -1, kernel / kernel.sum(), kernel / kernel.sum())


def motion_blur():
    kernel = np.zeros((7, 7), np.float32)
    angle, t = math.radians(random.uniform(0, 360)), np.linspace(-3, 3, 7)
    kernel[np.clip(np.round(3 + math.sin(angle) * t), 0, 6).astype(int), np.clip(np.round(3 + math.cos(angle) * t), 0, 6).astype(int)] = 1
    return cv2.filter2D(IMAGE, -1, kernel / kernel.sum())


def filtered(effect):
    alpha = random.uniform(0.2, 0.5)
    still = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], np.float32)
    return cv2.filter2D(IMAGE, -1, (1 - alpha) * still + alpha * np.array(effect, np.float32))


def unsharp():
    size, alpha = random.randrange(3, 8, 2), random.uniform(0.2, 0.5)
    image = IMAGE.astype(np.float32) / np.float32(255)
    blur = cv2.GaussianBlur(image, (size, size), 0)
    residual = image - blur
    mask = (np.abs(residual) * 255 > 10).astype(np.float32)
    sharp = np.clip(image + alpha * residual, 0, 1)
    soft = cv2.GaussianBlur(mask, (size, size), 0)
    return np.clip(np.rint((sharp * soft + image * (1 - soft)) * 255), 0, 255).astype(np.uint8)


def downscale():
    small = cv2.resize(IMAGE, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_NEAREST)
    return cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)


CALLS = {
    "HorizontalFlip": lambda: moved(lambda a: cv2.flip(a, 1), lambda a: cv2.flip(a, 1)),
    "VerticalFlip": lambda: moved(lambda a: cv2.flip(a, 0), lambda a: cv2.flip(a, 0)),
    "Transpose": lambda: moved(cv2.transpose, cv2.transpose),
    "Rotate": lambda: affine(matrix(random.uniform(-90, 90))),
    "ShiftScaleRotate": shift_scale_rotate,
    "Perspective": perspective,
    "ElasticTransform": lambda: elastic((0, 0)),
    "ElasticTransform approximate": lambda: elastic((17, 17)),
    "GridDistortion": grid_distortion,
    "OpticalDistortion": optical_distortion,
    "ThinPlateSpline": thin_plate_spline,
    "RandomCrop 512": crop,
    "RandomResizedCrop 512": resized_crop,
    "PadIfNeeded 1216 reflect": pad,
    "CoarseDropout": dropout,
    "RandomBrightnessContrast": lambda: table(np.arange(256, dtype=np.float32) * random.uniform(0.8, 1.2) + random.uniform(-51, 51)),
    "RandomGamma": lambda: table((np.arange(256) / 255) ** random.uniform(0.8, 1.2) * 255),
    "CLAHE": lambda: cv2.createCLAHE(random.uniform(1, 4), (8, 8)).apply(IMAGE),
    "GaussNoise": normal_noise,
    "AdditiveNoise uniform": uniform_noise,
    "MultiplicativeNoise elementwise": elementwise,
    "Equalize": lambda: cv2.equalizeHist(IMAGE),
    "Blur 5": lambda: cv2.blur(IMAGE, (5, 5)),
    "GaussianBlur": gaussian_blur,
    "MedianBlur 5": lambda: cv2.medianBlur(IMAGE, 5),
    "MotionBlur 7": motion_blur,
    "Sharpen": lambda: filtered([[-1, -1, -1], [-1, 8 + random.uniform(0.5, 1), -1], [-1, -1, -1]]),
    "Emboss": lambda: filtered([[-1.4, -0.4, 0], [-0.4, 1, 0.4], [0, 0.4, 1.4]]),
    "UnsharpMask": unsharp,
    "Downscale": downscale,
    "ImageCompression": lambda: cv2.imdecode(cv2.imencode(".jpg", IMAGE, (cv2.IMWRITE_JPEG_QUALITY, random.randint(99, 100)))[1], 0),
}

for line in sys.stdin:
    call = CALLS[line.strip()]
    start = time.perf_counter()
    call()
    print((time.perf_counter() - start) * 1e3, flush=True)
