"""a Samba server with the share that docs/operations.md shows: smbclient drops, the daemon's user moves and publishes"""

import os
import pwd
import re
import socket
import subprocess
import time

# Accounts that every Debian has: one drops, one is the daemon's, the group is that of the share.
DROPPER, DAEMON, GROUP, PASSWORD = "games", "backup", "users", "soak"


def run(soak):
    studies = soak.studies(soak.pick(6, 2), slices=24, matrix=96)
    reference = soak.spool("calm")
    reference.start()
    names = [reference.drop(study) for study in studies]
    reference.finished(names, 120)
    reference.stop()

    spool = soak.spool("shared")
    account = pwd.getpwnam(DAEMON)
    group = int(subprocess.run(["getent", "group", GROUP], capture_output=True, text=True).stdout.split(":")[2])
    # As tmpfiles.d makes them.
    for name, mode in {"inbox": 0o2770, "outbox": 0o2750, "done": 0o2750, "failed": 0o2750, "status": 0o2750}.items():
        os.chown(spool.path(name), account.pw_uid, group)
        os.chmod(spool.path(name), mode)
    os.chown(spool.path("state"), account.pw_uid, account.pw_gid)
    os.chmod(spool.root, 0o755)
    subprocess.run(["setfacl", "-m", f"d:g:{GROUP}:rwx", spool.path("inbox")], check=True)
    spool.user = (account.pw_uid, group)
    spool.start()

    server = Server(soak, spool)
    start = time.monotonic()
    for study, name in zip(studies, names, strict=True):
        server.client("inbox", f'mkdir "{name}"; cd "{name}"; lcd "{study}"; recurse ON; prompt OFF; mput *')
    seconds = time.monotonic() - start
    spool.finished(names, 180)
    spool.settle()
    spool.check({name: "done" for name in names})
    different = [name for name in names if spool.result(name) != reference.result(name)]
    assert not different, f"{len(different)} results differ"
    # What people see through the shares: status and result, and nothing may be changed there.
    fetched = os.path.join(soak.folder, "fetched")
    server.client("status", f'get "{names[0]}.txt" {fetched}')
    with open(fetched) as file:
        assert "state: done" in file.read()
    server.client("results", f'cd "{names[0]}"; get result.json {fetched}.json')
    assert os.path.getsize(f"{fetched}.json") > 1000
    refused = server.client("results", f'rmdir "{names[0]}"; put {fetched} x', check=False)
    assert "NT_STATUS" in refused.stdout + refused.stderr, "the share of results can be written"
    assert not os.path.exists(spool.path("outbox", "x"))
    spool.stop()
    return {"studies": len(names), "copied in s": round(seconds, 1), "different results": 0}


class Server:
    """smbd on loopback with a configuration, passwords and locks of its own."""

    def __init__(self, soak, spool):
        self.folder = os.path.join(soak.folder, "samba")
        for name in ("private", "lock", "cache", "state", "run"):
            os.makedirs(os.path.join(self.folder, name))
        with open(os.path.join(soak.checkout, "docs", "operations.md"), encoding="utf-8") as file:
            shares = re.search(r"```ini\n(\[inbox\].*?)```", file.read(), re.S)
        assert shares, "docs/operations.md shows no shares"
        text = shares[1].replace("/srv/radiomics/", spool.root + "/").replace("@radiomics", f"@{GROUP} {DROPPER}")
        text = text.replace("force group = radiomics", f"force group = {GROUP}")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.config = os.path.join(self.folder, "smb.conf")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f"""[global]
interfaces = lo
bind interfaces only = yes
smb ports = {self.port}
private dir = {self.folder}/private
lock directory = {self.folder}/lock
cache directory = {self.folder}/cache
state directory = {self.folder}/state
pid directory = {self.folder}/run
ncalrpc dir = {self.folder}/run
log file = {self.folder}/log
disable spoolss = yes
load printers = no
map to guest = never
security = user
{text}""")
        subprocess.run(["testparm", "-s", self.config], check=True, capture_output=True)
        subprocess.run(
            ["smbpasswd", "-c", self.config, "-s", "-a", DROPPER], check=True, text=True,
            input=f"{PASSWORD}\n{PASSWORD}\n", stdout=subprocess.DEVNULL)
        # smbd ends its whole process group with itself: it gets one of its own.
        soak.start(["smbd", "-F", "--no-process-group", "-s", self.config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   start_new_session=True)
        spool.until(self.answers, 30, "smbd answers")

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def client(self, share, commands, check=True):
        done = subprocess.run(
            ["smbclient", f"//127.0.0.1/{share}", "-p", str(self.port), "-U", f"{DROPPER}%{PASSWORD}", "-m", "SMB3",
             "-s", self.config, "-c", commands], capture_output=True, text=True, timeout=300)
        assert not check or done.returncode == 0, f"smbclient: {done.stdout}{done.stderr}"
        return done
