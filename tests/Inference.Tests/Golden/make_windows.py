#!/usr/bin/env python3
"""Places and weights of sliding windows by nnU-Net's rule, out of numpy and SciPy. Writes windows.json beside itself.

Places: the step is at most window · (1 − overlap), windows lie evenly between the first and the last. Weights: a unit impulse in the
middle of the window under scipy.ndimage.gaussian_filter with sigma = window / 8; the window is odd, so that the middle is a pixel.
"""
import json
import pathlib

import numpy as np
from scipy.ndimage import gaussian_filter


def places(length, window, overlap):
    count = int(np.ceil((length - window) / (window * (1 - overlap)))) + 1
    step = (length - window) / (count - 1) if count > 1 else 0
    return [int(np.round(step * i)) for i in range(count)]


def profile(window):
    impulse = np.zeros(window)
    impulse[window // 2] = 1
    weights = gaussian_filter(impulse, window / 8, mode="constant", cval=0)
    return (weights / weights.max()).tolist()


cases = [(1024, 512, 0.5), (1000, 256, 0.5), (513, 512, 0.5), (512, 512, 0.5), (700, 128, 0.25), (333, 100, 0.0), (2048, 384, 0.75)]
result = {
    "places": [{"length": l, "window": w, "overlap": o, "starts": places(l, w, o)} for l, w, o in cases],
    "profile": profile(65),
}
pathlib.Path(__file__).with_name("windows.json").write_text(json.dumps(result, indent=1) + "\n")
