"""Studies of every kind, made from phantoms: a folder `ct` and a mask in one of the formats that are read."""

import glob
import gzip
import math
import os
import shutil
import struct
import tarfile
import zipfile

from builds.dicom import Slice, write_segmentation, write_structure_set


class Grid:
    """A label map of 8-bit voxels as a phantom's mask.nii.gz holds it, axes along LPS."""

    def __init__(self, path):
        with gzip.open(path, "rb") as file:
            self.nifti = file.read()
        self.size = struct.unpack("<3h", self.nifti[42:48])
        self.spacing = struct.unpack("<3f", self.nifti[80:92])
        rows = [struct.unpack("<4f", self.nifti[280 + 16 * row:296 + 16 * row]) for row in range(3)]
        # NIfTI counts to the right and to the front of the patient, DICOM to the left and to the back.
        self.origin = (-rows[0][3], -rows[1][3], rows[2][3])
        offset = int(struct.unpack("<f", self.nifti[108:112])[0])
        count = self.size[0] * self.size[1] * self.size[2]
        self.head, self.voxels = self.nifti[:offset], self.nifti[offset:offset + count]
        # The phantom's columns run to the left and its rows to the back: the mask's voxels are stored as its images'.
        assert len(self.voxels) == count and rows[0][0] < 0 and rows[1][1] < 0 and rows[2][2] > 0, path

    def box(self):
        """First and last index of the region along each axis."""
        nx, ny, _ = self.size
        found = [i for i, value in enumerate(self.voxels) if value]
        axes = [[i % nx for i in found], [i // nx % ny for i in found], [i // (nx * ny) for i in found]]
        return [(min(axis), max(axis)) for axis in axes]

    def halves(self, labels):
        """The same region, the part right of its middle with the second label."""
        nx = self.size[0]
        low, high = self.box()[0]
        return bytes(value and labels[i % nx > (low + high) // 2] for i, value in enumerate(self.voxels))


def slices(study):
    return sorted((Slice(path) for path in glob.glob(os.path.join(study, "ct", "*.dcm"))),
                  key=lambda one: one.numbers(0x20, 0x32)[2])


def images(study):
    return sorted(glob.glob(os.path.join(study, "ct", "*.dcm")))


def rename(study, series):
    """Gives every image of the study another series."""
    for path in images(study):
        one = Slice(path)
        one.put(0x20, 0x0E, series)
        one.put(0x08, 0x18, f"{series}.{one.text(0x20, 0x13)}")
        one.write(path)


def mask_path(study):
    return os.path.join(study, "mask.nii.gz")


def save_mask(study, name, voxels, grid):
    data = grid.head + voxels
    with open(os.path.join(study, name), "wb") as file:
        file.write(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)


def uncompressed(study):
    grid = Grid(mask_path(study))
    save_mask(study, "mask.nii", grid.voxels, grid)
    os.remove(mask_path(study))


def nrrd(study, name="mask.nrrd"):
    grid = Grid(mask_path(study))
    x, y, z = grid.spacing
    lines = ["NRRD0004", "type: uint8", "dimension: 3", "space: left-posterior-superior",
             "sizes: " + " ".join(map(str, grid.size)), f"space directions: ({x:g},0,0) (0,{y:g},0) (0,0,{z:g})",
             "kinds: domain domain domain", "endian: little", "encoding: gzip",
             "space origin: ({:g},{:g},{:g})".format(*grid.origin), "", ""]
    with open(os.path.join(study, name), "wb") as file:
        file.write("\n".join(lines).encode() + gzip.compress(grid.voxels, mtime=0))
    os.remove(mask_path(study))


def metaimage(study):
    grid = Grid(mask_path(study))
    lines = ["ObjectType = Image", "NDims = 3", "BinaryData = True", "BinaryDataByteOrderMSB = False",
             "CompressedData = False", "TransformMatrix = 1 0 0 0 1 0 0 0 1",
             "Offset = {:g} {:g} {:g}".format(*grid.origin), "CenterOfRotation = 0 0 0", "AnatomicalOrientation = RAI",
             "ElementSpacing = {:g} {:g} {:g}".format(*grid.spacing), "DimSize = {} {} {}".format(*grid.size),
             "ElementType = MET_UCHAR", "ElementDataFile = LOCAL", ""]
    with open(os.path.join(study, "mask.mha"), "wb") as file:
        file.write("\n".join(lines).encode() + grid.voxels)
    os.remove(mask_path(study))


def polygons(grid, radius=1.0):
    """An ellipse within the region's box, on each of its slices but the outermost two."""
    (x0, x1), (y0, y1), (z0, z1) = grid.box()
    drawn = []
    for z in range(z0 + (z1 - z0 > 2), z1 + 1 - (z1 - z0 > 2)):
        points = []
        for step in range(24):
            angle = step * math.pi / 12
            at = ((x0 + x1 + (x1 - x0) * radius * math.cos(angle)) / 2,
                  (y0 + y1 + (y1 - y0) * radius * math.sin(angle)) / 2, z)
            points.append([grid.origin[axis] + at[axis] * grid.spacing[axis] for axis in range(3)])
        drawn.append(points)
    return drawn


def structure_set(study, *names):
    grid = Grid(mask_path(study))
    regions = [(name, polygons(grid, 1 - 0.2 * number)) for number, name in enumerate(names)]
    write_structure_set(os.path.join(study, "rtstruct.dcm"), slices(study), regions)
    os.remove(mask_path(study))


def segmentation(study):
    write_segmentation(os.path.join(study, "seg.dcm"), slices(study), Grid(mask_path(study)).voxels)
    os.remove(mask_path(study))


def two_labels(study):
    grid = Grid(mask_path(study))
    save_mask(study, "mask.nii.gz", grid.halves((1, 2)), grid)


def two_masks(study):
    grid = Grid(mask_path(study))
    save_mask(study, "other.nii.gz", grid.halves((1, 0)), grid)


def empty_mask(study):
    grid = Grid(mask_path(study))
    save_mask(study, "mask.nii.gz", bytes(len(grid.voxels)), grid)


def second_series(study):
    """The same images again, as another series of the same frame of reference."""
    copy = os.path.join(study, "ct2")
    shutil.copytree(os.path.join(study, "ct"), copy)
    for path in sorted(glob.glob(os.path.join(copy, "*.dcm"))):
        one = Slice(path)
        one.put(0x20, 0x0E, "1.2.826.0.1.3680043.9.1")
        one.put(0x08, 0x18, f"1.2.826.0.1.3680043.9.1.{one.text(0x20, 0x13)}")
        one.write(path)


def change(group, element, text, every=1):
    """Gives each image, or every so many, another value."""
    def made(study):
        for path in images(study)[::every]:
            one = Slice(path)
            one.put(group, element, text)
            one.write(path)
    return made


def without(*numbers):
    def made(study):
        paths = images(study)
        for number in numbers:
            os.remove(paths[number])
    return made


def without_mask(study):
    os.remove(mask_path(study))


def without_images(study):
    shutil.rmtree(os.path.join(study, "ct"))


def cut_slice(study):
    path = images(study)[-1]
    os.truncate(path, os.path.getsize(path) // 2)


def damaged(study):
    """A file that should be a slice by its name, and is none."""
    file("ct/IM0099.dcm", "not DICOM")(study)


def file(name, text):
    def made(study):
        path = os.path.join(study, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
    return made


def link(study):
    os.symlink("ct/IM0001.dcm", os.path.join(study, "link.dcm"))


def deep(study):
    """Folders within folders, and what copies leave behind."""
    inner = os.path.join(study, "DICOM", "PAT 1", "SER00003")
    os.makedirs(os.path.dirname(inner))
    os.rename(os.path.join(study, "ct"), inner)
    for name, text in (("Thumbs.db", "junk"), ("notes.txt", "seen"), ("DICOM/VERSION", "1"), ("viewer.exe", "MZ")):
        file(name, text)(study)


# Archives: one byte for byte the same each time, whenever it is made


def files(study):
    found = []
    for folder, folders, names in os.walk(study):
        folders.sort()
        found += [os.path.join(folder, name) for name in sorted(names)]
    return found


def zipped(study, target, prefix="", extra=()):
    with zipfile.ZipFile(target, "w") as archive:
        for path in files(study):
            member = zipfile.ZipInfo(prefix + os.path.relpath(path, study))
            member.compress_type = zipfile.ZIP_DEFLATED
            with open(path, "rb") as data:
                archive.writestr(member, data.read())
        for name, text in extra:
            archive.writestr(zipfile.ZipInfo(name), text)


def tarred(study, target, prefix="study/"):
    plain = target + ".plain"
    with tarfile.open(plain, "w", format=tarfile.USTAR_FORMAT) as archive:
        for path in files(study):
            member = tarfile.TarInfo(prefix + os.path.relpath(path, study))
            member.size = os.path.getsize(path)
            with open(path, "rb") as data:
                archive.addfile(member, data)
    if target.endswith(".tar"):
        os.rename(plain, target)
    else:
        with open(plain, "rb") as data, open(target, "wb") as out:
            out.write(gzip.compress(data.read(), mtime=0))
        os.remove(plain)
