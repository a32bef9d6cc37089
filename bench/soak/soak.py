"""What the faults share: studies, spools, and the end of everything that was started."""

import os
import shutil
import subprocess

from spool import Spool

CHECKOUT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("RADIOMICSD", os.path.join(CHECKOUT, ".build", "release", "radiomicsd"))


class Soak:
    """One fault's folder, studies and spools."""

    quick = os.environ.get("QUICK", "") not in ("", "0")
    checkout = CHECKOUT
    program = PROGRAM

    def __init__(self, folder):
        self.folder = folder
        self.spools = []
        self.mounts = []
        self.processes = []
        os.makedirs(folder)

    def pick(self, whole, quick):
        """A number for the whole soak, or for the short one."""
        return quick if self.quick else whole

    def studies(self, count, slices=12, matrix=64, seed=1):
        """Folders of synthetic studies, each of another content."""
        target = os.path.join(self.folder, f"studies-{slices}-{matrix}-{seed}")
        subprocess.run(
            [PROGRAM, "phantom", "--output", target, "--count", str(count), "--slices", str(slices), "--matrix",
             str(matrix), "--seed", str(seed)], check=True, stderr=subprocess.DEVNULL)
        return [os.path.join(target, f"phantom-{number:04}") for number in range(1, count + 1)]

    def spool(self, name="spool", **settings):
        spool = Spool(os.path.join(self.folder, name), PROGRAM, CHECKOUT, settings)
        self.spools.append(spool)
        return spool

    def tmpfs(self, path, size):
        """A small disk of its own."""
        os.makedirs(path, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "tmpfs", path], check=True)
        self.mounts.append(path)

    def start(self, command, **options):
        """A process that ends with the fault."""
        process = subprocess.Popen(command, **options)
        self.processes.append(process)
        return process

    def end(self, keep=False):
        for spool in self.spools:
            spool.kill()
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
        for path in reversed(self.mounts):
            subprocess.run(["umount", "-l", path], check=False)
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)
