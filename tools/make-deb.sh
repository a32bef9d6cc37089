#!/bin/bash
# Makes the Debian package from what `make release` built: the tree of `make install` under /usr, dependencies from the
# libraries that the programs need, and packaging/deb. The same tree gives the same bytes: times are those of
# SOURCE_DATE_EPOCH, by default of the newest commit.
set -euo pipefail
built=$(realpath "${1:?usage: tools/make-deb.sh BUILT-FOLDER OUTPUT-FOLDER}")
mkdir -p "${2:?usage: tools/make-deb.sh BUILT-FOLDER OUTPUT-FOLDER}"
output=$(realpath "$2")
cd "$(dirname "$0")/.."
umask 022

for tool in dpkg-deb dpkg-shlibdeps strip python3; do
  command -v "$tool" >/dev/null || { echo "there is no $tool: install dpkg-dev, binutils and python3" >&2; exit 1; }
done
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)
fi
export SOURCE_DATE_EPOCH
version=$("$built/radiomicsd" --version)-${DEB_REVISION:-1}
architecture=$(dpkg --print-architecture)
maintainer=${DEB_MAINTAINER:-"radiomicsd authors <radiomicsd@localhost>"}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
PREFIX=/usr SYSCONFDIR=/etc LOCALSTATEDIR=/var/lib UNITDIR=/lib/systemd/system DESTDIR=$root \
  tools/install.sh "$built" >/dev/null

strip --strip-unneeded --remove-section=.comment "$root/usr/bin/radiomicsd" \
  "$root/usr/libexec/radiomicsd/radiomicsd-watch"
find "$root/usr/share/man" -type f -exec gzip -9n {} +

# Documentation as Debian has it: the licences in one file, the changes compressed.
documents=$root/usr/share/doc/radiomicsd
rm -r "$documents"/{LICENSE,NOTICE,CHANGELOG.md,Sources}
install -m 644 packaging/deb/copyright "$documents/copyright"
gzip -9nc CHANGELOG.md >"$documents/changelog.gz"
cat <<END | gzip -9nc >"$documents/changelog.Debian.gz"
radiomicsd ($version) unstable; urgency=medium

  * Built from its own source; the changes are in changelog.gz.

 -- $maintainer  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
END
install -D -m 644 packaging/deb/lintian-overrides "$root/usr/share/lintian/overrides/radiomicsd"

# Dependencies: dpkg-shlibdeps asks the installed packages which versions hold the symbols that are used.
mkdir -p "$work/shlibs/debian"
printf 'Source: radiomicsd\n\nPackage: radiomicsd\nArchitecture: any\n' >"$work/shlibs/debian/control"
depends=$(cd "$work/shlibs" && dpkg-shlibdeps -O "$root/usr/bin/radiomicsd" \
  "$root/usr/libexec/radiomicsd/radiomicsd-watch" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || { echo "dpkg-shlibdeps found no dependencies" >&2; exit 1; }

mkdir "$root/DEBIAN"
size=$(find "$root" -path "$root/DEBIAN" -prune -o -type f -printf '%s\n' | awk '{ s += int(($1 + 1023) / 1024) } END { print s }')
sed -e "s|@VERSION@|$version|" -e "s|@ARCHITECTURE@|$architecture|" -e "s|@MAINTAINER@|$maintainer|" \
  -e "s|@SIZE@|$size|" -e "s|@DEPENDS@|$depends|" packaging/deb/control.in >"$root/DEBIAN/control"
(cd "$root" && find etc -type f | sort | sed 's|^|/|') >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do install -m 755 "packaging/deb/$script" "$root/DEBIAN/$script"; done
(cd "$root" && find usr lib -type f | sort | xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"

find "$root" -type d -exec chmod 755 {} +
package=$output/radiomicsd_${version}_$architecture.deb
# One thread: xz cuts its stream into blocks by the number of them.
dpkg-deb --root-owner-group -Zxz --threads-max=1 --build "$root" "$package" >/dev/null
echo "$package"
