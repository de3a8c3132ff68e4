"""Writes one checkpoint of each kind that torch.save knows into a folder, and prints what each tensor holds.

Usage: make_pth.py FOLDER
A line a tensor: file, key, type, shape, SHA-256 of its elements in the order of their indices; tab-separated.
"""
import argparse
import hashlib
import sys
import tarfile
import zipfile
from collections import OrderedDict

import numpy
import torch
from torch import nn

torch.manual_seed(1)


class Block(nn.Module):
    def __init__(self, channels, out, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out)
        self.conv2, self.bn2 = nn.Conv2d(out, out, 3, 1, 1, bias=False), nn.BatchNorm2d(out)
        self.downsample = nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))


net = nn.Sequential(OrderedDict(
    conv1=nn.Conv2d(3, 8, 7, 2, 3, bias=False), bn1=nn.BatchNorm2d(8),
    layer1=nn.Sequential(Block(8, 8, 1), Block(8, 8, 1)), layer2=nn.Sequential(Block(8, 16, 2), Block(16, 16, 1)), fc=nn.Linear(16, 5)))
base = torch.arange(24, dtype=torch.float32)
types = OrderedDict(
    (str(t).split('.')[1], torch.tensor([0, 1, 3, 100]).to(t))
    for t in (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool))
views = OrderedDict(
    turned=base.view(4, 6).t(), part=base[5:11], every_third=base[1::3], repeated=base[3:4].expand(4), deep=base.view(2, 3, 4).permute(2, 0, 1)[1:, :, ::2],
    last=torch.randn(2, 3, 4, 5).contiguous(memory_format=torch.channels_last), scalar=torch.tensor(2.5), none=torch.empty(0, 3), parameter=nn.Parameter(torch.ones(2, 2)))
trained = torch.optim.AdamW(net.parameters(), lr=0.1)
net.fc(torch.ones(1, 16)).sum().backward()
trained.step()
state = net.state_dict()
files = {
    'ordered': (state, state),
    'plain': (dict(state), state),
    'types': (types, types),
    'views': (views, views),
    'half': ({k: v.half() for k, v in state.items()},) * 2,
    'bfloat16': ({k: v.bfloat16() for k, v in state.items()},) * 2,
    'shared': ({'encoder.weight': base.view(4, 6), 'decoder.weight': base.view(4, 6), 'tail': base[20:]},) * 2,
    'lightning': ({'epoch': 3, 'state_dict': OrderedDict(('model.' + k, v) for k, v in state.items()), 'optimizer_states': [trained.state_dict()],
                   'hyper_parameters': {'lr': 1e-3, 'big': 1 << 70, 'sizes': (1, 2, 3, 4), 'size': torch.Size([1, 2]), 'type': torch.float32, 'device': torch.device('cpu'), 'name': 'é', 'set': {1, 2}, 'bytes': b'ab\xff'}}, state),
    'parallel': ({'model_state_dict': OrderedDict(('module.' + k, v) for k, v in state.items()), 'optimizer': trained.state_dict(), 'loss': -0.5}, state),
    'compiled': ({'state_dict': OrderedDict(('module._orig_mod.' + k, v) for k, v in state.items())}, state),
    'listed': ([{'lr': 0.1}, state, 3], state),
    'tupled': ({'model': (3, {'state_dict': state})}, state),
    'nested': ({'model': {'state_dict': state, 'seed': -7}, 'step': 1 << 40}, state),
}
for name, (content, tensors) in files.items():
    for ending, options in (('pth', {}), ('legacy.pth', {'_use_new_zipfile_serialization': False}), ('four.pt', {'pickle_protocol': 4}), ('four.legacy.pt', {'pickle_protocol': 4, '_use_new_zipfile_serialization': False})):
        torch.save(content, f'{sys.argv[1]}/{name}.{ending}', **options)
        for key, tensor in tensors.items():
            elements = tensor.detach().contiguous().flatten()
            raw = bytes(elements.view(torch.int16).numpy().tobytes() if tensor.dtype == torch.bfloat16 else elements.numpy().tobytes())
            print(f'{name}.{ending}', key, str(tensor.dtype).split('.')[1], 'x'.join(map(str, tensor.shape)), hashlib.sha256(raw).hexdigest(), sep='\t')

refused = {
    'module': nn.Linear(1, 1),
    'numpy': {'a': base, 'score': numpy.float64(0.5)},
    'namespace': {'a': base, 'args': argparse.Namespace(lr=1)},
    'quantized': {'a': torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)},
    'sparse': {'a': torch.eye(2).to_sparse()},
    'list': [base],
    'no-tensors': {'epoch': 1, 'best': {}},
    'two-listed': [{'a': base}, {'b': base}],
    'two': {'model': {'a': base}, 'state_dict': {'a': base}},
}
for name, content in refused.items():
    torch.save(content, f'{sys.argv[1]}/{name}.pth')
torch.save(nn.Linear(1, 1), f'{sys.argv[1]}/module.legacy.pth', _use_new_zipfile_serialization=False)
torch.jit.save(torch.jit.script(nn.Linear(1, 1)), f'{sys.argv[1]}/script.pth')

# Optimisers after 5 steps, and the weights then and 5 steps later; the gradient of a step is half the weight plus the step.
optimizers = {
    'SGD': lambda p: torch.optim.SGD(p, 0.1, momentum=0.9),
    'Adam': lambda p: torch.optim.Adam(p, 0.1, amsgrad=True),
    'AdamW': lambda p: torch.optim.AdamW(p, 0.1),
    'RMSprop': lambda p: torch.optim.RMSprop(p, 0.1, momentum=0.9, centered=True),
    'Adagrad': lambda p: torch.optim.Adagrad(p, 0.1, lr_decay=0.1),
    'NAdam': lambda p: torch.optim.NAdam(p, 0.1, foreach=True),
    'RAdam': lambda p: torch.optim.RAdam(p, 0.1),
}
for name, make in optimizers.items():
    weights = [nn.Parameter(torch.linspace(-1, 1, 4, dtype=torch.float64)), nn.Parameter(torch.linspace(1, 3, 3, dtype=torch.float64))]
    optimizer, kept = make(weights), {}
    for step in range(10):
        if step == 5:
            torch.save(optimizer.state_dict(), f'{sys.argv[1]}/{name}.optimizer.pth')
            kept.update({f'before.{i}': w.detach().clone() for i, w in enumerate(weights)})
        for w in weights:
            w.grad = 0.5 * w.detach() + step
        optimizer.step()
    kept.update({f'after.{i}': w.detach().clone() for i, w in enumerate(weights)})
    torch.save(kept, f'{sys.argv[1]}/{name}.weights.pth')

# Sizes and places that stand in zip64's extra fields, as in files beyond 4 GiB.
zipfile.ZIP64_LIMIT = 16
with zipfile.ZipFile(f'{sys.argv[1]}/ordered.pth') as whole, zipfile.ZipFile(f'{sys.argv[1]}/zip64.pth', 'w', allowZip64=True) as wide:
    for entry in whole.infolist():
        wide.writestr(entry.filename, whole.read(entry))
for key, tensor in state.items():
    raw = tensor.detach().contiguous().flatten().numpy().tobytes()
    print('zip64.pth', key, str(tensor.dtype).split('.')[1], 'x'.join(map(str, tensor.shape)), hashlib.sha256(raw).hexdigest(), sep='\t')

# The format before torch 0.1.10: a tar file.
with tarfile.open(f'{sys.argv[1]}/tar.pth', 'w') as old:
    old.add(f'{sys.argv[1]}/ordered.pth', 'storages')
