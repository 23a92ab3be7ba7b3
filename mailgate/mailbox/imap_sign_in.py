"""Signing in to an IMAP server with a name and a password of any letters."""

import re
from typing import Final

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from mailgate.mailbox.idle import IdleClient
from mailgate.mailbox.sentences import broke_off, refused
from mailgate.models import Mailbox

NOT_THE_PASSWORD: Final = (
    "[UNAVAILABLE]",
    "[SERVERBUG]",
    "[INUSE]",
    "[LIMIT]",
    "[PRIVACYREQUIRED]",
)  # RFC 5530
ANY_SERVER_TAKES: Final = re.compile(r"[A-Za-z0-9.@_+=/-]+")


def sign_in(client: IdleClient, mailbox: Mailbox, *, password: str) -> None:
    """Raises `MailboxError` for a wrong password; what else the server says is not about that."""
    name = mailbox.username
    try:
        if ANY_SERVER_TAKES.fullmatch(name) and password.isascii():
            client.login(name, password)
        elif client.has_capability("AUTH=PLAIN"):
            client.plain_login(name, password)  # UTF-8: RFC 4616, 2
        else:
            login_by_literals(client, name, password)
    except LoginError as error:
        said = _said(error)
        is_broken = isinstance(error.__context__, IMAPClientAbortError)
        if is_broken or any(word in said for word in NOT_THE_PASSWORD):
            raise broke_off(mailbox, error=said) from error
        raise refused(mailbox) from error


def login_by_literals(client: IdleClient, name: str, password: str) -> None:
    """LOGIN as any server knows it: a quoted string holds no letters beyond ASCII, a literal any bytes.

    Not by `IMAPClient.login`, which quotes no name and encodes as ASCII. Raises `LoginError`.
    """
    imap, words = client._imap, _Literals(name, password)  # noqa: SLF001  (as IMAPClient's own `login` does)
    imap.literal = words.tell
    try:
        answer, said = imap._simple_command("LOGIN", words.announced())  # noqa: SLF001  (as above)
    except IMAPClientError as error:
        raise LoginError(str(error)) from error
    if answer != "OK":
        raise LoginError(said[-1].decode("utf-8", errors="replace"))
    imap.state = "AUTH"


def _said(error: LoginError) -> str:
    """The server's own words, which imaplib gives as bytes, and IMAPClient as what Python shows of those."""
    words = error.__context__.args[:1] if error.__context__ else ()
    return words[0].decode("utf-8", errors="replace") if words and isinstance(words[0], bytes) else str(error)


class _Literals:
    """Words that are sent one by one, as the server asks for it; each announces the next (RFC 3501, 4.3)."""

    def __init__(self, *words: str) -> None:
        self.left = [word.encode() for word in words]

    def announced(self) -> str:
        return f"{{{len(self.left[0])}}}"

    def tell(self, _asked: bytes) -> bytes:
        word = self.left.pop(0)
        return word + (f" {self.announced()}".encode() if self.left else b"")
