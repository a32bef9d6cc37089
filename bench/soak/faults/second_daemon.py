"""a second daemon on the same spool is refused and disturbs nothing"""

import subprocess


def run(soak):
    studies = soak.studies(2)
    spool = soak.spool()
    pid = spool.start()
    first = spool.drop(studies[0])
    second = subprocess.run(
        [soak.program, "serve", "--config", spool.config], capture_output=True, text=True, timeout=60)
    assert second.returncode == 75 and "E_ALREADY_RUNNING" in second.stderr and str(pid) in second.stderr, second.stderr
    names = [first, spool.drop(studies[1])]
    spool.finished(names, 60)
    spool.settle()
    spool.check({name: "done" for name in names})
    spool.stop()
    return {"its exit status": second.returncode}
