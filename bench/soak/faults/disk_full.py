"""the disk of the private copies, then that of the outbox, is full: goes on by itself, costs no attempt"""

import os
import time


def run(soak):
    studies = soak.studies(4, slices=40, matrix=128)
    state, outbox = os.path.join(soak.folder, "state"), os.path.join(soak.folder, "outbox")
    # Three times a study, and the ballast of the database.
    soak.tmpfs(state, "48m")
    soak.tmpfs(outbox, "16m")
    spool = soak.spool(state=os.path.join(state, "s"), outbox=os.path.join(outbox, "o"), reserve_mb=0)
    spool.start()
    spool.supervise()
    names = [spool.drop(studies[0])]
    spool.finished(names, 60)
    waits = {}
    for where, disk, study in (("state", state, studies[1]), ("outbox", outbox, studies[2])):
        ballast = fill(disk)
        names.append(spool.drop(study))
        time.sleep(soak.pick(45, 15))
        spool.status(names[-1])
        assert not spool.seen.get(names[-1], set()) & {"done", "failed", "rejected"}, "it ended on a full disk"
        assert spool.status(names[-1]), "a full disk left the user without a status"
        os.unlink(ballast)
        start = time.monotonic()
        spool.finished(names, 700)
        waits[where] = round(time.monotonic() - start, 1)
    names.append(spool.drop(studies[3]))
    spool.finished(names, 120)
    spool.settle()
    spool.check({name: "done" for name in names})
    failures = [job["attempts"] for job in spool.jobs() if job["state"] != "done"]
    restarts = spool.starts - 1
    spool.stop()
    assert not failures
    return {"went on after the state disk had room in s": waits["state"], "after the outbox had in s": waits["outbox"],
            "restarts by the supervisor": restarts}


def fill(disk):
    """All but some kilobytes, which is not enough for a study or a result."""
    path = os.path.join(disk, "ballast")
    with open(path, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError:
            pass
        file.truncate(max(0, file.tell() - (96 << 10)))
    return path
