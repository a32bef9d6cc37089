#!/usr/bin/env python3
"""PyRadiomics' own test suite: the values that it has recorded, and the parameter files that it gives as examples.

    Tests/Oracles/pyradiomics_suite.py [OPTIONS]

    --only PART       `baseline` or `examples` (default: both)
    --rtol R          what agrees (tools/agreement.py; default: 1e-6)
    --radiomicsd F    the program (default: .build/release/radiomicsd)

The source archive of PyRadiomics 3.0.1 comes through pip and holds recordings, test images and example settings. It is kept in
the environment of tools/pyradiomics_venv.py, in which this runs; that is made at the first run.

baseline: each test case of data/baseline/*.csv is extracted with its recorded settings, and each feature is compared with the
recording by the suite's own rule (3 %, and nothing but 0 for 0). The recordings were made by versions 1.3 to 2.1; what is
farther from one than R must agree within R with PyRadiomics 3.0.1 run on the same files. The masks of one slice that the suite downloads are cut
from the whole masks, and are the suite's when they have the recorded hash. The suite's recorded matrices are not compared:
radiomicsd writes none, and every feature is made of them.

examples: every file of examples/exampleSettings on every test image (on one slice of each where it asks for shape2D) by both
programs; maps by voxel where it has voxel settings.

A line a feature class or file, then what differs. Status 1 where something does.
"""

import argparse
import ast
import csv
import json
import logging
import math
import subprocess
import sys
import tarfile
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from agreement import Agreement, natural_size, numbers  # noqa: E402
from pyradiomics_venv import HOME, run_inside  # noqa: E402

if not {"-h", "--help"} & set(sys.argv):
    run_inside()
    import numpy
    import SimpleITK as sitk
    from radiomics import featureextractor
    from ruamel.yaml import YAML

    if not hasattr(numpy, "float"):
        # PyRadiomics 3.0.1 calls it for the skewness of a flat region; NumPy 1.24 took it away.
        numpy.float = float

MAPS = ROOT / "bench" / "run_pyradiomics_voxel.py"
NAME = "pyradiomics-3.0.1"
CASES = ["brain1", "brain2", "breast1", "lung1", "lung2"]
# What the suite calls the same.
SUITE = 0.03
CONFIGURATION = "diagnostics_Configuration_"


def source_archive():
    """The folder of PyRadiomics' source archive."""
    folder = HOME / NAME
    if not (folder / "PKG-INFO").exists():
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-build-isolation", "--no-binary",
             "pyradiomics", "pyradiomics==3.0.1", "-d", str(HOME)], check=True)
        with tarfile.open(HOME / f"{NAME}.tar.gz") as archive:
            archive.extractall(HOME, filter="data")
    return folder


class Programs:
    """Both programs on the files of one test case."""

    def __init__(self, radiomicsd, folder):
        self.radiomicsd = radiomicsd
        self.folder = folder

    def write(self, parameters):
        path = self.folder / "parameters.yaml"
        with open(path, "w") as file:
            YAML(typ="safe", pure=True).dump(parameters, file)
        return str(path)

    def ours(self, image, mask, parameters):
        """Features, or None and why not."""
        done = subprocess.run(
            [self.radiomicsd, "extract", "--image", image, "--mask", mask, "--profile", parameters],
            capture_output=True, text=True)
        return (numbers(json.loads(done.stdout)), "") if done.returncode == 0 else (None, done.stderr.strip()[-300:])

    def theirs(self, image, mask, parameters):
        try:
            result = featureextractor.RadiomicsFeatureExtractor(parameters).execute(image, mask)
        except Exception as error:
            return None, repr(error)[:200]
        return {name: float(value) for name, value in result.items() if not name.startswith("diagnostics")}, ""


class Recording:
    """A file of recorded values: its test cases, each with settings and values by feature."""

    def __init__(self, path):
        self.feature_class = path.stem.removeprefix("baseline_")
        with open(path, newline="") as file:
            rows = list(csv.reader(file))
        self.tests = {}
        for column, test in enumerate(rows[0][1:], start=1):
            cells = {row[0]: row[column] for row in rows[1:]}
            settings = ast.literal_eval(cells[CONFIGURATION + "Settings"])
            if self.feature_class == "shape":
                # As the suite has it.
                settings["resegmentRange"] = None
            values = {name: float(cell) for name, cell in cells.items() if "diagnostics" not in name}
            parameters = {
                "imageType": ast.literal_eval(cells.get(CONFIGURATION + "EnabledImageTypes", "{'Original': {}}")),
                "featureClass": {self.feature_class: [name.split("_")[-1] for name in values]},
                "setting": settings}
            self.tests[test] = cells, parameters, values


def passes(mine, recorded):
    """The suite's own rule."""
    return mine == 0 if recorded == 0 else abs(1 - mine / recorded) < SUITE


def agrees(name, mine, reference, rtol):
    size = max(abs(reference[name]), natural_size(name, reference))
    return abs(mine - reference[name]) <= 1e-10 + rtol * size


class Suite:
    def __init__(self, arguments, folder):
        self.source = source_archive()
        self.programs = Programs(arguments.radiomicsd, folder)
        self.folder = folder
        self.rtol = arguments.rtol
        self.differ = 0

    def files(self, case, cells=None):
        """Image and mask of a test case; `_2D` stands for one slice of the mask: that of the recording, or its fullest."""
        whole = case.removesuffix("_2D")
        image, mask = (str(self.source / "data" / f"{whole}_{part}.nrrd") for part in ("image", "label"))
        if whole == case:
            return image, mask
        label = sitk.ReadImage(mask, sitk.sitkUInt32)
        if cells:
            z = ast.literal_eval(cells["diagnostics_Mask-corrected_BoundingBox"])[2]
        else:
            z = int((sitk.GetArrayFromImage(label) == 1).sum(axis=(1, 2)).argmax())
        one = label[:, :, z : z + 1]
        if cells and sitk.Hash(one) != cells["diagnostics_Mask-original_Hash"]:
            sys.exit(f"slice {z} of {mask} is not the mask that was recorded for {case}")
        path = str(self.folder / "slice.nrrd")
        sitk.WriteImage(one, path)
        return image, path

    def say(self, test, name, text):
        self.differ += 1
        print(f"    {test} {name}: {text}", flush=True)

    def baseline(self):
        print(f"{'recorded':12} {'tests':>5} {'values':>6} {f'within {self.rtol:g}':>13} {'old recording':>13} {'differ':>6}")
        sums = [0] * 5
        for path in sorted((self.source / "data" / "baseline").glob("baseline_*.csv")):
            recording = Recording(path)
            before, counts = self.differ, [len(recording.tests), 0, 0, 0]
            old = []
            for test, (cells, parameters, recorded) in recording.tests.items():
                near, far = self.test(test, cells, parameters, recorded)
                counts[1] += len(recorded)
                counts[2] += near
                counts[3] += len(far)
                old += far
            counts.append(self.differ - before)
            sums = [a + b for a, b in zip(sums, counts)]
            print(f"{recording.feature_class:12} {counts[0]:5} {counts[1]:6} {counts[2]:13} {counts[3]:13} {counts[4]:6}")
            for line in old:
                print(f"    {line}", flush=True)
        print(f"{'all':12} {sums[0]:5} {sums[1]:6} {sums[2]:13} {sums[3]:13} {sums[4]:6}")

    def test(self, test, cells, parameters, recorded):
        """How many values agree with the recording, and lines on those that agree with PyRadiomics of today alone."""
        image, mask = self.files(cells[CONFIGURATION + "TestCase"], cells)
        written = self.programs.write(parameters)
        ours, reason = self.programs.ours(image, mask, written)
        if ours is None:
            for name in recorded:
                self.say(test, name, reason)
            return 0, []
        far = [
            name for name, value in recorded.items()
            if name not in ours or not passes(ours[name], value) or not agrees(name, ours[name], recorded, self.rtol)]
        today, reason = self.programs.theirs(image, mask, written) if far else ({}, "")
        lines = []
        for name in far:
            mine, theirs = ours.get(name, math.nan), (today or {}).get(name, math.nan)
            text = f"recorded {recorded[name]!r}, radiomicsd {mine!r}, PyRadiomics 3.0.1 {theirs!r}"
            if passes(mine, recorded[name]) and today is not None and agrees(name, mine, today, self.rtol):
                lines.append(f"{test} {name}: {text}")
            else:
                self.say(test, name, text + reason)
        return len(recorded) - len(far), lines

    def examples(self):
        print(f"{'example':24} {'images':>6} {'values':>6} {'agree':>6} {'largest relative difference':>28}")
        total = agreed = 0
        for path in sorted((self.source / "examples" / "exampleSettings").glob("*.yaml")):
            parameters = YAML(typ="safe", pure=True).load(path)
            images = values = same = 0
            largest = 0.0
            lines = []
            for case in CASES:
                if "voxelSetting" in parameters:
                    found, worst, apart = self.maps(case, parameters)
                else:
                    found, worst, apart = self.example(case, path, parameters)
                images += 1
                values += found
                same += found - len(apart)
                largest = max(largest, worst)
                lines += [(case, *line) for line in apart]
            print(f"{path.stem:24} {images:6} {values:6} {same:6} {largest:28.1e}")
            for line in lines:
                self.say(*line)
            total += values
            agreed += same
        print(f"{'all':24} {'':6} {total:6} {agreed:6}")

    def example(self, case, path, parameters):
        image, mask = self.files(case + "_2D" if "shape2D" in parameters["featureClass"] else case)
        if "shape2D" in parameters["featureClass"]:
            # The slice on the image's grid, so that neither program is asked to correct the mask.
            whole = sitk.Resample(sitk.ReadImage(mask), sitk.ReadImage(image), sitk.Transform(), sitk.sitkNearestNeighbor)
            mask = str(self.folder / "mask.nrrd")
            sitk.WriteImage(whole, mask)
        ours, reason = self.programs.ours(image, mask, str(path))
        theirs, refusal = self.programs.theirs(image, mask, str(path))
        if ours is None or theirs is None:
            both = ours is None and theirs is None
            return 0, 0.0, [] if both else [(path.stem, f"radiomicsd: {reason or 'computed'}; PyRadiomics: {refusal or 'computed'}")]
        agreement = Agreement(ours, theirs, self.rtol)
        apart = [(name, f"radiomicsd {mine!r}, PyRadiomics {value!r}") for _, name, mine, value in agreement.apart]
        apart += [(name, "missing here") for name in agreement.missing]
        apart += [(name, "not in PyRadiomics") for name in agreement.extra]
        return agreement.total, agreement.largest, apart

    def maps(self, case, parameters):
        image, mask = self.files(case)
        # The comparison finds the region by a map of Maximum and an initial value that it sets itself; Range is a size.
        classes = {**parameters["featureClass"], "firstorder": ["Maximum", "Range"]}
        voxel = {name: value for name, value in parameters["voxelSetting"].items() if name != "initValue"}
        path = self.programs.write({**parameters, "featureClass": classes, "voxelSetting": voxel})
        run = {"check": True, "capture_output": True}
        with tempfile.TemporaryDirectory() as folder:
            ours, theirs = f"{folder}/ours", f"{folder}/theirs"
            subprocess.run(
                [self.programs.radiomicsd, "extract", "--voxel", "--image", image, "--mask", mask, "--profile", path,
                 "--output", ours], **run)
            subprocess.run([sys.executable, str(MAPS), "extract", image, mask, path, theirs], **run)
            done = subprocess.run([sys.executable, str(MAPS), "compare", ours, theirs], **run)
        found = json.loads(done.stdout)
        apart = [(feature, f"radiomicsd {mine!r}, PyRadiomics {value!r}") for feature, mine, value in found["apart"]]
        return found["total"], found["largest"], apart


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["baseline", "examples"])
    parser.add_argument("--rtol", type=float, default=1e-6)
    parser.add_argument("--radiomicsd", default=str(ROOT / ".build" / "release" / "radiomicsd"))
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.getLogger("radiomics").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        suite = Suite(arguments, Path(folder))
        if arguments.only != "examples":
            suite.baseline()
        if arguments.only != "baseline":
            suite.examples()
    print(f"{suite.differ} values differ")
    sys.exit(1 if suite.differ else 0)


if __name__ == "__main__":
    main()
