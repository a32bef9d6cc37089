"""a copy of one file a time, with pauses longer than the quiet time: taken once, whole"""

import os
import shutil
import time


def run(soak):
    study = soak.studies(1, slices=12, matrix=48)[0]
    reference = soak.spool("at-once")
    reference.start()
    whole = reference.drop(study)
    reference.finished([whole], 60)
    reference.stop()
    spool = soak.spool("slowly", settle_seconds=0.5)
    spool.start()
    name = spool.name(study)
    target = spool.path("inbox", name)
    os.makedirs(os.path.join(target, "ct"))
    # The mask first: then only the slices that are missing can tell.
    shutil.copy(os.path.join(study, "mask.nii.gz"), target)
    slices = sorted(os.listdir(os.path.join(study, "ct")))
    pauses = {len(slices) // 3, 2 * len(slices) // 3, len(slices) - 1}
    for number, file in enumerate(slices):
        pause(spool, name, soak.pick(25, 4) if number in pauses else 0.3)
        shutil.copy(os.path.join(study, "ct", file), os.path.join(target, "ct", file))
    spool.finished([name], 60)
    spool.settle()
    spool.check({name: "done"})
    assert "incomplete" in spool.seen[name], f"the status never said incomplete: {spool.seen[name]}"
    assert spool.result(name) == reference.result(whole), "not the result of the whole study"
    spool.stop()
    return {"files": len(slices) + 1, "pauses": len(pauses), "statuses": "/".join(sorted(spool.seen[name]))}


def pause(spool, name, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        spool.status(name)
        time.sleep(0.2)
    assert "done" not in spool.seen.get(name, set()), "a copy under way was taken"
