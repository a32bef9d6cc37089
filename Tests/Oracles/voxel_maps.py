#!/usr/bin/env python3
"""Reference values for maps of features by voxel: PyRadiomics' voxel-based extraction (execute(..., voxelBased=True)).

usage: voxel_maps.py [SHARED_DATA] > Tests/RadiomicsTests/Fixtures/voxel-maps.json

Needs PyRadiomics 3.0.1 or 3.1.0. The images are the formula of SyntheticImage.swift and, where the folder of shared data
is named, two of PyRadiomics' test cases. Of every map seven numbers are kept: the values at five voxels of the region
(evenly spread in storage order), the mean of the numbers among all of them, and how many are NaN.
"""
import json, logging, os, sys, tempfile, warnings
import numpy
if not hasattr(numpy, "float"):
    numpy.float = float
import SimpleITK as sitk
from radiomics import featureextractor

warnings.simplefilter("ignore")
logging.getLogger("radiomics").setLevel(logging.CRITICAL)

CLASSES = "featureClass: {firstorder: [], glcm: [], glrlm: [], glszm: [], gldm: [], ngtdm: []}\n"
FEW = (
    "featureClass: {firstorder: [Maximum, Entropy], glcm: [Contrast, Imc2], glrlm: [RunEntropy], glszm: [ZoneEntropy], "
    "gldm: [DependenceEntropy], ngtdm: [Coarseness]}\n"
)
MARKER = "featureClass: {firstorder: [Maximum]}\n"
PROFILES = {
    "masked": CLASSES + "setting: {binWidth: 100, voxelArrayShift: 1000}\nvoxelSetting: {kernelRadius: 1}\n",
    "unmasked": CLASSES + "setting: {binWidth: 150}\n"
    "voxelSetting: {kernelRadius: 2, maskedKernel: false, initValue: -1.5, voxelBatch: 50}\n",
    "planes": "imageType: {Original: {}, Square: {binCount: 12}}\n" + CLASSES
    + "setting: {binWidth: 80, force2D: true, distances: [1, 2], weightingNorm: euclidean, gldm_a: 1}\n"
    "voxelSetting: {kernelRadius: 2}\n",
    "batches": CLASSES + "setting: {binWidth: 100, symmetricalGLCM: false, distances: [1, 2]}\n"
    "voxelSetting: {voxelBatch: 40}\n",
    "derived": FEW + "imageType: {Original: {}, Wavelet: {}, LoG: {sigma: [2.0, 3.5]}}\n"
    "setting: {binWidth: 60, weightingNorm: no_weighting}\n",
    "slices": FEW + "imageType: {Original: {}, Wavelet: {}}\n"
    "setting: {binWidth: 60, force2D: true, force2Ddimension: 1, weightingNorm: manhattan}\n"
    "voxelSetting: {kernelRadius: 2}\n",
}
SHARED = {
    "breast1": CLASSES + "imageType: {Original: {}, Gradient: {binWidth: 10}}\nsetting: {binWidth: 25}\n",
    "brain1": CLASSES + "imageType: {Original: {}, LoG: {sigma: [4.0], binCount: 8}}\n"
    "setting: {binWidth: 25, resampledPixelSpacing: [4, 4, 6.5]}\nvoxelSetting: {maskedKernel: false}\n",
}


def synthetic():
    x, y, z = 23, 19, 9
    k, j, i = numpy.mgrid[0:z, 0:y, 0:x]
    values = (37 * i + 91 * j + 53 * k + i * j * k) % 2000 - 1000
    mask = numpy.zeros(values.shape, "uint8")
    mask[3:6, 6:12, 8:17] = 1
    mask[4, 5, 9] = 1
    pair = []
    for array in (values.astype("int16"), mask):
        image = sitk.GetImageFromArray(array)
        image.SetSpacing((0.75, 0.8, 3.25))
        image.SetOrigin((-12.5, 30.25, -101))
        pair.append(image)
    return pair


def maps(image, mask, profile):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(profile)
        file.flush()
        result = featureextractor.RadiomicsFeatureExtractor(file.name).execute(image, mask, voxelBased=True)
    kept = {}
    for name, value in result.items():
        if not isinstance(value, sitk.Image):
            continue
        kept[name] = sitk.GetArrayFromImage(value)
    # The region is where a map does not hold its initial value.
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        body = profile.split("voxelSetting")[0].replace(CLASSES, MARKER).replace(FEW, MARKER)
        file.write(body + "voxelSetting: {initValue: 1.0e+300}\n")
        file.flush()
        extractor = featureextractor.RadiomicsFeatureExtractor(file.name)
        extractor.settings["kernelRadius"] = 2 if "kernelRadius: 2" in profile else 1
        marked = extractor.execute(image, mask, voxelBased=True)
    marker = next(v for v in marked.values() if isinstance(v, sitk.Image))
    inside = sitk.GetArrayFromImage(marker) < 1e299
    number = int(inside.sum())
    picks = [(number - 1) * n // 4 for n in range(5)]
    features = {}
    for name, array in kept.items():
        values = array[inside]
        numbers = values[~numpy.isnan(values)]
        row = [values[p] for p in picks] + [numbers.mean() if len(numbers) else numpy.nan]
        features[name] = [None if numpy.isnan(v) else float("%.12g" % v) for v in row] + [len(values) - len(numbers)]
    return {"profile": profile, "voxels": number, "size": list(marker.GetSize()), "features": features}


cases = {}
for name, profile in PROFILES.items():
    cases[name] = maps(*synthetic(), profile)
if len(sys.argv) > 1:
    for name, profile in SHARED.items():
        pair = [sitk.ReadImage(os.path.join(sys.argv[1], "pyradiomics", f"{name}_{part}.nrrd")) for part in ("image", "label")]
        cases[name] = maps(*pair, profile)
json.dump(cases, sys.stdout, indent=None, separators=(",", ":"))
