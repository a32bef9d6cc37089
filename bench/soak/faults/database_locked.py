"""another process holds the job database for a minute: nothing is lost, it goes on afterwards"""

import sqlite3
import time


def run(soak):
    seconds = soak.pick(60, 15)
    studies = soak.studies(4)
    spool = soak.spool()
    spool.start()
    spool.supervise()
    names = [spool.drop(studies[0])]
    spool.finished(names, 60)
    other = sqlite3.connect(spool.path("state", "jobs.sqlite"), timeout=30, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    names += [spool.drop(study) for study in studies[1:]]
    time.sleep(seconds)
    published = [name for name in spool.entries(spool.path("outbox")) if not name.startswith(".")]
    assert published == names[:1], "something was published that is not on record"
    other.execute("ROLLBACK")
    other.close()
    start = time.monotonic()
    spool.finished(names, 300)
    after = time.monotonic() - start
    spool.settle()
    spool.check({name: "done" for name in names})
    restarts = spool.starts - 1
    spool.stop()
    return {"locked s": seconds, "all done after s": round(after, 1), "restarts by the supervisor": restarts}
