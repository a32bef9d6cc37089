#!/bin/bash
# Boots a Debian 12 with systemd in a container, installs the package there and lets systemd run the unit as it is shipped:
# walls, accounts and folders are those of an installation. A member of the group drops studies as `cp -r` and `mkdir`
# leave them; the daemon is killed, stopped and started again.
#
#   tools/test-boot.sh PACKAGE.deb | ARCHIVE.tar.gz        KEEP=1 keeps the Debian for another run (.build-deb/bookworm.tar)
#
# The archive that brings its libraries along is set up by its own setup-service.sh.
set -euo pipefail
package=$(realpath "${1:?usage: tools/test-boot.sh PACKAGE.deb | ARCHIVE.tar.gz}")
cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || { echo "root is needed for debootstrap and systemd-nspawn" >&2; exit 1; }
if [ -z "${IN_NAMESPACE:-}" ]; then
  IN_NAMESPACE=1 exec unshare --mount --pid --fork --kill-child --mount-proc "$0" "$@"
fi

step() { printf '\n== %s\n' "$*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }
. tools/bare-debian.sh
mkdir -p "$PWD/.build-deb"
base=$PWD/.build-deb/bookworm.tar
root=$(mktemp -d "$PWD/.build-deb/root.XXXXXX")
finish() {
  leave_debian "$root"
  rm -rf --one-file-system "$root"
  [ -n "${KEEP:-}" ] || rm -f "$base"
}
trap finish EXIT

step "A Debian 12 with systemd, and the package"
bare_debian "$root" "$base"
own=
case "$package" in *.deb) own=/radiomicsd.deb; cp "$package" "$root$own" ;; esac
inside apt-get -qq install --no-install-recommends -y systemd systemd-sysv dbus acl procps $own \
  >"$root/apt.log" 2>&1 || { tail -20 "$root/apt.log"; fail "apt-get install"; }
if [ -z "$own" ]; then
  tar -C "$root/opt" -xzf "$package"
  chroot=(chroot "$root" /usr/bin/env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive)
  inside sh -c '/opt/radiomicsd-*/setup-service.sh' || fail "setup-service.sh"
fi
sed -i 's/^settle_seconds: .*/settle_seconds: 2/' "$root/etc/radiomicsd/radiomicsd.yaml"
inside useradd --groups radiomics reader
inside radiomicsd phantom --output /home/studies --count 3 --slices 12 --matrix 64 2>/dev/null
chmod -R u=rwX,go=rX "$root/home/studies"
leave_debian "$root"

# What is looked at from within, once the system is up. The last line says how it went.
cat >"$root/checks.sh" <<'CHECKS'
#!/bin/bash
exec >/checks.txt 2>&1
fail() { echo "FAILED: $*"; journalctl -u radiomicsd --no-pager -o cat | tail -40; cat /srv/radiomics/status/*; exit 1; }
await() { local what=$1; shift; for _ in $(seq 300); do "$@" 2>/dev/null && return; sleep 0.2; done; fail "$what"; }
is_done() { grep -q 'state: done' "/srv/radiomics/status/$1.txt"; }
property() { systemctl show radiomicsd -p "$1" --value; }
reader() { runuser -u reader -- "$@"; }

systemctl --version | head -1
systemctl enable --now radiomicsd || fail "start"
[ "$(property ActiveState)" = active ] || fail "it is not active"
echo "active: $(property StatusText)"
journalctl -u radiomicsd --no-pager -o cat | grep '^sandbox' || echo "sandbox: in part (see the journal)"
runuser -u radiomicsd -- radiomicsd doctor | tail -1 || fail "doctor"

# As most people copy: the folder has the mode of its original, and the daemon may not move it.
reader sh -c 'umask 022; cp -r /home/studies/phantom-0001 /srv/radiomics/inbox/meier'
await "a study copied by cp -r is not computed" is_done meier
[ -d /srv/radiomics/inbox/meier ] || fail "what may not be moved is gone"
# Group-writable, as a share configured for it makes folders: it is moved.
reader sh -c 'umask 002; cp -r --no-preserve=mode /home/studies/phantom-0002 /srv/radiomics/inbox/shared'
await "a study of the share is not computed" is_done shared
[ -d /srv/radiomics/done/shared ] || fail "its original was not moved to done"
reader test -r /srv/radiomics/outbox/meier/result.json || fail "a reader may not read the result"
echo "two studies done"

kill -KILL "$(property MainPID)"
await "systemd does not start it again" sh -c '[ "$(systemctl show radiomicsd -p NRestarts --value)" = 1 ] &&
  [ "$(systemctl show radiomicsd -p ActiveState --value)" = active ]'
reader sh -c 'umask 002; cp -r --no-preserve=mode /home/studies/phantom-0003 /srv/radiomics/inbox/after'
await "nothing is computed after it was killed" is_done after
echo "killed, started again by systemd, third study done"

# Longer than half of WatchdogSec: it is fed.
sleep 40
[ "$(property NRestarts)" = 1 ] || fail "the watchdog ended it"
systemctl stop radiomicsd
[ "$(property Result)" = success ] || fail "it did not stop in order: $(property Result)"
runuser -u radiomicsd -- radiomicsd jobs list
runuser -u radiomicsd -- radiomicsd audit verify || fail "the chain"
journalctl -u radiomicsd --no-pager -o cat | grep -E 'phantom|meier' && fail "a name is in the journal"
# A wrong configuration needs a person: systemd does not try again.
echo 'no_such_key: 1' >>/etc/radiomicsd/radiomicsd.yaml
systemctl start radiomicsd && fail "it starts with a wrong configuration"
sleep 6
[ "$(property ExecMainStatus)" = 78 ] && [ "$(property ActiveState)" = failed ] || fail "it is tried again after 78"
echo "stopped in order; a wrong configuration ends it for good (78)"
echo PASSED
CHECKS
chmod 755 "$root/checks.sh"
cat >"$root/etc/systemd/system/checks.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/checks.sh
ExecStopPost=/bin/systemctl poweroff --no-block
UNIT
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -s ../checks.service "$root/etc/systemd/system/multi-user.target.wants/checks.service"

step "It boots"
# Landlock's calls are not among those that systemd-nspawn lets through by itself.
timeout 400 systemd-nspawn --quiet --register=no --keep-unit --directory="$root" --boot \
  --system-call-filter="landlock_create_ruleset landlock_add_rule landlock_restrict_self" >"$root/boot.txt" 2>&1 ||
  { tail -20 "$root/boot.txt"; fail "systemd-nspawn"; }
cat "$root/checks.txt"
tail -1 "$root/checks.txt" | grep -qx PASSED || fail "see above"
