"""Names and mail addresses out of a line, whoever wrote it, in linear time; and one written out again.

Not `email.utils`: that calls itself for each bracket of a stranger, and what it makes of a line with a
mistake in it differs between versions of Python.
"""

import re
from dataclasses import dataclass, field
from typing import Final

LINE_MOST: Final = 1_000_000
ADDRESS_MOST: Final = 320  # RFC 5321, 4.5.3.1: 64 before the sign, 255 behind it
_TOKEN = re.compile(
    r'(?P<quoted>"(?:[^"\\]++|\\.)*+"?)|<(?P<angle>[^<>]*+)>|(?P<sign>[,;:()])|(?P<words>[^",;:()<]++|.)',
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPECIAL = re.compile(r'[][\\()<>@,:;".]')
_LOCAL = r"""[^\s@<>(),;:"\x00-\x1f\x7f]++"""
_DOMAIN = r"""[^\s@<>()\[\]\\,;:"\x00-\x1f\x7f]++"""
_ADDRESS = re.compile(
    rf"""(?:{_LOCAL}|"[^"\x00-\x1f\x7f]++")@(?:{_DOMAIN}|\[[0-9a-z:.]++\])""", re.IGNORECASE
)


def read_addresses(*lines: str) -> list[tuple[str, str]]:
    """'A <a@x>, b@y (B)' as pairs of a name, perhaps empty, and an address; what holds none is left out.

    Never raises. An address is given as written, without the backslashes of its quoted part, and without the
    dot that may end a domain's name (RFC 1034, 3.1), which no mail server is told.
    """
    return [pair for line in lines for pair in _pairs_in(line[:LINE_MOST])]


def compared(address: str) -> str:
    """The form in which two addresses are the same: a mail is sent to what was written (RFC 5321, 2.4)."""
    return address.lower().rstrip(".")


def addresses_in(*lines: str) -> set[str]:
    """The addresses that stand in these lines, each as addresses are compared."""
    return {compared(address) for _name, address in read_addresses(*lines)}


def is_address(address: str) -> bool:
    """Whether a mail can be sent to it, as far as we judge: somebody, somewhere.

    Whether such an address may be is for the mail server to decide: some are in use that no standard knows.
    """
    return len(address) <= ADDRESS_MOST and bool(_ADDRESS.fullmatch(address))


def write_address(name: str, address: str) -> str:
    """'Name <address>' as `read_addresses` reads it, whatever stands in the name."""
    written = address.replace("\\", "\\\\") if address.startswith('"') else address
    if not name or not address:
        return written or name
    if not _SPECIAL.search(name):
        return f"{name} <{written}>"
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{written}>'


@dataclass(slots=True)
class _Piece:
    """What was read of the address that is being read."""

    words: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    angle: str = ""
    quoted: str = ""  # a quoted local part, if the address begins with one
    depth: int = 0

    def add(self, token: re.Match[str]) -> None:
        """Take what is no end of an address."""
        if token[0] == "(":
            self.depth += 1
        elif token[0] == ")":
            self.depth = max(self.depth - 1, 0)
        elif self.depth:
            self.comment.append(token[0])
        elif token[0] == ":" and not self.angle:
            self.words.clear()  # the name of a group
        elif token["quoted"]:
            self._add_quoted(token)
        elif token["angle"] is not None:
            self.angle = self.angle or token["angle"].strip()
        else:
            self.words.append(token[0])

    def _add_quoted(self, token: re.Match[str]) -> None:
        text = _ESCAPED.sub(r"\1", token["quoted"][1:].removesuffix('"'))
        if token.string[token.end() : token.end() + 1] == "@":
            self.quoted = f'"{text}"'
        else:
            self.words.append(text)

    def pair(self) -> tuple[str, str] | None:
        """The name and the address, if there is one and only one."""
        words, comment = "".join(self.words).split(), " ".join("".join(self.comment).split())
        if "@" in self.angle:
            return " ".join(words) or comment, _unescaped(self.angle).rstrip(".")
        addresses = [word for word in words if "@" in word]
        if len(addresses) != 1:
            return None
        name = " ".join(word for word in words if "@" not in word)
        return name or comment, f"{self.quoted}{addresses[0]}".rstrip(".")


def _unescaped(address: str) -> str:
    return _ESCAPED.sub(r"\1", address) if address.startswith('"') else address


def _pairs_in(line: str) -> list[tuple[str, str]]:
    pieces = [_Piece()]
    for token in _TOKEN.finditer(line):
        if token["sign"] in (",", ";") and not pieces[-1].depth:
            pieces.append(_Piece())
        else:
            pieces[-1].add(token)
    return [pair for piece in pieces if (pair := piece.pair()) is not None]
