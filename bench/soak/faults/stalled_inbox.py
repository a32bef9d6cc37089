"""an inbox whose server hangs (every open waits, by fanotify): told, the watchdog fed, jobs go on, stop works"""

import ctypes
import os
import socket
import struct

# linux/fanotify.h
FAN_CLASS_CONTENT, FAN_MARK_ADD = 4, 1
FAN_OPEN_PERM, FAN_ONDIR, FAN_EVENT_ON_CHILD = 0x10000, 0x40000000, 0x08000000
FAN_ALLOW = 1


class Hang:
    """While it lasts, whoever opens the folder or what is in it waits for an answer that does not come."""

    def __init__(self, path):
        libc = ctypes.CDLL(None, use_errno=True)
        self.descriptor = libc.fanotify_init(FAN_CLASS_CONTENT, os.O_RDONLY)
        assert self.descriptor >= 0, f"fanotify: {os.strerror(ctypes.get_errno())}"
        mask = ctypes.c_uint64(FAN_OPEN_PERM | FAN_ONDIR | FAN_EVENT_ON_CHILD)
        marked = libc.fanotify_mark(self.descriptor, FAN_MARK_ADD, mask, -100, os.fsencode(path))
        assert marked == 0, f"fanotify: {os.strerror(ctypes.get_errno())}"

    def waiting(self):
        """Process ids of those that wait."""
        data = os.read(self.descriptor, 65536)
        found = []
        for start in range(0, len(data) - 23, 24):
            pid = struct.unpack_from("=IBBHQii", data, start)[6]
            found.append(pid)
        return found

    def end(self):
        # The kernel lets everybody go on.
        os.close(self.descriptor)


def run(soak):
    studies = soak.studies(4, slices=40, matrix=128)
    spool = soak.spool(stall_seconds=3, rescan_seconds=1, max_jobs=1)
    path = os.path.join(soak.folder, "notify")
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notify.bind(path)
    notify.setblocking(False)
    os.environ.update(NOTIFY_SOCKET=path, WATCHDOG_USEC="2000000")
    messages = []

    def fed():
        try:
            while True:
                messages.append(notify.recv(4096).decode())
        except BlockingIOError:
            return sum("WATCHDOG=1" in message for message in messages)

    spool.start()
    names = [spool.drop(study) for study in studies[:3]]
    spool.until(lambda: fed() >= 0 and sum(job["state"] != "claiming" for job in spool.jobs()) == 3, 120, "three studies are copied")
    hang = Hang(spool.folders["inbox"])
    assert hang.waiting() == [spool.process.pid], "the listing waits"
    spool.until(lambda: fed() >= 0 and "INBOX_STALLED" in spool.text(), 30, "the stall is told")
    before = fed()
    spool.until(lambda: fed() >= before + 3, 30, "the watchdog is fed")
    assert any("the inbox does not answer" in message for message in messages), messages
    # Under another working inbox doctor would pass: here it says what the daemon says, and ends.
    doctor = spool.command("doctor")
    assert "the inbox does not answer" in doctor.stdout, doctor.stdout
    spool.until(lambda: all(state in (["done"], ["publishing"]) for state in spool.states().values()), 180,
                "what was copied is computed")
    pid = spool.process.pid
    spool.stop()
    assert not os.path.exists(f"/proc/{pid}"), "it is gone although its thread waits"
    hang.end()
    for name in ("NOTIFY_SOCKET", "WATCHDOG_USEC"):
        del os.environ[name]
    spool.start()
    names.append(spool.drop(studies[3]))
    spool.finished(names, 180)
    spool.settle()
    spool.check({name: "done" for name in names})
    spool.stop()
    return {"studies computed meanwhile": 3, "watchdog": "fed", "stop": "in order"}
