"""2,000 small studies at once: all end once, the daemon's memory stays below 300 MB

STUDIES=10000 takes another number.
"""

import os
import time

TOO_SMALL = ("E_MASK_EMPTY", "E_ROI_TOO_SMALL")


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
    ends = {name: states[0] for name, states in spool.states().items() if len(states) == 1}
    # A phantom this small may have no region, or one of some voxels: refused for that, it has come to its end as well.
    refused = {name for name, state in ends.items() if state == "rejected"}
    others = [name for name in refused if not any(code in spool.status(name) for code in TOO_SMALL)]
    assert not others and len(refused) <= count // 4, f"{len(refused)} of {count} are rejected, {others[:3]} for another reason"
    spool.check({name: "rejected" if name in refused else "done" for name in names})
    assert peak < 300, f"{peak:.0f} MiB"
    spool.stop()
    return {"studies": count, "rejected for too small a region": len(refused), "studies a minute": round(60 * count / seconds),
            "peak MiB of the daemon": round(peak)}
