"""Writes masks as RTSTRUCT with rt-utils, has radiomicsd read them, and compares the voxels.

    python3 -m venv venv && venv/bin/pip install rt-utils pydicom numpy SimpleITK scipy
    venv/bin/python Tests/Oracles/rt_utils_masks.py .build/release/radiomicsd [ROUNDS]

rt-utils traces outlines with OpenCV through the centres of the outermost voxels, outlines of holes through the voxels
around them. Masks are random: lines one voxel wide, rings one voxel wide, holes, islands, single voxels, parts that touch
at corners; grids are axial and oblique. Each is written with all points and with straight runs shortened, and with pin
holes, where what rt-utils itself made of the mask is compared. Prints what differs; exit 1 where something does.
"""

import os
import subprocess
import sys
import tempfile

import cv2
import numpy
import pydicom
import SimpleITK
from pydicom.dataset import FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid
from rt_utils import RTStructBuilder
from rt_utils.image_helper import create_pin_hole_mask
from scipy import ndimage

ROWS, COLUMNS, SLICES = 40, 48, 8


def write_series(folder, row, column, spacing, step):
    normal = numpy.cross(row, column)
    study, series, frame = generate_uid(), generate_uid(), generate_uid()
    for k in range(SLICES):
        dataset = pydicom.Dataset()
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = CTImageStorage
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = generate_uid()
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.FrameOfReferenceUID = study, series, frame
        dataset.Modality, dataset.PatientID, dataset.PatientName = "CT", "P1", "P1"
        dataset.PatientBirthDate = dataset.PatientSex = dataset.StudyDate = dataset.StudyTime = dataset.StudyID = ""
        dataset.SeriesNumber, dataset.InstanceNumber = 1, k + 1
        dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        place = numpy.array([-123.4, 56.7, -301.5]) + k * step * normal
        dataset.ImagePositionPatient = [f"{value:.6f}" for value in place]
        dataset.ImageOrientationPatient = [f"{value:.10f}" for value in (*row, *column)]
        dataset.PixelSpacing = [spacing, spacing]
        dataset.SliceThickness = step
        dataset.Rows, dataset.Columns = ROWS, COLUMNS
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 16, 15, 1
        dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = 1, 0, "HU"
        dataset.PixelData = numpy.full((ROWS, COLUMNS), 40 + k, numpy.int16).tobytes()
        dataset.save_as(f"{folder}/{k}.dcm", enforce_file_format=True)


def ring(mask, centre, radius):
    cv2.circle(mask, centre, radius, 1, 1)


def random_slice(random):
    mask = numpy.zeros((ROWS, COLUMNS), numpy.uint8)

    def point():
        return int(random.integers(1, COLUMNS - 1)), int(random.integers(1, ROWS - 1))

    kind = random.integers(0, 7)
    if kind == 0:  # noise
        mask[1:-1, 1:-1] = random.random((ROWS - 2, COLUMNS - 2)) < random.uniform(0.05, 0.9)
    elif kind == 1:  # blobs with holes and islands
        smooth = ndimage.gaussian_filter(random.standard_normal((ROWS, COLUMNS)), random.uniform(0.6, 3))
        mask[smooth > smooth.std() * random.uniform(-0.5, 0.8)] = 1
    elif kind == 2:  # lines
        for _ in range(random.integers(1, 5)):
            cv2.line(mask, point(), point(), 1, 1)
    elif kind == 3:  # rings
        for _ in range(random.integers(1, 4)):
            ring(mask, point(), int(random.integers(1, 12)))
    elif kind == 4:  # a disc with a hole and an island in it
        x, y = COLUMNS // 2, ROWS // 2
        radius = int(random.integers(6, 18))
        cv2.circle(mask, (x, y), radius, 1, -1)
        cv2.circle(mask, (x, y), radius - int(random.integers(1, 5)), 0, -1)
        cv2.circle(mask, (x, y), int(random.integers(0, 3)), 1, -1)
    elif kind == 5:  # boxes
        for _ in range(random.integers(1, 4)):
            (a, b), (c, d) = point(), point()
            mask[min(b, d) : max(b, d) + 1, min(a, c) : max(a, c) + 1] ^= 1
    else:  # points
        for _ in range(random.integers(1, 6)):
            x, y = point()
            mask[y, x] = 1
    return mask


def convert(program, folder, structures):
    out = f"{folder}/out"
    os.makedirs(out, exist_ok=True)
    done = subprocess.run(
        [program, "convert", f"{folder}/ct", "--mask", structures, "--output", f"{out}/i.nii.gz", "--mask-output", f"{out}/m.nii.gz"],
        capture_output=True, text=True)
    if done.returncode != 0:
        return None, done.stderr
    return SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(f"{out}/m.nii.gz")), done.stderr


def main(program, rounds):
    compared = differing = 0
    for seed in range(rounds):
        random = numpy.random.default_rng(seed)
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(f"{folder}/ct")
            row, column = numpy.array([1.0, 0, 0]), numpy.array([0, 1.0, 0])
            if seed % 3 == 2:  # oblique
                axes = numpy.linalg.qr(random.standard_normal((3, 3)))[0]
                row, column = axes[0], axes[1]
            write_series(f"{folder}/ct", row, column, float(random.choice([0.5, 0.7, 0.9765625, 1.0])), 2.5)
            mask = numpy.stack([random_slice(random) for _ in range(SLICES)], axis=2)
            mask[:, :, :2] *= seed % 2
            # A region of some voxels in any case.
            mask[18:23, 20:26, 4] = 1
            for approximate, pins in ((True, False), (False, False), (True, True)):
                wanted = mask.copy()
                try:
                    structures = RTStructBuilder.create_new(dicom_series_path=f"{folder}/ct")
                    structures.add_roi(mask=mask.astype(bool), name="T", approximate_contours=approximate, use_pin_hole=pins)
                    if pins:
                        for k in range(SLICES):
                            if wanted[:, :, k].any():
                                wanted[:, :, k] = create_pin_hole_mask(mask[:, :, k], approximate)
                    structures.save(f"{folder}/rs.dcm")
                except Exception as error:  # pin holes run off the image
                    if not pins:
                        raise
                    continue
                compared += 1
                found, said = convert(program, folder, f"{folder}/rs.dcm")
                if found is None or not (found == wanted.transpose(2, 0, 1)).all():
                    differing += 1
                    where = "" if found is None else [
                        (k, int((found[k] != wanted[:, :, k]).sum())) for k in range(SLICES) if (found[k] != wanted[:, :, k]).any()]
                    print(f"seed {seed}, approximate {approximate}, pin holes {pins}: {where} {said.strip()}")
    print(f"OpenCV {cv2.__version__}: {compared} masks, {differing} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 60))
