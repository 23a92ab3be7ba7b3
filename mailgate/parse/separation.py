"""Where the words of a mail or part begin whose empty line below the headers is missing.

Some programs forget that line. Others break long headers without indenting what follows, so that not every
line that is no header begins the words: it does if no header comes after it and it continues none.
"""

import re
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
# How a line goes on with a header whose value has several parts.
_PARAMETER = re.compile(
    rb"(?:boundary|charset|delsp|(?:file)?name|format|method|micalg|protocol|report-type|size|start|type)"
    rb"[*0-9]*+[ \t]*+=",
    re.IGNORECASE,
)
_SIGNATURES = re.compile(rb"dkim-|arc-|x-google-dkim|domainkey-")
_TAG = re.compile(rb"[a-z]{1,3}=")
# What a machine wrote for itself: a long line without spaces.
_FOR_MACHINES = re.compile(rb"(?!https?:)(?=[^\s0-9]*+[0-9])[A-Za-z0-9+/=;:,_.()-]{20,}+\s*+\Z")
_OF_IDS = frozenset({b"references", b"in-reply-to", b"message-id"})
_ID = re.compile(rb"<[^<>@\s]++@")
_OF_WORDS = frozenset({b"subject", b"thread-topic", b"from", b"to", b"cc", b"comments", b"organization"})
_FOLDED_FROM: Final = 60  # characters a line; nobody breaks a shorter one


def words_begin(block: bytes, *, is_part: bool, is_all: bool) -> int | None:
    """The place in a header block where it is words, or None if all of it is headers; linear in its length.

    `is_part`: of a part of a mail, whose headers are those of its content (RFC 2046 5.1); `is_all`: no empty
    line comes after it, so that what is no header that anybody knows may be words, too.
    """
    begin: int | None = None
    seen: set[bytes] = set()
    name = previous = b""
    for match in islice(_LINE.finditer(block), _MOST_LINES):
        line = match[0]
        if line[:1] in {b" ", b"\t"} and match.start():
            if begin is None and not line.strip():
                begin = match.end()  # of an empty line that a program filled with spaces
            continue
        header = _name_of(line)
        is_new = header not in seen and (header.startswith(_OF_PARTS) if is_part else _is_known(header))
        if begin is None and header and (is_new or header in seen or not is_all or _is_known(header)):
            name = header
        elif begin is not None and is_new:
            begin, name = None, header
        elif begin is None and line.startswith(b"--"):
            return match.start()
        elif begin is None and line.strip() and not _continues(line, name=name, previous=previous):
            begin = match.start()
        if name == header:
            seen.add(header)
        previous = line
    return begin


def _name_of(line: bytes) -> bytes:
    match = _NAME.match(line)
    return match[1].lower() if match else b""


def _is_known(name: bytes) -> bool:
    return name in _NAMES or bool(_HYPHENATED.match(name))


def _continues(line: bytes, *, name: bytes, previous: bytes) -> bool:
    """Whether this goes on with a header, though its indentation got lost."""
    before = previous.rstrip()
    if before.endswith((b";", b",", b":")) or _FOR_MACHINES.match(line):
        return True
    if name in _OF_IDS:
        return bool(_ID.match(line))
    if name in _OF_WORDS:
        return len(before) >= _FOLDED_FROM or line.startswith(b"=?")
    if name.startswith(_OF_PARTS):
        return bool(_PARAMETER.match(line))
    return bool(_SIGNATURES.match(name) and _TAG.match(line))
