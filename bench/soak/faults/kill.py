"""kill -9 at random moments, recovery included: the same bits as an undisturbed run"""

import os
import random
import signal
import time

SEED = 20261123


def run(soak):
    kills, count = soak.pick(200, 24), soak.pick(30, 6)
    studies = soak.studies(count, slices=40, matrix=128)
    calm = soak.spool("calm")
    calm.start()
    names = [calm.drop(study) for study in studies]
    calm.finished(names, 60 * count)
    calm.settle()
    calm.check({name: "done" for name in names})
    calm.stop()

    spool = soak.spool("killed")
    chance = random.Random(SEED)
    drops = sorted(chance.randrange(kills) for _ in studies)
    dropped = 0
    for number in range(kills):
        while dropped < count and drops[dropped] <= number:
            spool.drop(studies[dropped])
            dropped += 1
        spool.start(wait=False)
        time.sleep(chance.expovariate(1 / 0.6))
        os.kill(spool.process.pid, signal.SIGKILL)
        spool.process.wait()
        spool.process = None
    spool.start()
    spool.finished(names, 60 * count)
    spool.settle()
    spool.check({name: "done" for name in names})
    different = [name for name in names if spool.result(name) != calm.result(name)]
    assert not different, f"{len(different)} results are not those of the undisturbed run"
    spool.stop()
    attempts = sum(job["attempts"] for job in spool.jobs())
    return {"kills": kills, "studies": count, "runs of workers": attempts, "different results": 0}
