"""workers that hang, die by signals, or want more memory than they may: the others go on, the daemon lives"""

import json
import os
import signal


def run(soak):
    large = soak.studies(5, slices=160, matrix=256)
    small = soak.studies(4)
    spool = soak.spool(max_jobs=1, time_limit_seconds=soak.pick(40, 25), settle_seconds=1)
    spool.start()
    figures = {}

    def catch(study, number):
        """The first run of this study gets a signal as soon as it works."""
        name = spool.drop(study)
        caught = []

        def running():
            caught.extend(spool.children("worker") if has_job(spool) else [])
            return caught

        spool.until(running, 120, "a worker runs", step=0.005)
        os.kill(caught[0], number)
        return name

    names = []
    for study, number in zip(large, (signal.SIGSTOP, signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT), strict=False):
        name = catch(study, number)
        spool.finished([name], 300)
        names.append(name)
        job = next(job for job in spool.jobs() if job["study"] == name)
        assert job["state"] == "done" and job["attempts"] == 2, f"{number.name}: {job['state']}, {job['attempts']} runs"
        figures[number.name] = "done at run 2"
    names += [spool.drop(study) for study in small[:2]]
    spool.finished(names, 120)
    spool.settle()
    spool.check({name: "done" for name in names})
    zombies = [pid for pid in spool.children("") if stat(pid) == "Z"]
    assert not zombies, "children were not reaped"
    spool.stop()

    # Not enough address space for the large ones at first; twice as much, alone, is enough for one of them.
    tight = soak.spool("tight", memory_limit_mb=250, settle_seconds=1)
    tight.start()
    large, huge = (soak.studies(1, slices=slices, matrix=512, seed=7)[0] for slices in (160, 420))
    expected = {tight.drop(small[2]): "done", tight.drop(large, name="ZZCANARY-large"): "done",
                tight.drop(huge, name="ZZCANARY-huge"): "failed", tight.drop(small[3]): "done"}
    tight.finished(expected, 600)
    tight.settle()
    tight.check(expected)
    runs = {job["study"]: job["attempts"] for job in tight.jobs()}
    assert runs["ZZCANARY-large"] == 2 and runs["ZZCANARY-huge"] == 2, runs
    with open(tight.path("outbox", "ZZCANARY-huge/error.json")) as file:
        code = json.load(file)["error"]["code"]
    assert code == "E_OOM", code
    tight.stop()
    return {**figures, "over the memory limit": "done at run 2 with twice as much", "over that too": f"failed {code}"}


def has_job(spool):
    """A job is running: what works then is its worker and no probe."""
    return any(name for name in spool.entries(spool.path("state", "work")) if not name.startswith("probe"))


def stat(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0]
    except OSError:
        return ""
