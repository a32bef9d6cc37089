"""Finds the radiomicsd program and runs it."""

import json
import os
import subprocess
from pathlib import Path

_INSIDE = Path(__file__).resolve().parent / "_program"


class RadiomicsdError(ValueError):
    """The program refused its input, or failed. A ValueError, as PyRadiomics raises for a region that it refuses.

    Attributes:
        code: the stable code, such as "E_LABEL_MISSING". docs/errors.md lists them all.
        hint: what to do, "" where there is nothing to say.
        details: further facts, by name.
        exit_status: of the program: 64 usage, 65 bad input, 66 input missing, 70 internal, 74 input/output,
            75 temporary, 78 configuration.
    """

    def __init__(self, code, message, hint="", details=None, exit_status=70):
        super().__init__(f"{code}: {message}" + (f" ({hint})" if hint else ""))
        self.code = code
        self.hint = hint
        self.details = details or {}
        self.exit_status = exit_status


def program():
    """The path of the program: the environment's RADIOMICSD, else the wheel's own, else the one on PATH."""
    named = os.environ.get("RADIOMICSD")
    if named:
        return named
    inside = _INSIDE / "bin" / "radiomicsd"
    if inside.is_file():
        return str(inside)
    # The script `radiomicsd` that pip makes for this package stands on PATH too, and would call itself for ever.
    for folder in os.get_exec_path():
        candidate = Path(folder) / "radiomicsd"
        if candidate.is_file() and os.access(candidate, os.X_OK) and candidate.read_bytes()[:2] != b"#!":
            return str(candidate)
    raise RadiomicsdError(
        "E_NO_PROGRAM",
        "the program radiomicsd was not found",
        "install it, or set the environment variable RADIOMICSD to its path",
        exit_status=69,
    )


def environment():
    """The environment for the program: DCMTK's dictionary comes with the wheel."""
    surroundings = dict(os.environ)
    dictionary = _INSIDE / "share" / "dicom.dic"
    if dictionary.is_file():
        surroundings.setdefault("DCMDICTPATH", str(dictionary))
    return surroundings


def run(*arguments):
    """Runs the program and returns what it printed.

    Raises:
        RadiomicsdError: with the program's own code and message.
    """
    path = program()
    try:
        outcome = subprocess.run(
            [path, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
        )
    except OSError as error:
        raise RadiomicsdError("E_NO_PROGRAM", f"cannot start {path}: {error.strerror}", exit_status=69) from error
    if outcome.returncode == 0:
        return outcome.stdout
    raise _error(outcome)


def _error(outcome):
    text = outcome.stderr.decode("utf-8", "replace")
    for line in reversed(text.splitlines() + outcome.stdout.decode("utf-8", "replace").splitlines()):
        if not line.startswith("{"):
            continue
        try:
            error = json.loads(line)["error"]
            return RadiomicsdError(
                error["code"], error["message"], error.get("hint", ""), error.get("details"), outcome.returncode
            )
        except (ValueError, KeyError, TypeError):
            continue
    if outcome.returncode < 0:
        return RadiomicsdError("E_CRASH", f"the program was ended by signal {-outcome.returncode}")
    return RadiomicsdError("E_USAGE", text.strip() or "the program said nothing", exit_status=outcome.returncode)


def version():
    """The program's version."""
    return run("--version").decode().strip()
