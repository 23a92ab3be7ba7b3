"""A connection to a mail server: any letters sign in, not only those of ASCII, and every reply has an end."""

import base64
import hmac
import smtplib
from collections.abc import Callable
from socket import socket
from typing import Any

from outbox.replies import Measured

MOST_CHALLENGES = 5


class _AnyLetters(Measured):
    """User name and password are UTF-8 (RFC 4616, 2; RFC 4954, 4)."""

    def auth(self, mechanism: str, authobject: Any, *, initial_response_ok: bool = True) -> tuple[int, bytes]:
        """Sign in by one mechanism, as the library does; raises `SMTPAuthenticationError`."""
        first = authobject() if initial_response_ok else None
        code, said = self.docmd(
            "AUTH", mechanism.upper() if first is None else f"{mechanism} {_encoded(first)}"
        )
        for _challenge in range(MOST_CHALLENGES):
            if code != 334:
                break
            code, said = self.docmd(_encoded(authobject(base64.b64decode(said))))
        if code in (235, 503):
            return code, said
        raise smtplib.SMTPAuthenticationError(code, said)

    def auth_login(self, challenge: Any = None) -> str:
        """The name, then the password; some servers ask for a name that came with the first word, too."""
        is_name = challenge is None or b"user" in bytes(challenge).lower()
        return str(self.user if is_name else self.password)

    def auth_cram_md5(self, challenge: bytes | None = None) -> str | None:  # type: ignore[override]  # None: it waits
        """The answer to a challenge (RFC 2195)."""
        if challenge is None:
            return None
        digest = hmac.new(str(self.password).encode(), challenge, "md5").hexdigest()
        return f"{self.user} {digest}"


class _Told(smtplib.SMTP):
    """Tells of its socket once it is connected: handshake and greeting, which come next, may have no end."""

    opened: Callable[[socket], None]

    def _get_socket(self, *where: Any) -> socket:
        connected: socket = super()._get_socket(*where)  # type: ignore[misc]  # not in the stubs
        self.opened(connected)
        return connected


class Line(_AnyLetters, _Told):
    """A line that begins in clear."""

    def __init__(self, *args: Any, opened: Callable[[socket], None], **kwargs: Any) -> None:
        self.opened = opened
        super().__init__(*args, **kwargs)


class TlsLine(_AnyLetters, smtplib.SMTP_SSL, _Told):
    """A line that is encrypted from the start."""

    def __init__(self, *args: Any, opened: Callable[[socket], None], **kwargs: Any) -> None:
        self.opened = opened
        super().__init__(*args, **kwargs)


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
