"""An envelope sender of its own for each answer, so that what comes back names the mail that failed (VERP).

'spel+b=<token>@kvv.example' is delivered to 'spel@kvv.example' where the mail server knows plus addresses;
whether it does is the setting VERP. The token holds the random part of our Message-ID and a signature.
"""

import base64
import binascii
import hashlib
import hmac
import re

from django.conf import settings

from outbox.message_ids import RANDOM_BYTES, is_ours, message_id_of

MARK = "+b="
LOCAL_MOST = 64  # RFC 5321, 4.5.3.1.1
SIGNATURE_BYTES = 6
CONTEXT = b"kvv bounce:"
_TOKEN = re.compile(r"[^@]*\+b=([a-z2-7]{20})([a-z2-7]{10})@.*", re.IGNORECASE)


def bounce_address(address: str, *, message_id: str) -> str:
    """The envelope sender for this mail of ours; the plain address with VERP off, or if it gets too long."""
    if not settings.VERP or not is_ours(message_id):
        return address
    name = message_id.partition(".")[0]
    local, at, domain = address.rpartition("@")
    token = _base32(binascii.unhexlify(name)) + _signature(name, settings.MESSAGE_ID_KEYS[0])
    marked = f"{local}{MARK}{token}"
    return f"{marked}{at}{domain}" if len(marked) <= LOCAL_MOST else address


def message_ids_in(address: str) -> tuple[str, ...]:
    """The Message-ID of the mail that this recipient's address tells of, for each of our keys; or none."""
    match = _TOKEN.fullmatch(address)
    if match is None:
        return ()
    token, signature = match[1].lower(), match[2].lower()
    name = base64.b32decode(f"{token.upper()}====").hex()
    keys = settings.MESSAGE_ID_KEYS
    if len(name) != 2 * RANDOM_BYTES or not any(
        hmac.compare_digest(_signature(name, key), signature) for key in keys
    ):
        return ()
    return tuple(message_id_of(name, key=key) for key in keys)


def _signature(name: str, key: str) -> str:
    digest = hmac.new(key.encode(), CONTEXT + name.encode(), hashlib.sha256).digest()
    return _base32(digest[:SIGNATURE_BYTES])


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()
