"""The safetensors format in NumPy and torch, after its description at https://huggingface.co/docs/safetensors alone.

Usage: safetensors_peer.py write FILE    writes tensors of every type; prints a line for each
       safetensors_peer.py read FILE     prints a line for each tensor of a file
A line: key, type, shape, SHA-256 of the elements; tab-separated. Metadata: "metadata", key, value.
"""
import hashlib
import json
import struct
import sys

import numpy
import torch

NAMES = {'F64': torch.float64, 'F32': torch.float32, 'F16': torch.float16, 'BF16': torch.bfloat16, 'I64': torch.int64,
         'I32': torch.int32, 'I16': torch.int16, 'I8': torch.int8, 'U8': torch.uint8, 'BOOL': torch.bool}


def elements(tensor):
    flat = tensor.contiguous().flatten()
    return (flat.view(torch.int16) if tensor.dtype == torch.bfloat16 else flat).numpy().tobytes()


def tell(key, tensor):
    print(key, str(tensor.dtype).split('.')[1], 'x'.join(map(str, tensor.shape)), hashlib.sha256(elements(tensor)).hexdigest(), sep='\t')


def write(path):
    generator = torch.Generator().manual_seed(1)
    tensors = {name: (torch.randn(3, 5, generator=generator) * 50).to(dtype) for name, dtype in NAMES.items()}
    tensors.update(scalar=torch.tensor(0.1, dtype=torch.float64), empty=torch.empty(0, 7), large=torch.randn(700, 600, generator=generator), é=torch.ones(1))
    header, data = {'__metadata__': {'format': 'pt', 'ö': 'ß'}}, b''
    # Odd sizes first: what follows lies at odd places, which the format allows.
    for key in sorted(tensors, key=lambda k: tensors[k].element_size()):
        raw = elements(tensors[key])
        name = next(n for n, dtype in NAMES.items() if dtype == tensors[key].dtype)
        header[key] = {'dtype': name, 'shape': list(tensors[key].shape), 'data_offsets': [len(data), len(data) + len(raw)]}
        data += raw
    order = sorted(tensors)                                         # neither the order of the bytes nor of the making
    text = json.dumps({key: header[key] for key in ['__metadata__'] + order}).encode()
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text + data)
    for key in order:
        tell(key, tensors[key])


def read(path):
    with open(path, 'rb') as file:
        length, = struct.unpack('<Q', file.read(8))
        header, data = json.loads(file.read(length)), file.read()
    for key, value in sorted(header.pop('__metadata__', {}).items()):
        print('metadata', key, value, sep='\t')
    for key, entry in header.items():
        begin, end = entry['data_offsets']
        dtype = NAMES[entry['dtype']]
        size = torch.empty(0, dtype=dtype).element_size()
        assert (8 + length + begin) % size == 0, f'{key} begins at byte {8 + length + begin}'
        raw = numpy.frombuffer(data[begin:end], dtype={8: 'i8', 4: 'i4', 2: 'i2', 1: 'i1'}[size]).copy()
        tensor = torch.from_numpy(raw).view(torch.uint8) if dtype in (torch.bool, torch.uint8) else torch.from_numpy(raw).view(dtype)
        tell(key, tensor.to(torch.bool).reshape(entry['shape']) if dtype == torch.bool else tensor.reshape(entry['shape']))


{'write': write, 'read': read}[sys.argv[1]](sys.argv[2])
