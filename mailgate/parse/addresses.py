"""Lists of mail addresses (RFC 5322 3.4 and what is written instead), in linear time.

The list is taken apart before its encoded words are decoded: a decoded name may hold a comma.
"""

import re
from typing import Final

from mailgate.parse.parsed import Address
from mailgate.parse.storable import storable_line
from mailgate.parse.words import decode_words
from outbox.addresses import is_address

MAX_ADDRESSES: Final = 1000
MAX_NAME_CHARACTERS: Final = 300

_TOKEN = re.compile(
    r"""(?P<quoted>"(?:[^"\\]++|\\.)*+")|(?P<angle><[^<>]*+>)|(?P<sign>[,;:()])|(?P<other>[^",;:()<]++|.)""",
    re.DOTALL,
)
# Within a comment nothing means anything but parentheses, and a backslash before one (RFC 5322 3.2.2).
_COMMENT_TOKEN = re.compile(r"[^()\\]++|\\.|.", re.DOTALL)
_UNQUOTED_TOKEN = re.compile(
    r"""(?P<quoted>(?!))|(?P<angle><[^<>]*+>)|(?P<sign>[,;:()])|(?P<other>[^,;:()<]++|.)""", re.DOTALL
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BARE = re.compile(r"[^\s<>,;\"()]++")
_AROUND_DOT = re.compile(r"\s{0,9}\.\s{0,9}")
_AROUND_AT = re.compile(r"(?<=\S)\s{0,9}@\s{0,9}(?=\S)")
# `outbox.addresses` would not read them again as they are.
_UNFIT = re.compile(r"[<>\ud800-\udfff]")


def parse_addresses(header: str) -> tuple[tuple[Address, ...], bool]:
    """The addresses of a header, as yet undecoded, in their order, and whether some were cut off (1,000)."""
    if not header:
        return (), False
    reader = _Reader()
    reader.read(header)
    if not reader.found and "=?" in header:  # the address itself was encoded
        reader.read(decode_words(header).replace("=?", ""))
    return tuple(reader.found), reader.is_cut


def clean_address(written: str) -> str:
    """A bare address in lower case, or nothing if this is none."""
    return _bare_address(written).lower()


def _bare_address(written: str) -> str:
    """A bare address as it is written, or nothing if this is none.

    The dot that may end a domain's name is no part of it; one before it all is.
    """
    written = written.strip()
    if "@" in written[:1] and ":" in written:  # a route (RFC 5322 4.4), which nobody follows any more
        written = written.rpartition(":")[2]
    if written[:7].lower() == "mailto:":
        written = written[7:]
    if " " in written:
        written = _AROUND_AT.sub("@", written)
    written = written.strip(" \t'").rstrip(" \t'.")
    return written if is_address(written) and not _UNFIT.search(written) else ""


class _Reader:
    """What was read of the address that is being read, and those that are complete."""

    def __init__(self) -> None:
        self.found: list[Address] = []
        self.is_cut = False
        self._words: list[str] = []
        self._comment: list[str] = []
        self._angle = ""
        self._quoted = ""

    def read(self, header: str) -> None:
        position = 0
        pattern = _TOKEN
        has_comments = True
        while position < len(header) and not self.is_cut:
            token = pattern.match(header, position)
            if token is None:  # cannot be: the patterns take any character
                break
            position = token.end()
            if token[0] == '"' and pattern is _TOKEN:
                pattern = _UNQUOTED_TOKEN  # it has no end: from here quotation marks mean nothing
            elif token["sign"] == "(" and has_comments:
                position, has_comments = self._read_comment(header, position)
            elif token["sign"]:
                self._sign(token["sign"])
            elif token["angle"]:
                self._angle = self._angle or token["angle"][1:-1]
            elif token["quoted"]:
                self._words.append(_ESCAPED.sub(r"\1", token["quoted"][1:-1]))
                self._quoted = self._quoted or token["quoted"]
            else:
                self._words.append(token[0])
        self._finish()

    def _read_comment(self, header: str, start: int) -> tuple[int, bool]:
        """Where to read on, and whether parentheses still mean anything: without its end it is no comment."""
        end = _end_of_comment(header, start)
        if end < 0:
            self._words.append(" ")
            return start, False
        self._comment.append(_ESCAPED.sub(r"\1", header[start : end - 1]))
        return end, True

    def _sign(self, sign: str) -> None:
        if sign in ",;":
            self._finish()
        elif sign in "()":
            self._words.append(" ")
        elif not self._angle:
            self._words, self._comment = [], []  # the name of a group, or `mailto`

    def _finish(self) -> None:
        if (address := self._address()) is not None:
            if len(self.found) >= MAX_ADDRESSES:
                self.is_cut = True
            else:
                self.found.append(address)
        self._clear()

    def _address(self) -> Address | None:
        words = "".join(self._words)
        if self._angle and (address := _address_within(self._angle)):
            return _made(words or "".join(self._comment), address)
        if "@" not in words:
            return None
        if self._quoted and words.startswith(self._quoted[1:-1] + "@"):
            words = self._quoted + words[len(self._quoted) - 2 :]  # "a b"@demo.example
        if address := _bare_address(words):
            return _made("".join(self._comment), address)
        for word in reversed(_BARE.findall(words)):
            if "@" in word and (address := _bare_address(word)):
                return _made(words.replace(word, ""), address)
        return None

    def _clear(self) -> None:
        self._words, self._comment = [], []
        self._angle = ""
        self._quoted = ""


def _end_of_comment(header: str, start: int) -> int:
    """The place behind the parenthesis that closes the one before `start`, or -1 if none does."""
    depth = 1
    for token in _COMMENT_TOKEN.finditer(header, start):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if not depth:
            return token.end()
    return -1


def _address_within(angle: str) -> str:
    """The address between angle brackets; it may have spaces and comments in it (RFC 5322 A.5, A.6.3)."""
    if address := _bare_address(angle) or _bare_address(_compact(angle)):
        return address
    return _bare_address(_compact(without_comments(angle))) if "(" in angle else ""


def without_comments(written: str) -> str:
    """A header's value without its comments (RFC 5322 3.2.2), and without all behind one that has no end."""
    kept = []
    position = 0
    while token := _TOKEN.match(written, position):
        position = token.end()
        if token["sign"] == "(":
            end = _end_of_comment(written, position)
            position = end if end >= 0 else len(written)
        else:
            kept.append(token[0])
    return "".join(kept)


def _compact(written: str) -> str:
    """An address without the spaces that were once allowed around its dots (RFC 5322 4.4)."""
    return _AROUND_DOT.sub(".", written)


def _made(name: str, address: str) -> Address:
    lower = address.lower()
    return Address(_name(name, address=lower), lower, "" if lower == address else address)


def _name(written: str, *, address: str) -> str:
    name = storable_line(decode_words(written.strip()), limit=MAX_NAME_CHARACTERS).strip("\"'<> ")
    return "" if name.lower() == address else name
