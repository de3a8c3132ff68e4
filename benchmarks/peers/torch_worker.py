#!/usr/bin/env python3
"""Osteon's Torch benchmark in PyTorch: the same cases under the same protocol as benchmarks/Torch.

    torch_worker.py CASE [--network NAME] [--threads N] [--alike] [--data FILE]

Prints `ready`, then for each line it reads the seconds of wall and processor that one turn took; at the end of input one
JSON line with what it found and its peak memory in MiB. --alike takes the settings Osteon has: malloc that keeps memory, channels-last, cleared gradients.
"""
import argparse
import contextlib
import ctypes
import json
import struct
import sys
import time

import torch
from torch import nn

from torch_networks import NETWORKS, load, verify


def safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = bytearray(file.read())
    kinds = {"F32": torch.float32, "I64": torch.int64}
    return {name: torch.frombuffer(data, dtype=kinds[e["dtype"]], offset=e["data_offsets"][0], count=max(1, torch.Size(e["shape"]).numel())).reshape(e["shape"])
            for name, e in header.items() if name != "__metadata__"}


def network(options, found):
    state = safetensors(options.data)
    images, targets, logits = state.pop("images").clone(), state.pop("targets"), state.pop("logits")
    model = NETWORKS[options.network](targets.shape[1])
    load(model, state)
    found["difference"] = verify(model, images, logits)
    found["parameters"] = sum(p.numel() for p in model.parameters())
    if options.alike:
        model, images = model.to(memory_format=torch.channels_last), images.to(memory_format=torch.channels_last)
    return model, images, targets.clone()


def precision(case):
    return torch.autocast("cpu", torch.bfloat16) if case.endswith("bf16") else contextlib.nullcontext()


def train(options, found):
    options.parts = model, images, targets = network(options, found)
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    found["losses"] = []

    def step():
        optimizer.zero_grad(set_to_none=True) if options.alike else optimizer.zero_grad()
        with precision(options.case):
            logits = model(images)
        loss = nn.functional.binary_cross_entropy_with_logits(logits.float(), targets)
        found["losses"].append(loss.item())
        loss.backward()
        optimizer.step()

    return step


def learn(options, found):
    step, (model, images, targets) = train(options, found), options.parts

    def learning():
        for _ in range(30):
            step()
        model.eval()
        with torch.no_grad(), precision(options.case):
            predicted = model(images).float().ge(0).float()
        found["dice"] = (2 * (predicted * targets).sum() / (predicted + targets).sum()).item()
        model.train()

    return learning


def infer(options, found):
    model, images, _ = network(options, found)
    model.eval()

    def predict():
        with torch.no_grad(), precision(options.case):
            found["mean"] = model(images).float().abs().mean().item()

    return predict


def update(options, found):
    # The sizes of a ResNet-50: many small tensors, some large ones, 25 million numbers.
    from torchvision.models import resnet50
    torch.manual_seed(1)
    parameters = [nn.Parameter(torch.randn(p.shape)) for p in resnet50(weights=None).parameters()]
    for p in parameters:
        p.grad = torch.randn(p.shape)
    make = {"sgd": lambda: torch.optim.SGD(parameters, 1e-2, momentum=0.9), "adam": lambda: torch.optim.Adam(parameters, 1e-3),
            "adamw": lambda: torch.optim.AdamW(parameters, 1e-3)}
    return make[options.case]().step


def call(options, found):
    a, b = torch.zeros(1), torch.ones(1)

    def add():
        for _ in range(20000):
            a + b

    def add_():
        for _ in range(20000):
            a.add_(b)

    return add if options.case == "add" else add_


def peak():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("case")
    parser.add_argument("--network", default="unet-resnet34")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--alike", action="store_true")
    parser.add_argument("--data")
    options = parser.parse_args()
    if options.alike:
        libc = ctypes.CDLL(None)
        for name, value in ((-4, 0), (-1, 0x7fffffff), (-2, 64 << 20)):     # MMAP_MAX, TRIM_THRESHOLD, TOP_PAD
            libc.mallopt(name, value)
    torch.set_num_threads(options.threads)
    found = {}
    kind = options.case.split("-")[0]
    work = {"train": train, "learn": learn, "infer": infer, "add": call, "add_": call}.get(kind, update)(options, found)
    work()
    print("ready", flush=True)
    for _ in sys.stdin:
        start, busy = time.perf_counter(), time.process_time()
        work()
        print(time.perf_counter() - start, time.process_time() - busy, flush=True)
    print(json.dumps({**found, "peak": peak()}), flush=True)


if __name__ == "__main__":
    main()
