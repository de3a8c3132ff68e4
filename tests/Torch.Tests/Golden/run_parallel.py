#!/usr/bin/env python3
"""What PyTorch computes on several threads, as digests of the bits: run_parallel.py THREADS...; a line of digests for each number of threads.

ParallelRegionTests does the same.
"""
import hashlib
import sys

import torch
from torch.nn import functional as F


def wave(*shape):
    return torch.arange(torch.Size(shape).numel(), dtype=torch.float64).mul(0.7).sin().float().reshape(shape)


def work():
    image = wave(2, 24, 40, 44).to(memory_format=torch.channels_last).requires_grad_()
    weights = [wave(48, 24, 5, 5), wave(48, 1, 3, 3), wave(10, 48, 1, 1), wave(48), wave(48)]
    for w in weights:
        w.requires_grad_()
    x = F.conv2d(image, weights[0], padding=2)
    x = F.batch_norm(x, None, None, weights[3], weights[4], True)
    x = F.hardtanh(F.conv2d(x, weights[1], padding=1, groups=48), 0, 6)
    x = F.softmax(F.conv2d(x, weights[2]), 1)
    x.square().sum().backward()
    return [x, image.grad, *(w.grad for w in weights)]


for threads in sys.argv[1:]:
    torch.set_num_threads(int(threads))
    print(*(hashlib.sha256(t.detach().contiguous().numpy().tobytes()).hexdigest()[:16] for t in work()))
