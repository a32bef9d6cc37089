"""links, pipes, sockets and devices in a study: rejected unread, good studies go on"""

import os
import shutil
import socket
import stat


def run(soak):
    studies = soak.studies(8)
    spool = soak.spool()
    spool.start()
    secret = os.path.join(soak.folder, "secret")
    with open(secret, "w") as file:
        file.write("SECRET")

    def linked(path):
        os.symlink(secret, os.path.join(path, "ct", "link.dcm"))

    def linked_folder(path):
        os.symlink("/etc", os.path.join(path, "etc"))

    def looped(path):
        os.symlink(".", os.path.join(path, "loop"))

    def piped(path):
        os.mkfifo(os.path.join(path, "ct", "pipe.dcm"))

    def device(path):
        os.mknod(os.path.join(path, "ct", "zero.dcm"), 0o666 | stat.S_IFCHR, os.makedev(1, 5))

    def listening(path):
        with socket.socket(socket.AF_UNIX) as one:
            here = os.getcwd()
            os.chdir(path)
            one.bind("socket")
            os.chdir(here)

    expected = {}
    for study, harm in zip(studies, [linked, linked_folder, looped, piped, device, listening], strict=False):
        draft = os.path.join(spool.root, "hostile")
        shutil.copytree(study, draft)
        harm(draft)
        os.rename(draft, spool.path("inbox", spool.name(study)))
        expected[spool.name(study)] = "rejected"
    for study in studies[6:]:
        expected[spool.drop(study)] = "done"
    spool.finished(expected, 120)
    spool.settle()
    spool.check(expected)
    for name, state in expected.items():
        if state == "rejected":
            with open(spool.path("outbox", f"{name}/error.json")) as file:
                text = file.read()
            assert "SECRET" not in text and "root:" not in text
    with open(secret) as file:
        assert file.read() == "SECRET"
    spool.stop()
    return {"rejected": 6, "done": 2}
