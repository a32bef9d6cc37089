"""The scripted day: studies of every kind through a running daemon, one after the other, and the record of it."""

import os
import shutil
import signal
import sqlite3
import subprocess
import time

from builds import studies
from builds.studies import change, file

FOLDERS = ("inbox", "outbox", "state", "done", "failed", "status")
ENDED = ("done", "rejected", "failed", "duplicate", "cancelled", "needs-review", "held")

SLOW = """imageType:
  Original: {}
  LoG: {sigma: [1, 2, 3, 4, 5]}
  Wavelet: {}
setting:
  binWidth: 5
  resampledPixelSpacing: [0.08, 0.08, 0.08]
"""


def drawn(study):
    """The region as contours, which need not cover the series."""
    studies.structure_set(study, "GTV")


class Day:
    def __init__(self, program, root, phantoms, model, record, say):
        self.program, self.root, self.model, self.record, self.say = program, root, model, record, say
        # The largest regions first: half a region must do for the studies with two.
        self.phantoms = sorted(
            (os.path.join(phantoms, name) for name in os.listdir(phantoms) if "phantom" in name),
            key=lambda path: (-os.path.getsize(studies.mask_path(path)), path))
        self.next = 0
        self.drafts = 0
        self.process = None
        self.log = os.path.join(root, "log")
        self.config = os.path.join(root, "radiomicsd.yaml")
        os.makedirs(root)
        for name in FOLDERS:
            os.mkdir(os.path.join(root, name), 0o700 if name == "state" else 0o755)
        self.configure()

    # The daemon

    def configure(self, **changes):
        values = {**{name: name for name in FOLDERS}, "model": self.model, "max_jobs": 1, "threads_per_job": 1,
                  "settle_seconds": 0.3, "rescan_seconds": 0.5, "incomplete_seconds": 1.5, "retry_seconds": "[0.2]",
                  "stop_seconds": 20, "memory_budget_mb": 8192, "memory_limit_mb": 4096, **changes}
        with open(self.config, "w", encoding="utf-8") as out:
            out.writelines(f"{key}: {value}\n" for key, value in values.items())

    def start(self):
        count = self.text().count(": started\n")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.program, "serve", "--config", self.config], stderr=log, stdin=subprocess.DEVNULL)
        self.until(lambda: self.text().count(": started\n") > count, "the daemon starts")

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(60)
        self.process = None

    def reload(self, expected, **changes):
        """SIGHUP with another configuration; `expected` is the event that must follow."""
        before = self.count_events(expected)
        self.configure(**changes)
        self.process.send_signal(signal.SIGHUP)
        self.until(lambda: self.count_events(expected) > before, f"the event {expected}")

    def text(self):
        try:
            with open(self.log, encoding="utf-8") as log:
                return log.read()
        except OSError:
            return ""

    def query(self, text, *values):
        try:
            with sqlite3.connect(f"file:{self.root}/state/jobs.sqlite?mode=ro", uri=True, timeout=5) as store:
                return store.execute(text, values).fetchall()
        except sqlite3.OperationalError:
            return []

    def count_events(self, kind):
        return self.query("SELECT count(*) FROM events WHERE kind = ?", kind)[0][0]

    def until(self, holds, what, seconds=120):
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end or (self.process and self.process.poll() is not None):
                raise SystemExit(f"compare_builds: not within {seconds} s: {what}; the daemon said:\n{self.text()[-2000:]}")
            time.sleep(0.05)

    # Studies

    def study(self, *changes, phantom=None):
        """A folder of a phantom that no study was made of yet, or of this one, with the changes made to it."""
        if phantom is None:
            phantom, self.next = self.phantoms[self.next], self.next + 1
        self.drafts += 1
        draft = os.path.join(self.root, "drafts", str(self.drafts), "study")
        shutil.copytree(phantom, draft)
        for made in changes:
            made(draft)
        return draft

    def drop(self, name, path, folder="inbox"):
        """Moves a study in at once and waits for its end."""
        before = len(self.jobs())
        os.rename(path, os.path.join(self.root, folder, name))
        self.ended(before + 1, name)

    def archive(self, name, pack, *changes, **options):
        folder = self.study(*changes)
        path = os.path.join(os.path.dirname(folder), name)
        pack(folder, path, **options)
        self.drop(name, path)

    def jobs(self):
        return self.query("SELECT id, study, state, swept FROM jobs ORDER BY sequence")

    def ended(self, count, what):
        """Waits until there are so many jobs, and all have come as far as they get by themselves."""
        def over():
            jobs = self.jobs()
            return len(jobs) == count and all(
                state in ENDED and (swept or state in ("needs-review", "held")) for _, _, state, swept in jobs)
        self.until(over, f"{what} ends: {count} jobs wanted, {[job[1:] for job in self.jobs()[-3:]]}")
        self.say(f"{what}: {self.jobs()[-1][2]}")

    def job(self, name):
        return self.query("SELECT id FROM jobs WHERE study = ? ORDER BY sequence DESC LIMIT 1", name)[0][0]

    def state(self, job):
        return self.query("SELECT state FROM jobs WHERE id = ?", job)[0][0]

    def ask(self, *arguments, expected=None, of=None):
        """A command of the program; waits until the job `of` is in the state `expected` and everything has ended."""
        done = subprocess.run([self.program, *arguments, "--config", self.config], capture_output=True, timeout=300)
        self.asked += 1
        self.answers.append((f"{self.asked:02} {' '.join(arguments[:2])}", done))
        if expected:
            self.until(lambda: self.state(of) == expected, f"{arguments} makes it {expected}", 30)
            self.ended(len(self.jobs()), " ".join(arguments[:2]))

    def retried(self, name, *options):
        before = len(self.jobs())
        self.ask("jobs", "retry", self.job(name), *options)
        self.ended(before + 1, f"retry of {name}")

    def run(self):
        self.asked, self.answers = 0, []
        try:
            self.start()
            self.good()
            self.refused()
            self.reviewed()
            self.repeated()
            self.limited()
            self.restarted()
            self.stop()
            self.looked_at()
        finally:
            if self.process:
                self.process.kill()
                self.process.wait()
        self.write()

    def good(self):
        self.first = self.phantoms[self.next]
        self.drop("plain folder", self.study())
        self.archive("zip.zip", studies.zipped)
        self.archive("tar.tar", studies.tarred)
        self.archive("tar gz.tar.gz", studies.tarred)
        self.archive("tgz.tgz", studies.tarred)
        self.drop("nii", self.study(studies.uncompressed))
        self.drop("nrrd", self.study(studies.nrrd))
        self.drop("seg nrrd", self.study(lambda study: studies.nrrd(study, "tumour.seg.nrrd")))
        self.drop("mha", self.study(studies.metaimage))
        self.drop("rtstruct", self.study(lambda study: studies.structure_set(study, "GTV")))
        self.drop("rtstruct two regions", self.study(
            lambda study: studies.structure_set(study, "GTV", "Bladder"), file("study.yaml", "roi: GTV\n")))
        self.drop("seg", self.study(studies.segmentation))
        self.drop("urgent folder", self.study(), "inbox/urgent")
        self.drop("urgent instruction", self.study(file("study.yaml", "priority: urgent\n")))
        self.drop("ready", self.study(file("READY", "")))
        self.drop("尿路上皮 肿瘤 01", self.study())
        self.drop("deep", self.study(studies.deep))

    def refused(self):
        self.drop("gap", self.study(studies.without(5)))
        self.drop("no mask", self.study(studies.without_mask))
        self.drop("no images", self.study(studies.without_images))
        self.drop("cut slice", self.study(studies.cut_slice))
        self.drop("damaged file", self.study(studies.damaged))
        self.drop("empty mask", self.study(studies.empty_mask))
        self.drop("other grid", self.study(change(0x20, 0x32, "-100\\-100\\0", every=100)))
        self.drop("not HU", self.study(change(0x28, 0x1054, "US")))
        self.drop("two patients", self.study(change(0x10, 0x20, "somebody else", every=2)))
        self.drop("link", self.study(studies.link))
        self.drop("wrong key", self.study(file("study.yaml", "rio: GTV\n")))
        self.archive("path.zip", studies.zipped, extra=[("../evil.dcm", "x")])
        path = self.study()
        whole = path + ".zip"
        studies.zipped(path, whole)
        os.truncate(whole, os.path.getsize(whole) * 2 // 3)
        self.drop("cut.zip", whole)

    def reviewed(self):
        for name, made, choice in (
            ("two masks", studies.two_masks, ("--mask", "other.nii.gz")),
            ("two labels", studies.two_labels, ("--label", "2")),
            ("two series", studies.second_series, ("--series", "1.2.826.0.1.3680043.9.1"))):
            self.drop(name, self.study(made))
            job = self.job(name)
            self.ask("jobs", "show", job, "--json")
            if name == "two labels":
                self.ask("jobs", "resolve", job, "--label", "7")
            self.ask("jobs", "resolve", job, *choice, expected="done", of=job)
        self.drop("answered", self.study(studies.two_labels))
        job = self.job("answered")
        answer = os.path.join(self.root, "drafts", "answer")
        file("study.yaml", "label: 1\n")(answer)
        os.rename(answer, os.path.join(self.root, "inbox", "answered"))
        self.until(lambda: self.state(job) == "done", "the answer is taken")
        self.ended(len(self.jobs()), "answered")
        self.drop("given up", self.study(lambda study: studies.structure_set(study, "GTV", "Bladder")))
        job = self.job("given up")
        self.ask("jobs", "hold", job, expected="held", of=job)
        self.ask("jobs", "release", job, expected="needs-review", of=job)
        self.ask("jobs", "cancel", job, expected="cancelled", of=job)

    def repeated(self):
        self.drop("again", self.study(phantom=self.first))
        folder = self.study(phantom=self.first)
        studies.zipped(folder, folder + ".zip")
        self.drop("again zipped.zip", folder + ".zip")
        self.retried("again")
        self.retried("gap")
        self.retried("damaged file", "--force", "--reason", "the rest of the series is not to be had")
        self.ask("jobs", "retry", "0" * 12)
        whole = self.phantoms[self.next]
        self.next += 1
        self.drop("part", self.study(drawn, studies.without(0, -1), phantom=whole))
        self.drop("part and rest", self.study(drawn, phantom=whole))

    def limited(self):
        """Limits that a large study does not keep, and configurations that are taken, or refused, while it runs."""
        large = os.path.join(self.root, "..", "large")
        subprocess.run([self.program, "phantom", "--output", large, "--slices", "60", "--matrix", "512", "--seed", "5"],
                       check=True, stderr=subprocess.DEVNULL)
        large = os.path.join(large, "phantom-0001")
        # Voxels of 0.08 mm: the look into the study is quick, its features take seconds.
        slow = os.path.join(self.root, "slow.yaml")
        with open(slow, "w", encoding="utf-8") as out:
            out.write(SLOW)
        self.reload("CONFIGURATION_CHANGED", time_limit_seconds=1.5, model="null", profile=slow)
        self.drop("too slow", self.study(phantom=large))
        self.reload("CONFIGURATION_CHANGED", memory_limit_mb=64)
        self.drop("too large", self.study(phantom=large))
        self.reload("RELOAD_REFUSED", time_limit_seconds=-1)
        self.reload("CONFIGURATION_CHANGED", originals="keep")
        self.retried("too slow")
        self.drop("kept", self.study())
        self.reload("CONFIGURATION_CHANGED", originals="delete", model="null", profile="ctu-982", window="ctu",
                    report_language="zh")
        self.drop("no model", self.study())

    def restarted(self):
        # The mirror's lines are written a moment after the database's.
        time.sleep(1)
        self.stop(signal.SIGKILL)
        self.configure(roi="{names: [Bladder]}")
        self.start()
        self.drop("configured region", self.study(lambda study: studies.structure_set(study, "GTV", "Bladder")))
        self.stop()
        self.configure()
        self.start()
        self.ask("health", "--json")

    # What is looked at afterwards

    def looked_at(self):
        for arguments in (
            ("jobs", "list", "--json", "--limit", "0"), ("jobs", "list", "--state", "rejected"), ("jobs", "export"),
            ("jobs", "export", "--json"), ("jobs", "export", "--features", "--profile", "jiao2024"),
            ("jobs", "export", "--features"), ("jobs", "export", "--features", "--profile", "ctu-982", "--superseded"),
            ("jobs", "reproduce", self.job("plain folder"), "--json"), ("jobs", "reproduce", self.job("rtstruct")),
            ("audit", "verify", "--json"), ("audit", "verify", "--results", "--json"), ("audit", "export", "--csv"),
            ("audit", "export", "--json"), ("audit", "anchor"), ("recover", "--dry-run", "--json"),
            ("drift", "--json"), ("health", "--json"), ("jobs", "purge", "--older-than", "1s", "--dry-run"),
        ):
            self.ask(*arguments)
        for job, _, _, _ in self.jobs():
            self.ask("jobs", "show", job, "--json")
            self.ask("jobs", "show", job)

    def write(self):
        self.learn()
        for name, done in self.answers:
            self.record.put(f"day/commands/{name}.stdout", done.stdout)
            self.record.put(f"day/commands/{name}.stderr", done.stderr + b"status %d\n" % done.returncode)
        self.record.put("day/log", self.text())
        for name in ("outbox", "status"):
            self.record.put_tree(f"day/{name}", os.path.join(self.root, name))
        for name in ("done", "failed", "inbox"):
            self.record.put_tree(f"day/{name}", os.path.join(self.root, name), contents=lambda path: False)
        state = os.path.join(self.root, "state")
        volatile = ("jobs.sqlite", "jobs.sqlite-wal", "jobs.sqlite-shm", "ballast", "lock")
        self.record.put_tree("day/state", state, contents=lambda path: path not in volatile)
        with sqlite3.connect(f"file:{state}/jobs.sqlite?mode=ro", uri=True) as store:
            self.record.put("day/database", "\n".join(store_lines(store)) + "\n")

    def learn(self):
        """The record's own ids and digests, in order, so that each has one word wherever it stands."""
        for number, (job, listing) in enumerate(self.query("SELECT id, listing FROM jobs ORDER BY sequence"), 1):
            self.record.know(job, f"<job {number}>")
            self.record.know(listing, "<listing>")
        for sequence, digest in self.query("SELECT sequence, hash FROM events ORDER BY sequence"):
            self.record.know(digest, f"<event {sequence}>")
        for (digest,) in self.query("SELECT manifest_sha256 FROM results"):
            self.record.know(digest, "<dated>")


VOLATILE_COLUMNS = ("wall_seconds", "cpu_seconds", "peak_kilobytes", "boot_time", "state_sha256", "inputs_sha256")


def store_lines(store):
    """Schema and every row of every table, one value a line."""
    tables = store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    for (sql,) in store.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall():
        yield sql
    for table, _ in tables:
        rows = store.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in rows.description]
        for number, row in enumerate(rows.fetchall(), 1):
            for name, value in zip(names, row):
                # Text as it is, so that what it holds is found; lines as in a JSON document.
                shown = value.hex() if isinstance(value, bytes) else str(value).replace("\n", "\\n")
                if name in VOLATILE_COLUMNS and value is not None:
                    shown = "<number>"
                yield f"{table} {number} {name}: {shown}"
