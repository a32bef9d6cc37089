#!/usr/bin/env python3
"""Computes the features of one image and mask with radiomicsd and with PyRadiomics, and says how many agree.

    tools/compare_pyradiomics.py IMAGE MASK [PROFILE] [--label N] [--rtol 1e-6] [--radiomicsd PROGRAM]

PROFILE is jiao2024 (default), ctu-982 or a PyRadiomics parameter file. A result's image.nii.gz and mask.nii.gz from the
outbox can be checked as they are. The first run makes an environment with PyRadiomics (tools/pyradiomics_venv.py).
Status 0 when every feature agrees, 1 when one does not, and what the programs ended with when they failed.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from agreement import Agreement, numbers
from pyradiomics_venv import ROOT, pyradiomics_python


def profile_file(profile):
    """The parameter file of a built-in profile's name, or the file itself."""
    built_in = ROOT / "etc" / "profiles" / f"{profile}.yaml"
    return str(built_in if built_in.exists() else Path(profile))


def output(command):
    done = subprocess.run(command, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(done.returncode)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image")
    parser.add_argument("mask")
    parser.add_argument("profile", nargs="?", default="jiao2024")
    parser.add_argument("--label", type=int, help="value of the region in the mask, where it is not 1")
    parser.add_argument("--rtol", type=float, default=1e-6)
    parser.add_argument("--radiomicsd", default=str(ROOT / ".build" / "release" / "radiomicsd"))
    arguments = parser.parse_args()

    label = ["--label", str(arguments.label)] if arguments.label else []
    profile = profile_file(arguments.profile)
    ours = output(
        [arguments.radiomicsd, "extract", "--image", arguments.image, "--mask", arguments.mask, "--profile", profile]
        + label)
    reference = output(
        [pyradiomics_python(), str(ROOT / "tools" / "run_pyradiomics.py"), *label, arguments.image, arguments.mask,
         profile])
    agreement = Agreement(numbers(ours), numbers(reference), arguments.rtol)
    for relative, name, mine, theirs in agreement.apart[:20]:
        print(f"{name}: radiomicsd {mine!r}, PyRadiomics {theirs!r}, relative difference {relative:.1e}")
    for name in agreement.missing[:20]:
        print(f"{name}: missing")
    print(agreement)
    sys.exit(0 if agreement.whole else 1)


if __name__ == "__main__":
    main()
