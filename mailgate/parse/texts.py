"""The bytes of a text part as text."""

import re
from typing import Final

from mailgate.parse import notes
from mailgate.parse.charsets import codec_of, decode
from mailgate.parse.flowed import unflow
from mailgate.parse.storable import storable_text
from mailgate.parse.structure import Part
from mailgate.parse.transfer import decode_transfer

# Twice what is kept, as some of it may be taken out; what is more is not worth its memory.
_MOST_CHARACTERS: Final = 2_000_000

_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE
)


def read_text(part: Part, *, raw: bytes, found: set[str]) -> str:
    """A plain text part, its flowed lines joined."""
    text = _decoded(
        part,
        charset=part.parameters.get("charset", ""),
        data=data_of(part, raw=raw, found=found),
        found=found,
    )
    if part.parameters.get("format", "").lower() == "flowed":
        return unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
    return text


def read_html(part: Part, *, raw: bytes, found: set[str]) -> str:
    """An HTML part; where the mail names no charset that we know, the HTML itself may."""
    data = data_of(part, raw=raw, found=found)
    charset = part.parameters.get("charset", "")
    if codec_of(charset) is None and (meta := _META_CHARSET.search(data, 0, 4096)):
        named = meta[1].decode("ascii")
        if not (codec_of(named) or "").startswith(("utf_16", "utf_32")):
            charset = named
            part.headers.charset = part.headers.charset or (named if codec_of(named) else "")
    return _decoded(part, charset=charset, data=data, found=found)


def data_of(part: Part, *, raw: bytes, found: set[str]) -> bytes:
    """The bytes of a part without their transfer encoding."""
    data, is_broken = decode_transfer(raw[part.body : part.end], encoding=part.encoding)
    if is_broken:
        found.add(notes.ENCODING_BROKEN)
    return data


def _decoded(part: Part, *, charset: str, data: bytes, found: set[str]) -> str:
    text, is_guessed = decode(data, charset=charset)
    if is_guessed:
        found.add(notes.CHARSET_GUESSED)
    if len(text) > _MOST_CHARACTERS and "begin " not in text:  # a file in it (uuencode) is kept whole
        text = text[:_MOST_CHARACTERS]
        found.add(notes.BODY_CUT)
    return storable_text(text)
