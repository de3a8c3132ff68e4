"""One image's 29 masks of 2048² with NumPy: Dice and HD95 of pairs, RLE there and back. Prints microseconds a mask, median of repeats."""
import statistics
import sys
import time

import numpy as np
from scipy import ndimage

SIDE = 2048


def decode(rle):
    numbers = np.fromstring(rle, dtype=np.int64, sep=" ")
    mask = np.zeros(SIDE * SIDE, dtype=bool)
    for start, length in zip((numbers[0::2] - 1).tolist(), numbers[1::2].tolist()):
        mask[start:start + length] = True
    return mask


def encode(mask):
    """The fastest of the ways that go round: compare neighbours as they lie, without a copy that is padded."""
    changes = np.flatnonzero(mask[1:] != mask[:-1]) + 1
    if mask[0]:
        changes = np.insert(changes, 0, 0)
    if mask[-1]:
        changes = np.append(changes, mask.size)
    starts, ends = changes[0::2], changes[1::2]
    return " ".join(map(str, np.stack([starts + 1, ends - starts], axis=1).ravel().tolist()))


def encode_usual(mask):
    pixels = np.concatenate([[0], mask.astype(np.uint8), [0]])
    runs = np.where(pixels[1:] != pixels[:-1])[0] + 1
    runs[1::2] -= runs[::2]
    return " ".join(str(x) for x in runs)


def dice(a, b):
    return 2.0 * np.count_nonzero(a & b) / (np.count_nonzero(a) + np.count_nonzero(b))


def hd95(a, b):
    """SciPy's exact transform, in the box around both masks as the best of them do."""
    rows, columns = np.flatnonzero((a | b).any(1)), np.flatnonzero((a | b).any(0))
    box = np.s_[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    a, b = a[box], b[box]
    a, b = a & ~ndimage.binary_erosion(a), b & ~ndimage.binary_erosion(b)
    there, back = ndimage.distance_transform_edt(~b)[a], ndimage.distance_transform_edt(~a)[b]
    return max(np.percentile(there, 95), np.percentile(back, 95))


def show(name, work, items, repeats=15):
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) / items)
    print(f"{name:42} {statistics.median(times) * 1e6:12.1f} µs")


def main():
    first, second = [[line.rsplit(",", 1)[1] for line in open(path).read().split("\n")[1:30]] for path in sys.argv[1:3]]
    a, b = [[decode(rle) for rle in texts] for texts in (first, second)]
    assert [encode(mask) for mask in a] == first == [encode_usual(mask) for mask in a]
    show("Dice of 29 pairs of bool masks, 2048²", lambda: [dice(x, y) for x, y in zip(a, b) if x.any() or y.any()], 1)
    planes = [(x.reshape(SIDE, SIDE), y.reshape(SIDE, SIDE)) for x, y in zip(a, b) if x.any() and y.any()]
    show("HD95 of a pair, SciPy in the box around it", lambda: [hd95(x, y) for x, y in planes], len(planes), repeats=3)
    show("dense 2048² to RLE text, best", lambda: [encode(mask) for mask in a], 29)
    show("dense 2048² to RLE text, usual", lambda: encode_usual(a[0]), 1)
    show("RLE text to dense 2048²", lambda: [decode(rle) for rle in first], 29)
    logits = np.where(a[0], 0.5, -0.5).astype(np.float32)
    show("2048² logits to RLE text, best", lambda: encode(logits > 0), 1)


main()
