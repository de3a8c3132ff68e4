"""Writes TorchScript files into a folder, and what eager PyTorch makes of one input.

Usage: make_scripts.py FOLDER
Every NAME.pt comes with NAME.expected.bin: the float32 elements of all outputs, in order, of the network in evaluation mode for
input.bin, float32 (2, 3, 16, 16). training.txt holds the losses of SGD steps in Python, one a line.
"""
import sys
from typing import Dict, List, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

folder = sys.argv[1]
torch.manual_seed(1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.ReLU(inplace=True))
        self.drop = nn.Dropout(0.5)
        self.head = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        size = [x.shape[2], x.shape[3]]
        return F.interpolate(self.head(self.drop(self.encoder(x))), size=size, mode='bilinear', align_corners=False)


class Pair(Net):
    def forward(self, x) -> Tuple[Tensor, Tensor]:
        maps = self.encoder(x)
        return maps, self.head(maps)


class Many(Net):
    def forward(self, x) -> List[Tensor]:
        maps = self.encoder(x)
        return [maps, self.head(maps), maps.mean()]


class Named(Net):
    def forward(self, x) -> Dict[str, Tensor]:
        maps = self.encoder(x)
        return {'out': self.head(maps), 'aux': maps}


class Unnamed(Net):
    def forward(self, x) -> Dict[str, Tensor]:
        return {'masks': self.head(self.encoder(x))}


class Mixed(Net):
    def forward(self, x) -> Tuple[Tensor, List[Tensor], int, str, Dict[str, float]]:
        maps = self.encoder(x)
        return self.head(maps), [maps], maps.shape[1], 'grün', {'a': 0.5}

    @torch.jit.export
    def scaled(self, x, by: float = 2.0, twice: bool = False):
        return x * by * 2.0 if twice else x * by

    @torch.jit.export
    def joined(self, parts: List[Tensor], one: Tensor):
        return torch.cat(parts + [one])

    @torch.jit.export
    def weird(self):
        return torch.device('cpu')


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 4, bias=False)
        self.second = nn.Linear(4, 4, bias=False)
        self.second.weight = self.first.weight
        self.register_buffer('scale', torch.tensor(2.0))
        self.frozen = nn.Parameter(torch.ones(4), requires_grad=False)

    def forward(self, x):
        return self.second(self.first(x)) * self.scale + self.frozen


class Gelu(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(33, 33))

    def forward(self, x, tanh: bool = False):
        return F.gelu(x * self.weight, approximate='tanh') if tanh else F.gelu(x * self.weight)


def outputs(value):
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    return [t for part in value for t in outputs(part)] if hasattr(value, '__iter__') and not isinstance(value, str) else []


def raw(tensors):
    return b''.join(t.detach().float().contiguous().numpy().tobytes() for t in tensors)


example = torch.randn(2, 3, 16, 16)
open(f'{folder}/input.bin', 'wb').write(raw([example]))
for name, kind in {'net': Net, 'pair': Pair, 'many': Many, 'named': Named, 'unnamed': Unnamed, 'mixed': Mixed}.items():
    torch.manual_seed(2)
    model = kind()
    model.encoder[1].running_mean.uniform_(-1, 1)
    model.encoder[1].running_var.uniform_(0.5, 2)
    model.eval()
    with torch.no_grad():
        open(f'{folder}/{name}.expected.bin', 'wb').write(raw(outputs(model(example))))
    torch.jit.save(torch.jit.script(model), f'{folder}/{name}.pt')
    if kind is Net:
        torch.jit.save(torch.jit.trace(model, example), f'{folder}/traced.pt')
        torch.jit.save(torch.jit.freeze(torch.jit.script(model)), f'{folder}/frozen.pt')
        torch.jit.save(torch.jit.script(model.train()), f'{folder}/training.pt')
        torch.save(model.state_dict(), f'{folder}/weights.pth')

torch.jit.save(torch.jit.script(Tied()), f'{folder}/tied.pt')
torch.jit.save(torch.jit.script(Gelu()), f'{folder}/gelu.pt')

# Batch norm learns, dropout does not act: the losses depend on nothing but arithmetic.
model = torch.jit.load(f'{folder}/training.pt')
model.drop.eval()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
with open(f'{folder}/training.txt', 'w') as losses, torch.jit.optimized_execution(False):
    for _ in range(5):
        optimizer.zero_grad()
        loss = F.mse_loss(model(example), torch.zeros(2, 2, 16, 16))
        loss.backward()
        optimizer.step()
        losses.write(f'{loss.item():.9g}\n')

for key, tensor in torch.jit.load(f'{folder}/net.pt').state_dict().items():
    print(key, 'x'.join(map(str, tensor.shape)), sep='\t')
