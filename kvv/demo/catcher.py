"""The demo's end of outgoing mail: each mail is kept as a file under `var/outbox/`, and goes nowhere."""

import json
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

SHOWN_MOST = 200
NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class CaughtMail:
    """A caught mail: the name of its file, when it came, and whom it was for."""

    name: str
    at: float
    recipients: tuple[str, ...]
    raw: bytes


class Catcher:
    """aiosmtpd's handler: a mail is on disk before the sender is told."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        """Keep the mail of this envelope, and tell its sender so."""
        try:
            keep(envelope.content, sender=envelope.mail_from or "", recipients=envelope.rcpt_tos)
        except OSError as error:
            return f"451 it can't be kept: {error.strerror}"
        return "250 kept"


def folder() -> Path:
    """Where the mails are."""
    return settings.VAR_DIR / "outbox"


def keep(raw: bytes, *, sender: str, recipients: list[str]) -> Path:
    """Write a mail and its envelope; the mail appears under its name only when it is whole."""
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)  # a link for a new password may be among them
    name = f"{time.time():.3f}-{uuid.uuid4().hex[:8]}"
    envelope = {"from": sender, "to": recipients}
    (place / f"{name}.json").write_text(json.dumps(envelope), encoding="utf-8")
    half = place / f"{name}.part"
    half.write_bytes(raw)
    return half.rename(place / f"{name}.eml")


def caught() -> list[CaughtMail]:
    """The newest mails, newest first."""
    files = sorted(folder().glob("*.eml"), reverse=True)[:SHOWN_MOST] if folder().is_dir() else []
    return [_read_mail(file) for file in files]


def find(name: str) -> CaughtMail | None:
    """A mail by its name."""
    if len(name) > NAME_LENGTH or not set(name) <= set("0123456789abcdef.-"):
        return None
    file = folder() / f"{name}.eml"
    return _read_mail(file) if file.is_file() else None


def _read_mail(file: Path) -> CaughtMail:
    side = file.with_suffix(".json")
    envelope = json.loads(side.read_text(encoding="utf-8")) if side.is_file() else {"to": []}
    return CaughtMail(
        name=file.stem,
        at=float(file.name.split("-")[0]),
        recipients=tuple(envelope["to"]),
        raw=file.read_bytes(),
    )
