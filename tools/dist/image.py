#!/usr/bin/env python3
"""Writes the container image: an archive that is an OCI layout and, by its manifest.json, what `docker load` reads too.

    tools/dist/image.py RADIOMICSD.deb PACKAGES-FOLDER IMAGE.oci.tar

Two layers: the Debian packages that the programs need, without manual pages and translations, and the programs with their
configuration. There is no shell and no package manager in it. No daemon, no root and no network are needed to make it; the
same packages give the same bytes (SOURCE_DATE_EPOCH). Packages are listed in /var/lib/dpkg/status.d, where scanners look.
"""

import gzip
import hashlib
import io
import json
import os
import posixpath
import re
import subprocess
import sys
import tarfile
import time

CHECKOUT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
USER = 10001
SPOOL = ["inbox", "outbox", "done", "failed", "status", "state"]
# Names of before the file system was merged.
MERGED = {"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64"}
LEFT_OUT = re.compile(
    r"^(usr/share/(man|locale|lintian|bug|info|doc-base|bash-completion|zsh|fish|base-files|gdb|gcc|readline)(/|$)"
    r"|usr/lib/(systemd|sysusers\.d|tmpfiles\.d)(/|$)|usr/s?bin(/(?!radiomicsd$)|$)|var(/|$)"
    r"|(boot|dev|home|media|mnt|opt|proc|root|run|srv|sys|tmp)(/|$)"
    r"|etc/(?!debian_version|os-release|radiomicsd)|usr/share/doc/[^/]+/(?!copyright$))"
)


class Layer:
    """Files by their path; written in order, owned by root, at one time."""

    def __init__(self, epoch):
        self.epoch = epoch
        self.entries = {}

    def add(self, path, kind, mode, data=b"", link="", owner=0):
        info = tarfile.TarInfo(path)
        info.type, info.mode, info.linkname = kind, mode, link
        info.uid = info.gid = owner
        info.mtime = self.epoch
        info.size = len(data)
        self.entries[path] = (info, data)

    def folder(self, path, mode=0o755, owner=0):
        self.add(path, tarfile.DIRTYPE, mode, owner=owner)

    def file(self, path, data, mode=0o644):
        self.parents(path)
        self.add(path, tarfile.REGTYPE, mode, data if isinstance(data, bytes) else data.encode())

    def link(self, path, target):
        self.parents(path)
        self.add(path, tarfile.SYMTYPE, 0o777, link=target)

    def parents(self, path):
        parent = posixpath.dirname(path)
        while parent and parent not in self.entries:
            self.folder(parent)
            parent = posixpath.dirname(parent)

    def package(self, deb, edit=lambda path, data: data):
        """The files of a Debian package, and what it is for scanners."""
        stream = subprocess.run(["dpkg-deb", "--fsys-tarfile", deb], check=True, stdout=subprocess.PIPE).stdout
        with tarfile.open(fileobj=io.BytesIO(stream)) as archive:
            for member in archive:
                path = merged(member.name)
                if not path or member.isdir() or LEFT_OUT.match(path):
                    continue
                if member.issym():
                    self.link(path, member.linkname)
                elif member.isreg() or member.islnk():
                    data = edit(path, archive.extractfile(member).read())
                    self.file(path, data, member.mode & 0o777)
                else:
                    raise SystemExit(f"{deb}: {member.name} is neither file nor link")
        name = field(deb, "Package")
        control = subprocess.run(["dpkg-deb", "-f", deb], check=True, stdout=subprocess.PIPE).stdout
        self.file(f"var/lib/dpkg/status.d/{name}", control)

    def tar(self):
        output = io.BytesIO()
        with tarfile.open(fileobj=output, mode="w", format=tarfile.GNU_FORMAT) as archive:
            for path in sorted(self.entries):
                info, data = self.entries[path]
                archive.addfile(info, io.BytesIO(data))
        return output.getvalue()


def merged(name):
    path = posixpath.normpath(name).lstrip("./")
    first, _, rest = path.partition("/")
    if first in MERGED:
        return posixpath.join(MERGED[first], rest) if rest else ""
    return path


def field(deb, name):
    return subprocess.run(["dpkg-deb", "-f", deb, name], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def system(packages, epoch):
    """The first layer."""
    layer = Layer(epoch)
    for path in ("dev", "etc", "proc", "run", "sys", "usr", "var"):
        layer.folder(path)
    layer.folder("tmp", 0o1777)
    layer.folder("root", 0o700)
    for name, target in MERGED.items():
        layer.folder(target)
        layer.link(name, target)
    for deb in packages:
        layer.package(deb)
    layer.file("etc/passwd", f"root:x:0:0:root:/root:/sbin/nologin\nradiomicsd:x:{USER}:{USER}::/spool/state:/sbin/nologin\n")
    layer.file("etc/group", f"root:x:0:\nradiomicsd:x:{USER}:\n")
    layer.file("etc/nsswitch.conf", "passwd: files\ngroup: files\n")
    return layer


def configuration(text):
    """The checkout's configuration with the folders of the image."""
    text = re.sub(r"(?m)^(inbox|outbox|done|failed|status|state): \.\./spool/(.*)$", r"\1: /spool/\2", text)
    return re.sub(r"(?m)^model: (models/.*)$", r"model: /usr/share/radiomicsd/\1", text)


def program(deb, epoch):
    """The second layer."""
    layer = Layer(epoch)
    layer.package(deb)
    with open(os.path.join(CHECKOUT, "etc", "radiomicsd.yaml"), encoding="utf-8") as file:
        layer.file("etc/radiomicsd/radiomicsd.yaml", configuration(file.read()))
    layer.folder("spool", 0o755, USER)
    for name in SPOOL:
        layer.folder(f"spool/{name}", 0o700 if name == "state" else 0o755, USER)
    return layer


def main():
    deb, folder, output = sys.argv[1:4]
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    revision = os.environ.get("REVISION", "")
    packages = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".deb"))
    version = field(deb, "Version").rsplit("-", 1)[0]
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch))
    blobs = {}

    def blob(data, kind):
        digest = hashlib.sha256(data).hexdigest()
        blobs[digest] = data
        return {"mediaType": kind, "digest": f"sha256:{digest}", "size": len(data)}

    layers, differences = [], []
    for layer in (system(packages, epoch), program(deb, epoch)):
        plain = layer.tar()
        differences.append("sha256:" + hashlib.sha256(plain).hexdigest())
        packed = gzip.compress(plain, 6, mtime=0)
        layers.append(blob(packed, "application/vnd.oci.image.layer.v1.tar+gzip"))
    labels = {
        "org.opencontainers.image.title": "radiomicsd",
        "org.opencontainers.image.description": "Radiomic features and a model's probability from CT studies. Research use only.",
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.created": created,
        "org.opencontainers.image.licenses": "Apache-2.0 AND GPL-2.0-or-later",
    }
    if revision:
        labels["org.opencontainers.image.revision"] = revision
    config = {
        "architecture": "amd64",
        "os": "linux",
        "created": created,
        "author": "radiomicsd authors",
        "config": {
            "User": f"{USER}:{USER}",
            # What commands write for a while goes to the volume: the root may be read-only, and /tmp with it.
            "Env": ["PATH=/usr/bin", "LANG=C.UTF-8", "TZ=UTC", "TMPDIR=/spool/state"],
            "Entrypoint": ["/usr/bin/radiomicsd"],
            "Cmd": ["serve"],
            "Volumes": {"/spool": {}},
            "WorkingDir": "/spool",
            "Labels": labels,
            "StopSignal": "SIGTERM",
            # Docker's own; OCI has none. packaging/ names it for Compose and Podman too.
            "Healthcheck": {
                "Test": ["CMD", "/usr/bin/radiomicsd", "health"],
                "Interval": 30_000_000_000,
                "Timeout": 10_000_000_000,
                "StartPeriod": 300_000_000_000,
                "Retries": 3,
            },
        },
        "rootfs": {"type": "layers", "diff_ids": differences},
        "history": [
            {"created": created, "created_by": "packages of Debian 12"},
            {"created": created, "created_by": f"radiomicsd {version}"},
        ],
    }
    described = blob(encode(config), "application/vnd.oci.image.config.v1+json")
    kind = "application/vnd.oci.image.manifest.v1+json"
    manifest = {"schemaVersion": 2, "mediaType": kind, "config": described, "layers": layers, "annotations": labels}
    top = blob(encode(manifest), kind)
    top["platform"] = {"architecture": "amd64", "os": "linux"}
    top["annotations"] = {
        "org.opencontainers.image.ref.name": version,
        "io.containerd.image.name": f"localhost/radiomicsd:{version}",
    }
    index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [top]}
    name = {digest: "blobs/sha256/" + digest for digest in blobs}
    docker = [
        {
            "Config": name[described["digest"][7:]],
            "RepoTags": [f"localhost/radiomicsd:{version}"],
            "Layers": [name[layer["digest"][7:]] for layer in layers],
        }
    ]
    archive = Layer(epoch)
    archive.file("oci-layout", encode({"imageLayoutVersion": "1.0.0"}))
    archive.file("index.json", encode(index))
    archive.file("manifest.json", encode(docker))
    for digest, data in blobs.items():
        archive.file(name[digest], data)
    with open(output, "wb") as file:
        file.write(archive.tar())
    print(output)


def encode(value):
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


if __name__ == "__main__":
    main()
