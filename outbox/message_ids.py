"""Our own Message-IDs, signed, so that a reference to one is known to be a reference to us.

The left part is random and an HMAC of it; the keys are the setting MESSAGE_ID_KEYS: the first one signs, all
of them are believed, so that a key can be changed while old mails are still answered.
"""

import hashlib
import hmac
import re
import secrets

from django.conf import settings

RANDOM_BYTES = 12
SIGNATURE_CHARACTERS = 20
CONTEXT = b"kvv message-id:"
CANARY_CONTEXT = b"kvv canary:"
_CANARY = re.compile(r"\bcanary-([0-9a-f]{24})-([0-9a-f]{20})\s*$")


def new_message_id() -> str:
    """A new Message-ID, without its angle brackets."""
    return message_id_of(secrets.token_hex(RANDOM_BYTES), key=settings.MESSAGE_ID_KEYS[0])


def message_id_of(name: str, *, key: str) -> str:
    """The Message-ID with this random part, signed by this key."""
    return f"{name}.{_signature(name, key)}@{settings.MAIL_DOMAIN}"


def is_ours(message_id: str) -> bool:
    """Whether one of our keys signed this Message-ID (without brackets); the domain does not matter."""
    name, dot, signature = message_id.partition("@")[0].partition(".")
    if not dot or not name.isascii() or not signature.isascii():
        return False
    return _is_signed(name, signature, context=CONTEXT)


def new_canary_token() -> str:
    """A new token for the subject of a test mail: some servers on the way rewrite Message-IDs."""
    name = secrets.token_hex(RANDOM_BYTES)
    return f"canary-{name}-{_signature(name, settings.MESSAGE_ID_KEYS[0], context=CANARY_CONTEXT)}"


def find_canary_token(subject: str) -> str | None:
    """The token of a test mail at the end of this subject, if one of our keys signed it."""
    match = _CANARY.search(subject)
    if match is None or not _is_signed(match[1], match[2], context=CANARY_CONTEXT):
        return None
    return match[0].rstrip()


def _is_signed(name: str, signature: str, *, context: bytes) -> bool:
    return any(
        hmac.compare_digest(_signature(name, key, context=context), signature)
        for key in settings.MESSAGE_ID_KEYS
    )


def _signature(name: str, key: str, *, context: bytes = CONTEXT) -> str:
    digest = hmac.new(key.encode(), context + name.encode(), hashlib.sha256).hexdigest()
    return digest[:SIGNATURE_CHARACTERS]
