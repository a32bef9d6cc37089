#!/bin/bash
# Compiles every C and C++ file of this repository for aarch64 Linux, as far as that goes without a Swift SDK for it, and
# looks for Swift code that only x86-64 has. Needs clang (Swift's will do) and Debian's archive: headers of the C and C++
# libraries for aarch64 are unpacked into a temporary folder, nothing is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
chmod 755 "$work" # apt reads there as a user of its own
trap 'rm -rf "$work"' EXIT
(
  cd "$work"
  for package in libc6-dev-arm64-cross linux-libc-dev-arm64-cross libstdc++-12-dev-arm64-cross libgcc-12-dev-arm64-cross; do
    apt-get download -qq "$package" >/dev/null
    dpkg-deb -x "$package"_*.deb root
  done
  # Of this machine's headers only those of the libraries, which are the same for every architecture.
  mkdir libraries
  for name in dcmtk openjpeg-2.5 inotifytools; do ln -s "/usr/include/$name" libraries/; done
)
cross=$work/root/usr/aarch64-linux-gnu/include
common=(--target=aarch64-linux-gnu -O2 -Wall -Werror -nostdinc -isystem "$(clang -print-resource-dir)/include")
c=(-isystem "$cross" -isystem "$work/libraries")
cxx=(-std=c++17 -isystem "$cross/c++/12" -isystem "$cross/c++/12/aarch64-linux-gnu" "${c[@]}")

compiled=0
for file in Sources/C*/*.c Sources/C*/*.cpp Sources/radiomicsd-watch/*.c; do
  language=("${c[@]}")
  [[ $file == *.cpp ]] && language=("${cxx[@]}")
  clang "${common[@]}" "${language[@]}" -I "$(dirname "$file")/include" -I "$(dirname "$file")" -c "$file" -o "$work/object.o"
  if [[ $file == Sources/CKernels/* ]] && command -v llvm-objdump >/dev/null; then
    # Fused products would give other bits than x86-64's.
    ! llvm-objdump -d "$work/object.o" | grep -qE '\sfn?m(add|sub|la|ls)\b' || { echo "$file: fused products" >&2; exit 1; }
  fi
  compiled=$((compiled + 1))
done
echo "$compiled C and C++ files compile for aarch64"

# A condition on x86-64 needs another branch.
python3 - <<'PYTHON'
import pathlib, re, sys
bad, found = [], 0
for path in sorted(pathlib.Path("Sources").rglob("*.swift")):
    text = path.read_text()
    for start in re.finditer(r"^\s*#if arch\((?:x86_64|i386)\).*$", text, re.M):
        found += 1
        rest = text[start.end():]
        end = re.search(r"^\s*#endif", rest, re.M)
        if not re.search(r"^\s*#else", rest[:end.start()], re.M):
            bad.append(f"{path}: {start.group().strip()} without #else")
    without = re.sub(r"^\s*#if arch\((?:x86_64|i386)\).*?^\s*#(?:else|endif)", "", text, flags=re.M | re.S)
    for word in ("Float80", "_mm_", "import Intrinsics"):
        if word in without:
            bad.append(f"{path}: {word} without a condition")
print("\n".join(bad) or f"{found} conditions on x86-64 in Swift code, each with another branch")
sys.exit(bool(bad))
PYTHON
