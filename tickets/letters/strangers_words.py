"""What of a stranger's words may stand in a mail that nobody reads before it leaves.

A From line is a claim. Whoever puts another's address there would else let us write to them, in our name,
what the name, the subject or the text says. Nothing that can be followed or read as a message goes back by
itself, and no name that can be rung.
"""

import re
import unicodedata
from typing import Final

NAME_WORDS, NAME_CHARACTERS = 5, 60
SUBJECT_WORDS, SUBJECT_CHARACTERS = 15, 120
LEFT_OUT: Final = "[…]"
_DOTS = re.compile(r"[\u3002\uff0e\uff61\u2024]")
_FILES = "pdf|docx?|xlsx?|pptx?|od[tsp]|txt|csv|jpe?g|png|gif|heic|webp|mp[34]|eml|ics"
# An address of whatever kind, or the end of a domain. The name of a file is none, unless a path follows (zip
# and mov are domains, too); nor is what stands behind one letter, as behind an initial, unless something
# follows as in an address. Nothing in it is repeated without an end: lines of many dots cost no more than
# others of their length.
_FOLLOWED = re.compile(
    r"@|://|\bwww\b|\bmailto\b|\btel:"
    rf"|(?<!\w)[\w-]{{2,63}}\.(?!(?:{_FILES})\b(?!/))[^\W\d_]{{2,24}}\b"
    r"|(?<!\w)[\w-]\.[^\W\d_]{2,24}[/?:#]",
    re.IGNORECASE,
)
_RUNG = re.compile(r"(?:\d[\s().-]{0,3}){6}")


def plain_name(name: str) -> str:
    """The name, or nothing where it is more than one."""
    is_plain = _is_plain(name, words=NAME_WORDS, characters=NAME_CHARACTERS) and not _RUNG.search(name)
    return name if is_plain else ""


def plain_subject(subject: str) -> str:
    """The subject, or nothing where it is a message of its own."""
    return subject if _is_plain(subject, words=SUBJECT_WORDS, characters=SUBJECT_CHARACTERS) else ""


def plain_lines(text: str) -> str:
    """The text, without what in a line could be followed: such a line is left out."""
    return "\n".join(LEFT_OUT if can_be_followed(line) else line for line in text.splitlines())


def can_be_followed(words: str) -> bool:
    """Whether there is an address or a link in it."""
    return bool(_FOLLOWED.search(_DOTS.sub(".", unicodedata.normalize("NFKC", words))))


def _is_plain(text: str, *, words: int, characters: int) -> bool:
    return len(text.split()) <= words and len(text) <= characters and not can_be_followed(text)
