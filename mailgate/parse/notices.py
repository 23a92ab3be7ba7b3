"""What a mail server says in words: who did not get a mail, without knowing the words of any server.

A notice has two parts: what the server says, and then the mail that came back, or its head. Who failed is
named in the first, and was written to in the second; an address in both is certainly one of them. Our own
address stands there, too, and ids that look like addresses: those are never meant. All is linear: each
pattern has a bound, and only so many lines are looked at.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Final

from mailgate.parse.addresses import parse_addresses
from mailgate.parse.headers import Headers
from mailgate.parse.parsed import ParsedMail

MAX_LINES: Final = 500
MAX_LINE: Final = 1000
MAX_HEAD_BYTES: Final = 64 * 1024
MAX_NAMED: Final = 100
MAX_IN_LINE: Final = 5

_RETURNED_TYPES: Final = frozenset(
    {
        "message/rfc822",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global",
        "message/global-headers",
    }
)
_QUOTE = re.compile(r"\A[>|\s]{0,20}")
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60})[ \t]{0,3}:")
_OF_A_HEAD: Final = frozenset(
    {"received", "return-path", "message-id", "from", "to", "subject", "date", "mime-version", "content-type"}
)
_HEAD_LEAST: Final = 3
_WRITERS: Final = (b"from", b"sender", b"reply-to", b"return-path")
_WRITTEN_TO: Final = (b"to", b"cc", b"bcc", b"x-original-to", b"envelope-to")

_LOCAL = r"[^\s<>()\[\]{}\"',;:|@\\]{1,64}"
_DOMAIN = r"[^\W_][\w-]{0,62}(?:\.[^\W_][\w-]{0,62}){1,10}"
_ADDRESS = re.compile(rf"(?<![^\s<>()\[\]{{}}\"',;:|=])({_LOCAL}@{_DOMAIN})")
# At the beginning of a line, or in brackets; an address in the middle of a sentence may be anybody's.
_FIRST = re.compile(r"[\s<('\"*>-]{0,20}(?:[^\s:<>@][^:<>@]{0,60}:[\s<'\"]{0,10})?")
_ELSEWHERE = re.compile(
    r"https?:|mailto:|\bcontact|\bsupport\b|\bassist|\bhelp\b|\breport(?:s|ed)? to\b|\bfrom\b"
    r"|\bsender\b|\bsend\b|\bquestions?\b|\bneem contact|\bafzender\b|\bvan\b",
    re.IGNORECASE,
)
CODE = re.compile(r"(?<![\d.])[45][0-9]{2}[ -]|(?<![\d.])[45]\.[0-9]{1,3}\.[0-9]{1,3}\b")
_HOUSEKEEPERS = re.compile(r"(?:postmaster|mailer-daemon|abuse|hostmaster)@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Notice:
    """`lines`: what the server says; `returned`: the head of the mail that came back, or an empty one."""

    lines: tuple[str, ...]
    returned: Headers


def read_notice(mail: ParsedMail) -> Notice:
    """The mail taken apart into what its server says and what came back."""
    lines = [line[:MAX_LINE] for line in mail.text[: MAX_LINES * MAX_LINE].splitlines()[:MAX_LINES]]
    if returned := _returned_file(mail):
        return Notice(lines=tuple(line for line in lines if not _is_header(line)), returned=returned)
    begins = _begin_of_head(lines)
    return Notice(lines=tuple(lines[:begins]), returned=Headers(_head_from(lines[begins:])))


def failed_recipients(mail: ParsedMail, notice: Notice) -> list[str]:
    """Who did not get the mail, in lower case, the surest first.

    They are named and were written to, or (Bcc) named beside a server's code; else named where a server names
    those who failed, as of a mail that was sent on; if nobody is, the only one whom it was written to.
    """
    never = _never_meant(mail, notice)
    surely = (*mail.failed_recipients, *_named(notice.lines, surely=True))
    named = [address for address in _unique(surely) if address not in never]
    written_to = [address for address in _addresses(notice.returned, _WRITTEN_TO) if address not in never]
    mentioned = {*_named(notice.lines, surely=False), *named}
    both = [address for address in written_to if address in mentioned]
    if both:
        coded = {*_named(filter(CODE.search, notice.lines), surely=True)}
        named = [*both, *(address for address in named if address in coded)]
    return (_unique(named) or (written_to if len(written_to) == 1 else []))[:MAX_NAMED]


def _begin_of_head(lines: Sequence[str]) -> int:
    """Where the head of the returned mail begins: three headers of any mail, one below the other."""
    for begins, line in enumerate(lines):
        if _is_header(line) and len(_names(lines[begins:])) >= _HEAD_LEAST:
            return begins
    return len(lines)


def _names(lines: Sequence[str]) -> set[str]:
    """The names of the headers that stand together from here on."""
    names: set[str] = set()
    for line in takewhile(_is_text, lines[:60]):
        if match := _HEADER.match(_QUOTE.sub("", line)):
            names.add(match[1].lower())
        elif _QUOTE.sub("", line) == line:  # no continuation, and not quoted
            break
    return names & _OF_A_HEAD


def _is_header(line: str) -> bool:
    match = _HEADER.match(_QUOTE.sub("", line))
    return match is not None and match[1].lower() in _OF_A_HEAD


def _is_text(line: str) -> bool:
    return bool(line.strip("> |\t"))


def _head_from(lines: Sequence[str]) -> bytes:
    head = takewhile(_is_text, lines)
    return "\n".join(_unquoted(line) for line in head).encode("utf-8", "replace")[:MAX_HEAD_BYTES]


def _unquoted(line: str) -> str:
    return _QUOTE.sub("", line) if _HEADER.match(_QUOTE.sub("", line)) else f" {line}"


def _returned_file(mail: ParsedMail) -> Headers:
    files = (file for file in mail.attachments if file.content_type in _RETURNED_TYPES)
    data = next((file.data for file in files), b"")[:MAX_HEAD_BYTES].replace(b"\r\n", b"\n")
    return Headers(data.lstrip(b"\n").partition(b"\n\n")[0])


def _never_meant(mail: ParsedMail, notice: Notice) -> set[str]:
    """Who wrote the mail that came back, to whom it came back, who says so, and whoever keeps a server."""
    named_in_head = [
        address.address for address in (*mail.to, *mail.cc, *([mail.from_] if mail.from_ else ()))
    ]
    # Some servers name there who failed.
    delivered_to = set(mail.delivered_to) - set(_addresses(notice.returned, _WRITTEN_TO))
    return {*named_in_head, *delivered_to, *_addresses(notice.returned, (*_WRITERS, b"message-id"))}


def _addresses(head: Headers, names: Iterable[bytes]) -> list[str]:
    values = (value for name in names for value in head.all(name))
    return _unique(address.address for value in values for address in parse_addresses(value)[0])


def _named(lines: Iterable[str], *, surely: bool) -> Iterator[str]:
    for line in lines:
        end = 0
        for match in islice(_ADDRESS.finditer(line), MAX_IN_LINE):
            address, before = match[1].strip(".'").lower(), line[end : match.start()]
            if not surely or (
                not _HOUSEKEEPERS.match(address) and _is_surely_meant(line, before, is_first=not end)
            ):
                yield address
            end = match.end()


def _is_surely_meant(line: str, before: str, *, is_first: bool) -> bool:
    """Whether a line gives an address as one that failed: it begins with it, or has a server's code."""
    if _ELSEWHERE.search(before):
        return False
    return (is_first and _FIRST.fullmatch(before) is not None) or CODE.search(line) is not None


def first_address(text: str) -> str:
    """The first mail address in a text, in lower case; '' where there is none."""
    match = _ADDRESS.search(text)
    return match[1].lower() if match else ""


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
