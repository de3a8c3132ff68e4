"""Hard vote as it is usually written: for each row find every member's mask with pandas, draw it, add, threshold, encode.

Only the first --rows rows are voted; the time is that of the loop, without reading the files, so it scales with the rows.
"""
import argparse
import json
import os
import time

import numpy as np
import pandas as pd

SIDE = 2048


def decode(rle):
    mask = np.zeros(SIDE * SIDE, dtype=np.uint8)
    if isinstance(rle, str):
        numbers = rle.split()
        starts, lengths = [np.asarray(part, dtype=int) for part in (numbers[0::2], numbers[1::2])]
        starts -= 1
        for low, high in zip(starts, starts + lengths):
            mask[low:high] = 1
    return mask.reshape(SIDE, SIDE)


def encode(mask):
    pixels = np.concatenate([[0], mask.flatten(), [0]])
    runs = np.where(pixels[1:] != pixels[:-1])[0] + 1
    runs[1::2] -= runs[::2]
    return " ".join(str(x) for x in runs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--out", required=True)
    parser.add_argument("members", nargs="+")
    options = parser.parse_args()
    members = [pd.read_csv(path) for path in options.members]
    started, busy = time.perf_counter(), sum(os.times()[:4])
    names, classes, rles = [], [], []
    for _, row in members[0].head(options.rows).iterrows():
        votes = np.zeros((SIDE, SIDE), dtype=np.uint8)
        for member in members:
            found = member[(member["image_name"] == row["image_name"]) & (member["class"] == row["class"])]
            votes += decode(found["rle"].values[0])
        names.append(row["image_name"])
        classes.append(row["class"])
        rles.append(encode((votes > len(members) // 2).astype(np.uint8)))
    seconds, cpu = time.perf_counter() - started, sum(os.times()[:4]) - busy
    pd.DataFrame({"image_name": names, "class": classes, "rle": rles}).to_csv(options.out, index=False)
    print(json.dumps({"seconds": seconds, "cpu": cpu}))


main()
