#!/usr/bin/env python3
"""Compares Package.swift with the sources: a target declares exactly the modules that its Swift files import.

usage: tools/check_manifest.py

Prints one line per difference and exits with 1 where there is one. A program that a test target starts may be declared
without being imported. Modules of the toolchain (Glibc, Foundation, Testing, ...) are declared nowhere.
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)",
    re.M,
)
FOLDERS = {"regular": "Sources", "executable": "Sources", "test": "Tests"}


def declared(target):
    """Names of targets and products that a target depends on."""
    return {next(iter(dependency.values()))[0] for dependency in target["dependencies"]}


def imported(folder):
    """Names of all modules that the Swift files below a folder import."""
    names = set()
    for path in folder.rglob("*.swift"):
        names.update(IMPORT.findall(path.read_text(encoding="utf-8")))
    return names


def main():
    dump = subprocess.run(
        ["swift", "package", "dump-package"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    targets = {target["name"]: target for target in json.loads(dump.stdout)["targets"]}
    programs = {name for name, target in targets.items() if target["type"] == "executable"}
    everything = set(targets).union(*(declared(target) for target in targets.values()))
    faults = []
    for name, target in sorted(targets.items()):
        if target["type"] not in FOLDERS:
            continue
        folder = ROOT / (target.get("path") or f"{FOLDERS[target['type']]}/{name}")
        has, wants = declared(target), imported(folder) & everything - {name}
        startable = programs if target["type"] == "test" else set()
        faults += [f"{name} imports {other} and does not declare it" for other in sorted(wants - has)]
        faults += [f"{name} declares {other} and does not import it" for other in sorted(has - wants - startable)]
    for fault in faults:
        print(f"Package.swift: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
