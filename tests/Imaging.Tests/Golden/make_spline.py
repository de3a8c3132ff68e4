"""Expected values of SplineTests: skimage.transform.resize as nnU-Net's default_resampling calls it, and batchgenerators' resize_segmentation.

    python3 make_spline.py > spline.json        (made with scikit-image 0.19.3 and SciPy 1.10.1)
"""
import json

import numpy as np
from skimage.transform import resize

random = np.random.RandomState(7)


def image(shape, top):
    return random.randint(0, top + 1, shape)


def labels_of(truth, shape):
    # One class after the other, linearly; the last that has half of a pixel gets it.
    result = np.zeros(shape, int)
    for k in np.unique(truth):
        share = resize((truth == k).astype(float), shape, 1, mode="edge", clip=True, anti_aliasing=False)
        result[share >= 0.5] = k
    return result


cases = []
for shape, to, top in [((7, 9), (11, 15), 255), ((16, 13), (9, 7), 255), ((5, 12), (5, 31), 65535), ((1, 6), (3, 4), 255), ((20, 20), (40, 10), 255)]:
    values = image(shape, top)
    spline = resize(values.astype(float), to, 3, mode="edge", anti_aliasing=False)
    truth = image(shape, 3)
    truth[:, : shape[1] // 2] = 2
    masks = [resize((truth == k).astype(float), to, 1, mode="edge", clip=True, anti_aliasing=False) >= 0.5 for k in range(4)]
    cases.append({
        "from": shape, "to": to, "bytes": 1 if top == 255 else 2, "values": values.ravel().tolist(), "spline": [round(float(v), 9) for v in spline.ravel()],
        "truth": truth.ravel().tolist(), "multiclass": labels_of(truth, to).ravel().tolist(), "multilabel": [m.astype(int).ravel().tolist() for m in masks],
    })
print(json.dumps(cases))
