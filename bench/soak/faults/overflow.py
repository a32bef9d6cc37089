"""inotify overflow while daemon and watcher stand still: what came after it is found at once"""

import os
import signal
import time


def run(soak):
    with open("/proc/sys/fs/inotify/max_queued_events") as file:
        queue = int(file.read())
    files, studies = max(20_000, queue + 1000), soak.studies(soak.pick(20, 5))
    # The periodic listing would find them too: it must not be what does.
    spool = soak.spool(rescan_seconds=3600)
    daemon = spool.start()
    watchers = spool.children("radiomicsd-watch")
    assert watchers, "there is no watcher"
    before = spool.drop(studies[0])
    spool.finished([before], 60)
    stopped = [daemon, *watchers]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    for number in range(files):
        path = spool.path("inbox", f".{number}")
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
        os.unlink(path)
    names = [before, *(spool.drop(study) for study in studies[1:])]
    for pid in stopped:
        os.kill(pid, signal.SIGCONT)
    start = time.monotonic()
    spool.finished(names, 300)
    seconds = time.monotonic() - start
    spool.settle()
    spool.check({name: "done" for name in names})
    events = spool.command("audit", "export", "--csv").stdout
    assert "OVERFLOW" in events, "the overflow is not on record"
    spool.stop()
    return {"files": files, "queue": queue, "studies": len(names), "found and computed in s": round(seconds, 1)}
