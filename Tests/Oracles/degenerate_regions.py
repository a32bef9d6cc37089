#!/usr/bin/env python3
"""Reference values for flat, isolated and overflowing regions, and for LBP3D of images with equal neighbours.

    Tests/Oracles/degenerate_regions.py       writes Tests/RadiomicsTests/Fixtures/pyradiomics-degenerate.json

The images are formulas, as in DegenerateRegionTests.swift. Runs in the environment of tools/pyradiomics_venv.py.
"""

import json
import logging
import os
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from pyradiomics_venv import WITHOUT_AVX512, run_inside  # noqa: E402

os.environ.update(WITHOUT_AVX512)
run_inside("scipy", "trimesh")
import numpy  # noqa: E402
import SimpleITK as sitk  # noqa: E402
from radiomics import featureextractor  # noqa: E402

numpy.float = float

TEXTURE = "featureClass: {firstorder: [], glcm: [], glrlm: [], glszm: [], gldm: [], ngtdm: []}\n"
PATTERN = "featureClass: {firstorder: [], glcm: [Contrast, JointEntropy], glszm: [ZoneEntropy]}\n"
K, J, I = numpy.mgrid[0:9, 0:19, 0:23]
RAMP = 37 * I + 91 * J + 53 * K + I * J * K
COARSE = RAMP // 9 % 6
BOX = numpy.zeros(RAMP.shape, "uint8")
BOX[3:6, 6:12, 8:17] = 1
BOX[4, 5, 9] = 1
ALONE = numpy.zeros_like(BOX)
ALONE[2, 2, 2] = ALONE[6, 8, 15] = ALONE[4, 12, 3] = 1


def features(values, mask, profile):
    pair = []
    for array in (values, mask):
        image = sitk.GetImageFromArray(array)
        image.SetSpacing((0.75, 0.8, 3.25))
        image.SetOrigin((-12.5, 30.25, -101))
        pair.append(image)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(profile)
        file.flush()
        result = featureextractor.RadiomicsFeatureExtractor(file.name).execute(*pair)
    return {
        name: float(value) if numpy.isfinite(float(value)) else str(float(value))
        for name, value in result.items() if not name.startswith("diagnostics")}


def case(kind, values, profile, mask=None):
    mask = "box" if mask is None else mask
    return {
        "image": kind, "mask": mask, "profile": profile,
        "features": features(values, ALONE if mask == "alone" else BOX, profile)}


def main():
    warnings.simplefilter("ignore")
    logging.getLogger("radiomics").setLevel(logging.CRITICAL)
    flat = numpy.full(RAMP.shape, 7, "int16")
    tenth = (COARSE * 0.1).astype("float32")
    cases = {
        "flat integers": case("seven", flat, TEXTURE),
        "flat reals whose mean is another number": case("tenth", numpy.full(RAMP.shape, 0.1), TEXTURE),
        "flat negative reals": case(
            "third", numpy.full(RAMP.shape, -1 / 3), TEXTURE + "setting: {binCount: 8, symmetricalGLCM: false}\n"),
        "voxels without neighbours": case("seven", flat, TEXTURE, "alone"),
        "voxels without neighbours, weighted": case(
            "seven", flat, TEXTURE + "setting: {weightingNorm: euclidean}\n", "alone"),
        "squares beyond the largest number": case("huge", RAMP * 1e297, TEXTURE + "setting: {binCount: 8}\n"),
        "float32 values at a threshold": case(
            "coarse tenths", tenth, TEXTURE + "setting: {binWidth: 0.1, resegmentRange: [0.1, 0.3]}\n"),
        "float32 values within deviations": case(
            "coarse tenths", tenth,
            TEXTURE + "setting: {binWidth: 0.1, resegmentRange: [-1.1, 0.9], resegmentMode: sigma}\n"),
        "LBP3D, normalised": case(
            "coarse", COARSE.astype("int16"),
            "imageType: {LBP3D: {binWidth: 0.5, lbp3DLevels: 4}}\n" + PATTERN
            + "setting: {normalize: true, normalizeScale: 100}\n"),
        "LBP3D, float32": case(
            "coarse tenths", tenth,
            "imageType: {LBP3D: {binWidth: 0.5, lbp3DIcosphereRadius: 1.5, lbp3DIcosphereSubdivision: 2}}\n" + PATTERN),
    }
    target = ROOT / "Tests" / "RadiomicsTests" / "Fixtures" / "pyradiomics-degenerate.json"
    with open(target, "w") as file:
        json.dump(cases, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
