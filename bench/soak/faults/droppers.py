"""rsync (also --inplace, --partial-dir), cp -r, mv, tar and unzip put studies in: each is taken once, with the same result"""

import os
import shutil
import subprocess
import zipfile


def run(soak):
    # A slow line: several quiet times fit into each copy.
    studies = soak.studies(8, slices=24, matrix=96)
    reference = soak.spool("calm")
    reference.start()
    names = [reference.drop(study) for study in studies]
    reference.finished(names, 300)
    reference.stop()

    spool = soak.spool("dropped")
    spool.start()
    ways = [
        lambda study, target: command("rsync", "-r", "--bwlimit=400", f"{study}/", f"{target}/"),
        lambda study, target: command("rsync", "-r", "--inplace", "--bwlimit=400", f"{study}/", f"{target}/"),
        lambda study, target: command(
            "rsync", "-r", "--partial-dir=.rsync-partial", "--bwlimit=400", f"{study}/", f"{target}/"),
        lambda study, target: command("cp", "-r", study, target),
        lambda study, target: moved(soak, study, target),
        lambda study, target: command("sh", "-c", 'mkdir "$2" && tar -C "$1" -cf - . | tar -C "$2" -xf -', "-", study, target),
        lambda study, target: unzipped(soak, study, target),
        lambda study, target: archive(soak, study, f"{target}.zip"),
    ]
    for study, way in zip(studies, ways, strict=True):
        way(study, spool.path("inbox", spool.name(study)))
    # An archive stands in done under its own name.
    spool.finished(names, 300)
    spool.settle()
    zipped = names[-1]
    os.rename(spool.path("done", f"{zipped}.zip"), spool.path("done", zipped))
    spool.check({name: "done" for name in names})
    different = [name for name in names if name != zipped and spool.result(name) != reference.result(name)]
    assert not different, f"{len(different)} results differ from those of studies moved in at once"
    spool.stop()
    return {"ways": len(ways), "different results": 0}


def command(*arguments):
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)


def moved(soak, study, target):
    """mv from another file system, which copies."""
    disk = os.path.join(soak.folder, "elsewhere")
    soak.tmpfs(disk, "64m")
    shutil.copytree(study, os.path.join(disk, "study"))
    command("mv", os.path.join(disk, "study"), target)


def pack(soak, study):
    path = os.path.join(soak.folder, f"{os.path.basename(study)}.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for folder, _, names in os.walk(study):
            for name in names:
                whole = os.path.join(folder, name)
                file.write(whole, os.path.relpath(whole, study))
    return path


def unzipped(soak, study, target):
    command("unzip", "-q", pack(soak, study), "-d", target)


def archive(soak, study, target):
    """The archive itself, in two writes with a pause: a half one must wait."""
    import time

    with open(pack(soak, study), "rb") as file:
        contents = file.read()
    with open(target, "wb", buffering=0) as file:
        file.write(contents[: len(contents) // 2])
        time.sleep(3)
        file.write(contents[len(contents) // 2 :])
