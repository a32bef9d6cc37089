#!/usr/bin/env python3
"""Runs two builds on the same inputs and says where they differ, byte for byte, times and ids apart.

    tools/compare_builds.py BEFORE AFTER [--cases FOLDER …] [--only commands|day|cases] [--keep FOLDER]

BEFORE and AFTER are folders with the programs radiomicsd and radiomicsd-watch, for example .build/release. Compared are
every command's output, exit status and files; the record of a scripted day, with more than fifty studies of every kind
through the daemon (database, log, statuses, results, audit); and `extract` and `process` of given cases, with both built-in
profiles. Inputs are made with BEFORE's `phantom`. --cases names folders with image.nii.gz and mask.nii.gz, or DICOM and a mask,
or folders of such folders. --keep FOLDER keeps what was recorded. Status 0 where nothing differs, else 1 and a diff.
Some minutes for each build.
"""

import argparse
import difflib
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
import time

from builds.commands import Commands
from builds.day import Day
from builds.record import Record

CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DIFFERENCES, LINES = 40, 12


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--cases", nargs="*", default=[])
    parser.add_argument("--only", choices=("commands", "day", "cases"))
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    builds = {"before": os.path.abspath(arguments.before), "after": os.path.abspath(arguments.after)}
    cases = [os.path.abspath(case) for given in arguments.cases for case in cases_of(given)]
    work = os.path.abspath(arguments.keep) if arguments.keep else tempfile.mkdtemp(prefix="radiomicsd-builds.")
    if arguments.keep and os.path.exists(work) and os.listdir(work):
        sys.exit(f"{work} is not empty")
    os.makedirs(work, exist_ok=True)
    make_inputs(builds["before"], work)
    records = {name: run(name, build, work, cases, arguments.only) for name, build in builds.items()}
    differences = list(compare(records["before"], records["after"]))
    for text in differences[:DIFFERENCES]:
        print(text)
    count = sum(len(names) for _, _, names in os.walk(records["before"]))
    print(f"{len(differences)} of {count} records differ")
    if differences:
        print(f"both records: {work}")
        sys.exit(1)
    if not arguments.keep:
        shutil.rmtree(work)


def cases_of(folder):
    """The folder itself, or those in it that are cases."""
    if not os.path.isdir(folder):
        sys.exit(f"there is no folder {folder}")
    names = set(os.listdir(folder))
    inner = [os.path.join(folder, name) for name in sorted(names) if os.path.isdir(os.path.join(folder, name))]
    is_case = names & {"image.nii.gz", "dicom", "ct"} or not inner
    return [folder] if is_case else inner


def make_inputs(build, work):
    subprocess.run([os.path.join(build, "radiomicsd"), "phantom", "--output", os.path.join(work, "phantoms"), "--count",
                    "48", "--slices", "20", "--matrix", "96", "--seed", "11"], check=True, stderr=subprocess.DEVNULL)
    # The same model for both, whatever the checkout of either holds.
    shutil.copytree(os.path.join(CHECKOUT, "etc", "models", "demonstration"), os.path.join(work, "model"))


def run(name, build, work, cases, only):
    """Each build runs at the same place, so that paths in its answers are the same."""
    start = time.monotonic()
    place = os.path.join(work, "run")
    os.makedirs(os.path.join(place, "bin"))
    for program in ("radiomicsd", "radiomicsd-watch"):
        shutil.copy2(os.path.join(build, program), os.path.join(place, "bin", program))
    program = os.path.join(place, "bin", "radiomicsd")
    folder = os.path.join(work, f"record-{name}")
    record = Record(folder)

    def say(text):
        print(f"[{name} {time.monotonic() - start:4.0f} s] {text}", file=sys.stderr, flush=True)

    inputs = (os.path.join(work, "phantoms"), os.path.join(work, "model"), record, say)
    if only in (None, "commands", "cases"):
        commands = Commands(program, os.path.join(place, "commands"), *inputs)
        if only != "cases":
            commands.all()
        for case in cases:
            say(f"case {os.path.basename(case)}")
            commands.case(case)
    if only in (None, "day"):
        Day(program, os.path.join(place, "day"), *inputs).run()
    os.rename(place, os.path.join(work, f"run-{name}"))
    return folder


def compare(before, after):
    names = sorted({os.path.relpath(os.path.join(at, name), root)
                    for root in (before, after) for at, _, found in os.walk(root) for name in found})
    for name in names:
        paths = [os.path.join(root, name) for root in (before, after)]
        lost = [word for word, path in zip(("before", "after"), paths) if not os.path.exists(path)]
        if lost:
            yield f"== {name}\nnot there {lost[0]}"
        elif not filecmp.cmp(*paths, shallow=False):
            texts = []
            for path in paths:
                with open(path, encoding="utf-8", errors="surrogateescape") as file:
                    texts.append(file.read().splitlines())
            lines = list(difflib.unified_diff(*texts, lineterm="", n=0))[2:]
            shown = [line.encode("utf-8", "replace").decode()[:300] for line in lines[:LINES]]
            more = [f"… {len(lines) - LINES} more lines"] if len(lines) > LINES else []
            yield "\n".join([f"== {name}", *shown, *more])


if __name__ == "__main__":
    main()
