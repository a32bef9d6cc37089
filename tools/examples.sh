#!/bin/bash
# Builds the packages in Examples and runs them on a phantom: their numbers must be those of `radiomicsd extract`, digit by digit.
set -euo pipefail
cd "$(dirname "$0")/.."
radiomicsd=$PWD/.build/release/radiomicsd
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

swift build -c release --package-path Examples/ExtractFeatures --scratch-path .build-examples
"$radiomicsd" phantom --output "$work" --slices 20 --matrix 96 --seed 4 2>/dev/null
"$radiomicsd" convert "$work/phantom-0001" --output "$work/image.nii.gz" --mask "$work/phantom-0001/mask.nii.gz" \
  --mask-output "$work/mask.nii.gz"
for profile in jiao2024 etc/profiles/ctu-982.yaml; do
  .build-examples/release/extract-features "$work/image.nii.gz" "$work/mask.nii.gz" "$profile" >"$work/example.csv"
  "$radiomicsd" extract --image "$work/image.nii.gz" --mask "$work/mask.nii.gz" --profile "$profile" \
    --output "$work/features.json"
  python3 - "$work/example.csv" "$work/features.json" "$profile" <<'PY'
import json, sys

with open(sys.argv[1], encoding="utf-8") as file:
    example = [line.rstrip("\n").split(",") for line in file]
with open(sys.argv[2], encoding="utf-8") as file:
    own = json.load(file)["features"]
if [name for name, _ in example] != list(own):
    sys.exit(f"{sys.argv[3]}: the example's features have other names or another order")
wrong = [name for name, value in example if float(value) != own[name] and not (value == "nan" and own[name] is None)]
if wrong:
    sys.exit(f"{sys.argv[3]}: {len(wrong)} features differ, such as {wrong[0]}")
print(f"{sys.argv[3]}: {len(example)} features of the example are radiomicsd's own")
PY
done
if .build-examples/release/extract-features "$work/absent.nii.gz" "$work/mask.nii.gz" 2>"$work/error"; then exit 1; fi
grep -q '^E_NOT_FOUND: ' "$work/error"
