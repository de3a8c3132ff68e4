"""What Albumentations 2.0.8 does to a 1-channel image and its masks, by the same OpenCV and NumPy calls, under a torch DataLoader.

Reads FOLDER/CASE.image.npy (H, W) and CASE.masks.npy (K, H, W), uint8; writes one JSON line per measurement.
"""
import argparse, json, os, sys, time
import cv2
import numpy as np
import torch

cv2.setNumThreads(0)
torch.set_num_threads(1)


def flip(image, masks, rng):
    return cv2.flip(image, 1), [cv2.flip(m, 1) for m in masks]


def rotate(image, masks, rng):
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), rng.uniform(-90, 90), 1)
    return (cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR),
            [cv2.warpAffine(m, matrix, (width, height), flags=cv2.INTER_NEAREST) for m in masks])


def brightness(image, masks, rng):
    contrast, shift = 1 + rng.uniform(-0.2, 0.2), rng.uniform(-0.2, 0.2) * 255
    table = np.clip(np.arange(256, dtype=np.float32) * contrast + shift, 0, 255).astype(np.uint8)
    return cv2.LUT(image, table), masks


def clahe(image, masks, rng):
    return cv2.createCLAHE(clipLimit=rng.uniform(1, 4), tileGridSize=(8, 8)).apply(image), masks


def elastic(image, masks, rng, alpha=1, sigma=50):
    height, width = image.shape
    dx, dy = (cv2.GaussianBlur(rng.standard_normal((height, width)).astype(np.float32), (0, 0), sigma) * alpha for _ in range(2))
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x + dx, y + dy
    return (cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT),
            [cv2.remap(m, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT) for m in masks])


ALL = [flip, rotate, brightness, clahe, elastic]


class Cases(torch.utils.data.Dataset):
    def __init__(self, folder, transforms, repeat):
        self.names = sorted(n[:-10] for n in os.listdir(folder) if n.endswith(".image.npy"))
        self.folder, self.transforms, self.repeat = folder, transforms, repeat

    def __len__(self):
        return len(self.names) * self.repeat

    def __getitem__(self, i):
        path = os.path.join(self.folder, self.names[i % len(self.names)])
        image, masks = np.load(path + ".image.npy"), list(np.load(path + ".masks.npy"))
        rng = np.random.default_rng(i)
        for transform in self.transforms:
            image, masks = transform(image, masks, rng)
        return torch.from_numpy(image[None]), torch.from_numpy(np.stack(masks))


def samples_per_second(folder, transforms, workers, batch, seconds):
    loader = torch.utils.data.DataLoader(Cases(folder, transforms, 1000), batch_size=batch, num_workers=workers)
    start, first, count = time.perf_counter(), None, 0
    for images, masks in loader:
        now = time.perf_counter()
        if first is None:
            first = now - start
            begin = now
            continue
        count += len(images)
        if now - begin > seconds:
            break
    return count / (now - begin), first


def median(work, seconds=2.0):
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--batch", type=int, default=4)
    options = parser.parse_args()

    def say(name, **values):
        print(json.dumps({"name": name, **values}), flush=True)

    cases = Cases(options.folder, [], 1)
    path = os.path.join(options.folder, cases.names[0])
    image, masks = np.load(path + ".image.npy"), list(np.load(path + ".masks.npy"))
    rng = np.random.default_rng(1)
    for transform in (flip, rotate):
        say(transform.__name__, ms=1000 * median(lambda: transform(image, masks, rng)))
    items = [cases[i % len(cases.names)] for i in range(options.batch)]
    raw = [(i[0].numpy(), list(i[1].numpy())) for i in items]
    collate = torch.utils.data.default_collate
    say("assembly", ms=1000 * median(lambda: collate([(torch.from_numpy(i), torch.from_numpy(np.stack(m))) for i, m in raw])) / options.batch)
    for workers in (0, 2):
        rate, first = samples_per_second(options.folder, ALL, workers, options.batch, options.seconds)
        say(f"pipeline, {workers} workers", per_second=rate, first_s=first)
