#!/usr/bin/env python3
"""Writes the bill of materials of a release as SPDX 2.3 JSON: what is linked into the programs, and which Debian packages the
archive and the image hold, with versions and digests.

    tools/dist/sbom.py BUILT-FOLDER PACKAGES-FOLDER RELEASE-FOLDER OUTPUT.spdx.json
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import time

CHECKOUT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Licences of Swift packages, and words of their licence file that must be there; a package that is new must be looked at.
SWIFT = {
    "grdb.swift": ("MIT", "Permission is hereby granted, free of charge"),
    "swift-argument-parser": ("Apache-2.0 WITH Swift-exception", "Runtime Library Exception"),
    "yams": ("MIT", "Permission is hereby granted, free of charge"),
}
RUNTIME = "Apache-2.0 WITH Swift-exception"


class Document:
    def __init__(self, name, namespace, created):
        self.value = {
            "spdxVersion": "SPDX-2.3",
            "dataLicense": "CC0-1.0",
            "SPDXID": "SPDXRef-DOCUMENT",
            "name": name,
            "documentNamespace": namespace,
            "creationInfo": {"created": created, "creators": ["Organization: radiomicsd authors", "Tool: tools/dist/sbom.py"]},
            "documentDescribes": [],
            "packages": [],
            "relationships": [],
        }

    def package(self, key, name, version, licence, **more):
        identifier = "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", key)
        entry = {
            "SPDXID": identifier,
            "name": name,
            "versionInfo": version,
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False,
            "licenseConcluded": licence,
            "licenseDeclared": licence,
            "copyrightText": "NOASSERTION",
        }
        entry.update(more)
        self.value["packages"].append(entry)
        return identifier

    def relate(self, one, kind, other):
        self.value["relationships"].append(
            {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
        )


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return [{"algorithm": "SHA256", "checksumValue": digest.hexdigest()}]


def purl(locator):
    return [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": locator}]


def fields(deb):
    names = ("Package", "Version", "Architecture", "Source")
    return {
        name: subprocess.run(["dpkg-deb", "-f", deb, name], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        for name in names
    }


def swift_packages(built):
    """Name, version, revision, address and licence of what SwiftPM resolved."""
    with open(os.path.join(CHECKOUT, "Package.resolved"), encoding="utf-8") as file:
        pins = json.load(file)["pins"]
    for pin in sorted(pins, key=lambda pin: pin["identity"]):
        identity, address = pin["identity"], pin["location"].removesuffix(".git")
        if identity not in SWIFT:
            raise SystemExit(f"the licence of the Swift package {identity} is not known: add it to tools/dist/sbom.py")
        licence, words = SWIFT[identity]
        checkout = os.path.join(os.path.dirname(os.path.realpath(built)), "..", "checkouts", address.rsplit("/", 1)[1])
        texts = [name for name in os.listdir(checkout) if name.upper().startswith("LICENSE")]
        text = "".join(open(os.path.join(checkout, name), encoding="utf-8").read() for name in texts)
        if words not in " ".join(text.split()):
            raise SystemExit(f"{identity}: its licence is not {licence} any more: look at it, and at tools/dist/sbom.py")
        yield identity, pin["state"].get("version", "NOASSERTION"), pin["state"]["revision"], address, licence


def main():
    built, folder, release, output = sys.argv[1:5]
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch))
    version = subprocess.run(
        [os.path.join(built, "radiomicsd"), "--version"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()
    artefacts = {
        kind: name
        for name in sorted(os.listdir(release))
        for kind, ending in (("package", ".deb"), ("archive", ".tar.gz"), ("image", ".oci.tar"))
        if name.endswith(ending)
    }
    digests = {kind: sha256(os.path.join(release, name)) for kind, name in artefacts.items()}
    own = hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()
    document = Document(
        f"radiomicsd-{version}", f"https://spdx.org/spdxdocs/radiomicsd-{version}-{own[:32]}", created
    )

    program = document.package(
        "radiomicsd", "radiomicsd", version, "Apache-2.0", primaryPackagePurpose="APPLICATION",
        copyrightText="2026 the radiomicsd authors")
    watcher = document.package(
        "radiomicsd-watch", "radiomicsd-watch", version, "GPL-2.0-or-later", primaryPackagePurpose="APPLICATION",
        copyrightText="2026 the radiomicsd authors")
    delivered = {}
    for kind, name in artefacts.items():
        delivered[kind] = document.package(
            f"{kind}-radiomicsd", name, version, "Apache-2.0 AND GPL-2.0-or-later", packageFileName=name,
            checksums=digests[kind], primaryPackagePurpose="CONTAINER" if kind == "image" else "INSTALL")
        document.value["documentDescribes"].append(delivered[kind])
        document.relate("SPDXRef-DOCUMENT", "DESCRIBES", delivered[kind])
        for part in (program, watcher):
            document.relate(delivered[kind], "CONTAINS", part)

    for name, number, revision, address, licence in swift_packages(built):
        part = document.package(
            f"swift-{name}", name, number, licence, downloadLocation=f"git+{address}@{revision}",
            externalRefs=purl(f"pkg:swift/{address.split('://')[1]}@{number}"))
        document.relate(program, "STATIC_LINK", part)
    compiler = subprocess.run(["swift", "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    number = re.search(r"Swift version ([0-9.]+)", compiler)
    runtime = document.package(
        "swift-runtime", "Swift standard library, Foundation (with ICU's data) and libdispatch",
        number[1] if number else "NOASSERTION", f"{RUNTIME} AND Unicode-3.0")
    document.relate(program, "STATIC_LINK", runtime)

    with tarfile.open(os.path.join(release, artefacts["archive"])) as archive:
        bundled = {
            os.path.basename(name).removesuffix(".copyright")
            for name in archive.getnames()
            if "/share/doc/radiomicsd/libraries/" in name
        }
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".deb"):
            continue
        about = fields(os.path.join(folder, name))
        source = re.fullmatch(r"(\S+)(?: \((.*)\))?", about["Source"] or about["Package"])
        part = document.package(
            f"debian-{about['Package']}", about["Package"], about["Version"], "NOASSERTION",
            supplier="Organization: Debian", packageFileName=name, checksums=sha256(os.path.join(folder, name)),
            sourceInfo=f"Debian source package {source[1]} {source[2] or about['Version']}",
            licenseComments=f"usr/share/doc/{about['Package']}/copyright of the package has them all",
            externalRefs=purl(
                f"pkg:deb/debian/{about['Package']}@{about['Version'].replace(':', '%3A').replace('+', '%2B')}"
                f"?arch={about['Architecture']}&distro=debian-12"))
        document.relate(delivered["image"], "CONTAINS", part)
        if about["Package"] in bundled:
            document.relate(delivered["archive"], "CONTAINS", part)
        if about["Package"] == "libinotifytools0":
            document.relate(watcher, "DYNAMIC_LINK", part)
        elif about["Package"] in bundled or about["Package"] == "libc6":
            document.relate(program, "DYNAMIC_LINK", part)
    with open(output, "w", encoding="utf-8", newline="\n") as file:
        json.dump(document.value, file, indent=1, ensure_ascii=False)
        file.write("\n")
    print(output)


if __name__ == "__main__":
    main()
