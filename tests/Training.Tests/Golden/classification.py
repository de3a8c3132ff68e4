"""Losses of image classes by PyTorch; prints classification.json. torch 1.13.0, numpy 1.24.2."""
import json

import torch
import torch.nn.functional as F

torch.manual_seed(5)
logits = (torch.randn(5, 3, dtype=torch.float64) * 2).round(decimals=3)
labels = torch.tensor([0, 2, 1, 2, 0])
weights = torch.tensor([0.5, 2.0, 1.25], dtype=torch.float64)
mixed = F.one_hot(labels, 3).double() * 0.7 + F.one_hot(labels.roll(1), 3).double() * 0.3


def focal(gamma, alpha=None):
    """Lin et al. 2017 with the softmax's probability of the right class; alpha by class."""
    surprise = F.cross_entropy(logits, labels, reduction="none")
    factor = torch.ones(5) if alpha is None else alpha[labels]
    return (factor * (1 - torch.exp(-surprise)) ** gamma * surprise).mean()


print(json.dumps({
    "logits": logits.tolist(),
    "labels": labels.tolist(),
    "mixed": mixed.tolist(),
    "cross_entropy": F.cross_entropy(logits, labels).item(),
    "weighted": F.cross_entropy(logits, labels, weight=weights).item(),
    "smooth": F.cross_entropy(logits, labels, label_smoothing=0.1).item(),
    "soft": F.cross_entropy(logits, mixed).item(),
    "focal": focal(2.0).item(),
    "focal_weighted": focal(1.5, weights).item(),
}, indent=1))
