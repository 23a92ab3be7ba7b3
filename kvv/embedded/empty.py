"""`make empty`: all that `make run` has kept in this folder is thrown away, and the next start begins anew.

A database that DATABASE_URL names is somebody's own and is left alone; so are the secret keys.
"""

import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from kvv.embedded.lock import take_lock
from kvv.embedded.places import possible_homes, var_folder

YES = {"y", "yes", "j", "ja"}


class Refusal(Exception):
    """Why something is left: one sentence for the one at the keyboard."""


def main(arguments: Sequence[str] | None = None) -> int:
    """What `python -m kvv.embedded.empty` does: 0 when nothing is left, else 1 and a sentence."""
    parser = ArgumentParser(prog="kvv.py empty", description="Throw away all that `make run` has kept here.")
    parser.add_argument("--yes", action="store_true", help="don't ask first")
    asks = not parser.parse_args(arguments).yes
    try:
        _empty(var_folder(), asks=asks)
    except Refusal as refusal:
        print(f"KVV: {refusal}", file=sys.stderr)
        return 1
    return 0


def _empty(var: Path, *, asks: bool) -> None:
    remains = _kept(var)
    if not remains:
        print(f"Nothing was kept in {var}.")
        return
    with _lock(var):  # held while we ask: nothing starts meanwhile
        for path in remains:
            _refuse_where_in_use(path)
        if asks:
            _ask(remains)
        for path in remains:
            _remove(path)
            print(f"Removed {path}")


def _kept(var: Path) -> list[Path]:
    """The servers' data and logs, and the mail that the demo has caught, as far as they are there."""
    homes = possible_homes(var=var)
    paths = [home / name for home in homes for name in ("postgres", "postgres.log")]
    return [path for path in (*paths, var / "valkey", var / "outbox", var / "log") if path.exists()]


def _lock(var: Path) -> TextIO:
    var.mkdir(parents=True, exist_ok=True)  # it may be gone while data is left elsewhere
    try:
        return take_lock(var)
    except BlockingIOError as error:
        raise Refusal("it is running from this folder: stop it first.") from error


def _refuse_where_in_use(path: Path) -> None:
    """A PostgreSQL may outlive its supervisor for some seconds, as one that was killed."""
    note = path / "postmaster.pid"
    pid = note.read_text(encoding="ascii").split()[0] if note.is_file() else ""
    program = Path("/proc") / pid / "cmdline"
    if pid and program.is_file() and str(path).encode() in program.read_bytes().split(b"\0"):
        raise Refusal(f"its PostgreSQL (process {pid}) is still running: stop it first.")


def _ask(paths: Sequence[Path]) -> None:
    """Raise `Refusal` unless somebody at a terminal says yes."""
    if not sys.stdin.isatty():
        raise Refusal("nothing was removed, as nobody could be asked: say --yes.")
    print("All tickets and mails are in", *paths, sep="\n  ")
    try:
        answer = input("Throw all of it away? [y/N] ")
    except (EOFError, KeyboardInterrupt):
        answer = ""
    if answer.strip().lower() not in YES:
        raise Refusal("nothing was removed.")


def _remove(path: Path) -> None:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError as error:
        raise Refusal(f"{path} can't be removed ({error}): do that yourself, as a user who may.") from error


if __name__ == "__main__":
    sys.exit(main())
