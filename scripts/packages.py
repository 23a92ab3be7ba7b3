"""The environment `.venv`: made once, and in it just what is locked. The standard library only.

What KVV needs to run is installed for `run` alone; what tests and checks need comes on top, when somebody
asks for them. Nothing is installed twice.
"""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from kvv.embedded.logs import log_folder
from kvv.embedded.places import BASE, shown, var_folder
from kvv.embedded.steps import say, speak_any_language, step

VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "requirements.digest"
"""A line for each lock whose packages are there, as `sha256sum` writes it."""
PIP = "requirements-pip.txt"
LOCKS = (PIP, "requirements-run.txt", "requirements-dev.txt")
"""The installer itself; what `make run` needs; that and all the rest. What one has the next has, too."""
OLDEST = (3, 11)

NO_NETWORK = (
    "the packages can't be fetched, as there is no way to {index}. Connect this machine to the network "
    "(behind a proxy: set HTTPS_PROXY) and start again"
)
CAUSES = (
    (r"No space left on device", "the disk is full: make room (some 500 MB) and start again"),
    (
        r"DO NOT MATCH THE HASHES",
        "a package is not the one that was locked, so it was not installed: ask where it comes from",
    ),
    (
        r"Retrying \(Retry|Connection to \S+ timed out|Max retries exceeded|ReadTimeoutError",
        NO_NETWORK,
    ),
    (
        r"No matching distribution found for (?P<package>\S+)",
        "there is no {package} for Python {python} on this machine: start KVV with another, 3.11 or newer",
    ),
)
"""What pip says → what that means for the one at the keyboard."""
UNKNOWN = "the packages could not be installed: {last}. If nothing else helps, remove .venv and start again"


class Refusal(Exception):
    """Why it can't go on, in one sentence for the one at the keyboard."""


def make_ready(lock: str) -> Path:
    """Make `.venv`, or bring it up to date, and give its Python; says what it does if there is anything."""
    is_new = not (PYTHON.exists() and answers())
    if not is_new and not missing(lock):
        return PYTHON
    speak_any_language()
    log = log_folder(var_folder()) / "install.log"
    log.write_bytes(b"")
    if is_new:
        say("KVV gets what it needs into .venv, which takes a minute; later starts have it.")
        need_venv()
        with step("Python's environment"):
            make_environment(log)
    else:
        say("KVV brings what it needs in .venv up to date.")
    with step("Packages"):
        install(lock, log=log)
    return PYTHON


def answers() -> bool:
    """Whether the environment's Python runs, is new enough and has pip."""
    question = f"import sys, pip; sys.exit(sys.version_info < {OLDEST!r})"
    return subprocess.run([PYTHON, "-c", question], check=False, stderr=subprocess.DEVNULL).returncode == 0


def need_venv() -> None:
    """Raise `Refusal` where Python came without what makes environments."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Refusal(
            "Python's module venv is missing. Install it "
            f"(Debian, Ubuntu: apt install python{_version()}-venv) and start again."
        )


def make_environment(log: Path) -> None:
    """Make `.venv`, again where its Python is gone or it was never finished."""
    shutil.rmtree(VENV, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(VENV)], log=log)


def missing(lock: str) -> bool:
    """Whether anything that this lock names, or the installer, is not installed as it stands there now."""
    there = STAMP.read_text(encoding="ascii").splitlines() if STAMP.is_file() else []
    return not {_stamp(PIP), _stamp(lock)} <= set(there)


def install(lock: str, *, log: Path) -> None:
    """Install what the lock names. What no lock names is taken away, what only a later one names may stay."""
    STAMP.unlink(missing_ok=True)
    for name in (PIP, lock):
        pip("install", "--require-hashes", "--progress-bar", "off", "-r", str(BASE / name), log=log)
    if strangers := installed() - locked():
        pip("uninstall", "--yes", *sorted(strangers), log=log)
    done = LOCKS[: LOCKS.index(lock) + 1]
    STAMP.write_text("".join(f"{_stamp(name)}\n" for name in done), encoding="ascii")


def pip(*arguments: str, log: Path) -> None:
    """Let the environment's pip do something; `Refusal` where it can't."""
    _run([str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments], log=log)


def locked() -> set[str]:
    """The names of the packages that the locks have."""
    texts = ((BASE / name).read_text(encoding="utf-8") for name in LOCKS)
    return {name for text in texts for name in re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE)}


def installed() -> set[str]:
    """The names of the packages that are in the environment, as locks write them."""
    question = "import importlib.metadata as m; print(*{d.name for d in m.distributions()})"
    names = subprocess.run([PYTHON, "-c", question], check=True, stdout=subprocess.PIPE, text=True).stdout
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names.split()}


def cause(said: str) -> str:
    """What a failure means, by what pip said: a sentence without its end."""
    for sign, sentence in CAUSES:
        if found := re.search(sign, said):
            hosts = re.findall(r"host='([^']+)'", said)
            words = {"package": "", **found.groupdict(), "python": _version()}
            return sentence.format(index=hosts[-1] if hosts else "where they are", **words)
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ["pip said nothing"]
    errors = [line for line in lines if line.lower().startswith("error")]
    return UNKNOWN.format(last=(errors or lines)[-1].rstrip("."))


def _run(argv: Sequence[str], *, log: Path) -> None:
    """Run it to its end, with what it says in the log; it ends when we are ended."""
    with log.open("ab") as output:
        began = output.tell()
        running = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        try:
            failed = running.wait()
        except BaseException:
            running.terminate()
            running.wait()
            raise
    if failed:
        said = log.read_bytes()[began:].decode(errors="replace")
        raise Refusal(f"{cause(said)} (all that was said is in {shown(log)}).")


def _stamp(lock: str) -> str:
    return f"{hashlib.sha256((BASE / lock).read_bytes()).hexdigest()}  {lock}"


def _version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"
