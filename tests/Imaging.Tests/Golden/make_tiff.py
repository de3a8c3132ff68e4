"""Writes tiff.json: small TIFF files of two pages each, as other programs write them, and the values that lie in them.

Pillow 9.4 with libtiff 4.5 packs; the tiled and the 32-bit file are laid out here by hand, after TIFF 6.0.
    /usr/bin/python3 tests/Imaging.Tests/Golden/make_tiff.py
"""
import base64
import hashlib
import io
import json
import os
import struct
import zlib

import numpy as np
from PIL import Image

H, W = 37, 53


def values(page, most):
    y, x = np.mgrid[0:H, 0:W]
    return ((x * 7 + y * 13 + page * 29 + (x * y) // 11) % (most + 1)).astype(np.uint32)


def pillow(mode, dtype, most, compression, **more):
    frames, held = [], []
    for page in range(2):
        v = values(page, most)
        held.append(v)
        if mode == "1":
            image = Image.fromarray((v * 255).astype(np.uint8)).convert("1", dither=0)
        elif mode == "P":
            image = Image.fromarray(v.astype(np.uint8), mode="P")
            image.putpalette([(i * 37 + c * 91) % 256 for i in range(256) for c in range(3)])
        else:
            image = Image.fromarray(v.astype(dtype))
        frames.append(image)
    out = io.BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:], compression=compression, **more)
    return out.getvalue(), held


def by_hand(order, bits, most, tiled, pack):
    """Two pages, one sample a pixel, little- or big-endian, in strips of 10 rows or tiles of 32 x 16, deflated or not."""
    e = "<" if order == b"II" else ">"
    dtype = {8: "u1", 16: e + "u2", 32: e + "u4"}[bits]
    file = bytearray(order + struct.pack(e + "HI", 42, 0))
    link, held = 4, []
    for page in range(2):
        v = values(page, most)
        held.append(v)
        if tiled:
            padded = np.zeros((48, 64), np.uint32)
            padded[:H, :W] = v
            blocks = [padded[y:y + 16, x:x + 32] for y in range(0, 48, 16) for x in range(0, 64, 32)]
        else:
            blocks = [v[y:y + 10] for y in range(0, H, 10)]
        places, sizes = [], []
        for block in blocks:
            data = block.astype(dtype).tobytes()
            data = zlib.compress(data) if pack else data
            places.append(len(file))
            sizes.append(len(data))
            file += data + b"\0" * (len(data) % 2)
        at = len(file)
        file += struct.pack(e + f"{len(places)}I", *places) + struct.pack(e + f"{len(sizes)}I", *sizes)
        tags = [(256, 3, W), (257, 3, H), (258, 3, bits), (259, 3, 8 if pack else 1), (262, 3, 1), (277, 3, 1)]
        if tiled:
            tags += [(322, 3, 32), (323, 3, 16), (324, 4, (len(places), at)), (325, 4, (len(sizes), at + 4 * len(places)))]
        else:
            tags += [(273, 4, (len(places), at)), (278, 3, 10), (279, 4, (len(sizes), at + 4 * len(places)))]
        directory = struct.pack(e + "H", len(tags))
        for tag, kind, value in sorted(tags):
            count, value = value if isinstance(value, tuple) else (1, value)
            directory += struct.pack(e + "HHI", tag, kind, count) + (struct.pack(e + "HH", value, 0) if kind == 3 else struct.pack(e + "I", value))
        struct.pack_into(e + "I", file, link, len(file))
        link = len(file) + len(directory)
        file += directory + struct.pack(e + "I", 0)
    return bytes(file), held


FILES = {
    "grey8-lzw": pillow("L", np.uint8, 255, "tiff_lzw"),
    "grey8-packbits": pillow("L", np.uint8, 255, "packbits"),
    "grey8-deflate": pillow("L", np.uint8, 255, "tiff_adobe_deflate"),
    "grey16-lzw-predictor": pillow("I;16", np.uint16, 65535, "tiff_lzw", tiffinfo={317: 2}),
    "grey16-deflate": pillow("I;16", np.uint16, 65535, "tiff_adobe_deflate"),
    "palette8-lzw": pillow("P", np.uint8, 20, "tiff_lzw"),
    "bilevel-fax4": pillow("1", np.uint8, 1, "group4"),
    "bilevel-raw": pillow("1", np.uint8, 1, "raw"),
    "tiled8-deflate": by_hand(b"II", 8, 255, True, True),
    "tiled16-big-endian": by_hand(b"MM", 16, 65535, True, False),
    "strips32-big-endian": by_hand(b"MM", 32, 40000, False, True),
}

if __name__ == "__main__":
    told = {}
    for name, (file, held) in FILES.items():
        told[name] = {
            "file": base64.b64encode(file).decode(),
            "pages": [{"sum": int(v.sum()), "sha256_uint16": hashlib.sha256(v.astype("<u2").tobytes()).hexdigest()} for v in held],
        }
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tiff.json")
    with open(path, "w") as out:
        json.dump({"made_by": "make_tiff.py", "height": H, "width": W, "files": told}, out, indent=1)
        out.write("\n")
