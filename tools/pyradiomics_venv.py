"""A virtual environment with PyRadiomics, the program that radiomicsd's numbers are compared with.

    python3 tools/pyradiomics_venv.py        makes .venv-bench in the checkout when it is not there; prints its python

PyRadiomics 3.0.1 is installed: its features are those of 3.1.0, whose source archive pip refuses. It needs a C compiler
and Python 3.8 to 3.12. LBP is computed with scikit-image, scipy and trimesh, in the versions that PyRadiomics 3.0.1 can
call. Packages come by name through the pip that is set up on the machine.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv-bench"
BUILD = ["numpy<2", "setuptools<80", "wheel", "versioneer", "cython<3"]
RUN = ["SimpleITK", "PyWavelets", "pykwalify", "six", "scikit-image<0.25", "scipy<1.15", "trimesh<4"]

# NumPy's arccos and arctan2 for processors with AVX-512 may miss the C library's last bit, which every other processor has.
# LBP3D's levels hang on it: of patterns that differ by a rotation alone it decides which is larger.
WITHOUT_AVX512 = {
    "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR"}


def make_venv(home, python, *installs):
    """Makes a virtual environment at `home` unless it is there, whole and of these packages; returns its python."""
    ready = home / "ready"
    program = home / "bin" / "python"
    packages = "".join(" ".join(arguments) + "\n" for arguments in installs)
    if not ready.exists() or ready.read_text() != packages:
        print(f"making {home.name} (once)", file=sys.stderr)
        subprocess.run([python, "-m", "venv", "--clear", str(home)], check=True)
        for arguments in installs:
            subprocess.run([str(program), "-m", "pip", "install", "--quiet", *arguments], check=True)
        ready.write_text(packages)
    return str(program)


def pyradiomics_python():
    """The python of an environment that holds PyRadiomics."""
    return make_venv(
        HOME, sys.executable, BUILD + RUN, ["--no-deps", "--no-build-isolation", "pyradiomics==3.0.1"]
    )


def run_inside(*modules):
    """Goes on where this Python has PyRadiomics and the modules named; else starts the program again in that environment."""
    absent = [name for name in ("radiomics", *modules) if importlib.util.find_spec(name) is None]
    if not absent:
        return
    if Path(sys.prefix) == HOME:
        sys.exit(f"{HOME} has no {', '.join(absent)}: remove it and start again")
    python = pyradiomics_python()
    os.execv(python, [python, *sys.argv])


if __name__ == "__main__":
    print(pyradiomics_python())
