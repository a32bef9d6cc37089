"""What a build left, name by name, with times, ids and what is made of them replaced by fixed words.

Replaced are: points in time; seconds, memory and process numbers (by their key); ids of jobs and other UUIDs; digests of
events and of rows, of listings (they hold inodes and times) and of documents that hold times. Everything else stays as
it is: numbers, texts, codes, file names, order, and the digest of every file without a time in it.
"""

import hashlib
import os
import re

UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?UTC|Z)?")
DIGEST = re.compile(rb"\b[0-9a-f]{64}\b")
# Keys whose value is another at every run, in JSON, in JSON within CSV, and as key=value.
NUMBERS = (b"bootTime", b"boot_time", b"cpuSeconds", b"cpu_seconds", b"wallSeconds", b"wall_seconds", b"peakKilobytes",
           b"peak_kilobytes", b"pid", b"daemon", b"process", b"seconds")
NUMBER = re.compile(rb'("{1,2}(?:' + b"|".join(NUMBERS) + rb')"{1,2}\s*:\s*)"{0,2}[-0-9.e+]+"{0,2}')
NUMBER_TEXT = re.compile(rb"\b(" + b"|".join(NUMBERS) + rb")=[-0-9.e+]+")
DIGESTS = (b"manifest_sha256", b"document_sha256", b"record_sha256", b"stateHash", b"state_sha256", b"inputs_sha256",
           b"listing", b"answer")
KEYED = re.compile(rb'("{1,2}(?:' + b"|".join(DIGESTS) + rb')"{1,2}\s*:\s*"{1,2})[0-9a-f]{64}')
KEYED_TEXT = re.compile(rb"\b(" + b"|".join(DIGESTS) + rb")=[0-9a-f]{64}")
# A row of `audit export --csv`: the clock since boot, and the digest of the rows that changed.
ROW = re.compile(rb"^(\d+,<time>,)\d+(,.*,)(?:[0-9a-f]{64})?(\r?)$", re.MULTILINE)
# An attempt in the table of `jobs show`, whose columns are as wide as such values.
ATTEMPT = re.compile(rb"^(  \d+\s+<time>)(?:\s+[\d.]+){3}", re.MULTILINE)
BLANKS = re.compile(rb" {2,}")
# All bytes of the outbox: those of documents with times are among them.
BYTES = re.compile(rb'("files":\d+,"bytes":)\d+(,"writable")')
# Lines of progress; free space, memory and watches of the machine.
PROGRESS = re.compile(rb"\d+ failed, \d+ (?:s|min|h) left")
MACHINE = re.compile(rb"\d[\d.]* (?:[KMGT]i?B|folders may be watched|inodes)\b")
TIMINGS = re.compile(rb'("timings"\s*:\s*)\{[^}]*\}')
# Documents that say when they were made: their digests and sizes say nothing.
DATED = ("result.json", "report.html", "manifest.json", "error.json", "duplicate.json")
NAMED = re.compile(rb"\b(" + b"|".join(name.encode().replace(b".", rb"\.") for name in DATED) + rb")=[0-9a-f]{64}")
# A report shows the digest of result.json, which has times.
SHOWN = re.compile(rb"(File: (?:result|error)\.json</th><td><code>)[0-9a-f]{64}")
LISTED = re.compile(
    rb'("(?:result\.json|report\.html)"\s*:\s*\{\s*"sha256"\s*:\s*)"[0-9a-f]{64}"(\s*,\s*"bytes"\s*:\s*)\d+')
LISTED_BACK = re.compile(
    rb'("(?:result\.json|report\.html)"\s*:\s*\{\s*"bytes"\s*:\s*)\d+(\s*,\s*"sha256"\s*:\s*)"[0-9a-f]{64}"')
BINARY = (".gz", ".png", ".dcm", ".tar", ".onnx", ".zip", ".nii", ".nrrd", ".mha", ".tgz")


class Record:
    """`folder` holds one file for each name."""

    def __init__(self, folder):
        self.folder = folder
        self.words = {}

    def know(self, value, word):
        """`value`, an id or digest, is written as `word` from now on."""
        if value:
            self.words.setdefault(value.encode(), word.encode())

    def put(self, name, data):
        path = os.path.join(self.folder, self.normal(name.encode()).decode())
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(self.normal(data if isinstance(data, bytes) else data.encode("utf-8", "surrogateescape")))

    def put_tree(self, name, root, contents=lambda path: True):
        """Every name below `root`, and the files' contents."""
        lines = []
        for folder, folders, files in os.walk(root):
            folders.sort()
            for entry in sorted(folders + files):
                path = os.path.join(folder, entry)
                short = os.path.relpath(path, root)
                kind = "link" if os.path.islink(path) else "folder" if os.path.isdir(path) else "file"
                lines.append(f"{kind} {os.stat(path, follow_symlinks=False).st_mode & 0o7777:o} {short}")
                if kind != "file" or not contents(short):
                    continue
                with open(path, "rb") as file:
                    data = file.read()
                if entry.endswith(BINARY):
                    self.put(f"{name}/{short}.sha256", hashlib.sha256(data).hexdigest() + "\n")
                else:
                    self.put(f"{name}/{short}", data)
        self.put(f"{name}.list", "\n".join(lines) + "\n")

    def normal(self, data):
        data = UUID.sub(lambda found: self.words.get(found[0], b"<uuid>"), data)
        data = NAMED.sub(rb"\1=<dated>", data)
        data = SHOWN.sub(rb"\1<dated>", data)
        data = KEYED.sub(rb"\1<dated>", data)
        data = KEYED_TEXT.sub(rb"\1=<dated>", data)
        data = LISTED.sub(rb'\1"<dated>"\2<dated>', data)
        data = LISTED_BACK.sub(rb'\1<dated>\2"<dated>"', data)
        data = DIGEST.sub(lambda found: self.words.get(found[0], found[0]), data)
        data = PROGRESS.sub(b"<progress>", data)
        data = TIMINGS.sub(rb"\1<timings>", data)
        data = NUMBER.sub(rb"\1<number>", data)
        data = NUMBER_TEXT.sub(rb"\1=<number>", data)
        data = BYTES.sub(rb"\1<dated>\2", data)
        data = TIME.sub(b"<time>", data)
        data = ROW.sub(rb"\1<number>\2<dated>\3", data)
        if ATTEMPT.search(data) or b"\nevents\n" in data:
            data = BLANKS.sub(b"  ", ATTEMPT.sub(rb"\1 <number>", data))
        return data
