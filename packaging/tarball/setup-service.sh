#!/bin/sh
# Makes a service of this folder, as root, on a system with systemd: a link /opt/radiomicsd, account, group and folders,
# /etc/radiomicsd/radiomicsd.yaml (one that is there stays), the unit. It starts nothing. For another version unpack it
# beside this one and run its own setup-service.sh, then restart the service.
set -eu
[ "$(id -u)" = 0 ] || { echo "run this as root" >&2; exit 1; }
here=$(cd "$(dirname "$0")" && pwd -P)
link=/opt/radiomicsd
if [ "$here" != "$link" ]; then
  if [ -e "$link" ] && [ ! -L "$link" ]; then
    echo "$link is there and is no link: move it away, or run its own setup-service.sh" >&2
    exit 1
  fi
  case "$here" in
    /home/*|/root/*|/tmp/*|/var/tmp/*) echo "unpack it where a service may read it, for example in /opt" >&2; exit 1 ;;
  esac
  mkdir -p /opt
  ln -sfn "$here" "$link"
fi
"$link/bin/radiomicsd" --version >/dev/null

mkdir -p /etc/radiomicsd /etc/systemd/system /usr/local/bin
if [ -e /etc/radiomicsd/radiomicsd.yaml ]; then
  cp "$link/share/radiomicsd/radiomicsd.service.yaml" /etc/radiomicsd/radiomicsd.yaml.new
  echo "kept /etc/radiomicsd/radiomicsd.yaml; the new one is beside it as radiomicsd.yaml.new"
else
  cp "$link/share/radiomicsd/radiomicsd.service.yaml" /etc/radiomicsd/radiomicsd.yaml
fi
systemd-sysusers "$link/lib/sysusers.d/radiomicsd.conf"
# 73: a folder could not be made as it says, for want of ACLs for example; radiomicsd doctor tells more.
systemd-tmpfiles --create "$link/lib/tmpfiles.d/radiomicsd.conf" || [ $? -eq 73 ]
cp "$link/lib/systemd/system/radiomicsd.service" /etc/systemd/system/radiomicsd.service
ln -sfn "$link/bin/radiomicsd" /usr/local/bin/radiomicsd
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi

echo "Set up. See /etc/radiomicsd/radiomicsd.yaml, then:"
echo "  radiomicsd doctor && systemctl enable --now radiomicsd"
