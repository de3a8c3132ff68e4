"""Reads what the tests wrote, and writes the same array in each type, order and header version NumPy has."""
import sys
import warnings

import numpy as np

folder = sys.argv[1]
warnings.simplefilter("ignore")
ours = np.load(f"{folder}/ours.npy")
mask = np.load(f"{folder}/ours.npz")["mask"]
print(ours.tolist(), ours.dtype, mask.tolist())

array = np.array([[1, 0, 0], [1, 1, 0]])
for i, kind in enumerate(["?", "i1", "u1", "<i2", ">i2", "<u4", ">u8", "<f2", ">f4", "<f8", ">f8", "<i8"]):
    for order in "CF":
        with open(f"{folder}/theirs_{i}{order}.npy", "wb") as file:
            np.lib.format.write_array(file, np.asarray(array.astype(kind), order=order), version=[(1, 0), (2, 0), (3, 0)][i % 3])
np.savez_compressed(f"{folder}/theirs.npz", packed=array.astype("u1"))
