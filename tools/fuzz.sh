#!/bin/bash
# Fuzzes every parser that reads strangers' bytes: see Tests/Fuzz/README.md.
#
#   tools/fuzz.sh [TARGET…]      (default: all)   SECONDS_EACH=60 seconds each
#
# Builds into .build-fuzz with libFuzzer and AddressSanitizer, without SwiftPM, whose executables have a main of their
# own. Exit 1 where a target found something; its input is in .build-fuzz/findings.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${SECONDS_EACH:-60}
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(NIfTI NRRD MetaImage DICOM StructureSet Contours Segmentation ONNX Archive)
out=.build-fuzz
mkdir -p $out/bin $out/modules $out/findings
# Swift's own crash reports get in AddressSanitizer's way, and can hang.
export SWIFT_BACKTRACE=enable=no

toolchain=$(dirname "$(readlink -f "$(command -v swiftc)")")
swift=(swiftc -O -g -swift-version 6 -wmo -parse-as-library -package-name radiomicsd -module-cache-path $out/cache -I $out/modules
  -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
  -enable-upcoming-feature MemberImportVisibility -Xcc -fmodule-map-file=Sources/CDeflate/module.modulemap
  -Xcc -fmodule-map-file=Sources/CArchive/module.modulemap
  -Xcc -fmodule-map-file=$out/modules/CDCMTK.modulemap -Xcc -fmodule-map-file=$out/modules/CLinux.modulemap
  -Xcc -fmodule-map-file=Sources/COpenSSL/module.modulemap)
sanitize=(-sanitize=address -sanitize=fuzzer)
libraries=(-use-ld=lld -larchive -ldeflate -lz -ldcmimgle -ldcmjpls -ldcmjpeg -lijg8 -lijg12 -lijg16 -ldcmdata -loflog
  -lofstd -lopenjp2 -lcrypto -lstdc++)

# Modules in the order of their imports. The ONNX reader stands on modules of its own: alone it needs neither DCMTK nor the
# images' readers.
onnx=(Errors Hashing Documents Files Model ONNX)
dicom=(Errors Hashing Files Parallel Imaging DICOM DICOMMasks Archive)
modules=()
[ "${targets[*]}" = ONNX ] || modules+=("${dicom[@]}")
if [[ " ${targets[*]} " == *" ONNX "* ]]; then
  for module in "${onnx[@]}"; do [[ " ${modules[*]} " == *" $module "* ]] || modules+=($module); done
fi
objects_of() { for module in "$@"; do echo $out/$module.o; done; }

echo "building the parsers"
echo "module CDCMTK { header \"$PWD/Sources/CDCMTK/include/CDCMTK.h\" export * }" >$out/modules/CDCMTK.modulemap
echo "module CLinux { umbrella \"$PWD/Sources/CLinux/include\" export * }" >$out/modules/CLinux.modulemap
for source in Sources/CLinux/*.c; do
  "$toolchain/clang" -O1 -g -fsanitize=address,fuzzer-no-link -ISources/CLinux/include -c "$source" \
    -o "$out/$(basename "$source" .c).c.o"
done
for source in Sources/CDCMTK/*.cpp; do
  [[ " ${modules[*]} " == *" DICOM "* ]] || continue
  "$toolchain/clang++" -std=c++17 -O1 -g -fsanitize=address,fuzzer-no-link -ISources/CDCMTK/include -c "$source" \
    -o "$out/$(basename "$source" .cpp).cpp.o"
done
for module in "${modules[@]}"; do
  # Settings in YAML are no file of a stranger's, and their library is not built here.
  mapfile -t sources < <(find Sources/$module -name '*.swift' ! -path 'Sources/Documents/YAML/*' | sort)
  "${swift[@]}" "${sanitize[@]}" -module-name $module -emit-module -emit-module-path $out/modules/$module.swiftmodule \
    -c "${sources[@]}" -o $out/$module.o
done
mkdir -p $out/seeds/ONNX $out/seeds/Contours
for seed in 1 2 3 4; do printf "contours %s$seed" {a..z} >$out/seeds/Contours/$seed; done
if [[ " ${modules[*]} " == *" DICOM "* ]]; then
  # The seeds' maker is an ordinary program over the same objects.
  "${swift[@]}" -sanitize=address -module-name Seeds Tests/Fuzz/Seeds.swift Tests/TestKit/ArchiveDraft.swift \
    $out/*.cpp.o $out/*.c.o $(objects_of "${dicom[@]}") "${libraries[@]}" -o $out/bin/Seeds
  $out/bin/Seeds $out/seeds
fi
cp Tests/ONNXTests/Fixtures/*.onnx $out/seeds/ONNX/

failed=0
for target in "${targets[@]}"; do
  if [ "$target" = ONNX ]; then
    objects=($out/*.c.o $(objects_of "${onnx[@]}"))
  else
    objects=(Tests/Fuzz/ScratchFile.swift)
    # What it is compared with is the tests' own.
    [ "$target" != Contours ] || objects=(Tests/TestKit/{ExactContours,ExactRelation,BorderTracing,ContourCase}.swift
      Tests/DICOMTests/ContourDifference.swift)
    objects+=($out/*.cpp.o $out/*.c.o $(objects_of "${dicom[@]}"))
  fi
  "${swift[@]}" "${sanitize[@]}" -module-name Fuzz$target Tests/Fuzz/$target.swift "${objects[@]}" "${libraries[@]}" \
    -o $out/bin/$target
  # With -g the compiler leaves the module of a program in the current folder.
  rm -f "Fuzz$target"-*.swift{module,doc,sourceinfo}
  mkdir -p $out/corpus/$target
  echo "$target: $seconds s"
  status=0
  # A hang of the harness itself ends too; whatever happens is in the log.
  scratch=$(mktemp -d /dev/shm/radiomicsd-fuzz-XXXXXX)
  FUZZ_SCRATCH=$scratch timeout $((seconds + 120)) nice -n 10 $out/bin/$target -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
    -max_len=65536 -print_final_stats=1 -artifact_prefix=$out/findings/$target- $out/corpus/$target $out/seeds/$target \
    >$out/$target.log 2>&1 || status=$?
  rm -rf "$scratch"
  grep -E 'stat::number_of_executed_units|stat::peak_rss_mb' $out/$target.log | sed "s/^/  /" || true
  if [ $status -ne 0 ]; then
    failed=1
    echo "$target found something (status $status):" >&2
    grep -m3 -E 'ERROR|SUMMARY|Fatal error|Test unit written' $out/$target.log >&2 || tail -5 $out/$target.log >&2
  fi
done
exit $failed
