"""A virtual environment with PyRadiomics, the program that radiomicsd's numbers are compared with.

    python3 tools/pyradiomics_venv.py        makes .venv-bench in the checkout when it is not there; prints its python

PyRadiomics 3.0.1 is installed: its features are those of 3.1.0, whose source archive pip refuses. It needs a C compiler
and Python 3.8 to 3.12. Packages come by name through the pip that is set up on the machine.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv-bench"
BUILD = ["numpy<2", "setuptools<80", "wheel", "versioneer", "cython<3"]
RUN = ["SimpleITK", "PyWavelets", "pykwalify", "six"]


def make_venv(home, python, *installs):
    """Makes a virtual environment at `home` unless it is there, whole; returns its python."""
    ready = home / "ready"
    program = home / "bin" / "python"
    if not ready.exists():
        print(f"making {home.name} (once)", file=sys.stderr)
        subprocess.run([python, "-m", "venv", "--clear", str(home)], check=True)
        for arguments in installs:
            subprocess.run([str(program), "-m", "pip", "install", "--quiet", *arguments], check=True)
        ready.touch()
    return str(program)


def pyradiomics_python():
    """The python of an environment that holds PyRadiomics."""
    return make_venv(
        HOME, sys.executable, BUILD + RUN, ["--no-deps", "--no-build-isolation", "pyradiomics==3.0.1"]
    )


if __name__ == "__main__":
    print(pyradiomics_python())
