"""Post-processing with OpenCV: reads names of steps, answers with milliseconds and the pixels that are set afterwards."""
import sys
import time

import cv2
import numpy as np

cv2.setNumThreads(1)


def blots(side, row, column, radius, k):
    y, x = np.mgrid[:side, :side]
    far = (y - row) ** 2 + (x - column) ** 2
    inside = (far <= radius * radius) & ((y * 7 + x * 3 + k) % 97 != 0)
    speck = (far <= 4 * radius * radius) & ((y // 3 * 31 + x // 3 * 17 + k) % 89 == 0)
    return (inside | speck).astype(np.uint8)


def largest(m):
    _, labels, stats, _ = cv2.connectedComponentsWithStats(m, connectivity=8)
    return (labels == 1 + np.argmax(stats[1:, cv2.CC_STAT_AREA])).astype(np.uint8)


def small(m):
    _, labels, stats, _ = cv2.connectedComponentsWithStats(m, connectivity=8)
    keep = stats[:, cv2.CC_STAT_AREA] >= 64
    keep[0] = False
    return keep[labels].astype(np.uint8)


def fill(m):
    contours, _ = cv2.findContours(m, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return cv2.drawContours(m.copy(), contours, -1, 1, cv2.FILLED)


def watershed(m):
    grey, kernel = m * np.uint8(255), np.ones((3, 3), np.uint8)
    _, thresh = cv2.threshold(grey, 127, 255, cv2.THRESH_BINARY)
    closed = cv2.morphologyEx(thresh, cv2.MORPH_CLOSE, kernel, iterations=2)
    around = cv2.dilate(closed, kernel, iterations=3)
    far = cv2.distanceTransform(closed, cv2.DIST_L2, 5)
    _, seeds = cv2.threshold(far, 0.7 * far.max(), 255, cv2.THRESH_BINARY)
    seeds = seeds.astype(np.uint8)
    unknown = cv2.subtract(around, seeds)
    _, markers = cv2.connectedComponents(seeds)
    markers = markers + 1
    markers[unknown == 255] = 0
    return (cv2.watershed(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), markers) > 1).astype(np.uint8)


SQUARE = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))
BONES = [blots(2048, 300 + 350 * (k % 5), 250 + 320 * (k // 5), 90 + 2 * k, k) for k in range(29)]
CELLS = 10 * [blots(512, 100, 110, 60, 3) | blots(512, 180, 170, 55, 4) | blots(512, 330, 300, 90, 5) | blots(512, 300, 420, 70, 6)]
STEPS = {
    "LargestComponent": (largest, BONES), "RemoveSmallObjects": (small, BONES), "FillHoles": (fill, BONES),
    "Opening": (lambda m: cv2.morphologyEx(m, cv2.MORPH_OPEN, SQUARE), BONES),
    "Closing": (lambda m: cv2.morphologyEx(m, cv2.MORPH_CLOSE, SQUARE), BONES),
    "Watershed": (watershed, CELLS),
}
for name in sys.stdin:
    step, masks = STEPS[name.strip()]
    start = time.perf_counter()
    made = [step(m) for m in masks]
    spent = (time.perf_counter() - start) * 1000
    print(spent, sum(int(np.count_nonzero(m)) for m in made), flush=True)
