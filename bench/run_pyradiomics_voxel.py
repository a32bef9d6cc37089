"""What bench/voxel.py needs of PyRadiomics. Runs in the environment of tools/pyradiomics_venv.py.

    region MASK N TARGET                    writes the N voxels of a mask that are nearest to its middle
    extract IMAGE MASK PROFILE FOLDER       maps of features by voxel into FOLDER; prints seconds and peak memory
    compare OURS FOLDER                     compares two folders of maps inside the region
"""

import json
import logging
import math
import os
import resource
import sys
import time
import warnings

import numpy
import SimpleITK as sitk

LOCATIONS = {"Mean", "Median", "Minimum", "Maximum", "10Percentile", "90Percentile"}
OF_SIZE_ONE = ("_firstorder_Skewness", "_glcm_Correlation", "_glcm_Imc1", "_glcm_Imc2", "_glcm_MCC")
# Outside every region, and what no feature is.
OUTSIDE = 1e300


def region(mask, voxels, target):
    image = sitk.ReadImage(mask)
    array = sitk.GetArrayFromImage(image)
    places = numpy.argwhere(array)
    spacing = numpy.array(image.GetSpacing())[::-1]
    distance = (((places - places.mean(axis=0)) * spacing) ** 2).sum(axis=1)
    nearest = places[numpy.argsort(distance, kind="stable")[: int(voxels)]]
    cut = numpy.zeros(array.shape, "uint8")
    cut[tuple(nearest.T)] = 1
    result = sitk.GetImageFromArray(cut)
    result.CopyInformation(image)
    sitk.WriteImage(result, target)


def extract(image, mask, profile, folder):
    from radiomics import featureextractor

    if not hasattr(numpy, "float"):
        numpy.float = float
    warnings.simplefilter("ignore")
    logging.getLogger("radiomics").setLevel(logging.CRITICAL)
    extractor = featureextractor.RadiomicsFeatureExtractor(profile)
    extractor.settings["initValue"] = OUTSIDE
    image, mask = sitk.ReadImage(image), sitk.ReadImage(mask)
    start = time.perf_counter()
    result = extractor.execute(image, mask, voxelBased=True)
    seconds = time.perf_counter() - start
    os.makedirs(folder, exist_ok=True)
    maps = {name: sitk.GetArrayFromImage(value) for name, value in result.items() if isinstance(value, sitk.Image)}
    numpy.savez(folder + "/maps.npz", **maps)
    print(json.dumps({"seconds": seconds, "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))


def compare(ours, folder):
    """|ours - reference| <= 1e-10 + 1e-6 * max(|reference|, natural size), or both not a number (tools/agreement.py)."""
    reference = dict(numpy.load(folder + "/maps.npz"))
    marker = next(value for name, value in reference.items() if name.endswith("firstorder_Maximum"))
    inside = marker != OUTSIDE
    agreed = total = 0
    largest = 0.0
    apart = []
    for name, array in reference.items():
        theirs = array[inside]
        # Some readers of NIfTI make NaN 0: these bytes are taken as they are.
        mine = read_map(f"{ours}/{name}.nii.gz", array.shape)[inside]
        kind, _, feature = name.partition("_firstorder_")
        size = numpy.zeros(len(theirs))
        if feature in LOCATIONS:
            size = numpy.abs(reference[f"{kind}_firstorder_Range"][inside])
        elif name.endswith(OF_SIZE_ONE):
            size = numpy.ones(len(theirs))
        elif name.endswith("_glcm_ClusterShade"):
            size = numpy.abs(reference[name.replace("ClusterShade", "ClusterProminence")][inside]) ** 0.75
        # What PyRadiomics computes nothing for is left at its initial value, here and there.
        empty = (theirs == OUTSIDE) & (mine == 0)
        both = numpy.isnan(theirs) & numpy.isnan(mine)
        with numpy.errstate(invalid="ignore", divide="ignore"):
            size = numpy.maximum(numpy.abs(theirs), size)
            difference = numpy.abs(mine - theirs)
            same = both | empty | (difference <= 1e-10 + 1e-6 * size)
            counted = same & ~both & ~empty & (difference > 1e-10)
            if counted.any():
                largest = max(largest, float((difference / size)[counted].max()))
        agreed += int(same.sum())
        total += len(same)
        for place in numpy.flatnonzero(~same)[:2]:
            apart.append((name, text(mine[place]), text(theirs[place])))
    print(json.dumps({
        "voxels": int(inside.sum()), "maps": len(reference), "agreed": agreed, "total": total, "largest": largest,
        "apart": apart[:20]}))


def text(value):
    return None if math.isnan(value) else float(value)


def read_map(path, shape):
    import gzip

    with gzip.open(path) as file:
        return numpy.frombuffer(file.read()[352:], "<f8").reshape(shape)


if __name__ == "__main__":
    {"region": region, "extract": extract, "compare": compare}[sys.argv[1]](*sys.argv[2:])
