#!/bin/bash
# Makes the archive that runs on any Linux with glibc 2.36 or later: programs, Debian's libraries beside them, the DICOM
# dictionary, configuration, unit, documents and licences. The same tree and packages give the same bytes.
#
#   tools/dist/tarball.sh BUILT-FOLDER PACKAGES-FOLDER OUTPUT-FOLDER
set -euo pipefail
built=$(realpath "${1:?usage: tools/dist/tarball.sh BUILT-FOLDER PACKAGES-FOLDER OUTPUT-FOLDER}")
packages=$(realpath "$2")
output=$(realpath "$3")
cd "$(dirname "$0")/../.."
umask 022
: "${SOURCE_DATE_EPOCH:?}"
newest_glibc=2.36

version=$("$built/radiomicsd" --version)
name=radiomicsd-$version-linux-x86_64
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Debian's packages, unpacked. Programs and unit as they are at /opt/radiomicsd, which setup-service.sh makes a link to it.
debian=$work/debian
mkdir "$debian"
for package in "$packages"/*.deb; do
  dpkg-deb -x "$package" "$debian"
  dpkg-deb -c "$package" | awk -v package="$(dpkg-deb -f "$package" Package)" '{ print package, $6 }'
done >"$work/files"
PREFIX=/opt/radiomicsd SYSCONFDIR=/etc LOCALSTATEDIR=/var/lib DESTDIR=$work/installed tools/install.sh "$built" >/dev/null
root=$work/$name
mv "$work/installed/opt/radiomicsd" "$root"
install -D -m 644 "$work/installed/etc/radiomicsd/radiomicsd.yaml" "$root/share/radiomicsd/radiomicsd.service.yaml"
sed -e 's|^model: models/|model: ../share/radiomicsd/models/|' etc/radiomicsd.yaml >"$work/radiomicsd.yaml"
install -D -m 644 "$work/radiomicsd.yaml" "$root/etc/radiomicsd.yaml"
install -m 755 packaging/tarball/setup-service.sh "$root/setup-service.sh"
install -m 644 packaging/tarball/README "$root/README"
find "$root/share/man" -type f -exec gzip -9n {} +

# Libraries: those that the programs need, and those that these need, but for the C library, which is the system's.
# They are Debian's files, byte for byte. The programs look for them beside themselves, before all other places.
libraries=$root/lib/radiomicsd
mkdir -p "$libraries"
needed() { readelf -d "$@" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u; }
c_library=$(awk '$1 == "libc6" { print $2 }' "$work/files" | sed 's|.*/||' | grep '\.so\.')
queue=$(needed "$built/radiomicsd" "$built/radiomicsd-watch")
while [ -n "$queue" ]; do
  next=
  for library in $queue; do
    if [ -e "$libraries/$library" ] || grep -qxF "$library" <<<"$c_library"; then continue; fi
    file=$(find "$debian" -name "$library" | head -1)
    [ -n "$file" ] || { echo "$library is in none of the packages" >&2; exit 1; }
    install -m 644 "$(realpath "$file")" "$libraries/$library"
    next+=" $(needed "$libraries/$library" | tr '\n' ' ')"
  done
  queue=$(xargs -n1 <<<"$next" | sort -u)
done
strip --strip-unneeded --remove-section=.comment "$root/bin/radiomicsd" "$root/libexec/radiomicsd/radiomicsd-watch"
patchelf --force-rpath --set-rpath '$ORIGIN/../lib/radiomicsd' "$root/bin/radiomicsd"
patchelf --force-rpath --set-rpath '$ORIGIN/../../lib/radiomicsd' "$root/libexec/radiomicsd/radiomicsd-watch"
install -m 644 "$debian"/usr/share/libdcmtk*/dicom.dic "$root/share/radiomicsd/dicom.dic"

# What it needs of the system is said by the symbols: nothing newer than is promised.
wanted=$(objdump -T "$root"/bin/* "$root"/libexec/radiomicsd/* "$libraries"/* | grep -oE '\(GLIBC_[0-9.]+\)' |
  tr -d '()' | sed 's/GLIBC_//' | sort -Vu | tail -1)
[ "$(printf '%s\n' "$wanted" "$newest_glibc" | sort -V | tail -1)" = "$newest_glibc" ] ||
  { echo "glibc $wanted is needed; $newest_glibc is promised" >&2; exit 1; }

# Licences: of each package, the texts that they refer to, of what is linked into the program; the watcher's whole source.
documents=$root/share/doc/radiomicsd
install -m 644 packaging/deb/copyright "$documents/copyright"
(cd "$libraries" && ls) | while IFS= read -r library; do
  awk -v name="$library" '{ n = split($2, part, "/"); if (part[n] == name) print $1 }' "$work/files"
done | sort -u >"$work/bundled"
while IFS= read -r package; do
  install -D -m 644 "$(realpath "$debian/usr/share/doc/$package/copyright")" "$documents/libraries/$package.copyright"
done <"$work/bundled"
mkdir "$documents/common-licenses"
find "$debian/usr/share/common-licenses" -type f -exec install -m 644 {} "$documents/common-licenses/" \;
install -m 644 Sources/radiomicsd-watch/*.[ch] "$documents/Sources/radiomicsd-watch/"
{
  sed '/^@LIST@$/,$d' packaging/tarball/SOURCES
  while IFS= read -r package; do
    file=$(ls "$packages/${package}"_*.deb)
    source=$(dpkg-deb -f "$file" Source)
    release=$(dpkg-deb -f "$file" Version)
    case "$source" in *\(*\)) release=${source##*(} release=${release%)} source=${source%% *} ;; esac
    printf '%-16s %-28s %s\n' "$package" "$(dpkg-deb -f "$file" Version)" "${source:-$package}=$release"
  done <"$work/bundled"
} >"$documents/SOURCES"

find "$root" -type d -exec chmod 755 {} +
archive=$output/$name.tar.gz
tar -C "$work" --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
  -cf - "$name" | gzip -6n >"$archive"
echo "$archive"
