"""A daemon with its folders, and what must hold of them after every fault."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import threading
import time

# In the log none of these may appear: names of studies, of patients, UIDs. Studies are dropped under CANARY.
CANARY = "ZZCANARY"
SECRETS = (CANARY, "Phantom^", "phantom-", "2.25.", "IM0001")
FINAL = {"done", "rejected", "failed", "duplicate", "cancelled"}
# systemd does not start again after these (RestartPreventExitStatus), nor after an end in order.
NO_RESTART = {0, 64, 78}
# RestartSec, StartLimitBurst and StartLimitIntervalSec of the unit.
RESTART_SECONDS, START_LIMIT, START_INTERVAL = 5, 5, 600
# Of a result's numbers these say who, when and how fast; all others must be the same bits.
VOLATILE = ("job", "timing", "timings", "seconds", "created", "finished", "started", "threads")


class Spool:
    def __init__(self, root, program, checkout, settings):
        self.root = root
        self.program = program
        self.config = os.path.join(root, "radiomicsd.yaml")
        self.log = os.path.join(root, "log")
        self.process = None
        self.user = None
        self.starts = 0
        self.exits = []
        self.seen = {}
        self.supervised = False
        self.gave_up = False
        self.guard = threading.RLock()
        os.makedirs(root, exist_ok=True)
        values = {
            **{name: os.path.join(root, name) for name in ("inbox", "outbox", "state", "done", "failed", "status")},
            "model": os.path.join(checkout, "etc", "models", "demonstration"),
            "max_jobs": 2, "threads_per_job": 1, "settle_seconds": 0.5, "rescan_seconds": 5, "incomplete_seconds": 120,
            "retry_seconds": "[1]", "stop_seconds": 5, "memory_limit_mb": 4096, **settings}
        with open(self.config, "w", encoding="utf-8") as file:
            file.writelines(f"{key}: {value}\n" for key, value in values.items())
        self.folders = {name: values[name] for name in ("inbox", "outbox", "state", "done", "failed", "status")}
        for path in self.folders.values():
            # The daemon refuses a state folder that others may enter.
            os.makedirs(path, 0o700 if path == self.folders["state"] else 0o777, exist_ok=True)

    # The daemon

    def start(self, wait=True, command=()):
        with self.guard:
            before = self.text().count(": started\n")
            prefix = ["setpriv", f"--reuid={self.user[0]}", f"--regid={self.user[1]}", "--clear-groups"] if self.user else []
            with open(self.log, "ab") as log:
                self.process = subprocess.Popen(
                    [*prefix, self.program, "serve", "--config", self.config, *command], stderr=log,
                    stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            self.starts += 1
        if wait:
            self.until(lambda: self.text().count(": started\n") > before, 60, "the daemon starts")
        return self.process.pid

    def supervise(self):
        """Starts the daemon again when it ends, as the unit has systemd do; gives up as systemd does."""
        self.supervised = True
        starts = [time.monotonic()]

        def watch():
            while self.supervised:
                time.sleep(0.3)
                with self.guard:
                    code = self.process.poll() if self.process else None
                if not self.supervised or code is None:
                    continue
                self.exits.append(code)
                if code in NO_RESTART:
                    return
                time.sleep(RESTART_SECONDS)
                starts[:] = [start for start in starts if time.monotonic() - start < START_INTERVAL]
                if len(starts) >= START_LIMIT:
                    self.gave_up = True
                    return
                with self.guard:
                    if self.supervised:
                        starts.append(time.monotonic())
                        self.start(wait=False)

        threading.Thread(target=watch, daemon=True).start()

    def stop(self):
        """SIGTERM; the daemon must end in order."""
        self.supervised = False
        with self.guard:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            code = self.process.wait(60)
            self.process = None
        assert code == 0, f"the daemon ended with {code}"

    def kill(self):
        self.supervised = False
        with self.guard:
            if self.process is not None:
                self.process.kill()
                self.process.wait()
                self.process = None

    def children(self, word):
        """Processes of the daemon whose program, or one of whose first two arguments, is this word."""
        found = []
        for pid in os.listdir("/proc"):
            if pid.isdigit():
                try:
                    with open(f"/proc/{pid}/stat") as file:
                        parent = int(file.read().rsplit(")", 1)[1].split()[1])
                    with open(f"/proc/{pid}/cmdline", "rb") as file:
                        line = [os.path.basename(part.decode(errors="replace")) for part in file.read().split(b"\0")]
                except (OSError, IndexError):
                    continue
                if self.process and parent == self.process.pid and (not word or word in line[:3]):
                    found.append(int(pid))
        return found

    def peak(self):
        """The daemon's most resident memory so far, in MiB."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024

    def command(self, *arguments):
        return subprocess.run(
            [self.program, *arguments, "--config", self.config], capture_output=True, text=True, timeout=300)

    # Studies

    def name(self, study):
        made = os.path.basename(os.path.dirname(study)).removeprefix("studies")
        return f"{CANARY}{made}-{os.path.basename(study)}"

    def path(self, folder, name=""):
        return os.path.join(self.folders[folder], name)

    def drop(self, study, name=None):
        """Copied beside the inbox on the same disk, then moved in at once."""
        name = name or self.name(study)
        draft = os.path.join(self.root, "draft")
        shutil.copytree(study, draft)
        os.rename(draft, self.path("inbox", name))
        return name

    def jobs(self):
        answer = self.command("jobs", "list", "--limit", "0", "--json")
        return json.loads(answer.stdout) if answer.returncode == 0 and answer.stdout.strip() else []

    def states(self):
        states = {}
        for job in self.jobs():
            states.setdefault(job["study"], []).append(job["state"])
        return states

    def status(self, name):
        try:
            with open(self.path("status", f"{name}.txt"), encoding="utf-8", errors="replace") as file:
                text = file.read()
        except OSError:
            return ""
        state = next((line[7:] for line in text.splitlines() if line.startswith("state: ")), "")
        if state:
            self.seen.setdefault(name, set()).add(state)
        return text

    def until(self, holds, seconds, what, step=0.1):
        end = time.monotonic() + seconds
        while not holds():
            if self.gave_up:
                raise AssertionError(f"systemd would have given up after ends with {self.exits}")
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s: {what}")
            time.sleep(step)

    def finished(self, names, seconds, step=0.5):
        """Waits until the status of each says its end."""
        left = set(names)

        def over():
            for name in list(left):
                self.status(name)
                if self.seen.get(name, set()) & FINAL:
                    left.discard(name)
            return not left

        self.until(over, seconds, f"{len(left)} studies end", step)

    # What must hold

    def text(self):
        try:
            with open(self.log, encoding="utf-8", errors="replace") as file:
                return file.read()
        except OSError:
            return ""

    def settle(self, seconds=60):
        """Waits until originals are put away and remains are cleared."""
        self.until(
            lambda: not self.entries(self.path("state", "spool/in")) and not self.entries(self.path("state", "work"))
            and not self.entries(self.path("inbox", ".radiomicsd/claimed")), seconds, "remains are cleared away")

    @staticmethod
    def entries(path):
        try:
            return sorted(os.listdir(path))
        except FileNotFoundError:
            return []

    def check(self, expected):
        """One job a study with the expected end, whole results, originals put away, the chain, the log."""
        states = self.states()
        wrong = {name: states.get(name) for name, state in expected.items() if states.get(name) != [state]}
        assert not wrong, f"not one job with its end: {dict(list(wrong.items())[:5])}"
        assert set(states) <= set(expected), f"jobs of nobody: {set(states) - set(expected)}"
        for name, state in expected.items():
            if state == "done":
                self.whole(name)
            folder = "done" if state in ("done", "duplicate") else "failed"
            assert os.path.lexists(self.path(folder, name)), f"the original of a study is not in {folder}"
            status = self.status(name)
            assert f"state: {state}\n" in status, f"the status of a study says {status[:200]!r}"
        published = [name for name in self.entries(self.path("outbox")) if not name.startswith(".")]
        assert set(published) <= set(expected), f"results of nobody: {set(published) - set(expected)}"
        self.check_record()

    def check_record(self):
        audit = self.command("audit", "verify")
        assert audit.returncode == 0, f"audit verify: {audit.stdout}{audit.stderr}"
        log = self.text()
        for secret in SECRETS:
            assert secret not in log, f"the log says {secret}"

    def whole(self, name):
        """Every file of a result is there with the digest that its manifest gives."""
        folder = self.path("outbox", name)
        with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
            manifest = json.load(file)
        for file, about in manifest["files"].items():
            assert digest(os.path.join(folder, file)) == about["sha256"], f"{file} is not what the manifest says"
        extra = set(os.listdir(folder)) - set(manifest["files"]) - {"manifest.json"}
        assert not extra, f"files that no manifest names: {extra}"

    def result(self, name):
        """The digest of what a study's result says, without job, times and the page made of them."""
        folder = self.path("outbox", name)
        parts = {}
        for file in sorted(os.listdir(folder)):
            if file == "result.json":
                with open(os.path.join(folder, file), encoding="utf-8") as text:
                    parts[file] = stable(json.load(text))
            elif file not in ("manifest.json", "report.html"):
                parts[file] = digest(os.path.join(folder, file))
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stable(value):
    if isinstance(value, dict):
        return {key: stable(item) for key, item in value.items() if key not in VOLATILE}
    return [stable(item) for item in value] if isinstance(value, list) else value
