"""PyRadiomics on one image and mask. Runs in the environment of tools/pyradiomics_venv.py.

    python run_pyradiomics.py IMAGE MASK PROFILE.yaml                  prints {"features": {name: number}}
    python run_pyradiomics.py --resident IMAGE MASK PROFILE.yaml       extracts once, then again for each line read from
        the standard input, and prints the seconds that took; at the end of input, the peak memory in KiB
"""

import argparse
import json
import logging
import resource
import sys
import time

import radiomics
import SimpleITK as sitk
from radiomics import featureextractor

parser = argparse.ArgumentParser()
parser.add_argument("--resident", action="store_true")
parser.add_argument("--label", type=int)
parser.add_argument("image")
parser.add_argument("mask")
parser.add_argument("profile")
arguments = parser.parse_args()

logging.getLogger("radiomics").setLevel(logging.ERROR)
radiomics.setVerbosity(logging.ERROR)
extractor = featureextractor.RadiomicsFeatureExtractor(arguments.profile)


def extract(image, mask):
    return extractor.execute(image, mask, label=arguments.label)


if not arguments.resident:
    result = extract(arguments.image, arguments.mask)
    features = {name: float(value) for name, value in result.items() if not name.startswith("diagnostics")}
    json.dump({"features": features}, sys.stdout)
else:
    image, mask = sitk.ReadImage(arguments.image), sitk.ReadImage(arguments.mask)
    extract(image, mask)
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        extract(image, mask)
        print(time.perf_counter() - start, flush=True)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
