"""Speaking SMTP: a connection to one transport, and one mail through it."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from socket import socket

from django.utils.translation import gettext as _

from blobs.models import PART_BYTES
from blobs.spool import Data
from outbox.line import Line, TlsLine
from outbox.models import Transport
from outbox.sentences import DoubtError, TransportError, unreachable_in_a_sentence

Security = Transport.Security
BEGIN = 354
LAST_WORD_SECONDS = 600
CANT_SAY, NO_UTF8 = 550, b"this mail server knows only addresses of plain letters (no SMTPUTF8)"
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


@dataclass(slots=True)
class Replies:
    """The server's word: accepted recipients, and the others with its reply, for good or for now.

    `is_put_off`: it would not have the mail now (a 4xx to MAIL or DATA), whoever the recipients are.
    """

    accepted: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    deferred: dict[str, str] = field(default_factory=dict)
    is_put_off: bool = False


def connect(transport: Transport, *, opened: Callable[[socket], None] = lambda _socket: None) -> smtplib.SMTP:
    """Open, secure, greet and sign in; raises `UnreachableError` with one clear sentence.

    `opened` is given the socket before anything is said on it.
    """
    with unreachable_in_a_sentence(transport), ExitStack() as on_trouble:
        password = transport.password.reveal()
        line = _open(transport, opened=opened)
        on_trouble.callback(line.close)
        if transport.security == Security.STARTTLS:
            line.starttls(context=_context(transport))
        if transport.username:
            line.login(transport.username, password)
        line.ehlo_or_helo_if_needed()
        on_trouble.pop_all()
    return line


def hand_over(
    line: smtplib.SMTP,
    *,
    sender: str,
    recipients: Sequence[str],
    mime: Data,
    before_data: Callable[[], None],
) -> Replies:
    """Send one mail; `before_data` is called when recipients are accepted and DATA is the next word.

    Raises `TransportError` while nothing has left, `DoubtError` when the line broke while the mail was
    leaving. A 4xx is 'for now', a 5xx 'for good' (RFC 5321, 4.2.1).
    """
    replies = Replies()
    try:
        _name_sender(line, sender=sender, recipients=recipients, mime=mime, replies=replies)
        if not replies.refused and not replies.deferred:
            _name_recipients(line, recipients=recipients, replies=replies)
    except (OSError, smtplib.SMTPException) as error:
        raise TransportError(_broke_off(error)) from error
    if not replies.accepted:
        _reset(line)
        return replies
    before_data()
    accepted, replies.accepted = replies.accepted, []
    if _may_begin(line, accepted=accepted, replies=replies):
        _data(line, mime=mime, accepted=accepted, replies=replies)
    return replies


def _open(transport: Transport, *, opened: Callable[[socket], None]) -> smtplib.SMTP:
    host, port, seconds = transport.host, transport.port, transport.timeout_seconds
    if transport.security == Security.TLS:
        return TlsLine(host, port, timeout=seconds, context=_context(transport), opened=opened)
    return Line(host, port, timeout=seconds, opened=opened)


def _context(transport: Transport) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not transport.check_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _name_sender(
    line: smtplib.SMTP, *, sender: str, recipients: Sequence[str], mime: Data, replies: Replies
) -> None:
    options = [f"SIZE={len(mime)}"] if line.has_extn("size") else []
    if line.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")
    if line.has_extn("smtputf8") and not all(address.isascii() for address in (sender, *recipients)):
        line.command_encoding = "utf-8"
        options.append("SMTPUTF8")
    on_the_wire = _on_the_wire(line, sender)
    if on_the_wire is None:
        _sort(replies, recipients, code=CANT_SAY, reply=NO_UTF8)
        return
    code, reply = line.mail(on_the_wire, options)
    if code >= 400:
        _judge(replies, recipients, code=code, reply=reply)


def _name_recipients(line: smtplib.SMTP, *, recipients: Sequence[str], replies: Replies) -> None:
    for address in recipients:
        on_the_wire = _on_the_wire(line, address)
        # Not by `rcpt`, which parses the address once more and cuts what it takes for a mistake.
        words = "" if on_the_wire is None else f"TO:<{on_the_wire}>"
        code, reply = line.docmd("RCPT", words) if words else (CANT_SAY, NO_UTF8)
        if code < 400:
            replies.accepted.append(address)
        else:
            _sort(replies, [address], code=code, reply=reply)


def _on_the_wire(line: smtplib.SMTP, address: str) -> str | None:
    """The address as this server takes it; None where it can't: a domain has an ASCII form, a name none."""
    if address.isascii() or line.has_extn("smtputf8"):
        return address
    name, _at, domain = address.rpartition("@")
    try:
        return f"{name}@{domain.encode('idna').decode('ascii')}" if name.isascii() else None
    except UnicodeError:
        return None


def _may_begin(line: smtplib.SMTP, *, accepted: Sequence[str], replies: Replies) -> bool:
    """Say DATA. Until the server says 354 not one byte of the mail has left."""
    try:
        code, reply = line.docmd("DATA")
    except (OSError, smtplib.SMTPException) as error:
        raise TransportError(_broke_off(error)) from error
    if code == BEGIN:
        return True
    _judge(replies, accepted, code=code, reply=reply)
    _reset(line)
    return False


def _data(line: smtplib.SMTP, *, mime: Data, accepted: list[str], replies: Replies) -> None:
    """Let the mail leave, and wait for the last word as long as a server may take (RFC 5321, 4.5.3.2.6)."""
    try:
        if line.sock is not None:
            line.sock.settimeout(LAST_WORD_SECONDS)
        for piece in _on_the_line(mime):
            line.send(piece)
        code, reply = line.getreply()
        if line.sock is not None:
            line.sock.settimeout(line.timeout)
    except (OSError, smtplib.SMTPException) as error:
        sentence = _("The line broke while the mail was leaving: %(error)s")
        raise DoubtError(sentence % {"error": error}) from error
    if code < 400:
        replies.accepted = accepted
    else:
        _judge(replies, accepted, code=code, reply=reply)
        _reset(line)


def _on_the_line(mime: Data) -> Iterator[bytes]:
    """The mail piece by piece, dots that begin a line doubled, and the one that ends it (RFC 5321, 4.5.2)."""
    before = b"\r\n"
    for start in range(0, len(mime), PART_BYTES):
        piece = mime[start : start + PART_BYTES]
        stuffed = _LEADING_DOT.sub(b"..", piece)
        yield stuffed if before.endswith(b"\n") or not piece.startswith(b".") else stuffed[1:]
        before = (before + piece)[-2:]
    yield b".\r\n" if before == b"\r\n" else b"\r\n.\r\n"


def _broke_off(error: Exception) -> str:
    return _("The mail server broke off before the mail had left: %(error)s") % {"error": error}


def _judge(replies: Replies, addresses: Sequence[str], *, code: int, reply: bytes) -> None:
    """The server won't have the mail as a whole."""
    replies.is_put_off = code < 500
    _sort(replies, addresses, code=code, reply=reply)


def _sort(replies: Replies, addresses: Sequence[str], *, code: int, reply: bytes) -> None:
    not_accepted = replies.refused if code >= 500 else replies.deferred
    not_accepted.update(dict.fromkeys(addresses, f"{code} {reply.decode(errors='replace')}"[:500]))


def _reset(line: smtplib.SMTP) -> None:
    """Make the line fit for the next mail; if it is gone, the next mail will find out."""
    try:
        line.rset()
    except (OSError, smtplib.SMTPException):
        line.close()
