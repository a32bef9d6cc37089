"""pictologics on one image and mask. Runs in an environment of its own (Python 3.12, see compare.py).

    python run_pictologics.py [--resident] IMAGE MASK

Eleven configurations whose work is near that of the profile ctu-982: resampled to 1 mm (cubic, mask nearest, rounded);
no filter, LoG of 3 and 5 mm, and the eight coif1 sub-bands of level 1; bins of 25 (25 / sigma^2 for LoG); intensity and
the texture families glcm, glrlm, glszm, ngldm for each, morphology for the image without a filter. The two programs
define features by different standards: this compares time, not numbers.

With --resident: runs once, then again for each line read from the standard input, and prints the seconds that took; at
the end of input, the peak memory in KiB. Importing the package and running once compiles its kernels.
"""

import argparse
import itertools
import math
import resource
import sys
import time
import warnings

from pictologics.loader import load_image
from pictologics.pipeline import RadiomicsPipeline

BIN_WIDTH = 25.0
TEXTURES = ["glcm", "glrlm", "glszm", "ngldm"]


def images():
    """Name, filter steps and bin width of each of the eleven images."""
    yield "original", [], BIN_WIDTH
    for sigma in (3.0, 5.0):
        log = {"step": "filter", "params": {"type": "log", "sigma_mm": sigma}}
        yield f"log-{sigma:g}", [log], BIN_WIDTH / sigma**2
    for bands in itertools.product("LH", repeat=3):
        name = "".join(bands)
        wavelet = {
            "type": "wavelet", "wavelet": "coif1", "level": 1, "decomposition": name, "boundary": "periodic",
        }
        yield f"wavelet-{name}", [{"step": "filter", "params": wavelet}], BIN_WIDTH


def steps(filters, width, start):
    """The steps of one configuration; without a start of the bins, only those that tell it."""
    resample = {
        "new_spacing": (1.0, 1.0, 1.0), "interpolation": "cubic", "mask_interpolation": "nearest",
        "round_intensities": True,
    }
    begin = [{"step": "resample", "params": resample}, *filters]
    if start is None:
        return begin + [{"step": "extract_features", "params": {"families": ["intensity"]}}]
    bins = {"method": "FBS", "bin_width": width, "min_val": start}
    families = ["intensity", *TEXTURES] + ([] if filters else ["morphology"])
    return begin + [
        {"step": "discretise", "params": bins},
        {"step": "extract_features", "params": {"families": families}},
    ]


def pipeline(image, mask):
    """The eleven configurations, their bins starting as PyRadiomics' do: at the minimum, down to a bin's width."""
    probe = RadiomicsPipeline(load_standard=False)
    for name, filters, width in images():
        probe.add_config(name, steps(filters, width, None))
    found = probe.run(image, mask)
    full = RadiomicsPipeline(load_standard=False)
    for name, filters, width in images():
        minimum = next(value for key, value in found[name].items() if key.startswith("minimum_intensity"))
        full.add_config(name, steps(filters, width, math.floor(minimum / width) * width))
    return full


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--resident", action="store_true")
    parser.add_argument("image")
    parser.add_argument("mask")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    image, mask = load_image(arguments.image), load_image(arguments.mask)
    work = pipeline(image, mask)
    result = work.run(image, mask)
    values = [value for series in result.values() for value in series]
    print(f"{len(values)} features, {sum(math.isnan(v) for v in values)} not numbers", file=sys.stderr)
    if not arguments.resident:
        return
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        work.run(image, mask)
        print(time.perf_counter() - start, flush=True)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main()
