"""slices with their final size before they are written, pauses longer than the quiet time: never computed on zeros"""

import os
import shutil
import time


def run(soak):
    study = soak.studies(1, slices=12, matrix=48)[0]
    reference = soak.spool("undisturbed")
    reference.start()
    whole = reference.drop(study)
    reference.finished([whole], 60)
    reference.stop()
    spool = soak.spool("half", settle_seconds=0.5, incomplete_seconds=30)
    spool.start()
    name = spool.name(study)
    target = spool.path("inbox", name)
    os.makedirs(os.path.join(target, "ct"))
    shutil.copy(os.path.join(study, "mask.nii.gz"), target)
    slices = sorted(os.listdir(os.path.join(study, "ct")))
    for file in slices[:-2]:
        shutil.copy(os.path.join(study, "ct", file), os.path.join(target, "ct", file))
    # One stays open while its writer pauses; the other is closed in between.
    for file, room, stays_open in ((slices[-2], os.ftruncate, True), (slices[-1], allocate, False)):
        with open(os.path.join(study, "ct", file), "rb") as source:
            content = source.read()
        path = os.path.join(target, "ct", file)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o660)
        room(descriptor, len(content))
        os.pwrite(descriptor, content[:4096], 0)
        if not stays_open:
            os.close(descriptor)
        pause(spool, name, soak.pick(20, 4))
        if not stays_open:
            descriptor = os.open(path, os.O_WRONLY)
        os.pwrite(descriptor, content, 0)
        os.close(descriptor)
    spool.finished([name], 60)
    spool.settle()
    spool.check({name: "done"})
    assert spool.result(name) == reference.result(whole), "not the result of the whole study"
    spool.stop()
    return {"files": len(slices) + 1, "statuses": "/".join(sorted(spool.seen[name]))}


def allocate(descriptor, size):
    os.posix_fallocate(descriptor, 0, size)


def pause(spool, name, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        spool.status(name)
        time.sleep(0.2)
    assert "done" not in spool.seen.get(name, set()), "a copy under way was taken"
