"""An image and its mask that the tests make themselves: NIfTI-1, uncompressed, int16 and uint8."""

import random
import struct
from pathlib import Path

SIZE = (12, 11, 9)
SPACING = (0.8, 0.9, 2.5)


def write(folder, labels=(1,)):
    """Writes image.nii and mask.nii; the region is a box for each label, side by side along x.

    Returns:
        Their paths.
    """
    numbers = random.Random(7)
    image, mask = [], []
    width = (SIZE[0] - 2) // len(labels)
    for z in range(SIZE[2]):
        for y in range(SIZE[1]):
            for x in range(SIZE[0]):
                image.append(numbers.randrange(-60, 180) + 5 * z)
                inside = 1 <= x < SIZE[0] - 1 and 2 <= y < 9 and 1 <= z < 8
                mask.append(labels[min((x - 1) // width, len(labels) - 1)] if inside else 0)
    folder = Path(folder)
    return (
        _nifti(folder / "image.nii", image, 4, "h"),
        _nifti(folder / "mask.nii", mask, 2, "B"),
    )


def _nifti(path, values, code, kind):
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, *SIZE, 1, 1, 1, 1)
    struct.pack_into("<2h", header, 70, code, 8 * struct.calcsize(kind))
    struct.pack_into("<4f", header, 76, 1, *SPACING)
    struct.pack_into("<f", header, 108, 352)
    struct.pack_into("<2f", header, 112, 1, 0)
    struct.pack_into("<2h", header, 252, 0, 1)
    for row in range(3):
        affine = [0.0, 0.0, 0.0, -3.0 * row]
        affine[row] = SPACING[row]
        struct.pack_into("<4f", header, 280 + 16 * row, *affine)
    header[344:348] = b"n+1\0"
    path.write_bytes(bytes(header) + struct.pack(f"<{len(values)}{kind}", *values))
    return str(path)
