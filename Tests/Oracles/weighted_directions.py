#!/usr/bin/env python3
"""Reference values for the co-occurrence of distant slices: PyRadiomics' MCC, Imc1 and Imc2 with `weightingNorm`.

usage: weighted_directions.py        prints the rows of WeightedDirectionTests.swift

Needs PyRadiomics 3.0.1 or 3.1.0. The image is the formula of SyntheticImage.swift. The region is a box of one slice,
voxels around it without a neighbour in their own slice, and pairs of voxels one above the other: their pairs have the weight
of a step across slices, exp(-length²), and the product of such levels' probabilities is less than PyRadiomics' ε = 2^-52.
"""
import logging
import tempfile

import numpy
import SimpleITK as sitk
from radiomics import featureextractor

logging.getLogger("radiomics").setLevel(logging.CRITICAL)

# Distance of slices in mm, norm, bin width, symmetricalGLCM.
CASES = [
    (2.5, "euclidean", 10, True), (4, "manhattan", 10, True), (4, "manhattan", 10, False), (5, "euclidean", 25, True),
    (5, "euclidean", 25, False), (6, "infinity", 60, False), (6, "euclidean", 150, True), (6, "euclidean", 300, False)]

k, j, i = numpy.mgrid[0:9, 0:19, 0:23]
values = ((37 * i + 91 * j + 53 * k + i * j * k) % 2000 - 1000).astype("int16")
mask = numpy.zeros(values.shape, "uint8")
mask[4, 6:12, 8:17] = 1
mask[3, 6:12:2, 8:17:2] = 1
mask[5, 7:12:2, 9:17:2] = 1
mask[6:8, 13:18:2, 2:8:2] = 1

for distance, norm, width, symmetrical in CASES:
    image, region = sitk.GetImageFromArray(values), sitk.GetImageFromArray(mask)
    for grid in (image, region):
        grid.SetSpacing((0.75, 0.8, distance))
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(
            f"featureClass: {{glcm: [MCC, Imc1, Imc2]}}\n"
            f"setting: {{binWidth: {width}, symmetricalGLCM: {str(symmetrical).lower()}, weightingNorm: {norm}}}\n")
        file.flush()
        result = featureextractor.RadiomicsFeatureExtractor(file.name).execute(image, region)
    mcc, imc1, imc2 = (float(result[f"original_glcm_{name}"]) for name in ("MCC", "Imc1", "Imc2"))
    print(
        f'    Case(spacing: {distance}, norm: "{norm}", binWidth: {width}, symmetrical: {str(symmetrical).lower()}, '
        f"mcc: {mcc!r}, imc1: {imc1!r}, imc2: {imc2!r}),")
