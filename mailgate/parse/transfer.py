"""Content-Transfer-Encoding undone (RFC 2045 6), also where a relay or a program broke it."""

import binascii
import re
import string
from collections.abc import Iterator
from typing import Final

_BASE64 = string.ascii_letters.encode() + string.digits.encode() + b"+/="
_NOT_BASE64 = bytes(range(256)).translate(None, _BASE64)
_FOREIGN = _NOT_BASE64.translate(None, b"\r\n\t")
_SPACES = b" \t\r\n\v\f"
_PADDING = re.compile(rb"=++")
_ASCII = bytes(range(128))
_LINE = re.compile(rb"[^\r\n]++")
_ENCODED = re.compile(rb"[A-Za-z0-9+/]++={0,2}+")
# Encoders write lines of 60 to 76 signs; what is shorter may be a word.
_LONG: Final = 40
_SHORTEST: Final = 4
# No word has these: a digit, one of the other signs, a capital after a small letter.
_LIKE_NO_WORD = re.compile(rb"[0-9+/=]|[a-z][A-Z]")
_IN_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_UU_BEGIN = re.compile(rb"(?:^|(?<=\r))begin[ \t]+[0-7]{3,4}[ \t]", re.MULTILINE)
# A soft line break that is not just `=` and LF or CRLF. Spaces at the end of a line are a relay's (RFC 2045
# 6.7 (3)); after `=` and CR alone, Python's decoder leaves out all up to the next LF.
_ODD_SOFT_BREAK = re.compile(rb"=(?:[ \t]++(?:\r{0,3}+\n|\r|\Z)|\r(?:\r{1,3}+\n|(?!\n)))")
_UU = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})


def decode_transfer(data: bytes, *, encoding: str) -> tuple[bytes, bool]:
    """The bytes that were encoded, and whether the encoding was broken; an unknown one is taken for none."""
    if encoding == "base64":
        return decode_base64(data)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(_ODD_SOFT_BREAK.sub(b"=\n", data)), False
    if encoding in _UU:
        return decode_uuencoded(data)
    return data, False


def decode_base64(data: bytes) -> tuple[bytes, bool]:
    """The bytes of base64 that may lack its padding or hold it in the middle, and whether it was broken.

    Lines of plain text around it, which a list or a scanner wrote, are left out; text without any base64 was
    never encoded, whatever the header says, and is given back as it is.
    """
    foreign = len(data) - len(data.translate(None, _FOREIGN))
    clean = data.translate(None, _NOT_BASE64)
    is_broken = len(data.translate(None, _SPACES)) != len(clean)
    if foreign and (encoded := _without_words(data, is_pure=False)):
        return _decoded(encoded), is_broken or len(encoded) != len(clean)
    if foreign * 20 > len(data):
        return data, True
    padding = clean.find(b"=")
    if len(clean) % 4 == 0 and (padding < 0 or clean[padding:] in {b"=", b"=="}):
        return binascii.a2b_base64(clean), is_broken  # as it should be: nothing is copied once more
    if b"=" in clean.rstrip(b"="):
        return _decoded(_without_words(data, is_pure=True) or clean), is_broken
    return _decoded(clean), is_broken or len(clean) % 4 != 0


def _decoded(clean: bytes) -> bytes:
    """The bytes of base64 without any foreign sign, whatever its padding."""
    return b"".join(map(_group, _PADDING.split(clean)))


def _without_words(data: bytes, *, is_pure: bool) -> bytes:
    """The base64 that stands between other lines; `is_pure` where those have no sign that it has not."""
    runs = [(run, sum(map(len, run))) for run in _runs(data)]
    is_most = is_pure or 2 * sum(size for run, size in runs if len(run[0]) >= _LONG) > len(data)
    return b"".join(
        b"".join(run)
        for run, size in runs
        if (is_most and len(run[0]) >= _LONG) or (is_pure and run[-1].endswith(b"=")) or _says(run, size)
    )


def _runs(data: bytes) -> Iterator[list[bytes]]:
    """Lines of base64 that may belong together: as encoders write them, all of one length but the last."""
    run: list[bytes] = []
    for match in _LINE.finditer(data):
        line = match[0].strip(_SPACES)
        encoded, is_whole = _encoded_of(line, length=len(run[0]) if run else 0)
        if run and (not encoded or len(encoded) > len(run[0])):
            yield run
            run = []
        if encoded:
            run.append(encoded)
        if run and encoded and (not is_whole or len(encoded) < len(run[0]) or encoded.endswith(b"=")):
            yield run
            run = []
    if run:
        yield run


def _encoded_of(line: bytes, *, length: int) -> tuple[bytes, bool]:
    """The base64 that a line is, or begins with, and whether it is nothing else.

    A long line with a few foreign signs is noisy, not words, if it is as long without them as the others.
    """
    match = _ENCODED.match(line)
    if match and match.end() == len(line):
        return line, True
    clean = line.translate(None, _NOT_BASE64)
    is_noisy = len(clean) >= _LONG and length in {0, len(clean)} and len(clean) * 20 >= len(line) * 19
    if is_noisy or all(_ENCODED.fullmatch(word) and _LIKE_NO_WORD.search(word) for word in line.split()):
        return clean, True
    return (match[0] if match else b""), False


def _says(run: list[bytes], size: int) -> bool:
    """Whether this short base64 says something when it is decoded, and looks like no words as it stands."""
    text = b"".join(run)
    if size < _SHORTEST or size % 4 or not _LIKE_NO_WORD.search(text):
        return False
    return _is_text(_decoded(text), is_padded=text.endswith(b"="))


def _is_text(data: bytes, *, is_padded: bool) -> bool:
    """Whether these may be words: without control characters, and padded, UTF-8 or mostly ASCII."""
    if _IN_NO_TEXT.search(data):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return is_padded or len(data.translate(None, _ASCII)) * 4 <= len(data)
    return True


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
