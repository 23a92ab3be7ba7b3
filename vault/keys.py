"""Sealing a text with keys that are not in the database, and unsealing it again.

The keys are the setting SECRET_KEYS: the first one seals, all of them unseal, so that a key can be changed.
A sealed text is a Fernet token (AES-128-CBC with HMAC-SHA256) behind a mark; what has no mark was kept before
there were keys, and is itself. A text that none of the keys fits is an error, never a value.
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from enum import Enum
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MARK = "sealed:"
PURPOSE = b"kvv secrets"
FERNET_KEY_BYTES = 32


class UnreadableSecretError(Exception):
    """None of the keys fits: they are not those that the text was sealed with, or it was damaged."""


class Sealing(Enum):
    """How a text is kept."""

    PLAIN = "not sealed"
    FIRST = "sealed with the first key"
    FORMER = "sealed with another key"
    UNREADABLE = "sealed with a key that is not here"


def seal(text: str) -> str:
    """The text as it may be kept; '' stays ''."""
    return MARK + _locks()[0].encrypt(text.encode()).decode() if text else ""


def unseal(kept: str) -> str:
    """The text that was sealed, or that was kept before there were keys; raises `UnreadableSecretError`."""
    if not kept.startswith(MARK):
        return kept
    try:
        return MultiFernet(_locks()).decrypt(kept.removeprefix(MARK)).decode()
    except (InvalidToken, UnicodeError) as error:
        raise UnreadableSecretError("None of the keys of KVV_SECRET_KEYS fits.") from error


def sealing_of(kept: str) -> Sealing:
    """How this text is kept."""
    if not kept.startswith(MARK):
        return Sealing.PLAIN
    for number, lock in enumerate(_locks()):
        try:
            lock.decrypt(kept.removeprefix(MARK))
        except InvalidToken:
            continue
        return Sealing.FORMER if number else Sealing.FIRST
    return Sealing.UNREADABLE


def reseal(kept: str) -> str:
    """The same text, sealed with the first key; raises `UnreadableSecretError`."""
    return kept if sealing_of(kept) == Sealing.FIRST else seal(unseal(kept))


def _locks() -> Sequence[Fernet]:
    return [_lock(key) for key in settings.SECRET_KEYS]


@cache
def _lock(key: str) -> Fernet:
    """Made of a key of any length (RFC 5869): the same bytes sign nothing, should they be used elsewhere."""
    derived = HKDF(algorithm=SHA256(), length=FERNET_KEY_BYTES, salt=None, info=PURPOSE).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
