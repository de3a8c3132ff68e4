"""Hard vote with NumPy at its best: a sorted sweep over run boundaries, blocks of rows at a time, in one or more processes.

Nothing is rasterised. One fromstring parses a block of rows; each row's positions are lifted to a range of their own, so that
one sort and one cumulative sum serve the whole block.
"""
import argparse
import json
import multiprocessing
import os
import time

import numpy as np

BLOCK = 64
LIFT = 1 << 33


def read(path, first_share, last_share):
    with open(path, "rb") as file:
        lines = file.read().split(b"\n")[1:-1]
    rows = [line.rsplit(b",", 1) for line in lines[int(len(lines) * first_share):int(len(lines) * last_share)]]
    return [row[0] for row in rows], [row[1] for row in rows]


def vote_block(members, keys, first, last, min_votes):
    events = []
    for texts in members:
        block = texts[first:last]
        numbers = np.fromstring(b" ".join(filter(None, block)), dtype=np.int64, sep=" ")
        runs = np.array([(text.count(b" ") + 1) // 2 if text else 0 for text in block])
        lift = np.repeat(np.arange(last - first, dtype=np.int64) * LIFT, runs)
        starts = numbers[0::2]
        # Position in the high bits, opening in the lowest: a run that closes where another opens sorts in front of it.
        events.append(((starts + lift) << 1) | 1)
        events.append((starts + numbers[1::2] + lift) << 1)
    events = np.concatenate(events)
    events.sort(kind="stable")
    places = events >> 1
    votes = np.cumsum((events & 1) * 2 - 1)
    settled = np.flatnonzero(np.append(places[1:] != places[:-1], True))
    places, inside = places[settled], votes[settled] >= min_votes
    changes = np.flatnonzero(np.diff(inside, prepend=False))
    bounds = places[changes]
    starts, ends = bounds[0::2], bounds[1::2]
    rows = np.searchsorted(starts, np.arange(last - first + 1, dtype=np.int64) * LIFT)
    pairs = np.stack([starts % LIFT, ends - starts], axis=1).ravel().tolist()
    words = list(map(str, pairs))
    return "".join(
        keys[first + i].decode() + "," + " ".join(words[2 * rows[i]:2 * rows[i + 1]]) + "\n" for i in range(last - first)
    )


def vote_range(paths, first_share, last_share, min_votes):
    tables = [read(path, first_share, last_share) for path in paths]
    keys = tables[0][0]
    if any(table[0] != keys for table in tables):
        raise SystemExit("rows differ")
    members = [table[1] for table in tables]
    return "".join(
        vote_block(members, keys, at, min(at + BLOCK, len(keys)), min_votes) for at in range(0, len(keys), BLOCK)
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--out", required=True)
    parser.add_argument("members", nargs="+")
    options = parser.parse_args()
    started, busy = time.perf_counter(), sum(os.times()[:4])
    min_votes = len(options.members) // 2 + 1
    n = options.processes
    shares = [(options.members, i / n, (i + 1) / n, min_votes) for i in range(n)]
    if n == 1:
        parts = [vote_range(*shares[0])]
    else:
        with multiprocessing.get_context("fork").Pool(n) as pool:
            parts = pool.starmap(vote_range, shares)
    with open(options.out, "w", newline="\n") as file:
        file.write("image_name,class,rle\n")
        file.writelines(parts)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "cpu": sum(os.times()[:4]) - busy}))


main()
