"""the job database is cut short: refused with 78, nothing touched; the backup goes on"""

import os
import sqlite3
import subprocess


def run(soak):
    studies = soak.studies(3)
    spool = soak.spool()
    spool.start()
    names = [spool.drop(studies[0])]
    spool.finished(names, 60)
    spool.settle()
    database, backup = spool.path("state", "jobs.sqlite"), os.path.join(spool.root, "backup.sqlite")
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    connection.execute("VACUUM INTO ?", (backup,))
    connection.close()
    spool.stop()
    size = os.path.getsize(database)
    os.truncate(database, size // 2 - 123)
    names.append(spool.drop(studies[1]))
    before = listing(spool)
    refused = subprocess.run(
        [soak.program, "serve", "--config", spool.config], capture_output=True, text=True, timeout=60)
    assert refused.returncode == 78 and "E_DATABASE" in refused.stderr, f"{refused.returncode}: {refused.stderr}"
    assert os.path.getsize(database) == size // 2 - 123 and listing(spool) == before, "something was touched"
    for leftover in ("-wal", "-shm"):
        if os.path.exists(database + leftover):
            os.unlink(database + leftover)
    os.replace(backup, database)
    # The backup is older than its mirror: that is refused too, and recover brings back what is missing.
    behind = subprocess.run(
        [soak.program, "serve", "--config", spool.config], capture_output=True, text=True, timeout=60)
    assert behind.returncode == 78 and "E_AUDIT_BEHIND" in behind.stderr, f"{behind.returncode}: {behind.stderr}"
    recovered = spool.command("recover")
    assert recovered.returncode == 0, recovered.stderr
    spool.start()
    names.append(spool.drop(studies[2]))
    spool.finished(names, 60)
    spool.settle()
    states = spool.states()
    assert all(states.get(name) == ["done"] for name in names), f"{states}"
    for name in names:
        spool.whole(name)
    spool.stop()
    return {"exit status": refused.returncode, "studies after the restore": len(names)}


def listing(spool):
    found = []
    for folder in ("inbox", "outbox", "done", "failed"):
        for path, _, files in os.walk(spool.path(folder)):
            found += [os.path.join(path, file) for file in files]
    return sorted(found)
