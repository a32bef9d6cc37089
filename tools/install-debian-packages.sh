#!/bin/bash
# Installs those of the named Debian packages that are missing. Says nothing when none is.
set -euo pipefail

command -v dpkg-query >/dev/null || {
  echo "This is no Debian system: install what these packages hold in your system's way, then build with" >&2
  echo "'swift build -c release': $*" >&2
  exit 1
}

missing=()
for package in "$@"; do
  dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "Run this as root, for there is no sudo: apt-get install ${missing[*]}" >&2
    exit 1
  }
  root=(sudo)
fi

echo "Installing Debian packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${root[@]}" apt-get update -qq
"${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
