"""The files of a mail: attached, shown in its HTML, or hidden in its text (uuencode)."""

import re
from dataclasses import dataclass

from mailgate.parse import notes
from mailgate.parse.names import clean_name, name_by_type, type_by_name
from mailgate.parse.params import file_name_of
from mailgate.parse.parsed import ParsedAttachment
from mailgate.parse.storable import storable_line
from mailgate.parse.structure import Part, read_structure
from mailgate.parse.texts import data_of
from mailgate.parse.transfer import decode_uuencoded

_MAILS = frozenset({"message/rfc822", "message/global"})
_MAX_ID = 500
# Lowercase letters occur in no uuencoded line, so that no line is tried twice.
_UUENCODED = re.compile(
    r"^begin [0-7]{3,4} ([^\n]{1,200}+)\n((?:[!-M][ -`]{1,90}+\n)++)(?:[` ]?\n)?end[ \t]*+$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was found; whether it is shown in the HTML is only known when all of that was read."""

    name: str
    content_type: str
    content_id: str | None
    data: bytes

    def as_attached(self, *, inline: bool) -> ParsedAttachment:
        return ParsedAttachment(self.name, self.content_type, self.content_id, inline, self.data)


def file_of(part: Part, *, raw: bytes, found: set[str]) -> File:
    """The file that a part is; an attached mail, and what is nested too deep, whole and unopened."""
    if part.is_too_deep:
        return File(_name(part) or "nested.eml", "message/rfc822", None, raw[part.start : part.end])
    data = data_of(part, raw=raw, found=found)
    name = _name(part)
    if part.content_type in _MAILS:
        name = name or _mail_name(data, charset=part.headers.charset)
    content_type = type_by_name(part.content_type, name=name)
    content_id = storable_line(part.headers.first(b"content-id").strip("<> "), limit=_MAX_ID)
    return File(name or name_by_type(content_type), content_type, content_id or None, data)


def cut_out_uuencoded(text: str, *, found: set[str]) -> tuple[str, list[File]]:
    """The text without the files that old programs wrote into it, and those files."""
    if "begin " not in text:
        return text, []
    files = []
    for match in _UUENCODED.finditer(text):
        data, is_broken = decode_uuencoded(match[0].encode("ascii", "replace"))
        name = clean_name(match[1])
        content_type = type_by_name("application/octet-stream", name=name)
        files.append(File(name or name_by_type(content_type), content_type, None, data))
        if is_broken:
            found.add(notes.ENCODING_BROKEN)
    return _UUENCODED.sub("", text) if files else text, files


def _name(part: Part) -> str:
    return clean_name(
        file_name_of(part.disposition_parameters, name="filename")
        or file_name_of(part.parameters, name="name")
    )


def _mail_name(data: bytes, *, charset: str) -> str:
    """What an attached mail is called that has no name of its own (RFC 2183 2.3): its subject.

    `charset`: of the mail around it, for raw bytes where it names none itself.
    """
    headers = read_structure(data, found=set()).headers
    headers.charset = headers.charset or charset
    name = clean_name(re.sub(r"[/\\]", "-", headers.decoded(b"subject"))[:190])
    return f"{name}.eml" if name else ""
