#!/bin/bash
# Builds radiomicsd and radiomicsd-watch for aarch64 Linux on an x86-64 machine with Debian, and compares what they compute.
#
#   tools/build-aarch64.sh                          build; then a made-up study, converted and extracted on both processors
#   tools/build-aarch64.sh IMAGE MASK [PROFILE…]    and this case with these profiles (default: jiao2024 ctu-982)
#
# Needs root, 7 GB and some 20 minutes of processor time; `make build` has to be done. Everything is in .build-aarch64:
# Debian's Swift for x86-64 in `toolchain`, an unpacked Debian for aarch64 in `sysroot` (made once, by mmdebstrap, from
# Debian's unstable suite, which alone has Swift), the programs in aarch64-unknown-linux-gnu/release. They are run by
# qemu-user. The comparison is of every feature's text, so of every bit; status 1 where one differs.
#
#   MIRROR=…        where mmdebstrap gets Debian from (default: its own)
#   APT_OPTION=…    one option for its apt, such as 'Acquire::Check-Valid-Until "false"' for a mirror that has stood still
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1-} in -h | --help) sed -n '2,/^set -/{/^#/s/^# \{0,1\}//p}' "$0"; exit ;; esac
[ "$(id -u)" -eq 0 ] || { echo "tools/build-aarch64.sh: run it as root" >&2; exit 1; }
host=.build/release/radiomicsd
[ -x $host ] || { echo "tools/build-aarch64.sh: there is no $host to compare with; do make build first" >&2; exit 1; }
[ $# -ne 1 ] || { echo "tools/build-aarch64.sh: name IMAGE and MASK" >&2; exit 64; }
[ $# -gt 0 ] && { image=$(realpath "$1"); mask=$(realpath "$2"); shift 2; }
profiles=("$@")
[ ${#profiles[@]} -gt 0 ] || profiles=(jiao2024 ctu-982)

tools/install-debian-packages.sh mmdebstrap qemu-user-static
out=$PWD/.build-aarch64
mkdir -p "$out"

# g++ brings the C++ library of the compiler that Debian's Swift finds.
libraries=libc6-dev,g++,libinotifytools0-dev,libdcmtk-dev,libopenjp2-7-dev,libsqlite3-dev,libdeflate-dev,zlib1g-dev
libraries+=,libarchive-dev,libssl-dev,libcurl4t64,swiftlang,libswiftlang
root() { # NAME OPTION…: a Debian in $out/NAME, unless it is there, whole
  local name=$1
  shift
  [ -e "$out/$name.ready" ] && return
  rm -rf "${out:?}/$name"
  mmdebstrap ${APT_OPTION:+--aptopt="$APT_OPTION"} "$@" --quiet sid "$out/$name" ${MIRROR:+"$MIRROR"}
  touch "$out/$name.ready"
}
echo "toolchain and sysroot"
root toolchain --variant=minbase --architectures=amd64 --include=$libraries,git,ca-certificates,pkg-config
root sysroot --variant=extract --architectures=arm64 --include=$libraries
for folder in lib bin sbin; do
  [ -e "$out/sysroot/$folder" ] || ln -s usr/$folder "$out/sysroot/$folder"
done
# Where the compiler looks for its start files in a root.
for folder in swift swift_static; do ln -sfn ../libexec/swift/lib/$folder "$out/sysroot/usr/lib/$folder"; done

# The sysroot is at /sysroot for the toolchain. The compiler's own linker knows every processor.
swift=/sysroot/usr/libexec/swift/lib
bundle=$out/aarch64.artifactbundle
mkdir -p "$bundle"
cat >"$bundle/info.json" <<JSON
{"schemaVersion": "1.0",
 "artifacts": {"aarch64": {"type": "swiftSDK", "version": "1", "variants": [{"path": "."}]}}}
JSON
cat >"$bundle/swift-sdk.json" <<JSON
{"schemaVersion": "4.0", "targetTriples": {"aarch64-unknown-linux-gnu": {
  "sdkRootPath": "/sysroot", "swiftResourcesPath": "$swift/swift", "swiftStaticResourcesPath": "$swift/swift_static",
  "toolsetPaths": ["toolset.json"]}}}
JSON
cat >"$bundle/toolset.json" <<JSON
{"schemaVersion": "1.0", "swiftCompiler": {"extraCLIOptions": ["-use-ld=lld"]}}
JSON

# Packages come by this machine's Swift; what is built from them, by Debian's.
swift package --scratch-path "$out" resolve
inside() { # COMMAND: in the toolchain's root, with this checkout at its own path
  unshare --mount --propagation private bash -c '
    set -e
    root=$1/toolchain
    mkdir -p "$root$PWD" "$root/sysroot"
    mount --bind "$PWD" "$root$PWD"
    mount --bind "$1/sysroot" "$root/sysroot"
    mount -t proc proc "$root/proc"
    mount --bind /dev "$root/dev"
    exec chroot "$root" env -i HOME=/root PATH=/usr/bin:/bin:/usr/sbin:/sbin LANG=C.UTF-8 bash -c "cd \"$PWD\" && $2"
  ' inside "$out" "$1"
}
# With Swift's libraries linked in, as `make release` does it.
build="swift build -c release --static-swift-stdlib --scratch-path $out --swift-sdks-path $out --swift-sdk aarch64"
inside "swift --version 2>&1 | head -1; $build --product radiomicsd && $build --product radiomicsd-watch"

programs=$out/aarch64-unknown-linux-gnu/release
arm=(qemu-aarch64-static -L "$out/sysroot")
for program in radiomicsd radiomicsd-watch; do
  readelf -h "$programs/$program" | grep -q 'Machine: *AArch64' || { echo "$program is not for aarch64" >&2; exit 1; }
done
"${arm[@]}" "$programs/radiomicsd" --version

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
differ=0
same() { # NAME A B: whether two files are the same
  if cmp -s "$2" "$3"; then echo "$1: the same bytes"; else
    echo "$1: DIFFERENT: $(diff "$2" "$3" | grep -c '^<') lines" >&2
    differ=1
  fi
}
# Every image type there is, so every filter, interpolated and not.
cat >"$work/all-types.yaml" <<YAML
imageType: {Original: {}, LoG: {sigma: [2.0]}, Wavelet: {}, Square: {}, SquareRoot: {}, Logarithm: {}, Exponential: {},
  Gradient: {}, LBP2D: {binWidth: 1}, LBP3D: {binWidth: 0.5}}
featureClass: {shape: [], firstorder: [], glcm: [], glrlm: [], glszm: [], gldm: [], ngtdm: []}
setting: {binWidth: 25, resampledPixelSpacing: [2, 2, 2], interpolator: sitkLanczosWindowedSinc, weightingNorm: euclidean}
YAML
compare() { # NAME IMAGE MASK PROFILE
  $host extract --image "$2" --mask "$3" --profile "$4" --output "$work/x86-64.json"
  "${arm[@]}" "$programs/radiomicsd" extract --image "$2" --mask "$3" --profile "$4" --output "$work/aarch64.json"
  # What a processor may say of itself is in the diagnostics' versions alone.
  for machine in x86-64 aarch64; do
    python3 -c 'import json, sys
for part in json.load(open(sys.argv[1])).values():
    for name, value in (part.items() if isinstance(part, dict) else []): print(name, json.dumps(value))' \
      "$work/$machine.json" >"$work/$machine.txt"
  done
  same "$1, $(basename "$4" .yaml), $(wc -l <"$work/x86-64.txt") values" "$work/x86-64.txt" "$work/aarch64.txt"
}

$host phantom --output "$work/study" --slices 30 >/dev/null
study=$work/study/phantom-0001
for machine in x86-64 aarch64; do
  program=("$host")
  [ $machine = x86-64 ] || program=("${arm[@]}" "$programs/radiomicsd")
  "${program[@]}" convert "$study" --output "$work/$machine-image.nii" --mask "$study/mask.nii.gz" \
    --mask-output "$work/$machine-mask.nii"
done
same "made-up study, converted image" "$work/x86-64-image.nii" "$work/aarch64-image.nii"
same "made-up study, converted mask" "$work/x86-64-mask.nii" "$work/aarch64-mask.nii"
for profile in jiao2024 ctu-982 "$work/all-types.yaml"; do
  compare "made-up study" "$work/x86-64-image.nii" "$work/x86-64-mask.nii" "$profile"
done
if [ -n "${image-}" ]; then
  for profile in "${profiles[@]}"; do compare "$(basename "$(dirname "$image")")" "$image" "$mask" "$profile"; done
fi
exit $differ
