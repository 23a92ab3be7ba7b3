"""What the one who asked is to know of how their search was read. No Django here."""

from enum import Enum
from typing import NamedTuple


class Hint(Enum):
    """What can be told; the piece of a remark is what it is about, limits are those of `search.language`."""

    TOO_LONG = "too_long"
    """Only the first `LENGTH_MOST` characters were read; the piece is the last word of them."""
    TOO_MANY = "too_many"
    """Only the first `TERMS_MOST` words were read; the piece is the first that was not."""
    TOO_DEEP = "too_deep"
    """A bracket within `DEPTH_MOST` others is as if it were not there."""
    UNCLOSED_QUOTE = "unclosed_quote"
    """A quotation mark has no other, and is left out."""
    UNCLOSED_BRACKET = "unclosed_bracket"
    """A bracket is not closed, and goes on to the end."""
    UNOPENED_BRACKET = "unopened_bracket"
    """A bracket closes none, and is left out."""
    NOTHING_TO_JOIN = "nothing_to_join"
    """There is nothing at one side of this AND, OR or NOT, which is left out."""
    NOTHING_IN_PLACE = "nothing_in_place"
    """Nothing comes behind this 'van:', which is taken as a word."""
    STAR = "star"
    """A `*` means something only at the end of a word with `BEGINNING_LEAST` letters; here it is left out."""
    CAPITALS = "capitals"
    """All is in capitals, so that this EN, OF or NIET may have been meant as a word, but joins."""
    REPLY_WORD = "reply_word"
    """The 'Re:' before a subject is left out: the first mail of a ticket has none."""
    NO_WORD = "no_word"
    """Nothing but signs, as '?!' or an emoji, by which nothing is found."""
    COMMON = "common"
    """Nothing but words that stand in nearly every text, so that there is nothing to look for."""
    NO_SUCH = "no_such"
    """No state, queue or customer that this agent knows is called so."""
    BY_WORDS = "by_words"
    """A ticket was found that is too long for the order of all its words to be kept, so that what stands far
    behind in it was found by the words of a phrase alone."""


class Remark(NamedTuple):
    """A hint, and the piece of the text that it is about."""

    hint: Hint
    piece: str
