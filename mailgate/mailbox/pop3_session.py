"""A session with a POP3 server: connecting, signing in, and reading a message of any size and shape."""

import poplib
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime

from blobs.spool import Spool
from mailgate.mailbox.folder import BEGINNING_BYTES
from mailgate.mailbox.sentences import refused, tls_context
from mailgate.models import Mailbox
from mailgate.parse.dates import parse_date

CONNECT_SECONDS, READ_SECONDS = 10, 60
PIECE_BYTES = 64 * 1024
RECEIVED = re.compile(rb"^(received|date):([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE)
NOT_THE_PASSWORD = ("[IN-USE]", "[LOGIN-DELAY]", "[SYS/")


def connect(mailbox: Mailbox) -> poplib.POP3:
    """With TLS from the start, by STLS (RFC 2595), or without."""
    context = tls_context(mailbox)
    if mailbox.security == Mailbox.Security.TLS:
        client: poplib.POP3 = poplib.POP3_SSL(
            mailbox.host, mailbox.port, timeout=CONNECT_SECONDS, context=context
        )
    else:
        client = poplib.POP3(mailbox.host, mailbox.port, timeout=CONNECT_SECONDS)
    try:
        if mailbox.security == Mailbox.Security.STARTTLS:
            client.stls(context)
        client.sock.settimeout(READ_SECONDS)
    except BaseException:
        with suppress(OSError):  # where TLS failed, its socket is closed already
            client.close()
        raise
    return client


def sign_in(client: poplib.POP3, mailbox: Mailbox, *, password: str) -> None:
    """Raises `MailboxError` for a wrong password; what else the server says is not about that."""
    try:
        client.user(mailbox.username)
        client.pass_(password)
    except poplib.error_proto as error:
        if any(word in said(error) for word in NOT_THE_PASSWORD):  # RFC 2449, 3206
            raise
        raise refused(mailbox) from error


def said(error: poplib.error_proto) -> str:
    """The server's own words."""
    answer = error.args[0] if error.args else ""
    return answer.decode("utf-8", errors="replace").strip() if isinstance(answer, bytes) else str(answer)


def read_message(
    client: poplib.POP3,
    command: str,
    *,
    most: int | None = None,
    now_and_then: Callable[[], None] = lambda: None,
) -> Spool:
    """The message that a command gives, at most `most` bytes of it kept.

    `now_and_then` is called after each 64 KB, as a slow line may need long for all of them.
    """
    spool = Spool()
    for piece in _message(client, command):
        spool.add(piece if most is None else piece[: most - len(spool)])
        now_and_then()
    return spool


def arrival_of(client: poplib.POP3, number: int) -> datetime | None:
    """When the server got it (the first Received), else when it was written; None where nothing says."""
    with suppress(poplib.error_proto):
        head = read_message(client, f"TOP {number} 0", most=BEGINNING_BYTES)[:]
        for name, value in RECEIVED.findall(head):
            text = value.decode("latin-1")
            date = parse_date(" ".join(text.rpartition(";")[2].split()))
            if date is not None and (name.lower() == b"date" or ";" in text):
                return date
    return None


def _message(client: poplib.POP3, command: str) -> Iterator[bytes]:
    """The message in pieces of about 64 KB, without the dots that POP3 adds (RFC 1939, 3).

    Not by poplib's own `retr`: it gives up on a line of more than 2,048 bytes (`poplib._MAXLINE`), and 2.5 %
    of real mails have one. Reading in pieces takes any line.
    """
    client.sock.sendall(f"{command}\r\n".encode("ascii"))
    answer = _piece(client)
    if not answer.startswith(b"+OK"):
        raise poplib.error_proto(answer)
    read, at_start = bytearray(), True
    while True:
        piece = _piece(client)
        if at_start and piece in (b".\r\n", b".\n"):
            break
        read += piece[1:] if at_start and piece.startswith(b".") else piece
        at_start = piece.endswith(b"\n")
        if len(read) >= PIECE_BYTES:
            yield bytes(read)
            read.clear()
    yield bytes(read)


def _piece(client: poplib.POP3) -> bytes:
    piece = client.file.readline(PIECE_BYTES)
    if not piece:
        raise ConnectionError("the connection was closed")
    return piece
