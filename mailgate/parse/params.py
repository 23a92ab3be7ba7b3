"""Parameters of Content-Type and Content-Disposition (RFC 2045, RFC 2231), in linear time and with mercy."""

import re
from itertools import islice
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from mailgate.parse.charsets import codec_of, decode, is_single_byte
from mailgate.parse.words import decode_words, in_charset

_PARAMETER = re.compile(r""";\s*+([^\s=;"]++)\s*+=\s*+(?:"((?:[^"\\]++|\\.)*+)"|([^;]*+))""", re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_EXTENDED = re.compile(r"([^'%\s]{1,40}+)'([^']{0,40}+)'(.*)", re.DOTALL)
_PIECE = re.compile(r"([^*]+)\*(?:([0-9]{1,3})(\*?))?")
_RAW_EXTENDED = re.compile(
    rb"""\*(?:[0-9]{1,3}\*)?\s*+=\s*+"?+(?:([^'"%\s;]{1,40}+)'[^'";]{0,40}+')?([^";]*+)"""
)
_HIGH = re.compile(rb"[\x80-\xff]++")
_MAX_PARAMETERS: Final = 200
_MAX_CHARACTERS: Final = 65_536


def parse_parameters(header: str) -> tuple[str, dict[str, str]]:
    """The value before the first semicolon, in lower case, and the decoded parameters by lower-case name."""
    header = header[:_MAX_CHARACTERS]
    value, _semicolon, rest = header.partition(";")
    if "=" in value:  # the semicolon before the first parameter is missing
        words = value.split(maxsplit=1)
        value, first = ("", value) if "=" in words[0] else words
        header = f"{value};{first};{rest}"
    value = value.strip().lower()
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, quoted, bare in islice(_PARAMETER.findall(header), _MAX_PARAMETERS):
        written = _ESCAPED.sub(r"\1", quoted) if quoted else bare.strip().strip('"')
        if piece := _PIECE.fullmatch(name.lower()):
            base, number, star = piece.groups()
            pieces.setdefault(base, {})[int(number or 0)] = (written, star == "*" or number is None)
        else:
            plain.setdefault(name.lower(), written)
    for name, by_number in pieces.items():
        plain[name] = _joined(by_number)
    return value, plain


def file_name_of(parameters: dict[str, str], *, name: str) -> str:
    """A file name among the parameters, with the encoded words that should not be there decoded."""
    written = parameters.get(name, "")
    if "=?" in written:
        return decode_words(written)
    if "'" in written and "%" in written and (match := _EXTENDED.fullmatch(written)):
        data = _raw_bytes(match[3], charset=match[1])
        return decode(unquote_to_bytes(data), charset=match[1])[0]  # extended, but without its star
    return written


def with_extended_encoded(header: bytes) -> bytes:
    """A header whose extended values hold no raw bytes any more, which would be read by another charset."""
    if b"*" not in header:
        return header
    encoded = []
    charset = ""
    position = 0
    for value in _RAW_EXTENDED.finditer(header):
        charset = value[1].decode("ascii", "replace") if value[1] else charset
        encoded += [header[position : value.start(2)], _with_codes(value[2], charset=charset)]
        position = value.end()
    return b"".join([*encoded, header[position:]])


def _with_codes(raw: bytes, *, charset: str) -> bytes:
    return _HIGH.sub(lambda high: quote(in_charset(high[0], charset=charset)).encode(), raw)


def _raw_bytes(written: str, *, charset: str) -> bytes:
    """An extended value as bytes; what should be written as codes in it, and was not, in its charset too."""
    return written.encode((is_single_byte(charset) and codec_of(charset)) or "utf-8", "replace")


def _joined(pieces: dict[int, tuple[str, bool]]) -> str:
    """The value whose pieces are numbered from 0; what comes after a gap is not part of it (RFC 2231 3)."""
    charset = ""
    joined = []
    for number in range(len(pieces)):
        if number not in pieces:
            break
        written, is_encoded = pieces[number]
        if number == 0 and is_encoded and (match := _EXTENDED.fullmatch(written)):
            charset, _language, written = match.groups()
        elif number == 0 and is_encoded and written.startswith("''"):
            written = written[2:]
        data = _raw_bytes(written, charset=charset)
        joined.append(unquote_to_bytes(data) if is_encoded else data)
    return decode(b"".join(joined), charset=charset)[0]
