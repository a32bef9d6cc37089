# To be sourced: a bare Debian in a folder, made by debootstrap from the mirror that this machine is configured for.
# The caller has `fail` and is root, in a mount namespace of its own.

# bare_debian ROOT BASE [SUITE]: unpacks BASE (a tar file, made when it is not there) into ROOT and mounts /proc and /dev.
# SUITE is bookworm (Debian 12), or one that the same mirror has.
bare_debian() {
  local root=$1 base=$2 suite=${3:-bookworm} mirror sources
  if [ ! -e "$base" ]; then
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(ORIGIN)' 'Created-By: Packages' |
      awk '$2 == "bookworm" && $3 == "Debian" { print $1; exit }')
    [ -n "$mirror" ] || fail "no Debian mirror of bookworm is configured on this machine"
    debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$root.log" 2>&1 ||
      { tail -5 "$root.log"; fail debootstrap; }
    rm -f "$root.log"
    # The machine's own Debian sources, so that security updates fit.
    rm -f "$root/etc/apt/sources.list"
    for sources in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
      [ -f "$sources" ] && grep -qE "$suite" "$sources" && grep -q debian-archive-keyring "$sources" &&
        cp "$sources" "$root/etc/apt/sources.list.d/"
    done
    ls "$root"/etc/apt/sources.list.d/* >/dev/null 2>&1 || echo "deb $mirror $suite main" >"$root/etc/apt/sources.list"
    tar -C "$root" -cf "$base" .
  else
    tar -C "$root" -xf "$base"
  fi
  # mktemp made it for root alone.
  chmod 755 "$root"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount --make-rslave "$root/dev"
  cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
  chroot=(chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive)
  inside apt-get -qq update
}

# leave_debian ROOT: takes the mounts away again.
leave_debian() { umount -R "$1/proc" "$1/dev" 2>/dev/null || true; }

inside() { "${chroot[@]}" "$@"; }
