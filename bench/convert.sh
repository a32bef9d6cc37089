#!/bin/bash
# Times `radiomicsd convert` against `dcm2niix -z y` on one folder with a CT series: whole processes, compressed output,
# taken in turn, medians of five. Prints wall seconds, peak memory, and both ratios.
#
#   radiomicsd phantom --output FOLDER --slices 500 --matrix 512
#   bench/convert.sh FOLDER/phantom-0001/ct [RUNS]
#
# RADIOMICSD names the program (default: .build/release/radiomicsd of this checkout). Needs dcm2niix and GNU time.
set -euo pipefail

folder=${1:?give the folder with the series}
runs=${2:-5}
radiomicsd=${RADIOMICSD:-$(dirname "$0")/../.build/release/radiomicsd}
for program in "$radiomicsd" dcm2niix /usr/bin/time; do
  command -v "$program" >/dev/null || { echo "bench/convert.sh: $program is not there" >&2; exit 66; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# measure NAME COMMAND…: appends "seconds kilobytes" to $work/NAME.
measure() {
  local name=$1
  shift
  /usr/bin/time -f '%e %M' -o "$work/time" "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 70; }
  tail -1 "$work/time" >>"$work/$name"
}

# median NAME COLUMN
median() { cut -d' ' -f"$2" "$work/$1" | sort -n | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }

cat "$folder"/* >/dev/null 2>&1 || true # both find the files in memory
for _ in $(seq "$runs"); do
  rm -rf "$work/ours" "$work/theirs"
  mkdir "$work/ours" "$work/theirs"
  measure radiomicsd "$radiomicsd" convert "$folder" --output "$work/ours/image.nii.gz"
  measure dcm2niix dcm2niix -z y -b n -o "$work/theirs" -f image "$folder"
done

volume=$(zcat "$work/ours/image.nii.gz" | wc -c)
for name in radiomicsd dcm2niix; do
  size=$(du -cb "$work"/$([ $name = radiomicsd ] && echo ours || echo theirs)/*.nii.gz | tail -1 | cut -f1)
  printf '%-11s %7.2f s   %6.0f MiB peak   %6.1f MiB written\n' "$name" "$(median $name 1)" \
    "$(median $name 2 | awk '{print $1/1024}')" "$(awk "BEGIN {print $size/1048576}")"
done
awk "BEGIN {printf \"%.2f times as fast; peak memory %.2f times the volume of %.0f MiB\n\", $(median dcm2niix 1)/$(median radiomicsd 1), $(median radiomicsd 2)*1024/$volume, $volume/1048576}"
