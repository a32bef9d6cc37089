#!/bin/bash
# Fetches the Debian packages that the built programs need at run time, from the mirror that this machine is configured for:
# what the archive brings along and what the image is made of.
#
#   tools/dist/packages.sh BUILT-FOLDER PACKAGES-FOLDER
set -euo pipefail
built=$(realpath "${1:?usage: tools/dist/packages.sh BUILT-FOLDER PACKAGES-FOLDER}")
mkdir -p "${2:?usage: tools/dist/packages.sh BUILT-FOLDER PACKAGES-FOLDER}"
cd "$2"

# The packages of all libraries that the loader finds for the programs, and what holds their licences.
list=$(
  {
    ldd "$built/radiomicsd" "$built/radiomicsd-watch" | awk '/=> \// { print $1 }' | sort -u |
      while IFS= read -r library; do dpkg-query -S "*/$library"; done | sed -E 's/(:[a-z0-9]+)?: .*//'
    echo base-files
    echo gcc-12-base
  } | sort -u
)
[ -n "$list" ] || { echo "no libraries were found" >&2; exit 1; }

fetch() {
  # shellcheck disable=SC2086
  apt-get -qq -o APT::Sandbox::User=root download $list 2>&1
}
fetch >fetch.log || {
  # The lists may be older than the mirror.
  { [ "$(id -u)" -eq 0 ] && apt-get -qq update; } || sudo apt-get -qq update
  fetch >fetch.log || { cat fetch.log >&2; exit 1; }
}
rm -f fetch.log

# Nothing of an earlier run stays.
wanted=$(apt-cache show --no-all-versions $list | awk '$1 == "Filename:" { n = split($2, part, "/"); print part[n] }')
for package in *.deb; do
  name=$(dpkg-deb -f "$package" Package)_$(dpkg-deb -f "$package" Version | sed 's/^[0-9]*://')_$(dpkg-deb -f "$package" Architecture).deb
  grep -qxF "$name" <<<"$wanted" || rm -f "$package"
done
[ "$(ls ./*.deb | wc -l)" -eq "$(wc -w <<<"$list")" ] || { echo "packages are missing: $list" >&2; ls >&2; exit 1; }
