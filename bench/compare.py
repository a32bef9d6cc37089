#!/usr/bin/env python3
"""Times radiomicsd against PyRadiomics and pictologics on the same files, and checks that its features are PyRadiomics'.

    bench/compare [OPTIONS] [IMAGE,MASK …]

    --profile P       a built-in profile or a parameter file; may be repeated (default: ctu-982 and jiao2024)
    --threads N …     numbers of threads for radiomicsd (default: 1 2)
    --runs N          measured rounds, at least 3 (default: 5); a program whose run takes more than 5 s takes part in 3
    --no-pictologics  leave pictologics out (it needs Python 3.12 or later: found, or --python312 PROGRAM)
    --no-pyradiomics  leave PyRadiomics out, and with it the comparison of numbers
    --scaling [N]     also time regions of N sizes (default: 6) up to the whole image of the last case
    --radiomicsd F    the program (default: what `make release` or `make build` built last)
    --output FOLDER   also write performance.json, performance.txt and performance.svg there; what performance.json holds
                      of other cases is kept, so that a long comparison can be made in parts

Without cases, those of ../shared/data/cases are taken where they are: STS_019, STS_014, STS_037.

The programs take turns, one run each a round, so that a busy machine slows all of them. What is reported is the median
of the wall time and the largest peak memory (maximum resident set of the process, as the kernel counts it):

    radiomicsd, N threads   `radiomicsd extract`, the whole process
    PyRadiomics process     a process that imports PyRadiomics, reads the files, extracts and ends
    PyRadiomics warm        only the extraction, in a process that has extracted the same case before
    pictologics warm        likewise, its kernels compiled; its configurations are in run_pictologics.py

PyRadiomics uses one thread for its features and as many as it likes for resampling and filters; pictologics' compiled
loops use two. Ratios are the other program's median over radiomicsd's. Both others are installed from PyPI into
environments of their own (.venv-bench, .venv-bench-pictologics) at the first run, which takes minutes: pictologics
compiles its kernels once, and keeps them there.
"""

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "bench")]
from agreement import Agreement, numbers  # noqa: E402
from compare_pyradiomics import profile_file  # noqa: E402
from enlarge import read_header, write_mask  # noqa: E402
from figure import draw  # noqa: E402
from pyradiomics_venv import make_venv, pyradiomics_python  # noqa: E402

# A program slower than this is run in the first SLOW_RUNS rounds only.
SLOW_SECONDS, SLOW_RUNS = 5, 3


class Process:
    """A program that is run anew each time."""

    def __init__(self, name, command, output=None, quiet=False):
        self.name, self.command, self.output = name, command, output
        self.errors = subprocess.DEVNULL if quiet else None
        self.seconds, self.peak = [], 0

    def run(self):
        with open(self.output or os.devnull, "wb") as output:
            start = time.perf_counter()
            child = subprocess.Popen(self.command, stdout=output, stderr=self.errors)
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


def ours_of(image, mask, file, arguments, output=None):
    return [
        Process(
            f"radiomicsd, {threads} thread{'s' if threads > 1 else ''}",
            [arguments.radiomicsd, "extract", "--image", image, "--mask", mask, "--profile", file, "--threads",
             str(threads)], output)
        for threads in arguments.threads
    ]


def pictologics_of(image, mask, pictologics):
    script = str(ROOT / "bench" / "run_pictologics.py")
    return Resident("pictologics warm", [pictologics, script, "--resident", image, mask])


def take_turns(programs, runs):
    for program in programs:
        program.warm_up()
    for round in range(runs):
        for program in programs:
            if round < SLOW_RUNS or statistics.median(program.seconds) <= SLOW_SECONDS:
                program.run()
    for program in programs:
        program.end()
    return {p.name: {"seconds": p.seconds, "peak_kib": p.peak} for p in programs}


def region_voxels(output):
    """Voxels of the region that was measured, as radiomicsd counts them."""
    diagnostics = json.loads(Path(output).read_text())["diagnostics"]
    for stage in ("interpolated", "original"):
        if f"diagnostics_Mask-{stage}_VoxelNum" in diagnostics:
            return diagnostics[f"diagnostics_Mask-{stage}_VoxelNum"]
    return None


def measure(image, mask, profile, arguments, python, pictologics, folder):
    """One case and profile: what each program took, and whether their features agree."""
    file = profile_file(profile)
    ours_file, reference_file = Path(folder) / "ours.json", Path(folder) / "reference.json"
    ours = ours_of(image, mask, file, arguments, ours_file)
    oracle = str(ROOT / "tools" / "run_pyradiomics.py")
    others = []
    if pictologics and profile == "ctu-982":
        others.append(pictologics_of(image, mask, pictologics))
    if python:
        others.append(Resident("PyRadiomics warm", [python, oracle, "--resident", image, mask, file]))
        others.append(Process("PyRadiomics process", [python, oracle, image, mask, file], reference_file))

    before = load()
    programs = take_turns(ours + others, arguments.runs)
    result = {
        "case": case_name(image), "profile": profile, "load": [before, load()], "voxels": region_voxels(ours_file),
        "programs": programs,
    }
    if python:
        agreement = Agreement(
            numbers(json.loads(ours_file.read_text())), numbers(json.loads(reference_file.read_text())))
        result |= {"features": agreement.total, "agreed": agreement.agreed, "agreement": str(agreement)}
    return result


def measure_scaling(image, mask, arguments, pictologics, folder):
    """The same image with regions of growing size, radiomicsd and pictologics only: the points so far after each."""
    _, _, size, spacing = read_header(mask)
    whole = size[0] * size[1] * size[2] * spacing[0] * spacing[1] * spacing[2] / 1000
    points = []
    for k in range(arguments.scaling):
        # From 16 ml in equal ratios to nearly the whole image.
        wanted = 16 * (whole * 0.8 / 16) ** (k / max(arguments.scaling - 1, 1))
        enlarged, output = Path(folder) / "enlarged.nii.gz", Path(folder) / "enlarged.json"
        write_mask(mask, wanted, enlarged)
        programs = ours_of(image, str(enlarged), profile_file("ctu-982"), arguments, output)
        if pictologics:
            programs.append(pictologics_of(image, str(enlarged), pictologics))
        times = take_turns(programs, arguments.runs)
        points.append({"voxels": region_voxels(output), "programs": times})
        yield points


def slope(points):
    """Least squares of log y over log x."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    mx, my = statistics.mean(xs), statistics.mean(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sum((x - mx) ** 2 for x in xs)


def report(result):
    """The table of one case, as text."""
    programs = result["programs"]
    ours = [name for name in programs if name.startswith("radiomicsd")]
    runs = len(programs[ours[0]]["seconds"])
    voxels = f"{result['voxels']:,} voxels".replace(",", " ") if result["voxels"] else ""
    lines = [
        f"{result['case']}, {result['profile']}, {voxels}" + (f": {result['agreement']}" if "agreement" in result else ""),
        f"median of {runs} runs; load of the machine {result['load'][0]:.1f} before, {result['load'][1]:.1f} after", "",
    ]
    medians = {name: statistics.median(program["seconds"]) for name, program in programs.items()}
    lines.append(
        "| program | median s | min s | max s | peak MiB"
        + "".join(f" | ratio to {name.split(', ')[1]}" for name in ours) + " |")
    lines.append(f"|---|---|---|---|---{'|---' * len(ours)}|")
    for name, program in programs.items():
        ratios = "".join(f" | {medians[name] / medians[mine]:.2f}" for mine in ours)
        seconds = program["seconds"]
        lines.append(
            f"| {name} | {medians[name]:.3f} | {min(seconds):.3f} | {max(seconds):.3f} "
            f"| {program['peak_kib'] / 1024:.0f}{ratios} |")
    return "\n".join(lines) + "\n"


def report_scaling(points):
    names = list(points[0]["programs"])
    lines = [
        "Regions of growing size, ctu-982: median s (peak MiB)", "", "| voxels | " + " | ".join(names) + " |",
        "|---" * (1 + len(names)) + "|",
    ]
    for point in points:
        cells = [
            f"{statistics.median(point['programs'][n]['seconds']):.3f} ({point['programs'][n]['peak_kib'] / 1024:.0f})"
            for n in names
        ]
        lines.append(f"| {point['voxels']:,} | ".replace(",", " ") + " | ".join(cells) + " |")
    # The curve's end, where what a process costs at least has no weight.
    large = points[-3:]
    if len(large) > 1:
        slopes = [slope([(p["voxels"], statistics.median(p["programs"][n]["seconds"])) for p in large]) for n in names]
        lines.append(f"| exponent over the last {len(large)} | " + " | ".join(f"{s:.2f}" for s in slopes) + " |")
    return "\n".join(lines) + "\n"


def find_python312(given):
    """A Python that pictologics runs with: the one named, one on PATH, or one of pyenv."""
    versions = sorted(Path.home().glob(".pyenv/versions/3.1[2-9]*/bin/python3"), reverse=True)
    for program in [given] if given else ["python3.12", "python3.13", "python3", *map(str, versions)]:
        test = "import sys; sys.exit(sys.version_info < (3, 12))"
        try:
            if subprocess.run([program, "-c", test], capture_output=True).returncode == 0:
                return program
        except OSError:
            continue
    return None


def newest_build():
    """What `make release` built (and `make install` installs), or `make build`: the newer one."""
    built = [ROOT / folder / "release" / "radiomicsd" for folder in (".build-static", ".build")]
    return str(max(built, key=lambda program: program.stat().st_mtime if program.exists() else 0))


def default_cases():
    folder = ROOT.parent / "shared" / "data" / "cases"
    return [
        f"{folder}/{name}/image.nii.gz,{folder}/{name}/mask.nii.gz" for name in ("STS_019", "STS_014", "STS_037")
        if (folder / name).exists()
    ]


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def save(output, measurements):
    """JSON, tables and figure; cases of an earlier part are kept."""
    output.mkdir(parents=True, exist_ok=True)
    file = output / "performance.json"
    if file.exists():
        earlier = json.loads(file.read_text())
        own = {(r["case"], r["profile"]) for r in measurements["cases"]}
        kept = [r for r in earlier["cases"] if (r["case"], r["profile"]) not in own]
        measurements = {
            **measurements, "cases": kept + measurements["cases"],
            "scaling": measurements["scaling"] or earlier.get("scaling", []),
        }
    measurements["cases"].sort(key=lambda r: (r["profile"], r["voxels"] or 0))
    file.write_text(json.dumps(measurements, indent=1) + "\n")
    texts = [report(r) for r in measurements["cases"]]
    if measurements["scaling"]:
        texts.append(report_scaling(measurements["scaling"]))
    (output / "performance.txt").write_text("\n".join(texts))
    (output / "performance.svg").write_text(draw(measurements))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="IMAGE,MASK")
    parser.add_argument("--profile", action="append", dest="profiles")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--no-pictologics", action="store_true")
    parser.add_argument("--no-pyradiomics", action="store_true")
    parser.add_argument("--python312")
    parser.add_argument("--scaling", type=int, nargs="?", const=6, default=0)
    parser.add_argument("--radiomicsd", default=newest_build())
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    if arguments.runs < 3:
        parser.error("--runs: a median of fewer than 3 says nothing")
    cases = [case.split(",") for case in arguments.cases or default_cases()]
    if not cases or any(len(case) != 2 for case in cases):
        parser.error("name cases as IMAGE,MASK")

    python = None if arguments.no_pyradiomics else pyradiomics_python()
    pictologics = None
    if not arguments.no_pictologics:
        newer = find_python312(arguments.python312)
        if newer is None:
            parser.error("pictologics needs Python 3.12 or later: name one with --python312, or --no-pictologics")
        home = (ROOT / ".venv-bench-pictologics").resolve()
        pictologics = make_venv(home, newer, ["pictologics==0.9.0"])
        os.environ.setdefault("NUMBA_CACHE_DIR", str(home / "compiled"))

    measurements = {
        "machine": {"processor": processor(), "processors": os.cpu_count()}, "date": time.strftime("%Y-%m-%d"),
        "cases": [], "scaling": [],
    }
    print(f"{processor()}, {os.cpu_count()} processors, {measurements['date']}; {arguments.radiomicsd}\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for image, mask in cases:
            for profile in arguments.profiles or ["ctu-982", "jiao2024"]:
                result = measure(image, mask, profile, arguments, python, pictologics, folder)
                measurements["cases"].append(result)
                print(report(result), flush=True)
                if arguments.output:
                    save(arguments.output, measurements)
        if arguments.scaling:
            for points in measure_scaling(*cases[-1], arguments, pictologics, folder):
                measurements["scaling"] = points
                print(f"{points[-1]['voxels']} voxels timed", file=sys.stderr)
                if arguments.output:
                    save(arguments.output, measurements)
            print(report_scaling(measurements["scaling"]), flush=True)
    sys.exit(0 if all(r.get("agreed") == r.get("features") for r in measurements["cases"]) else 1)


if __name__ == "__main__":
    main()
