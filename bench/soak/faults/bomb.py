"""decompression bombs (an archive, a mask): refused within bounds of memory and disk"""

import gzip
import os
import shutil
import struct
import subprocess
import zipfile


def run(soak):
    studies = soak.studies(3)
    gigabytes = soak.pick(8, 2)
    spool = soak.spool(memory_limit_mb=2048, archive_max_mb=512, incomplete_seconds=20)
    spool.start()
    expected = {}
    # An archive of zeros, a thousand to one.
    name = spool.name(studies[0])
    path = os.path.join(spool.root, "bomb.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        with file.open("ct/IM0001.dcm", "w", force_zip64=True) as member:
            for _ in range(gigabytes << 4):
                member.write(bytes(1 << 26))
    ratio = (gigabytes << 30) // os.path.getsize(path)
    os.rename(path, spool.path("inbox", f"{name}.zip"))
    expected[name] = "rejected"
    # A mask whose header is right and that goes on for gigabytes.
    name = spool.name(studies[1])
    draft = os.path.join(spool.root, "draft")
    shutil.copytree(studies[1], draft)
    mask = os.path.join(draft, "mask.nii.gz")
    with gzip.open(mask, "rb") as file:
        honest = file.read()
    with gzip.open(mask, "wb", 9) as file:
        file.write(honest)
        for _ in range(gigabytes << 4):
            file.write(bytes(1 << 26))
    os.rename(draft, spool.path("inbox", name))
    # What is behind the image is not read: either end is right, as long as it is one.
    expected[spool.drop(studies[2])] = "done"
    spool.finished([*expected, name], 300)
    spool.settle()
    expected[name] = spool.states()[name][0]
    assert expected[name] in ("done", "rejected"), expected[name]
    # An archive stands in failed under its own name.
    zipped = spool.name(studies[0])
    os.rename(spool.path("failed", f"{zipped}.zip"), spool.path("failed", zipped))
    spool.check(expected)
    used = int(subprocess.run(["du", "-sm", spool.path("state")], capture_output=True, text=True).stdout.split()[0])
    assert used < 100, f"{used} MiB are left in the state folder"
    peak = spool.peak()
    assert peak < 300, f"{peak:.0f} MiB"
    spool.stop()
    return {"GiB": gigabytes, "ratio": ratio, "mask bomb": expected[name], "peak MiB of the daemon": round(peak)}
