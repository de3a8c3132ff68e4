"""Writes encoders.json: SMP's encoders that the shared golden files lack, key lists by hash and, for small ones, maps.

Needs the sources of segmentation_models_pytorch v0.5.0 (argument 1) and timm v1.0.28 (argument 2) on disk, and PyTorch;
argument 3 is encoders.txt.
Weights and input are the shared golden files' integer hash, with gain 0.9.
"""
import hashlib, json, math, sys, types, zlib

import numpy as np

SMP, TIMM = sys.argv[1:3]
sys.path.insert(0, TIMM)


def stub(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module
    return module


class Missing:
    def __init__(self, *a, **k):
        raise OSError


# Nothing is downloaded, and neither data sets nor the hub are wanted.
hub = ["hf_hub_download", "ModelCard", "ModelCardData", "HfApi", "create_repo", "get_token_permission", "get_token",
       "upload_folder", "model_info", "list_models", "login", "repo_type_and_id_from_hf_id"]
stub("huggingface_hub", **{n: Missing for n in hub})
stub("huggingface_hub.hf_api")
stub("huggingface_hub.utils", EntryNotFoundError=OSError, RepositoryNotFoundError=OSError)
stub("safetensors")
stub("safetensors.torch", load_file=Missing, save_file=Missing, safe_open=Missing)
stub("segmentation_models_pytorch").__path__ = [SMP + "/segmentation_models_pytorch"]

import torch
from torch import nn

torch.set_num_threads(1)
from segmentation_models_pytorch.encoders import TimmViTEncoder, get_encoder
from segmentation_models_pytorch.encoders.mobileone import reparameterize_model

GAIN = 0.9
TABLES = ("pos_embed", "cls_token", "relative_position_bias_table", "dist_token", "reg_token")


def hashed(n, seed):
    x = (np.arange(n, dtype=np.uint32) * np.uint32(0x9E3779B1)) ^ np.uint32(seed)
    x ^= x >> np.uint32(16); x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13); x *= np.uint32(0xC2B2AE35)
    return x ^ (x >> np.uint32(16))


def units(key, shape):
    n = int(np.prod(shape)) if len(shape) else 1
    h = (hashed(n, zlib.crc32(key.encode())) >> np.uint32(8)).astype(np.int32) - 8388608
    return (h.astype(np.float32) * np.float32(1 / 8388608)).reshape(shape)


def fill(module):
    for key, t in module.state_dict().items():
        last = key.rsplit(".", 1)[-1]
        if not t.is_floating_point():
            if last == "num_batches_tracked":
                t.zero_()
            continue
        u, f = units(key, tuple(t.shape)), np.float32
        if last == "running_var":
            v = u * f(0.25) + f(1)
        elif last == "running_mean" or last in TABLES or last.endswith("bias"):
            v = u * f(0.1)
        elif t.dim() < 2:
            v = u * f(0.1) + f(1)
        else:
            v = u * f(GAIN * math.sqrt(6.0 / np.prod(t.shape[1:])))
        t.copy_(torch.from_numpy(np.asarray(v, dtype=np.float32)))


def describe(name, depth=5, stride=32, channels=3, side=None, **arguments):
    row = {"encoder": name, "depth": depth, "output_stride": stride, "in_channels": channels} | ({"arguments": arguments} if arguments else {})
    try:
        if name.startswith(("tu-vit_", "tu-deit", "tu-flexivit")):
            encoder = TimmViTEncoder(name[3:], pretrained=False, in_channels=channels, depth=depth, **arguments)
        else:
            encoder = get_encoder(name, in_channels=channels, depth=depth, weights=None, output_stride=stride, **arguments)
    except Exception as e:
        return row | {"refused": type(e).__name__}
    lines = [f"{k} {'x'.join(map(str, v.shape)) or 'scalar'} {str(v.dtype)[6:]}\n" for k, v in encoder.state_dict().items()]
    row |= {"channels": list(encoder.out_channels), "keys": len(lines), "sha256_of_lines": hashlib.sha256("".join(lines).encode()).hexdigest()}
    if side:
        fill(encoder)
        x = torch.from_numpy(units("input", (2, channels, side, side)))
        with torch.no_grad():
            row["side"] = side
            row["maps"] = maps(encoder.eval(), x)
            if name.startswith("mobileone"):
                row["fused"] = maps(reparameterize_model(encoder).eval(), x)
            for m in encoder.train().modules():
                if type(m).__name__.startswith(("Dropout", "DropPath")):
                    m.eval()
            if name.startswith("efficientnet-b"):
                encoder._drop_connect_rate = 0
            encoder(x)
            buffers = [(k, v) for k, v in encoder.state_dict().items() if k.endswith("running_mean")]
            row["running_means"] = {k: float(v.double().abs().sum()) for k, v in (buffers[:1] + buffers[len(buffers) // 2:][:1] + buffers[-1:])}
    return row


def maps(encoder, x):
    given, found = encoder(x), []
    given = given[0] + [t for t in given[1] if t is not None] if isinstance(given, tuple) else [m for m in given if m is not x]
    for m in [m for m in given if m.numel() > 0]:
        flat = m.double().flatten()
        u = torch.from_numpy(units("probe", tuple(m.shape))).double().flatten()
        found.append({"shape": list(m.shape), "std": float(flat.std(unbiased=False)), "mean": float(flat.mean()), "probe": float((flat * u).sum())})
    return found


# The values are filled in afterwards: drawing them first only takes time.
for name in [n for n in dir(nn.init) if n.endswith("_") and not n.startswith("_")]:
    setattr(nn.init, name, lambda t, *a, **k: t)
for name in ("normal_", "uniform_", "erfinv_"):          # timm's own draws
    setattr(torch.Tensor, name, lambda t, *a, **k: t)

rows = []
for spec in open(sys.argv[3]):
    words = spec.split()
    rows.append(describe(words[0], **{k: json.loads(v) for k, v in (w.split("=") for w in words[1:])}))
    print(spec.strip(), rows[-1].get("refused", ""), file=sys.stderr, flush=True)
with open("encoders.json", "w") as out:
    out.write("[\n" + ",\n".join(json.dumps(r) for r in rows) + "\n]\n")
