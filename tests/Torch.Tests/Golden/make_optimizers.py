"""Writes optimizers.json: weights of PyTorch's optimisers and rates of its schedules over 20 steps.

Run it with the Python whose torch is built on the libtorch under test:  python3 make_optimizers.py
"""
import json
import math
import pathlib
import re
import warnings

import torch
from torch import optim
from torch.optim import lr_scheduler as lrs

STEPS = 20
warnings.simplefilter("ignore")
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def wave(n, phase):
    return torch.tensor([math.sin(0.37 * i + phase) for i in range(n)])


def run(make, dtype=torch.float64, joins=0):
    """Weights of two groups after each step; the second learns at half the rate, decays by 0.03 and joins before a step."""
    lr, make = make
    w, b = torch.nn.Parameter(wave(4, 1).to(dtype)), torch.nn.Parameter(wave(2, 2).to(dtype))
    first, second = {"params": [w]}, {"params": [b], "lr": lr / 2, "weight_decay": 0.03}
    optimizer = make([first] if joins else [first, second], lr)
    steps = []
    for t in range(STEPS):
        if joins and t == joins:
            optimizer.add_param_group(second)
        for p in (w, b):
            p.grad = 0.5 * p.detach() + wave(p.numel(), t).to(dtype)
        optimizer.step()
        steps.append([float(f"{v:.12g}") for v in w.tolist() + b.tolist()])
    return steps


# NAdam by foreach: 1.13's other path multiplies the product of momenta by the present one twice, against the paper and later releases.
OPTIMIZERS = {
    "SGD": (0.1, lambda p, lr: optim.SGD(p, lr)),
    "SGD momentum": (0.1, lambda p, lr: optim.SGD(p, lr, momentum=0.9, dampening=0.2, weight_decay=0.01)),
    "SGD nesterov": (0.1, lambda p, lr: optim.SGD(p, lr, momentum=0.9, weight_decay=0.01, nesterov=True)),
    "SGD maximize": (0.1, lambda p, lr: optim.SGD(p, lr, momentum=0.9, weight_decay=0.01, maximize=True)),
    "Adam": (0.02, lambda p, lr: optim.Adam(p, lr)),
    "Adam amsgrad": (0.02, lambda p, lr: optim.Adam(p, lr, betas=(0.8, 0.9), eps=1e-6, weight_decay=0.01, amsgrad=True)),
    "Adam maximize": (0.02, lambda p, lr: optim.Adam(p, lr, weight_decay=0.01, maximize=True)),
    "AdamW": (0.02, lambda p, lr: optim.AdamW(p, lr)),
    "AdamW amsgrad": (0.02, lambda p, lr: optim.AdamW(p, lr, betas=(0.8, 0.9), weight_decay=0.1, amsgrad=True)),
    "AdamW maximize": (0.02, lambda p, lr: optim.AdamW(p, lr, maximize=True)),
    "RMSProp": (0.01, lambda p, lr: optim.RMSprop(p, lr)),
    "RMSProp centered": (0.01, lambda p, lr: optim.RMSprop(p, lr, alpha=0.9, momentum=0.9, weight_decay=0.01, centered=True)),
    "RMSProp maximize": (0.01, lambda p, lr: optim.RMSprop(p, lr, weight_decay=0.01, maximize=True)),
    "Adagrad": (0.1, lambda p, lr: optim.Adagrad(p, lr)),
    "Adagrad decay": (0.1, lambda p, lr: optim.Adagrad(p, lr, lr_decay=0.05, weight_decay=0.01, initial_accumulator_value=0.2, eps=1e-6)),
    "Adagrad maximize": (0.1, lambda p, lr: optim.Adagrad(p, lr, weight_decay=0.01, maximize=True)),
    "NAdam": (0.02, lambda p, lr: optim.NAdam(p, lr, foreach=True)),
    "NAdam decay": (0.02, lambda p, lr: optim.NAdam(p, lr, betas=(0.8, 0.9), weight_decay=0.01, momentum_decay=0.02, foreach=True)),
    "RAdam": (0.02, lambda p, lr: optim.RAdam(p, lr)),
    "RAdam decay": (0.02, lambda p, lr: optim.RAdam(p, lr, betas=(0.8, 0.9), weight_decay=0.01)),
    "Adadelta": (1, lambda p, lr: optim.Adadelta(p, lr)),
    "Adadelta decay": (0.5, lambda p, lr: optim.Adadelta(p, lr, rho=0.8, eps=1e-4, weight_decay=0.01, maximize=True)),
    "Adamax": (0.02, lambda p, lr: optim.Adamax(p, lr)),
    "Adamax decay": (0.02, lambda p, lr: optim.Adamax(p, lr, betas=(0.8, 0.9), weight_decay=0.01)),
    "ASGD": (0.02, lambda p, lr: optim.ASGD(p, lr)),
    "ASGD decay": (0.02, lambda p, lr: optim.ASGD(p, lr, lambd=0.1, alpha=0.5, t0=3, weight_decay=0.01)),
    "Rprop": (0.02, lambda p, lr: optim.Rprop(p, lr)),
    "Rprop steps": (0.02, lambda p, lr: optim.Rprop(p, lr, etas=(0.4, 1.5), step_sizes=(0.01, 0.1))),
}


def sequence(o):
    return lrs.SequentialLR(o, [lrs.LinearLR(o, 0.1, total_iters=4), lrs.CosineAnnealingLR(o, 8), lrs.ExponentialLR(o, 0.7)], [4, 12])


def sgd(groups):
    return optim.SGD(groups, 0.1, momentum=0.5)


SCHEDULES = {
    "StepLR": lambda o: lrs.StepLR(o, 3, 0.5),
    "MultiStepLR": lambda o: lrs.MultiStepLR(o, [2, 5, 5, 11], 0.3),
    "ExponentialLR": lambda o: lrs.ExponentialLR(o, 0.9),
    "ConstantLR": lambda o: lrs.ConstantLR(o, 0.25, 6),
    "LinearLR": lambda o: lrs.LinearLR(o, 0.2, 0.8, 7),
    "PolynomialLR": lambda o: lrs.PolynomialLR(o, 12, 0.9),
    "CosineAnnealingLR": lambda o: lrs.CosineAnnealingLR(o, 7, 0.001),
    "CosineAnnealingWarmRestarts": lambda o: lrs.CosineAnnealingWarmRestarts(o, 3, 2, 0.001),
    "LambdaLR": lambda o: lrs.LambdaLR(o, [lambda t: 0.95 ** t, lambda t: 1 / (1 + t)]),
    "MultiplicativeLR": lambda o: lrs.MultiplicativeLR(o, lambda t: 0.9 + 0.01 * t),
    "CyclicLR": lambda o: lrs.CyclicLR(o, 0.01, 0.1, step_size_up=4),
    "CyclicLR halved": lambda o: lrs.CyclicLR(o, [0.01, 0.02], [0.1, 0.3], step_size_up=3, step_size_down=5, mode="triangular2", base_momentum=0.7, max_momentum=0.95),
    "CyclicLR falling": lambda o: lrs.CyclicLR(o, 0.01, 0.1, step_size_up=4, mode="exp_range", gamma=0.9, cycle_momentum=False),
    "CyclicLR own": lambda o: lrs.CyclicLR(o, 0.01, 0.1, step_size_up=4, scale_fn=lambda x: 1 / (5 ** (x * 0.1)), scale_mode="iterations"),
    "OneCycleLR": lambda o: lrs.OneCycleLR(o, 0.3, total_steps=21),
    "OneCycleLR linear": lambda o: lrs.OneCycleLR(o, [0.3, 0.2], epochs=5, steps_per_epoch=5, pct_start=0.4, anneal_strategy="linear",
                                                  base_momentum=0.8, max_momentum=0.9, div_factor=10, final_div_factor=100, three_phase=True),
    "SequentialLR": sequence,
    "ChainedLR": lambda o: lrs.ChainedScheduler([lrs.ConstantLR(o, 0.1, 3), lrs.ExponentialLR(o, 0.9)]),
    "ReduceLROnPlateau": lambda o: lrs.ReduceLROnPlateau(o, "min", 0.5, 1, 0.05, cooldown=1, min_lr=[0.0, 0.004]),
    "ReduceLROnPlateau max": lambda o: lrs.ReduceLROnPlateau(o, "max", 0.5, 0, 0.3, threshold_mode="abs"),
}


def rates(make, optimizer=sgd):
    """Rates and momenta of two groups, from the first step on. The metric that a plateau is sought in is a damped wave."""
    o = optimizer([{"params": [torch.nn.Parameter(wave(2, 0))]}, {"params": [torch.nn.Parameter(wave(2, 1))], "lr": 0.01}])
    schedule = make(o)
    steps = []
    for t in range(STEPS + 1):
        steps.append([float(f"{v:.12g}") for g in o.param_groups for v in (g["lr"], g["betas"][0] if "betas" in g else g["momentum"])])
        if t < STEPS:
            o.step()
            schedule.step(*[math.sin(t) / (1 + t)] if isinstance(schedule, lrs.ReduceLROnPlateau) else [])
    return steps


golden = {
    "torch": torch.__version__,
    "optimizers": {name: run(make) for name, make in OPTIMIZERS.items()},
    "float32": {name: run(make, torch.float32)[-1] for name, make in OPTIMIZERS.items()},
    # Adagrad's state is made with it, and a group that joins later has none: 1.13 stops at the next step.
    "joined": {name: run(make, joins=6)[-1] for name, make in OPTIMIZERS.items() if not name.startswith("Adagrad")},
    "schedules": {name: rates(make) for name, make in SCHEDULES.items()},
}
golden["schedules"]["OneCycleLR betas"] = rates(SCHEDULES["OneCycleLR"], lambda p: optim.AdamW(p, 0.1))
text = re.sub(r"\[[^\[\]{}]*\]", lambda m: " ".join(m[0].split()), json.dumps(golden, indent=1))
pathlib.Path(__file__).with_name("optimizers.json").write_text(text + "\n")
