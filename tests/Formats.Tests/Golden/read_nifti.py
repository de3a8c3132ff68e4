"""Prints of each NIfTI file what nnU-Net's reader takes from it by nibabel: shape, spacing, type, affine, voxels as (z, y, x)."""
import sys

try:
    import nibabel
except ImportError:
    print("no nibabel")
    sys.exit()

import numpy

for path in sys.argv[1:]:
    volume = nibabel.load(path)
    zooms = [round(float(z), 4) for z in volume.header.get_zooms()]
    print(volume.shape, zooms, volume.get_data_dtype(), numpy.round(volume.affine, 4).tolist(), numpy.asarray(volume.dataobj).transpose(2, 1, 0).astype(int).tolist())
