"""Composing a finished mail: from plain values to the bytes that leave, without a database.

multipart/mixed          only with attachments
  multipart/alternative  only with HTML
    text/plain
    multipart/related    only with inline images
      text/html
      image/…
  attachments
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime

from outbox.addresses import read_addresses
from outbox.headers import ASCII_POLICY, UTF8_POLICY, Header, address_header, header, id_header, text_header

HEADER_MOST = 900
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,70}/[a-z0-9][a-z0-9.+-]{0,70}")


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """An attachment, or, with `is_inline`, an image that the HTML names by its content-id."""

    name: str
    content_type: str
    data: bytes
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to be. `message_id` has no brackets; `in_reply_to` and `references` have them.

    `automatic` marks what no person wrote, so that no machine answers it (RFC 3834); `auto_replied` says that
    it is itself the answer of a machine.
    """

    from_header: str
    to: tuple[str, ...]
    subject: str
    text: str
    message_id: str
    date: datetime
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    html: str = ""
    in_reply_to: str = ""
    references: str = ""
    reply_to: str = ""
    files: tuple[OutgoingFile, ...] = ()
    automatic: bool = False
    auto_replied: bool = False


def build_mime(mail: Mail) -> bytes:
    """The mail as bytes, lines ended by CRLF; Bcc is for the envelope and is not in it."""
    message = EmailMessage(policy=UTF8_POLICY if _needs_utf8(mail) else ASCII_POLICY)
    for line in _headers(mail):
        message[line.name] = line
    _fill(message, mail)
    return message.as_bytes()


def _headers(mail: Mail) -> Iterator[Header]:
    yield header("Message-ID", f"<{mail.message_id}>")
    yield header("Date", format_datetime(mail.date))
    yield mailbox_header("From", [mail.from_header])
    if mail.to:
        yield mailbox_header("To", mail.to)
    if mail.cc:
        yield mailbox_header("Cc", mail.cc)
    if not mail.to and not mail.cc:
        yield header("To", "undisclosed-recipients:;")
    if mail.reply_to:
        yield mailbox_header("Reply-To", [mail.reply_to])
    yield text_header("Subject", one_line(mail.subject))
    for name, ids in (("In-Reply-To", mail.in_reply_to), ("References", mail.references)):
        if (line := id_header(name, ids.split())) is not None:
            yield line
    if mail.automatic:
        yield header("Auto-Submitted", "auto-replied" if mail.auto_replied else "auto-generated")
        yield header("X-Auto-Response-Suppress", "All")
        yield header("Precedence", "bulk")
        yield header("X-Loop", "kvv")


def _fill(message: EmailMessage, mail: Mail) -> None:
    message.set_content(mail.text or "\n", subtype="plain", charset="utf-8", cte=_encoding(mail.text))
    if mail.html:
        message.make_alternative(boundary=_boundary())
        message.add_alternative(_document(mail.html), subtype="html", charset="utf-8", cte="quoted-printable")
        html_part = list(message.iter_parts())[-1]
        for file in mail.files:
            if file.is_inline and isinstance(html_part, MIMEPart):
                kind, subtype = _content_type(file)
                html_part.add_related(
                    file.data,
                    maintype=kind,
                    subtype=subtype,
                    cid=f"<{one_line(file.content_id)}>",
                    filename=one_line(file.name),
                    disposition="inline",
                )
    for file in mail.files:
        if not (file.is_inline and mail.html):
            kind, subtype = _content_type(file)
            message.add_attachment(file.data, maintype=kind, subtype=subtype, filename=one_line(file.name))


def _boundary() -> str:
    """Nobody can guess it, so no text holds it, and the library need not look; short enough for one line."""
    return f"=_{secrets.token_hex(12)}"


def _document(html: str) -> str:
    """Long words break, but don't make the columns of a table as narrow as a letter."""
    body = f'<body style="overflow-wrap: break-word">\n{html}\n</body>'
    return f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head>{body}</html>\n'


def _encoding(text: str) -> str:
    """Plain where it can be: 7bit needs ASCII and lines of at most 998 octets (RFC 5322, 2.1.1)."""
    short = all(len(line) < HEADER_MOST for line in text.splitlines())
    return "7bit" if text.isascii() and short else "quoted-printable"


def _content_type(file: OutgoingFile) -> tuple[str, str]:
    """A file's type; parts that mail programs would open as mail are sent as plain bytes."""
    kind = file.content_type.lower()
    if not _TYPE.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    main, _, sub = kind.partition("/")
    return main, sub


def mailbox_header(name: str, lines: Sequence[str]) -> Header:
    """Names and addresses out of these lines, whatever else stands in them."""
    pairs = read_addresses(*(one_line(line) for line in lines))
    return address_header(name, [(one_line(who), address) for who, address in pairs])


def _needs_utf8(mail: Mail) -> bool:
    """Whether an address itself is not ASCII (RFC 6531); names alone are encoded instead."""
    lines = [one_line(line) for line in (mail.from_header, *mail.to, *mail.cc)]
    return any(not address.isascii() for _name, address in read_addresses(*lines))


def one_line(value: str) -> str:
    """A header value that can't begin another header."""
    return _CONTROL.sub(" ", value).strip()
