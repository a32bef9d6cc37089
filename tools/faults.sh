#!/bin/bash
# Prints which fault is shown by which test (docs/faults.tsv) and fails where a test of that name does not exist.
set -euo pipefail
cd "$(dirname "$0")/.."
missing=0
while IFS=$'\t' read -r id fault outcome test; do
  [ "$id" = id ] && continue
  if [ "$test" != - ] && ! grep -rqE "func $test\(" Tests --include='*.swift'; then
    outcome="NO SUCH TEST"
    missing=$((missing + 1))
  fi
  printf '%-4s %-58s %-26s %s\n' "$id" "$fault" "${test/#-/}" "$outcome"
done < docs/faults.tsv
echo
cut -f3 docs/faults.tsv | tail -n +2 | sed 's/:.*//' | sort | uniq -c
[ "$missing" -eq 0 ] || { echo "$missing tests are named that do not exist" >&2; exit 1; }
