"""What a mail server says in words: who did not get a mail, without knowing the words of any server.

A notice has two parts: what the server says, and then the mail that came back, or its head. Who failed is
named in the first, and was written to in the second; an address in both is certainly one of them. Our own
address stands there, too, and ids that look like addresses: those are never meant. All is linear: each
pattern has a bound, and only so many lines are looked at.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Final

from mailgate.parse.addresses import parse_addresses
from mailgate.parse.headers import Headers
from mailgate.parse.parsed import ParsedMail
from mailgate.parse.verdicts import CODE, has_failed_words

MAX_LINES: Final = 500
MAX_LINE: Final = 1000
MAX_HEAD_BYTES: Final = 64 * 1024
MAX_NAMED: Final = 100
MAX_IN_LINE: Final = 5
MAX_BEFORE: Final = 80

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
_HEAD_LEAST_WITH_ID: Final = 2
# No server tells in words of these: where they stand, a mail begins.
_OF_A_REAL_HEAD: Final = frozenset({"received", "return-path", "mime-version", "content-type"})
_AROUND: Final = 2
_WRITERS: Final = (b"from", b"sender", b"reply-to", b"return-path")
_IDS: Final = (b"message-id", b"in-reply-to", b"references")
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
_HOUSEKEEPERS = re.compile(r"(?:postmaster|mailer-daemon|abuse|hostmaster)@", re.IGNORECASE)
# So far from an address a server's code still speaks of it: lines of machines may hold a whole report.
_NEAR: Final = 200
# What stands before a Message-ID, or another id, which looks like an address.
_OF_AN_ID = re.compile(
    r"(?:\b(?:message|bericht|nachrichten?|content|envelope|queue|thread|session|transaction)s?[ _-]?id\b"
    r"|\bid (?:du|de|van|of|der)\b[^:<>@]{0,20}|\bmail-id|\(id|\bid=|\breferences|\bin-reply-to"
    r"|\bverwijzingen|\b(?:message|bericht)(?=[\s:]{1,3}[<(\[]))[\s:=<\"'(\[]{0,10}\Z",
    re.IGNORECASE,
)
_ONLY_IDS = re.compile(r"(?:[>|] ?){0,10}[ \t]{1,20}(?:<[^<>\s]{1,250}>\s{0,3}){1,20}\Z")
_OUR_ID = re.compile(r"[0-9a-f]{24}\.[0-9a-f]{20}@")
_TAG = re.compile(r"\+[^@]*(?=@)")


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
    lines, summary = _without_summary(lines)
    begins = _begin_of_head(lines)
    return Notice(lines=tuple(lines[:begins]), returned=Headers(_head_from(lines[begins:] or summary)))


def failed_recipients(mail: ParsedMail, notice: Notice) -> list[str]:
    """Who did not get the mail, in lower case, the surest first.

    They are named and were written to, or (Bcc) named beside a server's code; else named where a server names
    those who failed, as of a mail that was sent on; if nobody is mentioned at all, the only one whom it was
    written to. A wrong name is worse than none.
    """
    never = _never_meant(mail, notice)
    surely = (*mail.failed_recipients, *_named(notice.lines, surely=True))
    named = [address for address in _unique(surely) if not _is_among(never, address)]
    written_to = [
        address for address in _addresses(notice.returned, _WRITTEN_TO) if not _is_among(never, address)
    ]
    mentioned = {*_named(notice.lines, surely=False), *named}
    both = [address for address in written_to if address in mentioned]
    if both:
        coded = {*_named(filter(CODE.search, notice.lines), surely=True)}
        named = [*both, *(address for address in named if address in coded)]
    if named:
        return _unique(named)[:MAX_NAMED]
    others = (address for address in mentioned if not _is_among(never, address))
    return written_to if len(written_to) == 1 and all(map(_HOUSEKEEPERS.match, others)) else []


def _without_summary(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines without the headers by which a server says first which mail it means, and those headers."""
    begins = _begin_of_head(lines)
    length = sum(1 for _line in takewhile(_belongs_to_head, lines[begins:]))
    head, behind = lines[begins : begins + length], lines[begins + length :]
    if not head or not _is_summary(head, before=lines[:begins], behind=behind):
        return lines, []
    return [*lines[:begins], "", *behind], head


def _is_summary(head: Sequence[str], *, before: Sequence[str], behind: Sequence[str]) -> bool:
    """Whether a server says only behind these headers who failed: then no mail that came back begins here."""
    if _names(head) & _OF_A_REAL_HEAD or any(_named(before, surely=True)):
        return False
    words = list(takewhile(lambda line: _header_name(line) not in _OF_A_REAL_HEAD, behind))
    writers = _addresses(Headers(_head_from(head)), _WRITERS)
    for at, line in enumerate(words):
        others = [address for address in _named([line], surely=False) if address not in writers]
        is_sure = not set(others).isdisjoint(_named([line], surely=True))
        around = words[max(0, at - _AROUND) : at + _AROUND + 1] if is_sure else [line]
        if others and has_failed_words(around):
            return True
    return False


def _begin_of_head(lines: Sequence[str]) -> int:
    """Where the head of the returned mail begins: three headers of any mail, one below the other.

    Two, if one of them is its Message-ID.
    """
    for begins, line in enumerate(lines):
        if _is_header(line):
            names = _names(lines[begins:])
            if len(names) >= (_HEAD_LEAST_WITH_ID if "message-id" in names else _HEAD_LEAST):
                return begins
    return len(lines)


def _belongs_to_head(line: str) -> bool:
    """Whether it is a header, or goes on with one."""
    return _is_text(line) and (_header_name(line) != "" or _QUOTE.sub("", line) != line)


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
    return _header_name(line) in _OF_A_HEAD


def _header_name(line: str) -> str:
    match = _HEADER.match(_QUOTE.sub("", line))
    return match[1].lower() if match else ""


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
    """Who wrote the mail that came back, to whom it came back, who says so, and ids; each without its tag."""
    named_in_head = [
        address.address for address in (*mail.to, *mail.cc, *([mail.from_] if mail.from_ else ()))
    ]
    # Some servers name there who failed.
    delivered_to = set(mail.delivered_to) - set(_addresses(notice.returned, _WRITTEN_TO))
    ids = (*mail.in_reply_to, *mail.references, *([mail.message_id] if mail.message_id else ()))
    returned = _addresses(notice.returned, (*_WRITERS, *_IDS))
    return {_TAG.sub("", address.lower()) for address in (*named_in_head, *delivered_to, *ids, *returned)}


def _is_among(never: Container[str], address: str) -> bool:
    return _TAG.sub("", address) in never or _OUR_ID.match(address) is not None


def _addresses(head: Headers, names: Iterable[bytes]) -> list[str]:
    values = (value for name in names for value in head.all(name))
    return _unique(address.address for value in values for address in parse_addresses(value)[0])


def _named(lines: Iterable[str], *, surely: bool) -> Iterator[str]:
    """The addresses of lines, without ids; `surely`: only of those who failed."""
    is_id = False
    for line in lines:
        if is_id and _ONLY_IDS.match(line):
            continue
        is_id, end = False, 0
        for match in islice(_ADDRESS.finditer(line), MAX_IN_LINE):
            before, end = line[end : match.start()], match.end()
            is_id = bool(_OF_AN_ID.search(before[-MAX_BEFORE:])) or (is_id and not before.strip("<> \t,"))
            if not is_id and (not surely or _is_surely_meant(match, before)):
                yield match[1].strip(".'").lower()


def _is_surely_meant(match: re.Match[str], before: str) -> bool:
    """Whether an address is given as one that failed: its line begins with it, or has a code near it."""
    if _HOUSEKEEPERS.match(match[1]) or _ELSEWHERE.search(before):
        return False
    is_first = len(before) == match.start() and _FIRST.fullmatch(before) is not None
    around = max(0, match.start() - _NEAR), match.end() + _NEAR
    return is_first or CODE.search(match.string, *around) is not None


def first_address(text: str) -> str:
    """The first mail address in a text, in lower case; '' where there is none."""
    match = _ADDRESS.search(text)
    return match[1].lower() if match else ""


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
