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
_LINE = re.compile(rb"([^\r\n]*+)(?:\r{0,3}+\n|\r|\Z)")
_ENCODED = re.compile(rb"[A-Za-z0-9+/]++={0,2}+")
# Encoders write lines of 60 to 76 signs; what is shorter may be a word.
_LONG: Final = 40
_SHORTEST: Final = 3
# No word has these: a digit, one of the other signs, a capital after a small letter, more than one before it.
_LIKE_NO_WORD = re.compile(rb"[0-9+/=]|[a-z][A-Z]|[A-Z]{2}[a-z]")
_WORD = re.compile(rb"[A-Z]?[a-z]{4,}+")
# A single word below an empty line, at the very end.
_WORD_BELOW = re.compile(rb"(?:\n[ \t\r]*+\n|\r\r)[A-Z]?[a-z]++\s*+\Z")
_LAST_LINES: Final = 200
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
    if foreign or _WORD_BELOW.search(data, max(len(data) - _LAST_LINES, 0)):
        runs = list(_without_words(data, is_pure=not foreign))
        if runs:
            return b"".join(map(_decoded, runs)), is_broken or sum(map(len, runs)) != len(clean)
    if foreign * 20 > len(data):
        return data, True
    padding = clean.find(b"=")
    if len(clean) % 4 == 0 and (padding < 0 or clean[padding:] in {b"=", b"=="}):
        return binascii.a2b_base64(clean), is_broken  # as it should be: nothing is copied once more
    if b"=" in clean.rstrip(b"="):
        runs = list(_without_words(data, is_pure=True))
        return b"".join(map(_decoded, runs or [clean])), is_broken
    return _decoded(clean), is_broken or len(clean) % 4 != 0


def _decoded(clean: bytes) -> bytes:
    """The bytes of base64 without any foreign sign, whatever its padding."""
    return b"".join(map(_group, _PADDING.split(clean)))


def _without_words(data: bytes, *, is_pure: bool) -> Iterator[bytes]:
    """The base64 that stands between other lines; `is_pure` where those have no sign that it has not.

    Each run by itself: one without its padding must not swallow the beginning of the next.
    """
    runs = list(_runs(data))
    is_most = is_pure or 2 * sum(sum(map(len, run)) for run in runs if len(run[0]) >= _LONG) > len(data)
    for run in runs:
        joined = b"".join(run)
        if (is_most and len(run[0]) >= _LONG) or (is_pure and joined.endswith(b"=")) or _says(joined):
            yield joined


def _runs(data: bytes) -> Iterator[list[bytes]]:
    """Lines of base64 that may belong together: as encoders write them, all of one length but the last.

    A line that is not wholly base64 belongs to none: what it begins with may be the first word of a footer.
    """
    run: list[bytes] = []
    widest = 1
    for line, breaks in _lines(data):
        encoded, is_whole = _encoded_of(line, length=len(run[0]) if run else 0)
        if run and is_whole and _goes_on(run, encoded, is_near=breaks <= widest):
            widest = max(widest, breaks)  # some programs write an empty line below each
            run.append(encoded)
            continue
        if run:
            yield run
        run, widest = [], 1
        if encoded and is_whole:
            run = [encoded]
        elif encoded:
            yield [encoded]
    if run:
        yield run


def _lines(data: bytes) -> Iterator[tuple[bytes, int]]:
    """The lines that are not empty, and how many line ends there are before each."""
    breaks = 0
    for match in _LINE.finditer(data):
        if line := match[1].strip(_SPACES):
            yield line, breaks
            breaks = 0
        breaks += 1


def _goes_on(run: list[bytes], line: bytes, *, is_near: bool) -> bool:
    """Whether this line of base64 goes on with those before it; `is_near`: no empty line is between."""
    length = len(run[0])
    if run[-1].endswith(b"=") or len(run[-1]) < length or len(line) > length:
        return False
    if length < _LONG:  # two words may be of one length, too
        return is_near and len(line) == length and bool(_LIKE_NO_WORD.search(line))
    return len(line) == length or (is_near and not _WORD.fullmatch(line))


def _encoded_of(line: bytes, *, length: int) -> tuple[bytes, bool]:
    """The base64 that a line is, or begins with, and whether it is nothing else.

    A long line with a few foreign signs is noisy, not words, if it is as long without them as the others.
    """
    match = _ENCODED.match(line)
    if match and match.end() == len(line):
        return line, True
    clean = line.translate(None, _NOT_BASE64)
    if len(clean) >= _LONG and length in {0, len(clean)} and len(clean) * 20 >= len(line) * 19:
        return clean, True
    if all(_ENCODED.fullmatch(word) and _LIKE_NO_WORD.search(word) for word in line.split()):
        return clean, False
    return (match[0] if match else b""), False


def _says(text: bytes) -> bool:
    """Whether this short base64 says something when it is decoded, and looks like no words as it stands."""
    left = len(text) % 4
    if len(text) < _SHORTEST or not _LIKE_NO_WORD.search(text) or (left == 1 and len(text) < _LONG):
        return False
    data = _decoded(text)
    if left > 1 and not binascii.b2a_base64(data, newline=False).startswith(text):
        return False  # the bits that are left over in a group without its padding are none
    return _is_text(data, is_padded=text.endswith(b"="))


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
