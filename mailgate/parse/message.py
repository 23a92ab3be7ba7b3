"""A mail's bytes to a `ParsedMail`."""

import codecs
import re
from dataclasses import replace
from typing import Final

from mailgate.parse import notes
from mailgate.parse.addresses import parse_addresses
from mailgate.parse.automatic import is_automatic, is_bounce
from mailgate.parse.content import Content, read_content
from mailgate.parse.dates import parse_date
from mailgate.parse.headers import Headers
from mailgate.parse.ids import MAX_CHARACTERS, own_id, referred_ids
from mailgate.parse.names import unique_names
from mailgate.parse.parsed import Address, ParsedAttachment, ParsedMail, UnreadableMail
from mailgate.parse.storable import storable_line
from mailgate.parse.structure import Part, read_structure

MAX_SUBJECT: Final = 998
_MAX_FROM: Final = 1000
_MAX_MARK: Final = 200
_MAX_FILES: Final = 200

_DELIVERED_TO = (b"envelope-to", b"delivered-to", b"x-original-to")
# The line that separates mails in a mailbox file; `From : x@y` is a header, though an odd one.
_MBOX_LINE = re.compile(rb"\A>?From (?![ \t]*:)[^\r\n]*(?:\r\n|\n|\r|\Z)")
_FIRST_LINE_END = re.compile(rb"[\r\n]++")


def parse_mail(raw: bytes) -> ParsedMail:
    """Everything KVV wants to know of a mail. Takes any bytes; linear in their number.

    Raises `UnreadableMail` if there is nothing in them.
    """
    raw = _unwrapped(raw)
    if not raw.strip(b"\x00 \t\r\n"):
        raise UnreadableMail("The mail is empty.")
    found: set[str] = set()
    root = read_structure(raw, found=found)
    content = read_content(root, raw=raw, found=found)
    return _Reading(root, content, found).mail()


class _Reading:
    """The headers of one mail, and the codes of what was found in them."""

    def __init__(self, root: Part, content: Content, found: set[str]) -> None:
        self._root = root
        self._headers: Headers = root.headers
        self._content = content
        self._found = found

    def mail(self) -> ParsedMail:
        """All fields; each header is decoded once."""
        headers = self._headers
        from_ = self._address(b"from")
        return_path = self._return_path()
        if from_ is None:
            self._found.add(notes.FROM_MISSING)
        mail = ParsedMail(
            message_id=self._message_id(),
            in_reply_to=referred_ids(headers.all(b"in-reply-to")),
            references=referred_ids(headers.all(b"references")),
            date=parse_date(headers.first(b"date")),
            from_=from_,
            from_text=storable_line(headers.decoded(b"from"), limit=_MAX_FROM),
            sender=self._address(b"sender"),
            reply_to=self._addresses(b"reply-to"),
            to=self._addresses(b"to"),
            cc=self._addresses(b"cc"),
            resent_to=self._addresses(b"resent-to"),
            delivered_to=self._delivered_to(),
            return_path=return_path,
            subject=storable_line(headers.decoded(b"subject"), limit=MAX_SUBJECT),
            text=self._content.text,
            truncated=self._content.is_cut,
            html=self._content.html,
            attachments=self._attachments(),
            auto_submitted=self._mark(b"auto-submitted"),
            precedence=self._mark(b"precedence"),
            list_id=self._mark(b"list-id"),
            x_loop=self._mark(b"x-loop"),
            is_automatic=is_automatic(headers, return_path=return_path, sender=from_),
            is_bounce=self._is_bounce(return_path=return_path, sender=from_),
            notes=(),
        )
        if mail.date is None and headers.has(b"date"):
            self._found.add(notes.DATE_BROKEN)
        return replace(mail, notes=tuple(sorted(self._found))) if self._found else mail

    def _address(self, name: bytes) -> Address | None:
        addresses = self._addresses(name)
        return addresses[0] if addresses else None

    def _addresses(self, name: bytes) -> tuple[Address, ...]:
        """The addresses of all headers of that name."""
        found: list[Address] = []
        for header in self._headers.all(name):
            addresses, is_cut = parse_addresses(header)
            found += addresses
            if is_cut:
                self._found.add(notes.ADDRESSES_CUT)
        return tuple(found)

    def _delivered_to(self) -> tuple[str, ...]:
        return tuple(each.address for name in _DELIVERED_TO for each in self._addresses(name))

    def _message_id(self) -> str | None:
        written = self._headers.first(b"message-id")
        if len(written) > MAX_CHARACTERS:
            self._found.add(notes.ID_SHORTENED)
        return own_id(written)

    def _return_path(self) -> str | None:
        """'' for the empty path of a bounce; None where no relay has noted one."""
        if not self._headers.has(b"return-path"):
            return None
        written = self._headers.first(b"return-path").strip().strip("<>")
        return storable_line(written, limit=320).lower()

    def _mark(self, name: bytes) -> str:
        return storable_line(self._headers.decoded(name), limit=_MAX_MARK)

    def _is_bounce(self, *, return_path: str | None, sender: Address | None) -> bool:
        return is_bounce(
            return_path=return_path,
            top_type=self._root.content_type,
            report_type=self._root.parameters.get("report-type", "").lower(),
            sender=sender,
        )

    def _attachments(self) -> tuple[ParsedAttachment, ...]:
        """The files, each with a name of its own, at most 200."""
        files = self._content.files
        if len(files) > _MAX_FILES:
            self._found.add(notes.ATTACHMENTS_CUT)
            files = files[:_MAX_FILES]
        names = unique_names([file.name for file in files])
        return tuple(replace(file, name=name) for file, name in zip(files, names, strict=True))


def _unwrapped(raw: bytes) -> bytes:
    """The mail without what mailbox files and editors put in front: a mark, empty lines, a 'From ' line."""
    start = len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0
    if blank := _FIRST_LINE_END.match(raw, start):
        start = blank.end()
    raw = raw[start:] if start else raw
    line = _MBOX_LINE.match(raw)
    return raw[line.end() :] if line else raw
