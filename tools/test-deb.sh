#!/bin/bash
# Installs the package on a bare Debian 12, made by debootstrap from the mirror that this machine is configured for, and
# shows that it works there: doctor, a study by command, a study by the daemon, an upgrade that keeps an edited
# configuration, removal and purge that keep the data. systemd does not run in there: the unit is checked as a file.
#
#   tools/test-deb.sh PACKAGE.deb        KEEP=1 keeps the Debian for another run (.build-deb/bookworm)
set -euo pipefail
package=$(realpath "${1:?usage: tools/test-deb.sh PACKAGE.deb}")
cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || { echo "root is needed for debootstrap and chroot" >&2; exit 1; }

# Mounts are of this script's own namespace: they end with it, however it ends.
if [ -z "${IN_NAMESPACE:-}" ]; then
  IN_NAMESPACE=1 exec unshare --mount --pid --fork --kill-child "$0" "$@"
fi

step() { printf '\n== %s\n' "$*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }
. tools/bare-debian.sh
base=$PWD/.build-deb/bookworm.tar
root=$(mktemp -d "$PWD/.build-deb/root.XXXXXX")
daemon=
finish() {
  if [ -n "$daemon" ]; then kill -KILL "$daemon" 2>/dev/null || true; fi
  leave_debian "$root"
  rm -rf --one-file-system "$root"
  [ -n "${KEEP:-}" ] || rm -f "$base"
}
trap finish EXIT

step "The package: lintian, manual pages, the unit"
lintian --allow-root --fail-on error,warning "$package"
tree=$root/tree
dpkg-deb -R "$package" "$tree"
for page in "$tree"/usr/share/man/man?/*.gz; do
  # What it refers to is not installed here; long lines are harmless.
  findings=$(zcat "$page" | mandoc -T lint -W style | grep -vE 'referenced manual not found|longer than 80' || true)
  [ -z "$findings" ] || fail "$(basename "$page"): $findings"
done
echo "$(ls "$tree"/usr/share/man/man?/*.gz | wc -l) manual pages without a finding"
unit=$tree/lib/systemd/system/radiomicsd.service
# The programs are not installed here, so ExecStart is put to one that is.
sed "s|^ExecStart=[^ ]*|ExecStart=/bin/true|" "$unit" >"$root/radiomicsd.service"
systemd-analyze verify --man=no "$root/radiomicsd.service" || fail "systemd-analyze verify"
systemd-analyze security --offline=true --threshold=10 "$root/radiomicsd.service" | tail -1
grep -qx "RestartPreventExitStatus=64 78" "$unit" || fail "RestartPreventExitStatus"
grep -qx "OOMPolicy=continue" "$unit" || fail "OOMPolicy"
rm -rf "$tree" "$root/radiomicsd.service"

step "A bare Debian 12"
bare_debian "$root" "$base"
as_user() { local user=$1; shift; inside setpriv --reuid "$user" --regid "$user" --init-groups "$@"; }
! inside sh -c 'command -v swift radiomicsd' >/dev/null || fail "it is not bare"

step "An older version is installed, with dependencies from Debian"
cp "$package" "$root/new.deb"
dpkg-deb -R "$package" "$root/old"
sed -i 's/^Version: .*/Version: 0.0.1-1/' "$root/old/DEBIAN/control"
sed -i 's/^settle_seconds: .*/settle_seconds: 11/' "$root/old/etc/radiomicsd/radiomicsd.yaml"
dpkg-deb --root-owner-group -Zgzip -z1 --build "$root/old" "$root/old.deb" >/dev/null
rm -rf "$root/old"
inside apt-get -qq install --no-install-recommends -y /old.deb >"$root/apt.log" 2>&1 || { tail -20 "$root/apt.log"; fail "apt-get install"; }
tail -2 "$root/apt.log"
inside dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n' radiomicsd

step "An upgrade keeps an edited configuration"
sed -i 's/^settle_seconds: .*/settle_seconds: 1/' "$root/etc/radiomicsd/radiomicsd.yaml"
inside apt-get -qq install --no-install-recommends -y -o Dpkg::Options::=--force-confold /new.deb >"$root/apt.log" 2>&1 ||
  { tail -20 "$root/apt.log"; fail "upgrade"; }
inside dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n' radiomicsd
grep -qx 'settle_seconds: 1' "$root/etc/radiomicsd/radiomicsd.yaml" || fail "the edited configuration is gone"
grep -qx 'settle_seconds: 10' "$root/etc/radiomicsd/radiomicsd.yaml.dpkg-dist" || fail "the new one is not beside it"
inside dpkg --verify radiomicsd | grep -v ' c /etc/radiomicsd/' && fail "files differ from the package" || true

step "The account, the folders and who may use them"
inside id radiomicsd
inside stat -c '%A %U %G %n' /srv/radiomics /srv/radiomics/{inbox,outbox,done,failed,status} /var/lib/radiomicsd
for folder in inbox inbox/urgent; do
  [ "$(inside stat -c '%a %G' "/srv/radiomics/$folder")" = "2770 radiomics" ] || fail "$folder is not as tmpfiles.d says"
done
inside radiomicsd --version
inside radiomicsd doctor || [ $? -eq 75 ] || fail doctor

step "radiomicsd process"
inside radiomicsd phantom --output /root/studies --count 2 --slices 12 --matrix 64 2>/dev/null
inside radiomicsd process /root/studies/phantom-0001 --output /root/result \
  --config /etc/radiomicsd/radiomicsd.yaml 2>/dev/null | sed -n 1,8p
[ -s "$root/root/result/manifest.json" ] || fail "process wrote no result"

step "radiomicsd serve, as its user; a member of the group radiomics drops a study"
inside useradd --groups radiomics reader
"${chroot[@]}" setpriv --reuid radiomicsd --regid radiomicsd --init-groups radiomicsd serve 2>"$root/serve.log" &
daemon=$!
await() {
  local what=$1; shift
  for _ in $(seq 300); do "$@" 2>/dev/null && return; sleep 0.2; done
  cat "$root/serve.log" "$root"/srv/radiomics/status/* >&2 || true
  fail "$what"
}
await "serve did not start" grep -q started "$root/serve.log"
inside cp -r /root/studies/phantom-0002 /home/
chmod -R a+rX "$root/home/phantom-0002"
# cp gives the folder the mode of its original, which the group may not write: the study is copied and stays.
as_user reader sh -c 'umask 022; cp -r /home/phantom-0002 /srv/radiomics/inbox/case'
result=$root/srv/radiomics/outbox/case
await "serve published no result" test -e "$result/manifest.json"
await "the job did not end" grep -q 'state: done' "$root/srv/radiomics/status/case.txt"
[ -d "$root/srv/radiomics/inbox/case" ] || fail "what may not be moved is gone"
as_user reader test -r /srv/radiomics/outbox/case/result.json || fail "the reader may not read the result"
# And the other way, at once.
inside cp -r /root/studies/phantom-0001 /home/ && chmod -R a+rX "$root/home/phantom-0001"
as_user reader sh -c 'umask 002; cp -r --no-preserve=mode /home/phantom-0001 /srv/radiomics/inbox/second'
await "serve published no second result" test -e "$root/srv/radiomics/outbox/second/manifest.json"
await "the original was not moved" test -d "$root/srv/radiomics/done/second"
as_user radiomicsd radiomicsd jobs list
as_user radiomicsd radiomicsd audit verify
kill -TERM "$daemon"
wait "$daemon" || fail "serve ended with $?"
daemon=
grep -q phantom "$root/serve.log" && fail "a name is in the log" || true

step "Removed and purged: the data stays"
inside apt-get -qq remove -y radiomicsd >"$root/apt.log" 2>&1 || { cat "$root/apt.log"; fail remove; }
! inside sh -c 'command -v radiomicsd' >/dev/null || fail "the program is still there"
[ -e "$root/etc/radiomicsd/radiomicsd.yaml" ] || fail "remove took the configuration"
inside apt-get -qq purge -y radiomicsd 2>&1 | grep -i kept
[ ! -e "$root/etc/radiomicsd" ] || fail "purge left /etc/radiomicsd"
for kept in srv/radiomics/outbox/case/manifest.json srv/radiomics/inbox/case var/lib/radiomicsd/jobs.sqlite; do
  [ -e "$root/$kept" ] || fail "$kept is gone"
done
inside sh -c 'find / -xdev \( -path /proc -o -path /dev \) -prune -o -name "*radiomicsd*" -print' |
  grep -vE '^/(srv|var/lib/radiomicsd|root|home|new.deb|old.deb)|^/var/(log|lib/dpkg|cache)' && fail "files are left" || true

echo
echo "The package installs, works, upgrades and goes, and the data stays."
