#!/bin/bash
# Tests the Python package with the program that is built. PyYAML comes from the system, else by name through pip into
# .build/python. With PYTHON=.venv-bench/bin/python the results are compared with PyRadiomics itself.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
if ! "$python" -c 'import yaml' 2>/dev/null; then
  home=.build/python
  [ -x "$home/bin/python" ] || "$python" -m venv --system-site-packages "$home"
  "$home/bin/python" -m pip install --quiet PyYAML
  python=$home/bin/python
fi
RADIOMICSD=${RADIOMICSD:-$PWD/.build/release/radiomicsd} exec "$python" python/tests/test_extract.py
