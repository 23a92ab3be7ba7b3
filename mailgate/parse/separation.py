"""Where the words of a mail or part begin whose empty line below the headers is missing.

Some programs forget that line. Others break long headers without indenting what follows, so that not every
line that is no header begins the words: it does if no header comes after it and it continues none.
"""

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

_MOST_LINES: Final = 20_000
_LINE = re.compile(rb"[^\r\n]*+(?:\r{0,3}+\n|\r|\Z)")
_NAME = re.compile(rb"([A-Za-z][!-9;-~]{0,99}+)[ \t]*+:(?!//)")
# The names without a hyphen that mail programs write.
_NAMES = frozenset({
    b"approved", b"archive", b"bcc", b"cc", b"comments", b"date", b"encoding", b"encrypted", b"expires",
    b"from", b"importance", b"keywords", b"language", b"lines", b"newsgroups", b"organisation",
    b"organization", b"path", b"precedence", b"priority", b"received", b"references", b"sender",
    b"sensitivity", b"status", b"subject", b"to", b"uidl", b"xref",
})  # fmt: skip
_HYPHENATED = re.compile(rb"(?!e-)[a-z0-9]++-")
_OF_PARTS: Final = b"content-"
_ENCODING: Final = b"content-transfer-encoding"
# How a line goes on with a header whose value has several parts. Names that nobody knows only with quotation
# marks: without them quoted-printable and base64 look like it.
_PARAMETER = re.compile(
    rb"(?:boundary|charset|delsp|(?:file)?name|format|method|micalg|protocol|report-type|size|smime-type|start"
    rb"|start-info|type)[*0-9]*+[ \t]*+=|[a-z][a-z-]{0,40}+[*0-9]*+[ \t]*+=[ \t]*+\"",
    re.IGNORECASE,
)
_SIGNATURES = re.compile(rb"dkim-|arc-|x-google-dkim|domainkey-")
_TAG = re.compile(rb"[a-z]{1,3}=")
# What a machine wrote for itself: a long line without spaces.
_FOR_MACHINES = re.compile(rb"(?!https?:)(?=[^\s0-9]*+[0-9])[A-Za-z0-9+/=;:,_.()-]{20,}+\s*+\Z")
_DATE = re.compile(rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), {1,2}[0-9]")
_OF_IDS = frozenset({b"references", b"in-reply-to", b"message-id"})
_ID = re.compile(rb"<[^<>@\s]++@")
_OF_ADDRESSES = frozenset({b"from", b"to", b"cc", b"bcc", b"reply-to", b"sender"})
_ADDRESSES = re.compile(
    rb"(?:\s*+(?:[^<>\r\n]{0,300}+<[^\s<>@]++@[^\s<>@]++>|[^\s<>@,;]++@[^\s<>@,;]++)\s*+(?:[,;]|\Z))++\s*+\Z"
)
_OF_WORDS = frozenset({b"subject", b"thread-topic", b"comments", b"organization"})
_OF_ONE_WORD = frozenset({b"importance", b"mime-version", b"x-mailer", b"x-priority"})
_FOLDED_FROM: Final = 60  # characters a line; nobody breaks a shorter one
_FEWEST_FIELDS: Final = 2


def words_begin(block: bytes, *, is_part: bool, is_all: bool) -> int | None:
    """The place in a header block where it is words, or None if all of it is headers; linear in its length.

    `is_part`: of a part of a mail, whose headers are those of its content (RFC 2046 5.1); `is_all`: no empty
    line comes after it, so that what is no header that anybody knows may be words, too, and so is what only
    might go on with one: else no words would be left.
    """
    return _Reader(is_part=is_part, is_all=is_all).read(block)


def may_hold_fields(names: Sequence[bytes], *, is_part: bool) -> bool:
    """Whether fields of a form may be among these names, in their order, which look like headers."""
    if is_part:
        return not all(name.startswith(_OF_PARTS) or _is_known(name) for name in names)
    return len(names) >= _FEWEST_FIELDS and not any(map(_is_known, names[-_FEWEST_FIELDS:]))


class _Reader:
    """What was found in the lines so far."""

    def __init__(self, *, is_part: bool, is_all: bool) -> None:
        self._is_part = is_part
        self._is_all = is_all
        self._begin: int | None = None
        self._fields = 0  # how many lines may be a form's, if no header came after them
        self._fields_begin = 0
        self._seen: set[bytes] = set()
        self._name = self._previous = b""
        self._is_base64 = False

    def read(self, block: bytes) -> int | None:
        for match in islice(_LINE.finditer(block), _MOST_LINES):
            line = match[0]
            if line[:1] in {b" ", b"\t"} and match.start():
                if self._begin is None and not line.strip():
                    self._begin = match.end()  # of an empty line that a program filled with spaces
            elif self._begin is None and line.startswith(b"--"):
                return match.start()
            else:
                self._read_line(line, start=match.start())
        if self._begin is None and self._fields >= _FEWEST_FIELDS:
            return self._fields_begin
        return self._begin

    def _read_line(self, line: bytes, *, start: int) -> None:
        header = _name_of(line)
        is_known = _is_known(header)
        is_new = header not in self._seen and (header.startswith(_OF_PARTS) if self._is_part else is_known)
        if self._begin is not None:
            if is_new:
                self._begin = None
                self._keep(header, line)
        elif is_new or (header and (is_known or header in self._seen)):
            self._keep(header, line)
        elif header and not self._is_all and not self._is_part:
            fields, begin = self._fields, self._fields_begin
            self._keep(header, line)
            self._fields, self._fields_begin = fields + 1, begin if fields else start
        elif line.strip() and not self._continues(line):
            self._begin = start
        self._previous = line

    def _keep(self, header: bytes, line: bytes) -> None:
        """It is a header, and so is all before it."""
        self._fields = 0
        self._name = header
        self._seen.add(header)
        self._is_base64 = self._is_base64 or (header == _ENCODING and b"base64" in line.lower())

    def _continues(self, line: bytes) -> bool:
        """Whether this goes on with a header, though its indentation got lost."""
        before = self._previous.rstrip()
        is_long = len(before) >= _FOLDED_FROM
        is_empty = before.endswith(b":") and before.count(b":") == 1
        if self._name in _OF_IDS:
            return bool(_ID.match(line))
        if self._name in _OF_ADDRESSES:
            is_open = is_long or before.endswith((b",", b";")) or b"@" not in before
            return line.startswith(b"=?") or (is_open and bool(_ADDRESSES.match(line)))
        if self._name in _OF_WORDS:
            return line.startswith(b"=?") or ((is_empty or is_long) and not self._is_all)
        if self._name.startswith(_OF_PARTS):
            return bool(_PARAMETER.match(line)) or (is_empty and not self._is_all)
        return self._continues_machine(line, before, is_long=is_long)

    def _continues_machine(self, line: bytes, before: bytes, *, is_long: bool) -> bool:
        """The same of a header that a machine writes for others."""
        is_machines = bool(_FOR_MACHINES.match(line))
        if _SIGNATURES.match(self._name) and (_TAG.match(line) or is_machines):
            return True
        if self._name in _OF_ONE_WORD:
            return False
        is_open = before.endswith((b";", b",", b":")) and not self._is_all
        return is_open or (is_long and is_machines and not self._is_base64) or bool(_DATE.match(line))


def _name_of(line: bytes) -> bytes:
    match = _NAME.match(line)
    return match[1].lower() if match else b""


def _is_known(name: bytes) -> bool:
    return name in _NAMES or bool(_HYPHENATED.match(name))
