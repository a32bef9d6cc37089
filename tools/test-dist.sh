#!/bin/bash
# Tries what `make dist` made: packs it again and compares, verifies sums and signature, runs the archive as an ordinary user
# in a bare Debian 12 and a bare Debian 13, and the image with a read-only root as process 1, in podman where that works
# here and in a chroot with a process space of its own. A phantom goes in, a result comes out.
#
#   tools/test-dist.sh BUILT-FOLDER WORK-FOLDER        KEEP=1 keeps the Debians for another run (WORK-FOLDER/*.tar)
set -euo pipefail
built=$(realpath "${1:?usage: tools/test-dist.sh BUILT-FOLDER WORK-FOLDER}")
work=$(realpath "${2:?usage: tools/test-dist.sh BUILT-FOLDER WORK-FOLDER}")
cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || { echo "root is needed for debootstrap, chroot and podman" >&2; exit 1; }

# Mounts and processes are of this script's own namespaces: they end with it, however it ends.
if [ -z "${IN_NAMESPACE:-}" ]; then
  IN_NAMESPACE=1 exec unshare --mount --pid --fork --kill-child --mount-proc "$0" "$built" "$work"
fi

step() { printf '\n== %s\n' "$*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }
await() {
  local what=$1; shift
  for _ in $(seq 600); do "$@" >/dev/null 2>&1 && return; sleep 0.2; done
  fail "$what"
}
. tools/bare-debian.sh
version=$("$built/radiomicsd" --version)
release=$work/radiomicsd-$version
name=radiomicsd-$version-linux-x86_64
image=localhost/radiomicsd:$version
user=10001
try=$(mktemp -d "$work/try.XXXXXX")
chmod 755 "$try"
pods=(podman --root "$try/storage" --runroot "$try/run" --cgroup-manager cgroupfs --log-level error)
finish() {
  if [ -d "$try/storage" ]; then "${pods[@]}" rm -fa >/dev/null 2>&1 || true; fi
  umount -R "$try/storage/overlay" "$try"/*/proc "$try"/*/dev "$try/root" 2>/dev/null || true
  rm -rf --one-file-system "$try"
  [ -n "${KEEP:-}" ] || rm -f "$work"/{bookworm,trixie}.tar
}
trap finish EXIT

(cd "$release" && sha256sum --quiet -c SHA256SUMS) || fail "SHA256SUMS"

step "The bill of materials names what is there"
python3 - "$release" "$work/packages" "$name" <<'END'
import hashlib, json, os, sys, tarfile
release, packages, name = sys.argv[1:4]
bill = next(f for f in os.listdir(release) if f.endswith(".spdx.json"))
document = json.load(open(os.path.join(release, bill), encoding="utf-8"))
entries = {p["name"]: p for p in document["packages"]}
known = {p["SPDXID"] for p in document["packages"]} | {"SPDXRef-DOCUMENT"}
for relation in document["relationships"]:
    assert {relation["spdxElementId"], relation["relatedSpdxElement"]} <= known, relation
for file in os.listdir(packages) + [f for f in os.listdir(release) if f.endswith((".deb", ".gz", ".tar"))]:
    path = os.path.join(packages if os.path.exists(os.path.join(packages, file)) else release, file)
    digest = hashlib.sha256(open(path, "rb").read()).hexdigest()
    assert any(p.get("packageFileName") == file and p["checksums"][0]["checksumValue"] == digest for p in document["packages"]), file
for needed in ("swift-argument-parser", "grdb.swift", "yams", "libdcmtk17", "libinotifytools0"):
    assert entries[needed]["versionInfo"] not in ("", "NOASSERTION"), needed
print(len(entries), "packages,", len(document["relationships"]), "relationships")
END

# archive SUITE: from the file to a result, as somebody without rights, where nothing is installed.
archive() {
  local suite=$1 root=$try/$1 daemon
  mkdir "$root"
  bare_debian "$root" "$work/$suite.tar" "$suite"
  ! inside sh -c 'command -v swift cc gcc radiomicsd; ls /usr/share | grep dcmtk' >/dev/null || fail "it is not bare"
  inside sh -c '. /etc/os-release; echo "$PRETTY_NAME"; ldd --version | head -1'
  cp "$release/$name.tar.gz" "$root/opt/"
  inside useradd --create-home reader
  local as=("${chroot[@]}" setpriv --reuid reader --regid reader --init-groups env HOME=/home/reader)
  "${as[@]}" sh -c "cd && tar -xzf /opt/$name.tar.gz && cd $name && bin/radiomicsd --version"
  "${as[@]}" sh -c "cd ~/$name && bin/radiomicsd phantom --output studies --count 2 --slices 12 --matrix 64" >/dev/null 2>&1
  "${as[@]}" sh -c "cd ~/$name && bin/radiomicsd process studies/phantom-0001 --output result --config etc/radiomicsd.yaml" \
    2>/dev/null | sed -n 1,4p
  [ -s "$root/home/reader/$name/result/manifest.json" ] || fail "process wrote no result"
  "${as[@]}" sh -c "cd ~/$name && sed -i 's/^settle_seconds: .*/settle_seconds: 1/' etc/radiomicsd.yaml"
  "${as[@]}" sh -c "cd ~/$name && exec bin/radiomicsd serve --config etc/radiomicsd.yaml" 2>"$root/serve.log" &
  daemon=$!
  local here=$root/home/reader/$name
  await "serve did not start" grep -q started "$root/serve.log"
  "${as[@]}" sh -c "cd ~/$name && cp -r studies/phantom-0002 spool/inbox/case"
  await "serve published no result" test -e "$here/spool/outbox/case/manifest.json"
  await "the job did not end" grep -q 'state: done' "$here/spool/status/case.txt"
  "${as[@]}" sh -c "cd ~/$name && bin/radiomicsd health && bin/radiomicsd jobs list"
  "${as[@]}" sh -c "cd ~/$name && bin/radiomicsd doctor" >"$root/doctor.txt" || { cat "$root/doctor.txt"; fail doctor; }
  grep -E '^(ok|warn) +(dictionary|watcher|sandbox|selftest) |checks,' "$root/doctor.txt"
  # No file of the system's but the C library's.
  "${as[@]}" sh -c "cd ~/$name && for p in bin/radiomicsd libexec/radiomicsd/radiomicsd-watch; do
    LD_TRACE_LOADED_OBJECTS=1 \$p; done" | grep -vE "/home/reader/$name/|linux-vdso|lib(c|m)\.so|ld-linux" && fail "libraries" || true
  kill -TERM "$(pgrep -f "^bin/radiomicsd serve" | head -1)"
  wait "$daemon" || fail "serve ended with $?"
  cp "$here/result/features.csv" "$try/features.$suite.csv"
  leave_debian "$root"
  rm -rf --one-file-system "$root"
}
step "The archive in a bare Debian 12"
archive bookworm
step "The archive in a bare Debian 13"
archive trixie
cmp -s "$try/features.bookworm.csv" "$try/features.trixie.csv" && echo "the features have the same bytes in both" ||
  echo "the features differ in their last digits between the two C libraries"

step "The image: an OCI layout whose digests hold"
mkdir "$try/image" "$try/root"
tar -C "$try/image" -xf "$release/$name.oci.tar"
python3 - "$try/image" "$try/root" <<'END'
import gzip, hashlib, json, os, subprocess, sys
layout, root = sys.argv[1:3]
def blob(descriptor):
    data = open(os.path.join(layout, "blobs", *descriptor["digest"].split(":")), "rb").read()
    assert len(data) == descriptor["size"] and hashlib.sha256(data).hexdigest() == descriptor["digest"][7:]
    return data
manifest = json.loads(blob(json.load(open(layout + "/index.json"))["manifests"][0]))
config = json.loads(blob(manifest["config"]))
assert config["config"]["User"].split(":")[0] not in ("", "0", "root")
for layer, difference in zip(manifest["layers"], config["rootfs"]["diff_ids"], strict=True):
    plain = gzip.decompress(blob(layer))
    assert "sha256:" + hashlib.sha256(plain).hexdigest() == difference
    subprocess.run(["tar", "-C", root, "-xf", "-"], input=plain, check=True)
print("user", config["config"]["User"], "entry", config["config"]["Entrypoint"], "layers", [l["size"] for l in manifest["layers"]])
END
[ -z "$(find "$try/root" -xdev -perm /6000)" ] || fail "there are set-user-id programs in the image"
[ ! -e "$try/root/bin/sh" ] || fail "there is a shell in the image"

# Each of the two ways gives: image_run ARGUMENTS (with /made), image_start, image_exec ARGUMENTS, image_stop; `place` is the
# folder whose inbox and outbox the daemon serves.
of_podman() {
  place=$try/podman
  local hardened=(--network=none --read-only --read-only-tmpfs=false --cap-drop=all --security-opt=no-new-privileges
    # This machine's root may not be allowed to raise them.
    --ulimit="nofile=$(ulimit -Hn):$(ulimit -Hn)" --ulimit="nproc=$(ulimit -Hu):$(ulimit -Hu)")
  options=("${hardened[@]}" -v "$place/inbox:/spool/inbox" -v "$place/outbox:/spool/outbox" -v spool:/spool)
  image_run() { "${pods[@]}" run --rm "${hardened[@]}" -v "$place/made:/made" "$image" "$@"; }
  image_start() {
    "${pods[@]}" run -d --name radiomicsd "${options[@]}" --health-cmd '["/usr/bin/radiomicsd","health"]' \
      --health-interval=disable "$image" >/dev/null
    first=$("${pods[@]}" inspect -f '{{.State.Pid}}' radiomicsd)
  }
  image_exec() { "${pods[@]}" exec radiomicsd /usr/bin/radiomicsd "$@"; }
  image_health() { "${pods[@]}" healthcheck run radiomicsd; }
  image_stop() {
    "${pods[@]}" stop -t 60 radiomicsd >/dev/null
    [ "$("${pods[@]}" inspect -f '{{.State.ExitCode}}' radiomicsd)" = 0 ] || fail "it ended with another code than 0"
    "${pods[@]}" logs radiomicsd >"$place/log" 2>&1
  }
}
of_chroot() {
  place=$try/chroot
  mount --bind "$try/root" "$try/root"
  mkdir "$try/root/made"
  for folder in inbox outbox; do mount --bind "$place/$folder" "$try/root/spool/$folder"; done
  for folder in done failed status state; do mount --bind "$place/$folder" "$try/root/spool/$folder"; done
  mount --bind "$place/made" "$try/root/made"
  mount --bind /dev "$try/root/dev"
  mount -o remount,bind,ro "$try/root"
  within=(unshare --mount --pid --fork --kill-child sh -c 'mount -t proc proc "$0/proc" && exec env -i LANG=C.UTF-8 TZ=UTC TMPDIR=/spool/state \
    PATH=/usr/sbin:/usr/bin setpriv --no-new-privs chroot --userspec=10001:10001 --groups= "$0" /usr/bin/radiomicsd "$@"' \
    "$try/root")
  image_run() { "${within[@]}" "$@"; }
  image_start() {
    "${within[@]}" serve 2>"$place/log" &
    running=$!
    await "it did not start" pgrep -P "$running"
    first=$(pgrep -P "$running")
  }
  image_exec() { image_run "$@"; }
  image_health() { image_run health; }
  image_stop() {
    kill -TERM "$first"
    wait "$running" || fail "it ended with another code than 0"
  }
}

jobs_done() { [ "$(image_exec jobs list --state done 2>/dev/null | grep -c case-)" = "$1" ]; }

serve_image() {
  local how=$1 state
  mkdir -p "$try/$how"/{made,inbox,outbox,done,failed,status,state}
  chmod 700 "$try/$how/state"
  chown -R $user:$user "$try/$how"
  "of_$how"
  image_run phantom --output /made/studies --count 2 --slices 12 --matrix 64 >/dev/null 2>&1
  [ -d "$place/made/studies/phantom-0002" ] || fail "no phantoms"
  image_start
  await "it is not healthy" image_health
  for study in 1 2; do cp -rp "$place/made/studies/phantom-000$study" "$place/inbox/case-$study"; done
  for study in 1 2; do await "no result of study $study" test -e "$place/outbox/case-$study/manifest.json"; done
  await "the jobs did not end" jobs_done 2
  image_exec health
  image_exec jobs list
  [ "$(grep -l '"probability"' "$place"/outbox/case-?/result.json | wc -l)" = 2 ] || fail "no probability"
  # As process 1 of its space, without rights, and with no process that has ended and waits.
  grep -E '^(NSpid|Uid|NoNewPrivs|CapEff)' "/proc/$first/status"
  [ "$(awk '/^NSpid/ { print $NF }' "/proc/$first/status")" = 1 ] || fail "it is not process 1"
  [ "$(awk '/^Uid/ { print $2 }' "/proc/$first/status")" = $user ] || fail "it is another user"
  state=$(ps -o stat= --ppid "$first" | grep -c Z || true)
  [ "$state" = 0 ] || fail "$state processes have ended and wait"
  image_exec worker confine-check --input /usr/share/radiomicsd --output /spool/state/work >"$place/confine.txt" ||
    { grep -v ^ok "$place/confine.txt"; fail "the sandbox"; }
  echo "the sandbox: $(grep -c ^ok "$place/confine.txt") of $(wc -l <"$place/confine.txt") trials end as they should"
  image_exec doctor >"$place/doctor.txt" || { cat "$place/doctor.txt"; fail doctor; }
  grep -E '^(ok|warn) +(sandbox|memory|watcher|selftest) |checks,' "$place/doctor.txt"
  image_stop
  grep -qE 'E_[A-Z]' "$place/log" && { grep -E 'E_[A-Z]' "$place/log"; fail "there were errors"; } || true
  grep -E 'sandbox|started|stopped' "$place/log"
  ! image_run health 2>&1 || fail "it is healthy after its end"
}

# crun takes version 1 or version 2 of control groups, not both at once.
if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi
if command -v podman >/dev/null && "${pods[@]}" load -q -i "$release/$name.oci.tar" >"$try/load.txt" 2>&1; then
  step "The image in podman: $("${pods[@]}" images --format '{{.Repository}}:{{.Tag}} {{.Size}}')"
  serve_image podman
else
  step "No podman that works: the image is run in a chroot alone"
  cat "$try/load.txt" 2>/dev/null || true
fi
step "The image in a chroot: read-only, a process space of its own, no rights"
serve_image chroot

step "The same bytes a second time, and signed"
minisign -G -W -f -p "$try/key.pub" -s "$try/key" >/dev/null
PACKAGES=$work/packages SIGN=$try/key tools/make-dist.sh "$built" "$try/again" >/dev/null
again=$try/again/radiomicsd-$version
diff "$release/SHA256SUMS" "$again/SHA256SUMS" || fail "it is packed otherwise each time"
minisign -V -q -p "$try/key.pub" -m "$again/SHA256SUMS" || fail "the signature"
rm -rf "$try/again"
cat "$release/SHA256SUMS"

echo
echo "The archive runs where nothing is installed, the image runs as process 1, and both are the same when packed again."
