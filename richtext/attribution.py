"""The lines by which mail programs begin a quotation: 'Op 1 mei schreef …:', or a block of headers.

They only tell where a quotation may begin; whether it is one is asked of its words (`fold`).
"""

import re
from collections.abc import Sequence
from typing import Final

from richtext.plain import INVISIBLE

_MOST_LINES: Final = 3  # that a long attribution is broken into
_MOST_CHARACTERS: Final = 500
HEADERS_LEAST: Final = 3
WITH_SENDER_LEAST: Final = 2

_MARKS = re.compile(r"^[>|\s]+")
_BEGINS = re.compile(r"[-\s]*+(?:op|on|am|le|el|il|em|den)\b", re.IGNORECASE)
_VERBS: Final = (
    "schreef", "geschreven", "schrijft", "wrote", "writes", "schrieb", "écrit", "escribió", "scritto",
    "escreveu", "skrev",
)  # fmt: skip
_HINTS: Final = (
    *_VERBS, "onderwerp", "verzonden", "datum", "subject", "sent", "date", "betreff", "objet",
)  # fmt: skip
_COLON_WITHIN: Final = 30
_ENDS = re.compile(r"(?::|(?<!-)-{2,}+)\s*+\Z")
_SENDER = re.compile(r"(?:from|van|von|de|da)\s?:\s*+\S", re.IGNORECASE)
_HEADER = re.compile(
    r"(?:from|van|von|de|da|sent|verzonden|verstuurd|gesendet|envoyé|date|datum|to|aan|an|à|cc|kopie|bcc|subject"
    r"|onderwerp|betreff|objet|reply-to|antwoorden aan|importance|prioriteit|urgentie|attachments|bijlagen)"
    r"\s?:\s*+\S",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"[-_=\s]*+(?:(?:begin )?(?:oorspronkelijk|origineel|original|doorgestuurd|forwarded)"
    r" (?:bericht|e-?mail|message)\s?:?)?[-_=\s]*+",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"(?:verzonden|verstuurd|sent) (?:vanaf|vanuit|met|from|with|via) .{1,80}"
    r"|(?:get |download )?outlook (?:voor|for) .{1,120}",
    re.IGNORECASE,
)


def may_be_introduced(text: str) -> bool:
    """Whether a text or HTML may hold an introduction at all; most messages don't, and are told by this."""
    lowered = text.lower()
    return any(hint in lowered for hint in _HINTS)


def introduction(lines: Sequence[str], place: int) -> int:
    """How many lines from this one on say who wrote what follows; 0 if it says nothing of the kind."""
    said = _plain(lines[place])
    return (_attribution(said, lines, place) or _headers(said, lines, place)) if said else 0


def has_own_words(lines: Sequence[str]) -> bool:
    """Whether these lines say anything but who wrote what, that it is quoted, and by what it was sent."""
    place = 0
    while place < len(lines):
        taken = introduction(lines, place)
        if not taken:
            said = _plain(lines[place])
            if not _RULE.fullmatch(said) and not _SENT_FROM.fullmatch(said):
                return True
        place += taken or 1
    return False


def _plain(line: str) -> str:
    """A line without the marks of quoting and of bold."""
    line = line[:_MOST_CHARACTERS]
    if not line.isascii():
        line = INVISIBLE.sub("", line)
    return _MARKS.sub("", line).replace("*", "").strip()


def _attribution(said: str, lines: Sequence[str], place: int) -> int:
    begins = bool(_BEGINS.match(said))
    if not begins and not _names_somebody(said):
        return 0
    for taken in range(1, _MOST_LINES + 1):
        if _ENDS.search(said) and _names_somebody(said):
            return taken if any(map(str.isdigit, said)) else 0
        following = _plain(lines[place + taken]) if place + taken < len(lines) else ""
        # Only what began like one goes on in any words, and no further than to the next.
        if not following or _BEGINS.match(following) or not (begins or following.startswith("<")):
            return 0
        said = f"{said} {following}"
    return 0


def _names_somebody(said: str) -> bool:
    """Whether it has the verb, or the address that stands beside it in a language which is not among ours."""
    lowered = said.lower()
    return "@" in said or any(verb in lowered for verb in _VERBS)


def _headers(said: str, lines: Sequence[str], place: int) -> int:
    if ":" not in said[:_COLON_WITHIN] or not _HEADER.match(said):
        return 0
    number, end, look = 1, place + 1, place + 1
    while look < len(lines) and look - end <= 1:
        if _HEADER.match(_plain(lines[look])):
            number, end = number + 1, look + 1  # past an empty line, or one that is the end of a long header
        look += 1
    least = WITH_SENDER_LEAST if _SENDER.match(said) else HEADERS_LEAST
    return end - place if number >= least else 0
