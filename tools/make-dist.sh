#!/bin/bash
# Makes what a release holds from what `make release` built: the Debian package, the archive that brings its libraries
# along, the container image, the bill of materials, SHA256SUMS, and with a key its signature. The same tree and the same
# Debian packages give the same bytes; times are those of SOURCE_DATE_EPOCH, by default of the newest commit.
#
#   tools/make-dist.sh BUILT-FOLDER WORK-FOLDER        into WORK-FOLDER/radiomicsd-VERSION
#
# PACKAGES=FOLDER takes Debian's packages from there and fetches none. SIGN=KEY has minisign sign SHA256SUMS with that
# secret key.
set -euo pipefail
built=$(realpath "${1:?usage: tools/make-dist.sh BUILT-FOLDER WORK-FOLDER}")
mkdir -p "${2:?usage: tools/make-dist.sh BUILT-FOLDER WORK-FOLDER}"
work=$(realpath "$2")
packages=${PACKAGES:+$(realpath "$PACKAGES")}
cd "$(dirname "$0")/.."

for tool in dpkg-deb dpkg-shlibdeps strip readelf patchelf python3 ${SIGN:+minisign}; do
  command -v "$tool" >/dev/null || { echo "there is no $tool: install dpkg-dev, binutils, patchelf, python3 and minisign" >&2; exit 1; }
done
[ "$(dpkg --print-architecture)" = amd64 ] || { echo "archive and image are made on x86-64" >&2; exit 1; }
[ -z "${SIGN:-}" ] || [ -r "$SIGN" ] || { echo "there is no secret key $SIGN" >&2; exit 1; }
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)
fi
REVISION=${REVISION:-$(git rev-parse HEAD 2>/dev/null || true)}
export SOURCE_DATE_EPOCH REVISION

version=$("$built/radiomicsd" --version)
for file in packaging/compose.yaml packaging/radiomicsd.container docs/install.md; do
  grep -qF "radiomicsd:$version" "$file" || { echo "$file names another version than $version" >&2; exit 1; }
done
release=$work/radiomicsd-$version
rm -rf "$release"
mkdir -p "$release"
if [ -z "$packages" ]; then
  packages=$work/packages
  tools/dist/packages.sh "$built" "$packages"
fi

package=$(tools/make-deb.sh "$built" "$release")
tools/dist/tarball.sh "$built" "$packages" "$release" >/dev/null
tools/dist/image.py "$package" "$packages" "$release/radiomicsd-$version-linux-x86_64.oci.tar" >/dev/null
tools/dist/sbom.py "$built" "$packages" "$release" "$release/radiomicsd-$version.spdx.json" >/dev/null
(cd "$release" && sha256sum -- * >../SHA256SUMS && mv ../SHA256SUMS .)
if [ -n "${SIGN:-}" ]; then
  minisign -S -s "$SIGN" -m "$release/SHA256SUMS" -t "radiomicsd $version" >/dev/null
fi
echo "$release:"
(cd "$release" && ls -lh | awk 'NR > 1 { printf "  %6s  %s\n", $5, $9 }')
