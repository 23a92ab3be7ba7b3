"""Content-Transfer-Encoding undone (RFC 2045 6), also where a relay or a program broke it."""

import binascii
import re
import string

_BASE64 = string.ascii_letters.encode() + string.digits.encode() + b"+/="
_NOT_BASE64 = bytes(range(256)).translate(None, _BASE64)
_SPACES = b" \t\r\n\v\f"
_PADDING = re.compile(rb"=++")
# Where the text may be over: after padding, or at a line that holds signs base64 does not have.
_FOOTER = re.compile(rb"(?<==)\n|(?<=\n)[^\n]*?[^A-Za-z0-9+/=\s]")
_BASE64_LINE = re.compile(rb"^[A-Za-z0-9+/]{40,}+=*+\s*+$", re.MULTILINE)
_UU_BEGIN = re.compile(rb"^begin[ \t]+[0-7]{3,4}[ \t]", re.MULTILINE)
# Spaces at the end of a line are a relay's (RFC 2045 6.7 (3)); they would hide a soft line break.
_TRAILING = re.compile(rb"(?<==)[ \t]++(?=\r?\n)")
_UU = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})


def decode_transfer(data: bytes, *, encoding: str) -> tuple[bytes, bool]:
    """The bytes that were encoded, and whether the encoding was broken; an unknown one is taken for none."""
    if encoding == "base64":
        return decode_base64(data)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(_TRAILING.sub(b"", data) if _TRAILING.search(data) else data), False
    if encoding in _UU:
        return decode_uuencoded(data)
    return data, False


def decode_base64(data: bytes) -> tuple[bytes, bool]:
    """The bytes of base64 that may lack its padding, hold it in the middle, or be followed by plain text."""
    foreign = len(data) - len(data.translate(None, _NOT_BASE64.translate(None, b"\r\n\t")))
    if foreign * 20 > len(data):
        return data, True  # never encoded, whatever the header says
    broken = len(data.translate(None, _SPACES)) != len(data.translate(None, _NOT_BASE64))
    if foreign and (footer := _FOOTER.search(data)) and not _BASE64_LINE.search(data, footer.end()):
        data = data[: footer.start()]  # a list server wrote below it
    clean = data.translate(None, _NOT_BASE64)
    padding = clean.find(b"=")
    if len(clean) % 4 == 0 and (padding < 0 or clean[padding:] in {b"=", b"=="}):
        return binascii.a2b_base64(clean), broken  # as it should be: nothing is copied once more
    body = clean.rstrip(b"=")
    if b"=" in body:
        return b"".join(_group(piece) for piece in _PADDING.split(body)), broken
    return _group(body), broken or len(clean) % 4 != 0


def _group(body: bytes) -> bytes:
    """One run of base64 without padding; a last sign that alone makes no byte is left out."""
    if len(body) % 4 == 1:
        body = body[:-1]
    return binascii.a2b_base64(body + b"=" * (-len(body) % 4))


def decode_uuencoded(data: bytes) -> tuple[bytes, bool]:
    """The bytes between 'begin' and 'end', and whether a line was broken or the end is missing."""
    begin = _UU_BEGIN.search(data)
    if begin is None:
        return data, True
    decoded: list[bytes] = []
    for line in data[begin.start() :].splitlines()[1:]:
        if line.strip() == b"end":
            return b"".join(decoded), False
        try:
            decoded.append(_uu_line(line))
        except binascii.Error:
            break
    return b"".join(decoded), True


def _uu_line(line: bytes) -> bytes:
    """One line; some encoders pad it wrongly, which Python refuses at first."""
    if not line.strip(b" `"):
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        size = (((line[0] - 32) & 63) * 4 + 5) // 3
        return binascii.a2b_uu(line[:size])
