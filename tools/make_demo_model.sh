#!/usr/bin/env bash
# Makes the demonstration model that ships, from nothing: synthetic studies, their features, a fit, a frozen bundle.
#
#     tools/make_demo_model.sh [WORK_FOLDER]
#
# Needs a built radiomicsd and Python with tools/requirements-train.txt (PYTHON=... to name it). The seed was fixed before
# anything was fitted to its studies; the bundle is what it is, not the best of several.
set -euo pipefail
cd "$(dirname "$0")/.."
work=${1:-.build/demo-model}
python=${PYTHON:-python3}
binary=${RADIOMICSD:-.build/release/radiomicsd}
seed=2024
mkdir -p "$work/results"
"$binary" phantom --output "$work/studies" --seed "$seed" --count 97
for study in "$work"/studies/phantom-*; do
  name=$(basename "$study")
  "$binary" process "$study" --output "$work/results/$name" --profile jiao2024 --force >/dev/null
done
rm -rf etc/models/demonstration
"$python" tools/train_demo_model.py --features "$work"/results/*/features.csv --labels "$work/studies/labels.csv" \
  --output etc/models/demonstration --created 2026-11-23T00:00:00Z
"$binary" model verify etc/models/demonstration
