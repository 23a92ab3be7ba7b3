"""The logs of what `make run` starts: a file for each program; the terminal only hears of errors."""

import json
import re
import time
from pathlib import Path

TOLD_EVERY_SECONDS = 60
LOOK_BYTES = 1_000_000
SENTENCE_MOST = 200
LEVELS = ("ERROR", "CRITICAL")
# Our own lines, then gunicorn's.
AN_ERROR = re.compile(
    r"^[\d-]{10} [\d:,]+ (?:ERROR|CRITICAL) \S+ \[[^\]]*\]: (.+)|^\[.*\] \[(?:ERROR|CRITICAL)\] (.+)"
)
FATAL = re.compile(r"\b(?:FATAL|PANIC): +(.+)")


def log_folder(var: Path) -> Path:
    """Where the logs of an installation are, which nobody else may read; makes it."""
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = var / "log"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


class Log:
    """The log of one program, from this start on."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.began = self.seen = file.stat().st_size if file.is_file() else 0
        self.told_at = -float(TOLD_EVERY_SECONDS)

    @classmethod
    def begun_anew(cls, file: Path) -> "Log":
        """An empty one; that of the start before stays beside it, as `….1`."""
        if file.is_file():
            file.replace(file.with_name(f"{file.name}.1"))
        return cls(file)

    def last_words(self) -> str:
        """Why it ended, as far as it said so: a server's fatal error, else its last line."""
        text = self._since(self.began).decode(errors="replace")
        said = [line.strip() for line in text.splitlines() if line.strip()]
        fatal = [found[1] for line in said if (found := FATAL.search(line))]
        last = (fatal or said or ["it said nothing"])[-1]
        return _sentence(last.removeprefix("CommandError: "))

    def new_error(self) -> str:
        """What went wrong since the last look, or nothing; no more than one in a minute."""
        if not self.file.is_file() or self.file.stat().st_size <= self.seen:
            return ""
        whole, newline, _rest = self._since(self.seen).rpartition(b"\n")
        self.seen = max(self.seen, self.file.stat().st_size - LOOK_BYTES) + len(whole + newline)
        errors = [error for line in whole.decode(errors="replace").splitlines() if (error := _error_in(line))]
        if not errors or time.monotonic() - self.told_at < TOLD_EVERY_SECONDS:
            return ""
        self.told_at = time.monotonic()
        return _sentence(errors[0])

    def _since(self, place: int) -> bytes:
        """What was written from there on, of much only the end."""
        if not self.file.is_file():
            return b""
        with self.file.open("rb") as file:
            file.seek(max(place, self.file.stat().st_size - LOOK_BYTES))
            return file.read(LOOK_BYTES)


def _error_in(line: str) -> str:
    """The message of a line that tells of an error, of whatever format; of others nothing."""
    if line.startswith("{"):
        try:
            told = json.loads(line)
        except ValueError:
            return ""
        return str(told.get("message", "")) if told.get("level") in LEVELS else ""
    found = AN_ERROR.match(line)
    return found[1] or found[2] if found else ""


def _sentence(text: str) -> str:
    """As much of it as a line holds, and nothing that a terminal would obey: strangers write into logs."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text).strip()
    return plain[:SENTENCE_MOST].rstrip(". ")
