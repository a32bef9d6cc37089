#!/usr/bin/env python3
"""What few profiles ask for, against PyRadiomics: LBP2D, LBP3D, shape2D and maps by voxel, on two cases each or more.

    Tests/Oracles/rare_features.py [OPTIONS] [IMAGE,MASK …]

    --voxels N        of a case's region the N voxels that are nearest to its middle (default: 1500; maps by voxel: 300)
    --rtol R          what agrees (tools/agreement.py; default: 1e-6)
    --radiomicsd F    the program (default: .build/release/radiomicsd)

Three made-up cases come first, then those named. LBP2D runs with its four methods and LBP3D with seven settings, each with
first order and texture classes of the patterns; shape2D on the region's fullest slice across each of the three axes. A line
a comparison, then what differs. Status 1 where something does. Runs in the environment of tools/pyradiomics_venv.py, which
is made at the first run: PyRadiomics with scikit-image, scipy and trimesh, and NumPy without AVX-512 (why is said there).
"""

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from agreement import Agreement, numbers  # noqa: E402
from pyradiomics_venv import WITHOUT_AVX512, run_inside  # noqa: E402

if not {"-h", "--help"} & set(sys.argv):
    os.environ.update(WITHOUT_AVX512)
    run_inside("skimage", "scipy", "trimesh")
    import numpy
    import SimpleITK as sitk
    from radiomics import featureextractor

    if not hasattr(numpy, "float"):
        # PyRadiomics 3.0.1 calls it for the skewness of a flat region; NumPy 1.24 took it away.
        numpy.float = float

MAPS = ROOT / "bench" / "run_pyradiomics_voxel.py"
CLASSES = "featureClass: {firstorder: [], glcm: [], glrlm: [], glszm: [], gldm: [], ngtdm: []}\n"
NORMALISED = "setting: {normalize: true, normalizeScale: 100}\n"
PATTERNS = {
    "LBP2D, uniform": "imageType: {LBP2D: {binWidth: 1}}\n" + CLASSES,
    "LBP2D, default, radius 2": "imageType: {LBP2D: {lbp2DMethod: default, lbp2DRadius: 2, binWidth: 8}}\n" + CLASSES,
    "LBP2D, ror, 9 samples": "imageType: {LBP2D: {lbp2DMethod: ror, lbp2DSamples: 9, binWidth: 16}}\n" + CLASSES,
    "LBP2D, var, across y": "imageType: {LBP2D: {lbp2DMethod: var, binCount: 32}}\n" + CLASSES
    + "setting: {force2D: true, force2Ddimension: 1}\n",
    "LBP3D": "imageType: {LBP3D: {binWidth: 0.5}}\n" + CLASSES,
    "LBP3D, 3 levels, radius 2": "imageType: {LBP3D: {lbp3DLevels: 3, lbp3DIcosphereRadius: 2, binWidth: 0.5}}\n" + CLASSES,
    "LBP3D, 3 levels": "imageType: {LBP3D: {lbp3DLevels: 3, binWidth: 0.25}}\n" + CLASSES,
    "LBP3D, normalised": "imageType: {LBP3D: {binWidth: 0.5}}\n" + CLASSES + NORMALISED,
    "LBP3D, 3 levels, radius 2, normalised":
    "imageType: {LBP3D: {lbp3DLevels: 3, lbp3DIcosphereRadius: 2, binWidth: 0.5}}\n" + CLASSES + NORMALISED,
    "LBP3D, resampled": "imageType: {LBP3D: {binWidth: 0.5}}\n" + CLASSES + "setting: {resampledPixelSpacing: [2, 2, 2]}\n",
    "LBP3D, subdivision 2": "imageType: {LBP3D: {lbp3DIcosphereSubdivision: 2, binWidth: 1}}\n"
    + CLASSES,
}
SHAPE = "featureClass: {{shape2D: []}}\nsetting: {{force2D: true, force2Ddimension: {axis}}}\n"
VOXEL = CLASSES + "setting: {binWidth: 25}\nvoxelSetting: {kernelRadius: 1}\n"


def synthetic(kind):
    """Waves with noise on oblong voxels, and an ellipsoid: `int16`, `float32`, or `float64` with holes."""
    generator = numpy.random.RandomState(7 if kind == "int16" else 8)
    z, y, x = numpy.indices((14, 24, 26)).astype(float)
    values = 150 * numpy.sin(z / 3) + 90 * numpy.cos(y / 4 + x / 5) + generator.normal(0, 30, z.shape)
    inside = ((z - 6.5) / 5.5) ** 2 + ((y - 11) / 9) ** 2 + ((x - 13) / 10.3) ** 2 < 1
    if kind == "float64":
        inside &= generator.rand(*z.shape) < 0.9
    elif kind == "int16":
        values = numpy.round(values)
    pair = sitk.GetImageFromArray(values.astype(kind)), sitk.GetImageFromArray(inside.astype("uint8"))
    for image in pair:
        image.SetSpacing((0.75, 0.8, 2.5))
        image.SetOrigin((-12.5, 30.25, -101))
    return pair


def fullest_slice(mask, axis):
    array = sitk.GetArrayFromImage(mask)
    counts = (array != 0).sum(axis=tuple(other for other in range(3) if other != axis))
    kept = numpy.zeros(array.shape, "uint8")
    place = tuple(int(counts.argmax()) if other == axis else slice(None) for other in range(3))
    kept[place] = array[place] != 0
    image = sitk.GetImageFromArray(kept)
    image.CopyInformation(mask)
    return image


class Comparison:
    def __init__(self, arguments, folder):
        self.program = arguments.radiomicsd
        self.rtol = arguments.rtol
        self.folder = folder
        self.differ = 0

    def path(self, name):
        return str(self.folder / name)

    def say(self, name, text, whole):
        print(f"  {name}: {text}", flush=True)
        self.differ += not whole

    def features(self, name, profile, mask):
        """All features of one profile; both programs may refuse it."""
        Path(self.path("profile.yaml")).write_text(profile)
        files = self.path("image.nii.gz"), mask
        try:
            result = featureextractor.RadiomicsFeatureExtractor(self.path("profile.yaml")).execute(*files)
            reference = {key: float(value) for key, value in result.items() if not key.startswith("diagnostics")}
        except Exception as error:
            reference, reason = None, repr(error)[:120]
        done = subprocess.run(
            [self.program, "extract", "--image", files[0], "--mask", files[1], "--profile", self.path("profile.yaml")],
            capture_output=True, text=True)
        if reference is None:
            both = done.returncode in (65, 78)
            self.say(name, f"{'both refuse' if both else 'PyRadiomics alone refuses'} ({reason})", both)
        elif done.returncode:
            self.say(name, f"radiomicsd alone refuses: {done.stderr.strip()}", False)
        else:
            agreement = Agreement(numbers(json.loads(done.stdout)), reference, self.rtol)
            self.say(name, str(agreement), agreement.whole and not agreement.extra)
            for relative, feature, mine, theirs in agreement.apart[:5]:
                print(f"    {feature}: radiomicsd {mine!r}, PyRadiomics {theirs!r}, relative difference {relative:.1e}")

    def maps(self, mask):
        Path(self.path("voxel.yaml")).write_text(VOXEL)
        run = {"check": True, "capture_output": True}
        subprocess.run(
            [self.program, "extract", "--voxel", "--image", self.path("image.nii.gz"), "--mask", mask, "--profile",
             self.path("voxel.yaml"), "--output", self.path("maps")], **run)
        oracle = [sys.executable, str(MAPS)]
        subprocess.run(
            [*oracle, "extract", self.path("image.nii.gz"), mask, self.path("voxel.yaml"), self.path("reference")], **run)
        found = json.loads(subprocess.run([*oracle, "compare", self.path("maps"), self.path("reference")], **run).stdout)
        self.say(
            "maps by voxel",
            f"{found['agreed']}/{found['total']} values of {found['maps']} maps of {found['voxels']} voxels agree, largest "
            f"relative difference {found['largest']:.1e}", found["agreed"] == found["total"])
        for feature, mine, theirs in found["apart"]:
            print(f"    {feature}: radiomicsd {mine!r}, PyRadiomics {theirs!r}")

    def case(self, name, image, mask, voxels):
        print(name, flush=True)
        sitk.WriteImage(image, self.path("image.nii.gz"))
        sitk.WriteImage(mask, self.path("whole.nii.gz"))
        for target, count in (("region.nii.gz", voxels), ("few.nii.gz", 300)):
            subprocess.run(
                [sys.executable, str(MAPS), "region", self.path("whole.nii.gz"), str(count), self.path(target)], check=True)
        for setting, profile in PATTERNS.items():
            self.features(setting, profile, self.path("region.nii.gz"))
        for axis in range(3):
            sitk.WriteImage(fullest_slice(mask, axis), self.path("slice.nii.gz"))
            self.features(f"shape2D, force2Ddimension {axis}", SHAPE.format(axis=axis), self.path("slice.nii.gz"))
        self.maps(self.path("few.nii.gz"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="IMAGE,MASK")
    parser.add_argument("--voxels", type=int, default=1500)
    parser.add_argument("--rtol", type=float, default=1e-6)
    parser.add_argument("--radiomicsd", default=str(ROOT / ".build" / "release" / "radiomicsd"))
    arguments = parser.parse_args()
    if any(case.count(",") != 1 for case in arguments.cases):
        parser.error("name a case as IMAGE,MASK")
    warnings.simplefilter("ignore")
    logging.getLogger("radiomics").setLevel(logging.CRITICAL)
    cases = [(f"made up, {kind}", synthetic(kind)) for kind in ("int16", "float32", "float64")]
    cases += [(case, [sitk.ReadImage(path) for path in case.split(",")]) for case in arguments.cases]
    differ = 0
    for name, (image, mask) in cases:
        with tempfile.TemporaryDirectory() as folder:
            comparison = Comparison(arguments, Path(folder))
            comparison.case(name, image, mask, arguments.voxels)
            differ += comparison.differ
    print(f"{len(cases)} cases, {differ} comparisons with a difference")
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
