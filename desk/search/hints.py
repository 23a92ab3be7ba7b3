"""What is said of how a search was read, in sentences."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from search.hints import Hint, Remark
from search.language import DEPTH_MOST, LENGTH_MOST, TERMS_MOST

SAID_MOST: Final = 5
"""So many sentences are shown: of a hostile text there may be fifty."""
PIECE_MOST: Final = 60

SENTENCES: Final[Mapping[Hint, str | Promise]] = {
    Hint.TOO_LONG: _("Only the first %(most)s characters were read, up to “%(piece)s”."),
    Hint.TOO_MANY: _("Only the first %(most)s words were looked for; “%(piece)s” is the first one left out."),
    Hint.TOO_DEEP: _("Brackets within brackets are read %(most)s deep; those further in were left out."),
    Hint.UNCLOSED_QUOTE: _("A quotation mark has no other one, and was left out."),
    Hint.UNCLOSED_BRACKET: _("A bracket is not closed; it was closed at the end."),
    Hint.UNOPENED_BRACKET: _("A closing bracket has no opening one, and was left out."),
    Hint.NOTHING_TO_JOIN: _("There is nothing to join at one side of “%(piece)s”, which was left out."),
    Hint.NOTHING_IN_PLACE: _("Nothing comes behind “%(piece)s”, which was looked for as a word."),
    Hint.STAR: _("In “%(piece)s” the * does nothing: it stands at the end of a word of two letters or more."),
    Hint.CAPITALS: _("“%(piece)s” was read as a joining word. Write it in small letters to look for it."),
    Hint.REPLY_WORD: _("“%(piece)s” before the subject was left out."),
    Hint.NO_WORD: _("“%(piece)s” has no letter or digit to look for."),
    Hint.COMMON: _("“%(piece)s” stands in nearly every ticket; add a word to look for."),
    Hint.NO_SUCH: _("You have no state, queue or customer called “%(piece)s”."),
    Hint.BY_WORDS: _("Some of these tickets are very long, and may have the words of the phrase apart."),
}
MOST: Final = {Hint.TOO_LONG: LENGTH_MOST, Hint.TOO_MANY: TERMS_MOST, Hint.TOO_DEEP: DEPTH_MOST}


def sentences_of(remarks: Sequence[Remark]) -> list[str]:
    """The first few, each once."""
    said = (_sentence(remark) for remark in remarks)
    return list(dict.fromkeys(said))[:SAID_MOST]


def _sentence(remark: Remark) -> str:
    return str(SENTENCES[remark.hint]) % {"piece": _short(remark.piece), "most": MOST.get(remark.hint)}


def _short(piece: str) -> str:
    return piece if len(piece) <= PIECE_MOST else f"{piece[:PIECE_MOST]}…"
