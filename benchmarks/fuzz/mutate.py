"""Damaging a mail: small wounds, what programs and relays break, and what an enemy would send.

The same random generator gives the same mail, so that a seed and a number name an input.
"""

import random
import re
from collections.abc import Callable, Sequence

from benchmarks.fuzz.bombs import bomb

Mutation = Callable[[bytes, Sequence[bytes], random.Random], bytes]

MOST_BYTES = 400_000
_BOUNDARY = re.compile(rb'boundary="?([^"\r\n;]+)', re.IGNORECASE)
_CHARSET = re.compile(rb'charset="?[^"\r\n;]+', re.IGNORECASE)
_ENCODING = re.compile(rb"^(content-transfer-encoding:)[^\r\n]*", re.IGNORECASE | re.MULTILINE)
_LINE = re.compile(rb"[^\n]*\n|[^\n]+\Z")
ODD = (
    b"\x00", b"\x00" * 50, b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3",
    b"\x80\x9f",
    b"\xf4\x90\x80\x80", b"\x1b$B", b"\x1b(B", b"\r", b"\n", b"\r\r\n", b"\x85", b"\xe2\x80\xa8",
    b"\xe2\x80\xae", b"\xef\xb7\x90", b"\xef\xbf\xbf", b"&#0;", b"&#xD800;", b"&#55357;", b"%00", b"=00",
    b"=ED=A0=80", b"=?utf-8?q?=00?=", b"=?utf-7?q?+2AA-?=", b"=?utf-16?b?2AA=?=", b"<", b">", b'"',
    b"(", b"\\",
    b"--", b": ", b"; ", b",", b"@", b"=?", b"?=", b"<!--", b"]]>", b"begin 644 x\n", b"\x7f", b"\x0b\x0c",
)  # fmt: skip
CHARSETS = (
    b"utf-8", b"utf-7", b"utf-16", b"utf-16le", b"utf-32", b"iso-2022-jp", b"iso-2022-kr", b"hz", b"gb18030",
    b"big5", b"shift_jis", b"euc-kr", b"cp037", b"us-ascii", b"idna", b"punycode", b"rot13", b"x-unknown",
    b"unicode_escape", b"undefined", b"mbcs", b"koi8-r", b"windows-1252", b"macintosh", b"johab", b"",
)  # fmt: skip
ENCODINGS = (b"base64", b"quoted-printable", b"7bit", b"8bit", b"binary", b"x-uuencode", b"x-unknown", b"")


def mutate(mails: Sequence[bytes], *, chance: random.Random) -> bytes:
    """One of `mails` with one to four wounds, at most about 400 KB."""
    raw = chance.choice(mails)
    for _wound in range(chance.choice((1, 1, 2, 2, 3, 4))):
        raw = chance.choice(MUTATIONS)(raw, mails, chance)[:MOST_BYTES]
    return raw


def _flip(raw: bytes, _mails: Sequence[bytes], chance: random.Random) -> bytes:
    damaged = bytearray(raw)
    for _byte in range(chance.randint(1, 12)):
        if damaged:
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def _cut(raw: bytes, _mails: Sequence[bytes], chance: random.Random) -> bytes:
    return raw[: _place(raw, chance)] if chance.random() < 0.7 else raw[_place(raw, chance) :]


def _take_out(raw: bytes, _mails: Sequence[bytes], chance: random.Random) -> bytes:
    start = _place(raw, chance)
    return raw[:start] + raw[start + chance.randint(1, 200) :]


def _insert(raw: bytes, _mails: Sequence[bytes], chance: random.Random) -> bytes:
    for _time in range(chance.randint(1, 5)):
        place = _place(raw, chance)
        raw = raw[:place] + chance.choice(ODD) + raw[place:]
    return raw


def _lines_moved(raw: bytes, _mails: Sequence[bytes], chance: random.Random) -> bytes:
    """Headers and lines doubled, swapped and left out."""
    lines = _LINE.findall(raw)
    for _time in range(chance.randint(1, 4)):
        if not lines:
            break
        first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(3):
            case 0:
                lines.insert(first, lines[second])
            case 1:
                lines[first], lines[second] = lines[second], lines[first]
            case _:
                del lines[first]
    return b"".join(lines)


def _parts_moved(raw: bytes, _mails: Sequence[bytes], chance: random.Random) -> bytes:
    boundaries: list[bytes] = _BOUNDARY.findall(raw)
    if not boundaries:
        return raw
    marker = b"--" + chance.choice(boundaries)
    parts = raw.split(marker)
    inner = parts[1:]
    if chance.random() < 0.5:
        chance.shuffle(inner)
    else:
        inner = inner * chance.randint(2, 4)
    return marker.join([parts[0], *inner])


def _boundary_swapped(raw: bytes, _mails: Sequence[bytes], chance: random.Random) -> bytes:
    boundaries: list[bytes] = _BOUNDARY.findall(raw)
    if not boundaries:
        return raw
    old = chance.choice(boundaries)
    new = chance.choice([*boundaries, b"", b"-", b"--", old[:-1], old + old, b"a" * 300, b" ", b"\xc3\xa9"])
    return raw.replace(old, new, chance.choice((1, 2, -1)))


def _charset_swapped(raw: bytes, _mails: Sequence[bytes], chance: random.Random) -> bytes:
    new = b"charset=" + chance.choice(CHARSETS)
    return _CHARSET.sub(lambda _match: new, raw)


def _encoding_swapped(raw: bytes, _mails: Sequence[bytes], chance: random.Random) -> bytes:
    new = chance.choice(ENCODINGS)
    if not _ENCODING.search(raw):
        return b"Content-Transfer-Encoding: " + new + b"\r\n" + raw
    return _ENCODING.sub(lambda match: match[1] + b" " + new, raw)


def _spliced(raw: bytes, mails: Sequence[bytes], chance: random.Random) -> bytes:
    other = chance.choice(mails)
    return raw[: _place(raw, chance)] + other[_place(other, chance) :]


def _line_ends(raw: bytes, _mails: Sequence[bytes], chance: random.Random) -> bytes:
    plain = raw.replace(b"\r\n", b"\n")
    return plain.replace(b"\n", chance.choice((b"\n", b"\r", b"\r\n", b"\r\r\n", b"\n\r", b"\x00\n")))


def _bombed(raw: bytes, _mails: Sequence[bytes], chance: random.Random) -> bytes:
    return bomb(raw, chance=chance)


def _place(raw: bytes, chance: random.Random) -> int:
    """Somewhere; more often in the head, where a byte matters more."""
    most = len(raw) if chance.random() < 0.5 else min(len(raw), 600)
    return chance.randint(0, most)


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _flip, _cut, _take_out, _insert, _insert, _lines_moved, _lines_moved, _parts_moved,
    _boundary_swapped, _charset_swapped, _encoding_swapped, _spliced, _line_ends, _bombed,
)  # fmt: skip
