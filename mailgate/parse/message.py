"""A mail's bytes to a `ParsedMail`."""

import codecs
import re
from dataclasses import replace
from typing import Final

from mailgate.parse import notes
from mailgate.parse.addresses import clean_address, parse_addresses
from mailgate.parse.authentication import MAX_HEADERS, read_authentication
from mailgate.parse.automatic import is_automatic, is_bounce, is_nobody, wants_no_answer
from mailgate.parse.content import Content, read_content
from mailgate.parse.dates import parse_date
from mailgate.parse.headers import Headers
from mailgate.parse.ids import MAX_CHARACTERS as MAX_ID
from mailgate.parse.ids import own_id, referred_ids
from mailgate.parse.names import unique_names
from mailgate.parse.parsed import Address, Authentication, ParsedAttachment, ParsedMail, UnreadableMail
from mailgate.parse.storable import storable_line
from mailgate.parse.structure import Part, read_structure

MAX_SUBJECT: Final = 998
_MAX_FROM: Final = 1000
_MAX_MARK: Final = 200
_MAX_RESULTS: Final = 4000

_DELIVERED_TO = (b"envelope-to", b"delivered-to", b"x-original-to")
# The line that separates mails in a mailbox file; `From : x@y` is a header, though an odd one.
_MBOX_LINE = re.compile(rb"\A>?From (?![ \t]*:)[^\r\n]*(?:\r\n|\n|\r|\Z)")
_DOUBLED: Final = b"\r\r\n"
_HEAD_END = re.compile(rb"\r\n\r\n|\n\n")
_MAX_HEAD: Final = 10_000


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
        subject = storable_line(headers.decoded(b"subject"), limit=MAX_SUBJECT)
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
            failed_recipients=tuple(address.address for address in self._addresses(b"x-failed-recipients")),
            subject=subject,
            text=self._content.text,
            truncated=self._content.is_cut,
            html=self._content.html,
            attachments=self._attachments(),
            auto_submitted=self._mark(b"auto-submitted"),
            is_automatic=is_automatic(headers, return_path=return_path, sender=from_),
            is_bounce=self._is_bounce(return_path=return_path, sender=from_),
            notes=(),
            wants_no_answer=wants_no_answer(headers, subject=subject, sender=from_),
            authentication=self._authentication(),
        )
        if mail.date is None and headers.has(b"date"):
            self._found.add(notes.DATE_BROKEN)
        return replace(mail, notes=tuple(sorted(self._found))) if self._found else mail

    def _message_id(self) -> str | None:
        header = self._headers.first(b"message-id")
        if len(header) > MAX_ID:
            self._found.add(notes.ID_SHORTENED)
        return own_id(header)

    def _address(self, name: bytes) -> Address | None:
        """The first address of the first header of that name."""
        return next(iter(parse_addresses(self._headers.first(name))[0]), None)

    def _addresses(self, name: bytes) -> tuple[Address, ...]:
        """The addresses of all headers of that name, as if they were one."""
        addresses, is_cut = parse_addresses(", ".join(self._headers.all(name)))
        if is_cut:
            self._found.add(notes.ADDRESSES_CUT)
        return addresses

    def _delivered_to(self) -> tuple[str, ...]:
        found = (address.address for name in _DELIVERED_TO for address in self._addresses(name))
        return tuple(dict.fromkeys(found))

    def _return_path(self) -> str | None:
        """The envelope's sender as the last mail server wrote it down; '' for none, None if it did not.

        A daemon there is none: old servers write it instead of nobody.
        """
        header = self._headers.first(b"return-path").strip()
        if header.startswith("<>") or header.strip("<> ") == "":
            return "" if header else None
        if is_nobody(header.strip("<> ")):
            return ""
        return clean_address(header.strip("<>")) or None

    def _authentication(self) -> tuple[Authentication, ...]:
        headers = self._headers.all(b"authentication-results")[:MAX_HEADERS]
        return tuple(read_authentication(storable_line(header, limit=_MAX_RESULTS)) for header in headers)

    def _mark(self, name: bytes) -> str:
        return storable_line(self._headers.decoded(name), limit=_MAX_MARK)

    def _attachments(self) -> tuple[ParsedAttachment, ...]:
        files = self._content.files
        if len(files) < 2:
            return files
        names = unique_names([file.name for file in files])
        return tuple(
            file if file.name == name else replace(file, name=name)
            for file, name in zip(files, names, strict=True)
        )

    def _is_bounce(self, *, return_path: str | None, sender: Address | None) -> bool:
        return is_bounce(
            return_path=return_path,
            top_type=self._root.content_type,
            report_type=self._root.parameters.get("report-type", "").lower(),
            sender=sender,
        )


def _unwrapped(raw: bytes) -> bytes:
    """The mail without what a file, a mailbox or a broken relay put around it."""
    if raw[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    raw = raw.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n\x00")
    if separator := _MBOX_LINE.match(raw):
        raw = raw[separator.end() :]
    doubled = raw.find(_DOUBLED, 0, _MAX_HEAD)  # perhaps not in the first lines, which a server put before it
    if doubled >= 0 and not _HEAD_END.search(raw, 0, doubled):
        raw = raw.replace(_DOUBLED, b"\r\n")
    return raw
