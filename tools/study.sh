#!/usr/bin/env bash
# The paper's study on synthetic phantoms, and the demonstration model that ships (docs/study.md):
#
#     tools/study.sh [WORK_FOLDER] [BUNDLE]
#
# 97 phantoms, their features, three models on 67, tested on 30, a report in WORK_FOLDER/report, and the frozen MLP in
# BUNDLE. The same program gives the same bytes. Studies and features that are there already are kept.
set -euo pipefail
cd "$(dirname "$0")/.."
work=${1:-.build/study}
bundle=${2:-etc/models/demonstration}
binary=${RADIOMICSD:-.build/release/radiomicsd}
mkdir -p "$work/results"

[[ -f $work/studies/labels.csv ]] || "$binary" phantom --output "$work/studies" --seed 2024 --count 97 2>/dev/null
for study in "$work"/studies/phantom-*; do
  result=$work/results/$(basename "$study")
  [[ -f $result/manifest.json ]] ||
    "$binary" process "$study" --output "$result" --profile jiao2024 --force >/dev/null 2>"$work/process.log" ||
    { cat "$work/process.log" >&2; exit 1; }
done

"$binary" train --features "$work"/results/*/features.csv --labels "$work/studies/labels.csv" \
  --config etc/study/train.yaml --profile jiao2024 --schema etc/schemas/jiao2024-975.txt \
  --report "$work/report" --created 2026-11-23T00:00:00Z --output "$work/demonstration" --force
"$binary" model verify "$work/demonstration"

# The bundle is whole before it takes the place of the one that is there.
rm -rf "$bundle.old"
if [[ -e $bundle ]]; then mv "$bundle" "$bundle.old"; fi
mkdir -p "$(dirname "$bundle")"
cp -r "$work/demonstration" "$bundle"
rm -rf "$bundle.old"
echo "report       $work/report/report.html"
