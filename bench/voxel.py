#!/usr/bin/env python3
"""Times maps of features by voxel against PyRadiomics' voxel-based extraction, and compares the maps voxel by voxel.

    bench/voxel [OPTIONS] [IMAGE,MASK]

    --voxels N …      regions of so many voxels: those of the mask nearest to its middle (default: 2000 4000)
    --radius R        kernelRadius (default: 1)
    --profile P       a parameter file with other settings (default: every class and feature, bins of 25)
    --threads N …     numbers of threads for radiomicsd (default: 1 2)
    --runs N          rounds (default: 3); PyRadiomics, which takes minutes, takes part in the first --slow-runs (1)
    --radiomicsd F    the program (default: what `make release` or `make build` built last)

Without a case, STS_019 of ../shared/data/cases is taken where it is. The programs take turns. radiomicsd's time is the
whole process, maps written as .nii.gz; PyRadiomics' is the extraction alone, in a process that has the files read and the
libraries loaded, and nothing is written. It comes into an environment of its own (.venv-bench) at the first run.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from compare import ROOT, Process, load, newest_build, processor
from pyradiomics_venv import pyradiomics_python

PROFILE = """featureClass: {{firstorder: [], glcm: [], glrlm: [], glszm: [], gldm: [], ngtdm: []}}
setting: {{binWidth: 25, voxelArrayShift: 1000}}
voxelSetting: {{kernelRadius: {radius}}}
"""


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", nargs="?", metavar="IMAGE,MASK")
    parser.add_argument("--voxels", type=int, nargs="+", default=[2000, 4000])
    parser.add_argument("--radius", type=int, default=1)
    parser.add_argument("--profile", type=Path)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--slow-runs", type=int, default=1)
    parser.add_argument("--radiomicsd", default=newest_build())
    arguments = parser.parse_args()
    folder = ROOT.parent / "shared" / "data" / "cases" / "STS_019"
    case = arguments.case or (f"{folder}/image.nii.gz,{folder}/mask.nii.gz" if folder.exists() else "")
    if case.count(",") != 1:
        parser.error("name the case as IMAGE,MASK")
    image, mask = case.split(",")
    oracle = [pyradiomics_python(), str(ROOT / "bench" / "run_pyradiomics_voxel.py")]
    text = arguments.profile.read_text() if arguments.profile else PROFILE.format(radius=arguments.radius)
    print(f"{processor()}; kernelRadius {arguments.radius}; {arguments.radiomicsd}\n", flush=True)
    whole = True
    for voxels in arguments.voxels:
        with tempfile.TemporaryDirectory() as scratch:
            whole &= measure(image, mask, voxels, text, arguments, oracle, Path(scratch))
    sys.exit(0 if whole else 1)


def measure(image, mask, voxels, text, arguments, oracle, scratch):
    """Prints one region's table; returns whether the maps agree."""
    profile, region, reference = scratch / "profile.yaml", scratch / "region.nii.gz", scratch / "reference"
    profile.write_text(text)
    subprocess.run([*oracle, "region", mask, str(voxels), str(region)], check=True)
    ours = [
        Process(
            f"radiomicsd, {n} thread{'s' if n > 1 else ''}",
            [arguments.radiomicsd, "extract", "--voxel", "--image", image, "--mask", str(region), "--profile",
             str(profile), "--threads", str(n), "--output", str(scratch / "maps")], quiet=True)
        for n in arguments.threads
    ]
    for program in ours:
        program.warm_up()
    theirs, peak, before = [], 0, load()
    for run in range(arguments.runs):
        for program in ours:
            program.run()
        if run < arguments.slow_runs:
            done = subprocess.run(
                [*oracle, "extract", image, str(region), str(profile), str(reference)], check=True, capture_output=True)
            answer = json.loads(done.stdout)
            theirs.append(answer["seconds"])
            peak = max(peak, answer["peak_kib"])
    compared = subprocess.run(
        [*oracle, "compare", str(scratch / "maps"), str(reference)], check=True, capture_output=True)
    agreement = json.loads(compared.stdout)
    their_median = statistics.median(theirs)
    print(
        f"{agreement['voxels']} voxels, {agreement['maps']} maps: {agreement['agreed']}/{agreement['total']} values agree, "
        f"largest relative difference {agreement['largest']:.1e}\n"
        f"medians; load of the machine {before:.1f} before, {load():.1f} after\n\n"
        "| program | seconds | microseconds a voxel | peak MiB | PyRadiomics' ratio to it |\n|---|---|---|---|---|")
    for program in ours:
        seconds = statistics.median(program.seconds)
        print(
            f"| {program.name} | {seconds:.3f} | {seconds / agreement['voxels'] * 1e6:.0f} | {program.peak / 1024:.0f} "
            f"| {their_median / seconds:.0f} |")
    print(
        f"| PyRadiomics | {their_median:.1f} | {their_median / agreement['voxels'] * 1e6:.0f} | {peak / 1024:.0f} | 1 |\n",
        flush=True)
    for name, ours, reference in agreement["apart"]:
        print(f"{name}: radiomicsd {ours!r}, PyRadiomics {reference!r}")
    return agreement["agreed"] == agreement["total"]


if __name__ == "__main__":
    main()
