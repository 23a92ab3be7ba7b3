"""Headers of a mail that leaves, written by us: what a stranger wrote is never parsed again.

The standard library parses each header before it writes it. There, an encoded word that a stranger had put
into a name or a subject is decoded (a name becomes a second address, or an error), and a Message-ID of more
than 76 characters is encoded, so that no program finds the thread. And it takes more time than all the rest
of a mail. What the library makes of a body's parts, it writes itself.
"""

import re
import textwrap
from collections.abc import Iterable, Sequence
from email.header import Header as EncodedWords
from email.headerregistry import HeaderRegistry
from email.policy import SMTP, SMTPUTF8, Policy
from typing import Any, Final

from outbox.addresses import write_address

FOLD: Final = "\r\n "
LINE_MOST: Final = 76  # RFC 2047, 2; a header that needs no encoding may have 78
ID_MOST: Final = 990  # RFC 5322, 2.1.1: a line has at most 998
QUOTED_MOST: Final = 60
_ATOMS = r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
_NAME = r"[A-Za-z0-9'&+-]+(?: [A-Za-z0-9'&+-]+)*"
_PLAIN_MAILBOX = re.compile(rf"{_NAME} <{_ATOMS}@{_ATOMS}>|{_ATOMS}@{_ATOMS}")
# '=?' would be taken for the beginning of an encoded word.
_PLAIN_WORDS = re.compile(rf"(?!.*=\?)[!-~]{{1,{LINE_MOST}}}(?: [!-~]{{1,{LINE_MOST}}})*")
_QUOTABLE = re.compile(rf"(?!.*=\?)[ -~]{{1,{QUOTED_MOST}}}")
_ID = re.compile(rf"<[!-~]{{1,{ID_MOST}}}>")
_OF_A_PART: Final = {
    "mime-version": re.compile(r"1\.0"),
    "content-type": re.compile(r'[a-z]+/[a-z]+(?:; [a-z]+="[A-Za-z0-9=_-]{1,40}")?'),
    "content-transfer-encoding": re.compile(r"7bit|quoted-printable|base64"),
}


class Header(str):
    """A finished header, folded where it needs to be: it is written as it stands.

    `name` and `fold` are what the library asks of a header that it takes as it is.
    """

    __slots__ = ("name",)
    name: str

    def fold(self, *, policy: Policy) -> str:
        """The lines of the header."""
        return f"{self.name}: {self}{policy.linesep}"


def header(name: str, value: str) -> Header:
    """A header of our own words: one short line of ASCII."""
    made = Header(value)
    made.name = name
    return made


def text_header(name: str, text: str) -> Header:
    """Any text in one line (no control characters in it), encoded where it is not plain (RFC 2047)."""
    if not _PLAIN_WORDS.fullmatch(text):
        return header(name, _encoded(text, behind=name))
    lines = textwrap.wrap(f"{name}: {text}", LINE_MOST, break_long_words=False, break_on_hyphens=False)
    return header(name, FOLD.join(lines).removeprefix(f"{name}:").lstrip(" "))


def address_header(name: str, pairs: Iterable[tuple[str, str]]) -> Header:
    """Names and addresses, one a line; who reads it gets just these names and these addresses."""
    return header(name, f",{FOLD}".join(_mailbox(*pair) for pair in pairs))


def id_header(name: str, ids: Sequence[str]) -> Header | None:
    """Message-IDs in their brackets, one a line, never encoded; what can't stand in a header is left out."""
    kept = [message_id for message_id in ids if _ID.fullmatch(message_id)]
    return header(name, FOLD.join(kept)) if kept else None


def _mailbox(name: str, address: str) -> str:
    """A name and an address as a header has them: as they stand, or with the name in quotes, or encoded."""
    written = write_address(name, address)
    if not name or _PLAIN_MAILBOX.fullmatch(written):
        return written
    bare = write_address("", address)
    if _QUOTABLE.fullmatch(name):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{bare}>'
    return f"{_encoded(name)}{FOLD}<{bare}>"


def _encoded(text: str, *, behind: str = "Reply-To") -> str:
    return EncodedWords(text, "utf-8", maxlinelen=LINE_MOST, header_name=behind).encode(linesep="\r\n")


class _PartHeaders(HeaderRegistry):
    """The headers of a body's parts: those that need no parser as they stand, the others by the library."""

    def __call__(self, name: str, value: Any) -> Any:
        plain = _OF_A_PART.get(name.lower())
        if plain is not None and isinstance(value, str) and plain.fullmatch(value):
            return header(name, value)
        return super().__call__(name, value)


ASCII_POLICY: Final = SMTP.clone(header_factory=_PartHeaders())
UTF8_POLICY: Final = SMTPUTF8.clone(header_factory=_PartHeaders())
