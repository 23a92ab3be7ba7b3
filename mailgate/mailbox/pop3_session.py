"""A session with a POP3 server: connecting, signing in, and reading a message of any size and shape."""

import poplib
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings

from blobs.spool import NoRoomError, Spool
from mailgate.mailbox.folder import BEGINNING_BYTES, Message
from mailgate.mailbox.sentences import refused, tls_context
from mailgate.models import Mailbox
from mailgate.parse.dates import parse_date
from work.pace import Pace, paced

CONNECT_SECONDS, READ_SECONDS = 10, 60
PIECE_BYTES = 64 * 1024
RECEIVED = re.compile(rb"^(received|date):([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE)
NOT_THE_PASSWORD = ("[IN-USE]", "[LOGIN-DELAY]", "[SYS/")
MESSAGES_MOST = 500_000  # in one maildrop: lists have a line for each
LIST_BYTES = 64 * 1024 * 1024
PASSED_OVER = 10  # times the limit: what is read of a message that we don't want, to get to the next


class Measured(poplib.POP3):
    """poplib reads a list as long as it goes on, and into memory: this ends the session instead."""

    @property
    def file(self) -> Any:
        """What the server says; whatever takes its place, as by STLS, keeps its pace. None when closed."""
        return self._paced

    @file.setter
    def file(self, file: Any) -> None:
        self.pace: Pace = getattr(self, "pace", None) or Pace()
        self._paced = file and paced(file, pace=self.pace)

    def _putline(self, line: bytes) -> None:
        self.pace.asked()
        super()._putline(line)  # type: ignore[misc]  # poplib's own, of which no stub tells

    def _getlongresp(self) -> tuple[bytes, list[bytes], int]:
        answer, lines, size = self._getresp(), list[bytes](), 0  # type: ignore[attr-defined]  # poplib's own, of which no stub tells
        while True:
            line, read = self._getline()  # type: ignore[attr-defined]  # as above
            if line == b".":
                return answer, lines, size
            size += read
            if len(lines) == MESSAGES_MOST or size > LIST_BYTES:
                raise poplib.error_proto("a list without end")
            lines.append(line[1:] if line.startswith(b"..") else line)


class MeasuredTls(Measured, poplib.POP3_SSL):
    """With TLS from the start."""


def connect(mailbox: Mailbox) -> poplib.POP3:
    """With TLS from the start, by STLS (RFC 2595), or without."""
    context = tls_context(mailbox)
    if mailbox.security == Mailbox.Security.TLS:
        client: poplib.POP3 = MeasuredTls(
            mailbox.host, mailbox.port, timeout=CONNECT_SECONDS, context=context
        )
    else:
        client = Measured(mailbox.host, mailbox.port, timeout=CONNECT_SECONDS)
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
    most: int,
    now_and_then: Callable[[], None] = lambda: None,
) -> Message:
    """The message that a command gives; its first 1 MB where it has more than `most` bytes.

    The rest is read and not kept, as the next answer comes behind it. After ten times what we take of a
    message the connection is ended instead. `now_and_then` is called after each 64 KB, as a slow line may
    need long for all of them. Raises `NoRoomError` when the message has ended.
    """
    spool, size, no_room = Spool(), 0, None
    for piece in _message(client, command):
        size += len(piece)
        try:
            if no_room is None:
                spool.add(piece[: max(most - len(spool), 0)])
        except NoRoomError as error:
            no_room = error
        now_and_then()
        if size > PASSED_OVER * settings.MAIL_MAX_BYTES:
            client.sock.shutdown(socket.SHUT_RDWR)
            break
    if no_room is not None:
        raise no_room
    if size > most:
        return Message(Spool(spool[:BEGINNING_BYTES]), size=size, is_whole=False)
    return Message(spool, size=size)


def arrival_of(client: poplib.POP3, number: int) -> datetime | None:
    """When the server got it (the first Received), else when it was written; None where nothing says."""
    with suppress(poplib.error_proto):
        head = read_message(client, f"TOP {number} 0", most=BEGINNING_BYTES).raw[:]
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
    client._putline(command.encode("ascii"))  # type: ignore[attr-defined]  # noqa: SLF001  (poplib's own)
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
