#!/usr/bin/env python3
"""How long `radiomicsd audit verify` takes with many jobs: makes a record of N jobs (100,000 by default) with FILES input
files each (5 by default), eight events, an attempt and a result, digests and all, and times the command.

The digests are computed here by what docs/security.md says of them, so that a record that verifies also shows that the
document is right. Needs Python's sqlite3 and a built radiomicsd.

    bench/audit.py [N [FILES]]
"""

import hashlib
import os
import resource
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time

RADIOMICSD = os.environ.get("RADIOMICSD", ".build/release/radiomicsd")


def row_bytes(word, names, values):
    """A row as docs/security.md says: name=type length:bytes; for each column that is not null."""
    out = bytearray(word.encode() + b"{")
    for name, value in zip(names, values):
        if value is None:
            continue
        if isinstance(value, int):
            kind, data = b"i", str(value).encode()
        elif isinstance(value, float):
            kind, data = b"r", struct.pack(">d", value).hex().encode()
        elif isinstance(value, str):
            kind, data = b"t", value.encode()
        else:
            kind, data = b"b", bytes(value)
        out += name.encode() + b"=" + kind + str(len(data)).encode() + b":" + data + b";"
    return bytes(out) + b"}"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Chain:
    def __init__(self, cursor):
        self.cursor = cursor
        self.sequence, self.hash = cursor.execute(
            "SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1"
        ).fetchone()
        self.rows = []

    def append(self, kind, job, before, after, state):
        def text(value):
            return "null" if value is None else '"%s"' % value

        self.sequence += 1
        moment = "2026-01-01T00:00:00.000Z"
        line = (
            '{"actor":"daemon","attempt":null,"boot_time":%d,"details":{},"from":%s,"job":%s,"kind":"%s","sequence":%d'
            ',"state_sha256":"%s","time":"%s","to":%s}'
            % (self.sequence, text(before), text(job), kind, self.sequence, state, moment, text(after))
        )
        previous, self.hash = self.hash, sha256((self.hash + line).encode())
        self.rows.append(
            (self.sequence, moment, self.sequence, job, kind, before, after, None, "daemon", "{}", previous, self.hash,
             state)
        )
        if len(self.rows) >= 10000:
            self.flush()

    def flush(self):
        self.cursor.executemany("INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", self.rows)
        self.rows = []


STEPS = [
    ("CLAIMING", None, "claiming"), ("ADMITTED", "claiming", "queued"), ("STARTED", "queued", "running"),
    ("RETRYING", "running", "retry_wait"), ("REQUEUED", "retry_wait", "queued"), ("STARTED", "queued", "running"),
    ("COMPUTED", "running", "publishing"), ("PUBLISHED", "publishing", "done"),
]


def fill(path, jobs, files):
    database = sqlite3.connect(path)
    cursor = database.cursor()
    cursor.execute("PRAGMA synchronous = OFF")

    def names(table):
        return [row[1] for row in cursor.execute("PRAGMA table_info(%s)" % table)]

    columns = {table: names(table) for table in ("jobs", "attempts", "inputs", "results")}
    chain = Chain(cursor)
    for number in range(1, jobs + 1):
        job = "00000000-0000-7000-8000-%012d" % number
        inputs = [(job, "ct/IM%04d.dcm" % index, sha256(b"%d %d" % (number, index)), 1000 + index)
                  for index in range(files)]
        hashes = sorted(item[2] for item in inputs)
        values = {
            "id": job, "sequence": number, "epoch": 8, "study": "study %d" % number,
            "study_bytes": b"study %d" % number, "state": "done", "outcome": "done", "attempt": 1, "charges": 1,
            "interruptions": 0, "created": "2026-01-01T00:00:00.000Z", "updated": "2026-01-01T00:00:00.000Z",
            "listing": sha256(b"listing %d" % number), "swept": 1, "urgent": 0,
            "input_digest": sha256("\n".join(hashes).encode()), "published_as": "study %d" % number,
            "inputs_sha256": sha256(b"".join(row_bytes("input", columns["inputs"], item) for item in inputs)),
        }
        attempt = (job, 1, "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:01.000Z", "done", 0, None, 1.5, 1.25, 90000, 1)
        result = {"job": job, "probability": 0.25, "positive": 0, "threshold": 0.5, "warnings": "[]",
                  "manifest_sha256": sha256(b"manifest %d" % number)}
        row = [values.get(name) for name in columns["jobs"]]
        result = [result.get(name) for name in columns["results"]]
        state = sha256(
            row_bytes("job", columns["jobs"], row) + row_bytes("attempt", columns["attempts"], attempt)
            + row_bytes("result", columns["results"], result))
        for table, rows in (("jobs", [row]), ("inputs", inputs), ("attempts", [attempt]), ("results", [result])):
            cursor.executemany(
                "INSERT INTO %s VALUES (%s)" % (table, ",".join("?" * len(columns[table]))), rows)
        for kind, before, after in STEPS:
            chain.append(kind, job, before, after, state)
    chain.flush()
    database.commit()
    database.close()


def main():
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    files = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        configuration = folder + "/radiomicsd.yaml"
        with open(configuration, "w") as file:
            for key in ("inbox", "outbox", "state", "done", "failed", "status"):
                file.write("%s: %s/%s\n" % (key, folder, key))
        with open(folder + "/log", "w") as log:
            daemon = subprocess.Popen([RADIOMICSD, "serve", "--config", configuration], stderr=log)
            while " started\n" not in open(folder + "/log").read():
                if daemon.poll() is not None:
                    sys.exit(open(folder + "/log").read())
                time.sleep(0.05)
            daemon.terminate()
            daemon.wait()
        path = folder + "/state/jobs.sqlite"
        fill(path, jobs, files)
        print("jobs %d, files %d, database %d MiB" % (jobs, jobs * files, os.path.getsize(path) >> 20))
        begun = time.monotonic()
        result = subprocess.run(
            [RADIOMICSD, "audit", "verify", "--config", configuration], capture_output=True, text=True)
        seconds = time.monotonic() - begun
        for line in result.stdout.splitlines()[-3:]:
            print(line)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
        print("audit verify: %.1f s, %d MiB at most" % (seconds, peak))


main()
