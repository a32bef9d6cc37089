#!/bin/bash
# Installs radiomicsd from the folder with the built programs. `make release` builds them, `make install` calls this.
# Takes PREFIX, SYSCONFDIR, LOCALSTATEDIR, UNITDIR and DESTDIR from the environment. Python makes the manual pages.
set -euo pipefail
built=$(realpath "${1:?usage: tools/install.sh FOLDER}")
cd "$(dirname "$0")/.."

prefix=${PREFIX:-/usr/local}
sysconfdir=${SYSCONFDIR:-/etc}
localstatedir=${LOCALSTATEDIR:-/var/lib}
destdir=${DESTDIR:-}
share=$prefix/share/radiomicsd
state=$localstatedir/radiomicsd
spool=/srv/radiomics

for program in radiomicsd radiomicsd-watch; do
  [ -x "$built/$program" ] || { echo "there is no $built/$program: run 'make release' first" >&2; exit 1; }
done

put() { install -D -m "$1" "$2" "$destdir$3"; }

put 755 "$built/radiomicsd" "$prefix/bin/radiomicsd"
put 755 "$built/radiomicsd-watch" "$prefix/libexec/radiomicsd/radiomicsd-watch"

# What the program reads besides its own code: profiles to look at and copy, the schema, the models.
while IFS= read -r file; do put 644 "$file" "$share/${file#etc/}"; done < <(
  find etc -mindepth 2 -type f | sort)
while IFS= read -r file; do put 644 "$file" "$prefix/share/doc/radiomicsd/$file"; done < <(
  printf '%s\n' LICENSE NOTICE README.md CHANGELOG.md Sources/radiomicsd-watch/LICENSE Sources/radiomicsd-watch/COPYING
  find docs -type f -name '*.md' | sort)

# The configuration of a checkout, with a service's folders. One that is there is the administrator's and stays.
config=$sysconfdir/radiomicsd/radiomicsd.yaml
edited=$(mktemp)
trap 'rm -f "$edited"' EXIT
sed -E \
  -e "s|^(inbox\|outbox\|done\|failed\|status): \.\./spool/(.*)$|\1: $spool/\2|" \
  -e "s|^state: \.\./spool/state$|state: $state|" \
  -e "s|^model: (models/.*)$|model: $share/\1|" \
  etc/radiomicsd.yaml >"$edited"
if [ -e "$destdir$config" ]; then
  put 644 "$edited" "$config.new"
  echo "kept $destdir$config; the new one is beside it as radiomicsd.yaml.new"
else
  put 644 "$edited" "$config"
fi

# Manual pages and completions, both from the program itself.
pages=$(mktemp -d)
trap 'rm -rf "$edited" "$pages"' EXIT
python3 tools/manual.py "$built/radiomicsd" "$pages" "$edited"
while IFS= read -r page; do put 644 "$pages/$page" "$prefix/share/man/$page"; done < <(cd "$pages" && find . -type f | sort)
zsh=$prefix/share/zsh/site-functions
[ "$prefix" = /usr ] && zsh=/usr/share/zsh/vendor-completions
for shell in bash zsh fish; do
  # Completions are read, not run.
  "$built/radiomicsd" --generate-completion-script "$shell" | sed "1{/^#!/d}" >"$pages/$shell"
done
put 644 "$pages/bash" "$prefix/share/bash-completion/completions/radiomicsd"
put 644 "$pages/zsh" "$zsh/_radiomicsd"
put 644 "$pages/fish" "$prefix/share/fish/vendor_completions.d/radiomicsd.fish"

unit() {
  sed -e "s|@PREFIX@|$prefix|g" -e "s|@CONFIG@|$config|g" -e "s|@STATE@|$state|g" -e "s|@SPOOL@|$spool|g" "$1" >"$edited"
  put 644 "$edited" "$2"
}
unit systemd/radiomicsd.service "${UNITDIR:-$prefix/lib/systemd/system}/radiomicsd.service"
unit systemd/radiomicsd.sysusers.conf "$prefix/lib/sysusers.d/radiomicsd.conf"
unit systemd/radiomicsd.tmpfiles.conf "$prefix/lib/tmpfiles.d/radiomicsd.conf"

cat <<EOF
Installed under $destdir$prefix. What is left for an administrator to do:
  systemd-sysusers $prefix/lib/sysusers.d/radiomicsd.conf
  systemd-tmpfiles --create $prefix/lib/tmpfiles.d/radiomicsd.conf
  systemctl daemon-reload && systemctl enable --now radiomicsd
EOF
