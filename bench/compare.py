#!/usr/bin/env python3
"""Times radiomicsd against PyRadiomics on the same files, and checks that their features agree.

    bench/compare.py [OPTIONS] IMAGE,MASK [IMAGE,MASK …]

    --profile P       a built-in profile or a parameter file; may be repeated (default: ctu-982)
    --threads N …     numbers of threads for radiomicsd (default: 1 2)
    --runs N          measured runs of each program, at least 5 (default: 5)
    --pictologics     also time pictologics beside ctu-982 (needs python3.12 or later: --python312 PROGRAM)
    --radiomicsd F    the program (default: .build/release/radiomicsd)
    --json F          also write every measurement to F

The programs take turns, one run each a round, so that a busy machine slows all of them. What is reported is the median
of the wall time and the largest peak memory (maximum resident set of the process, as the kernel counts it):

    radiomicsd, N threads   `radiomicsd extract`, the whole process
    PyRadiomics process     a process that imports PyRadiomics, reads the files, extracts and ends
    PyRadiomics warm        only the extraction, in a process that has extracted the same case before
    pictologics warm        likewise, its kernels compiled; its configurations are in run_pictologics.py

PyRadiomics uses one thread for its features and as many as it likes for resampling and filters. Ratios are the other
program's median over radiomicsd's.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from agreement import Agreement, numbers  # noqa: E402
from compare_pyradiomics import profile_file  # noqa: E402
from pyradiomics_venv import make_venv, pyradiomics_python  # noqa: E402


class Process:
    """A program that is run anew each time."""

    def __init__(self, name, command, output=None):
        self.name, self.command, self.output = name, command, output
        self.seconds, self.peak = [], 0

    def run(self):
        with open(self.output or os.devnull, "wb") as output:
            start = time.perf_counter()
            child = subprocess.Popen(self.command, stdout=output)
            _, status, usage = os.wait4(child.pid, 0)
            self.seconds.append(time.perf_counter() - start)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"{self.name} ended with status {child.returncode}")
        self.peak = max(self.peak, usage.ru_maxrss)

    def warm_up(self):
        self.run()
        self.seconds = []

    def end(self):
        pass


class Resident(Process):
    """A program that stays, extracts when it is asked to, and times itself."""

    def warm_up(self):
        self.child = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.answer()

    def run(self):
        self.child.stdin.write("\n")
        self.child.stdin.flush()
        self.seconds.append(float(self.answer()))

    def end(self):
        self.child.stdin.close()
        self.peak = int(self.answer())
        self.child.wait()

    def answer(self):
        line = self.child.stdout.readline().strip()
        if not line:
            sys.exit(f"{self.name} ended with status {self.child.wait()}")
        return line


def load():
    return os.getloadavg()[0]


def case_name(image):
    """A case goes by its folder's name where the file is named as all are."""
    path = Path(image).resolve()
    return path.parent.name if path.name.startswith("image.") else path.name.split(".")[0]


def measure(image, mask, profile, arguments, python, pictologics, folder):
    """One case and profile: what each program took, and whether their features agree."""
    file = profile_file(profile)
    ours_file, reference_file = Path(folder) / "ours.json", Path(folder) / "reference.json"
    ours = [
        Process(
            f"radiomicsd, {threads} thread{'s' if threads > 1 else ''}",
            [arguments.radiomicsd, "extract", "--image", image, "--mask", mask, "--profile", file, "--threads",
             str(threads)], ours_file)
        for threads in arguments.threads
    ]
    oracle = str(ROOT / "tools" / "run_pyradiomics.py")
    others = [
        Process("PyRadiomics process", [python, oracle, image, mask, file], reference_file),
        Resident("PyRadiomics warm", [python, oracle, "--resident", image, mask, file]),
    ]
    if pictologics and profile == "ctu-982":
        script = str(ROOT / "bench" / "run_pictologics.py")
        others.append(Resident("pictologics warm", [pictologics, script, "--resident", image, mask]))

    before = load()
    for program in ours + others:
        program.warm_up()
    for _ in range(arguments.runs):
        for program in ours + others:
            program.run()
    for program in ours + others:
        program.end()

    agreement = Agreement(numbers(json.loads(ours_file.read_text())), numbers(json.loads(reference_file.read_text())))
    report(case_name(image), profile, ours, others, agreement, (before, load()))
    return {
        "case": case_name(image), "profile": profile, "load": [before, load()], "features": agreement.total,
        "agreed": agreement.agreed,
        "programs": {p.name: {"seconds": p.seconds, "peak_kib": p.peak} for p in ours + others},
    }


def report(case, profile, ours, others, agreement, loads):
    runs = len(ours[0].seconds)
    print(f"\n{case}, {profile}: {agreement}")
    print(f"median of {runs} runs; load of the machine {loads[0]:.1f} before, {loads[1]:.1f} after\n")
    medians = {program.name: statistics.median(program.seconds) for program in ours + others}
    head = "".join(f" | ratio to {program.name.split(', ')[1]}" for program in ours)
    print(f"| program | median s | min s | max s | peak MiB{head} |")
    print(f"|---|---|---|---|---{'|---' * len(ours)}|")
    for program in ours + others:
        ratios = "".join(f" | {medians[program.name] / medians[mine.name]:.2f}" for mine in ours)
        seconds = program.seconds
        print(
            f"| {program.name} | {medians[program.name]:.2f} | {min(seconds):.2f} | {max(seconds):.2f} "
            f"| {program.peak / 1024:.0f}{ratios} |", flush=True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="+", metavar="IMAGE,MASK")
    parser.add_argument("--profile", action="append", dest="profiles")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pictologics", action="store_true")
    parser.add_argument("--python312", default="python3.12")
    parser.add_argument("--radiomicsd", default=str(ROOT / ".build" / "release" / "radiomicsd"))
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    if arguments.runs < 5:
        parser.error("--runs: a median of fewer than 5 says little")
    cases = [case.split(",") for case in arguments.cases]
    if any(len(case) != 2 for case in cases):
        parser.error("a case is IMAGE,MASK")

    python = pyradiomics_python()
    pictologics = None
    if arguments.pictologics:
        pictologics = make_venv(ROOT / ".venv-bench-pictologics", arguments.python312, ["pictologics==0.9.0"])

    print(f"{platform.machine()}, {os.cpu_count()} processors, {time.strftime('%Y-%m-%d')}")
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for image, mask in cases:
            for profile in arguments.profiles or ["ctu-982"]:
                results.append(measure(image, mask, profile, arguments, python, pictologics, folder))
                if arguments.json:
                    arguments.json.write_text(json.dumps(results, indent=1) + "\n")
    sys.exit(0 if all(result["agreed"] == result["features"] for result in results) else 1)


if __name__ == "__main__":
    main()
