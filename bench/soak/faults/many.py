"""2,000 small studies at once: all end once, the daemon's memory stays below 300 MB

STUDIES=10000 takes another number.
"""

import gzip
import os
import time

# What a region needs, and how one of less is refused.
MINIMUM = 10
TOO_SMALL = ("E_MASK_EMPTY", "E_ROI_TOO_SMALL")


def voxels(study):
    """Of the region: the mask is a NIfTI of one byte a voxel."""
    with gzip.open(os.path.join(study, "mask.nii.gz")) as file:
        content = file.read()
    assert content[70] == 2, "the mask is not of bytes"
    return sum(byte != 0 for byte in content[352:])


def run(soak):
    count = int(os.environ.get("STUDIES", soak.pick(2000, 60)))
    # The smallest that there is.
    studies = soak.studies(count, slices=8, matrix=32)
    spool = soak.spool(rescan_seconds=60)
    spool.start()
    start = time.monotonic()
    names = [spool.drop(study) for study in studies]
    spool.finished(names, max(3600, 30 * count), step=5 if count > 500 else 0.5)
    seconds = time.monotonic() - start
    spool.settle(120)
    peak = spool.peak()
    # A phantom this small may have a region of too few voxels, and is refused for it: exactly those are.
    small = {name for study, name in zip(studies, names) if voxels(study) < MINIMUM}
    others = [name for name in small if not any(code in spool.status(name) for code in TOO_SMALL)]
    assert not others, f"{others[:3]} are refused for another reason"
    spool.check({name: "rejected" if name in small else "done" for name in names})
    assert peak < 300, f"{peak:.0f} MiB"
    spool.stop()
    return {"studies": count, "rejected for too small a region": len(small), "studies a minute": round(60 * count / seconds),
            "peak MiB of the daemon": round(peak)}
