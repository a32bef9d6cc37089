"""Masks of growing size around the middle of a case, for the curve of time over size.

An ellipsoid with the image's proportions is scaled until it holds the wanted share of the image's voxels; what reaches
out of the image is cut off. Only the header of the case's mask is taken over.
"""

import gzip
import math
import struct


def read_header(mask):
    """Header bytes, voxels along x, y, z, spacing in mm, and where voxels begin."""
    with gzip.open(mask) as file:
        header = file.read(352)
    order = "<" if struct.unpack("<i", header[:4])[0] == 348 else ">"
    size = struct.unpack(order + "8h", header[40:56])[1:4]
    spacing = struct.unpack(order + "8f", header[76:108])[1:4]
    return order, header, size, spacing


def ellipsoid_rows(size, scale):
    """First and last column of each row (z, y) inside, or None."""
    middle = [(n - 1) / 2 for n in size]
    radius = [n / 2 * scale for n in size]
    for z in range(size[2]):
        for y in range(size[1]):
            rest = 1 - ((z - middle[2]) / radius[2]) ** 2 - ((y - middle[1]) / radius[1]) ** 2
            if rest < 0:
                yield None
                continue
            half = radius[0] * math.sqrt(rest)
            first, last = max(0, math.ceil(middle[0] - half)), min(size[0] - 1, math.floor(middle[0] + half))
            yield (first, last) if first <= last else None


def voxels(size, scale):
    return sum(row[1] - row[0] + 1 for row in ellipsoid_rows(size, scale) if row)


def write_mask(mask, millilitres, target):
    """Writes a mask of so many millilitres; returns how many it has (less where the image is smaller)."""
    order, header, size, spacing = read_header(mask)
    voxel = spacing[0] * spacing[1] * spacing[2] / 1000
    low, high = 0.0, 2.0
    for _ in range(24):
        middle = (low + high) / 2
        if voxels(size, middle) * voxel < millilitres:
            low = middle
        else:
            high = middle
    # One byte a voxel, no scale.
    header = bytearray(header)
    header[70:74] = struct.pack(order + "hh", 2, 8)
    header[108:120] = struct.pack(order + "3f", 352, 1, 0)
    count = 0
    with gzip.open(target, "wb", compresslevel=1) as file:
        file.write(header)
        for row in ellipsoid_rows(size, high):
            line = bytearray(size[0])
            if row:
                line[row[0]:row[1] + 1] = b"\1" * (row[1] - row[0] + 1)
                count += row[1] - row[0] + 1
            file.write(line)
    return count * voxel
