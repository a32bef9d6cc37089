#!/usr/bin/env python3
"""Random parameter files on random small regions: radiomicsd's features against PyRadiomics', and whether both refuse.

    Tests/Oracles/random_settings.py SEED COUNT [OPTIONS]

    --case IMAGE,MASK   a real image; half of the regions are then crops of the named ones (may be repeated)
    --weighted          glcm alone, always with weightingNorm, slices of 2 to 6 mm and bins of 1 to 25
    --seed N            the one case with this number, as a listing below names it (may be repeated); its files are kept
    --rtol R            what agrees (tools/agreement.py; default: 1e-6)
    --radiomicsd F      the program (default: .build/release/radiomicsd)

The cases are SEED * 100000 and the COUNT - 1 numbers after it: the same seeds make the same cases, given the same --case.
Every image type but LBP (Tests/Oracles/rare_features.py), every class, interpolator and setting takes part. PyRadiomics runs
in this process, radiomicsd as a process on the same NIfTI files and the parameter file in YAML. A line is printed for each
case where features differ, a program fails alone or radiomicsd does not end properly; then the sums. Status 1 where there
is such a case. Runs in the environment of tools/pyradiomics_venv.py, which is made at the first run.
"""

import argparse
import json
import logging
import math
import random
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from agreement import Agreement, numbers  # noqa: E402
from pyradiomics_venv import run_inside  # noqa: E402

if not {"-h", "--help"} & set(sys.argv):
    run_inside()
    import numpy
    import SimpleITK as sitk
    from radiomics import featureextractor
    from ruamel.yaml import YAML

    if not hasattr(numpy, "float"):
        # PyRadiomics 3.0.1 calls it for the skewness of a flat region; NumPy 1.24 took it away.
        numpy.float = float

INTERPOLATORS = [
    "sitkBSpline", "sitkBSpline", "sitkLinear", "sitkNearestNeighbor", "sitkGaussian", "sitkLabelGaussian",
    "sitkHammingWindowedSinc", "sitkLanczosWindowedSinc", "sitkCosineWindowedSinc", "sitkWelchWindowedSinc",
    "sitkBlackmanWindowedSinc"]
WAVELETS = ["haar", "db2", "db4", "sym4", "bior1.3", "coif2", "rbio2.2", "dmey"]
CLASSES = ["shape", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm"]


def crop(r, real):
    """A box of up to 29 voxels a side around a voxel of a real region."""
    image, mask = r.choice(real)
    array = sitk.GetArrayFromImage(mask)
    places = numpy.argwhere(array == 1)
    for _ in range(20):
        place = places[r.randrange(len(places))]
        half = [r.randint(3, 14) for _ in range(3)]
        box = tuple(
            slice(max(0, int(p) - h), min(size, int(p) + h + 1)) for p, h, size in zip(place, half, array.shape))
        if (array[box] == 1).sum() > 30:
            break
    return image[box[::-1]], mask[box[::-1]]


def direction(r):
    if r.random() >= 0.3:
        return r.choice([[1, 0, 0, 0, 1, 0, 0, 0, 1], [-1, 0, 0, 0, -1, 0, 0, 0, 1], [1, 0, 0, 0, 0, 1, 0, -1, 0]])
    a, b = r.uniform(-0.5, 0.5), r.uniform(-0.5, 0.5)
    around_z = numpy.array([[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0], [0, 0, 1]])
    around_x = numpy.array([[1, 0, 0], [0, math.cos(b), -math.sin(b)], [0, math.sin(b), math.cos(b)]])
    return (around_z @ around_x).ravel().tolist()


def synthetic(r, weighted):
    """Waves with noise, of five pixel types, and an ellipsoid that may have holes."""
    generator = numpy.random.RandomState(r.randrange(2**31))
    shape = [r.randint(6, 28) for _ in range(3)]
    kind = r.choice(["int16", "uint8", "float32", "float64", "int32"])
    z = numpy.indices(shape).astype(float)
    values = 100 * numpy.sin(z[0] / r.uniform(2, 6)) + 60 * numpy.cos(z[1] / r.uniform(2, 6) + z[2] / 5)
    values += generator.normal(0, r.choice([1, 10, 60]), shape)
    if kind == "uint8":
        values = numpy.clip(values / 2 + 100, 0, 255)
    if "int" in kind:
        values = numpy.round(values)
    middle = [size / 2 + r.uniform(-1, 1) for size in shape]
    radius = [max(2.0, size / 2 * r.uniform(0.4, 1.1)) for size in shape]
    inside = sum(((z[d] - middle[d]) / radius[d]) ** 2 for d in range(3)) < 1
    if r.random() < 0.4:
        inside &= generator.rand(*shape) < 0.8
    if weighted:
        spacing = [r.choice([0.5, 0.98, 1.0]), r.choice([0.5, 0.98, 1.0]), r.choice([2.0, 3.0, 4.0, 5.0, 6.0])]
    else:
        spacing = [r.choice([0.5, 0.7, 1.0, 1.3, 2.0, 3.0, 5.0, 0.9765625]) for _ in range(3)]
    origin = [r.uniform(-200, 200) for _ in range(3)]
    cosines = direction(r)
    pair = sitk.GetImageFromArray(values.astype(kind)), sitk.GetImageFromArray(inside.astype("uint8"))
    for image in pair:
        image.SetSpacing(spacing)
        image.SetOrigin(origin)
        image.SetDirection(cosines)
    return pair


def image_types(r):
    types = {}
    if r.random() < 0.7:
        types["Original"] = {}
    if r.random() < 0.35:
        types["LoG"] = {"sigma": [r.choice([1.0, 2.0, 3.0, 1.5]) for _ in range(r.randint(1, 2))]}
    if r.random() < 0.35:
        wavelet = {}
        if r.random() < 0.5:
            wavelet["wavelet"] = r.choice(WAVELETS)
        if r.random() < 0.3:
            wavelet["level"] = r.choice([1, 2])
        if r.random() < 0.2:
            wavelet["start_level"] = r.choice([0, 1])
        if r.random() < 0.2:
            wavelet["binWidth"] = r.choice([5, 10])
        types["Wavelet"] = wavelet
    for name in ["Square", "SquareRoot", "Logarithm", "Exponential", "Gradient"]:
        if r.random() < 0.15:
            types[name] = {"gradientUseSpacing": False} if name == "Gradient" and r.random() < 0.3 else {}
    return types or {"Original": {}}


def resegmentation(r, image):
    array = sitk.GetArrayFromImage(image)
    low, high = (float(numpy.percentile(array, r.uniform(*limits))) for limits in [(0, 30), (70, 100)])
    mode = r.choice(["absolute", "relative", "sigma"])
    ranges = {
        "absolute": [low, high] if r.random() < 0.8 else [low],
        "relative": [r.choice([0.1, 0.2]), r.choice([0.8, 0.9])],
        "sigma": [-2, 2]}
    chosen = {"resegmentRange": ranges[mode], "resegmentMode": mode}
    if r.random() < 0.4:
        chosen["resegmentShape"] = True
    return chosen


def settings(r, image, weighted):
    chosen = {}
    if r.random() < 0.6:
        chosen["binWidth"] = r.choice([5, 10, 25, 25.0, 3.7, 50])
    elif r.random() < 0.5:
        chosen["binCount"] = r.choice([8, 16, 32, 64])
    if r.random() < 0.45:
        chosen["resampledPixelSpacing"] = r.choice([[1, 1, 1], [2, 2, 2], [1.5, 1.5, 0], [0.8, 1.1, 2.5], [0, 0, 2]])
        chosen["interpolator"] = r.choice(INTERPOLATORS)
        if r.random() < 0.3:
            chosen["padDistance"] = r.choice([0, 3, 5, 10])
    if r.random() < 0.3:
        chosen["normalize"] = True
        if r.random() < 0.5:
            chosen["normalizeScale"] = r.choice([100, 500.5])
        if r.random() < 0.5:
            chosen["removeOutliers"] = r.choice([2, 3, 2.5])
    if r.random() < 0.3:
        chosen.update(resegmentation(r, image))
    if r.random() < 0.2:
        chosen.update(force2D=True, force2Ddimension=r.choice([0, 1, 2]))
    for name, values in {
        "distances": [[1], [1, 2], [2], [1, 3]],
        "weightingNorm": ["manhattan", "euclidean", "infinity", "no_weighting", None],
        "symmetricalGLCM": [False],
        "gldm_a": [1, 2, 3],
        "voxelArrayShift": [0, 300, 1000],
        "preCrop": [True],
        "minimumROIDimensions": [1, 2, 3],
        "minimumROISize": [10, 50],
    }.items():
        if r.random() < 0.2:
            chosen[name] = r.choice(values)
    if weighted:
        chosen["weightingNorm"] = r.choice(["manhattan", "euclidean", "infinity"])
        chosen["binWidth"] = r.choice([1, 2, 5, 25])
        chosen.pop("binCount", None)
        chosen.pop("resampledPixelSpacing", None)
    return chosen


def parameters(r, image, weighted):
    classes = ["glcm"] if weighted else [name for name in CLASSES if r.random() < 0.6] or ["firstorder"]
    return {
        "imageType": image_types(r),
        "featureClass": {name: None for name in classes},
        "setting": settings(r, image, weighted)}


class Count:
    both = neither = bad = alone = features = agreed = 0
    largest = 0.0


def compare(seed, arguments, folder, count):
    r = random.Random(seed)
    image, mask = crop(r, arguments.real) if arguments.real and r.random() < 0.5 else synthetic(r, arguments.weighted)
    wanted = parameters(r, image, arguments.weighted)
    paths = [str(folder / name) for name in ("image.nii.gz", "mask.nii.gz", "parameters.yaml")]
    sitk.WriteImage(image, paths[0])
    sitk.WriteImage(mask, paths[1])
    with open(paths[2], "w") as file:
        YAML(typ="safe", pure=True).dump(wanted, file)
    try:
        reference = featureextractor.RadiomicsFeatureExtractor(paths[2]).execute(*paths[:2])
        reference = {name: float(value) for name, value in reference.items() if not name.startswith("diagnostics")}
    except Exception as error:
        reference, reason = None, repr(error)[:200]
    done = subprocess.run(
        [arguments.radiomicsd, "extract", "--image", paths[0], "--mask", paths[1], "--profile", paths[2]],
        capture_output=True, text=True)
    message = done.stderr.strip()[-300:]
    if done.returncode not in (0, 65, 78):
        count.bad += 1
        print(f"{seed}: radiomicsd ended with {done.returncode}: {message}")
    elif reference is None and done.returncode:
        count.neither += 1
    elif reference is None:
        count.alone += 1
        print(f"{seed}: PyRadiomics alone refuses: {reason}")
    elif done.returncode:
        count.alone += 1
        print(f"{seed}: radiomicsd alone refuses: {message}")
    else:
        agreement = Agreement(numbers(json.loads(done.stdout)), reference, arguments.rtol)
        count.both += 1
        count.features += agreement.total
        count.agreed += agreement.agreed
        count.largest = max(count.largest, agreement.largest)
        if not agreement.whole or agreement.extra:
            count.bad += 1
            apart = "; ".join(f"{name} {mine!r}, PyRadiomics {theirs!r}" for _, name, mine, theirs in agreement.apart[:4])
            lost = [*agreement.missing[:3], *agreement.extra[:3]]
            print(f"{seed}: {agreement}: {apart}{lost or ''}; {json.dumps(wanted['setting'])}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", type=int, metavar="SEED")
    parser.add_argument("count", type=int, metavar="COUNT")
    parser.add_argument("--case", action="append", default=[])
    parser.add_argument("--weighted", action="store_true")
    parser.add_argument("--seed", type=int, action="append", default=[])
    parser.add_argument("--rtol", type=float, default=1e-6)
    parser.add_argument("--radiomicsd", default=str(ROOT / ".build" / "release" / "radiomicsd"))
    arguments = parser.parse_args()
    if any(case.count(",") != 1 for case in arguments.case):
        parser.error("name a case as IMAGE,MASK")
    warnings.simplefilter("ignore")
    logging.getLogger("radiomics").setLevel(logging.CRITICAL)
    arguments.real = [[sitk.ReadImage(path) for path in case.split(",")] for case in arguments.case]
    count = Count()
    for seed in arguments.seed or range(arguments.first * 100_000, arguments.first * 100_000 + arguments.count):
        numpy.random.seed(seed % 2**31)
        if arguments.seed:
            folder = Path(tempfile.mkdtemp(prefix=f"random-settings-{seed}-"))
            print(f"{seed}: {folder}")
            compare(seed, arguments, folder, count)
        else:
            with tempfile.TemporaryDirectory() as folder:
                compare(seed, arguments, Path(folder), count)
    print(
        f"{count.both} cases computed by both, {count.neither} refused by both, {count.alone} by one alone; "
        f"{count.agreed}/{count.features} features agree, largest relative difference {count.largest:.1e}; "
        f"{count.bad} cases with a difference")
    sys.exit(1 if count.bad or count.alone else 0)


if __name__ == "__main__":
    main()
