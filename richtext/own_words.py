"""What a message says for itself: without the salutation, the closing line and all below it, and quotations.

Told by the words of lines, in Dutch and English, so that some is left over at times: a line counts only where
such lines stand, and what would leave nothing takes nothing. No Django here; time is linear in the text.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from operator import attrgetter
from typing import Final, NamedTuple

from richtext.attribution import introduction, may_be_introduced
from richtext.outline import outermost
from richtext.plain import html_to_text

QUOTATION: Final = "<blockquote type"
CLOSING_LINES_MOST: Final = 15
"""So many lines with words may follow a closing line: a name, who that is, where they can be found."""
_LINE_MOST: Final = 120

_SALUTATION = re.compile(
    r"(?:(?:beste|hallo|hoi|h[eé]|hey|dag|geachte|lieve|waarde|dear|hello|hi"
    r"|good (?:morning|afternoon|evening)|goede[nr]?\s?(?:morgen|middag|avond|dag))\b[^.?!:;]{0,60}[,!:]?"
    r"|l\.s\.,?)",
    re.IGNORECASE,
)
_WORDS_GREETED: Final = 8
_CLOSING = re.compile(
    r"(?:met\s+(?:een\s+)?|vele\s+|veel\s+|de\s+)?(?:[\w-]+\s+(?:en\s+)?){0,3}"
    r"(?:\w*groet(?:en|jes)?|(?:kind|best|warm)?\s*regards|m\.?\s?v\.?\s?g\.?)\b[^?]{0,40}"
    r"|(?:yours\s+)?(?:sincerely|faithfully|truly)\b.{0,20}|cheers\W{0,3}|hoogachtend\W{0,3}"
    r"|met\s+een\s+\w+\s+linker(?:hand|poot)\b.{0,20}|--\s*",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"(?:verzonden|verstuurd|sent)\s+(?:vanaf|vanuit|met|from|with|via)\s.{1,80}", re.IGNORECASE
)
_BREAK = re.compile(r"<br\s*/?>\s*", re.IGNORECASE)
_PARAGRAPH = re.compile(r"(<(?:p|div)\b[^>]*>)(.*)(</(?:p|div)>)\s*", re.IGNORECASE | re.DOTALL)

_ABOVE = re.compile(r"<(p|div)\b(?:(?!<(?:p|div)\b).)*</\1>\s*\Z", re.IGNORECASE | re.DOTALL)
"""The paragraph that ends where a text does."""


def own_text(text: str) -> str:
    """A plain text without all that; as it is, if nothing else is in it."""
    lines = text.split("\n")
    own = [lines[place] for place in _kept(_unmarked(lines), lines)]
    return "\n".join(own).strip("\n") if any(line.strip() for line in own) else text


def own_blocks(blocks: Sequence[str]) -> list[str]:
    """The same of cleaned HTML in blocks, each of which is an element; [] if nothing else is in it.

    A paragraph whose lines are parted by `br` is taken as its lines.
    """
    parts = [part for number, block in enumerate(unquoted(blocks)) for part in _lines_of(number, block)]
    lines = [_words(part.line) for part in parts]
    kept = [parts[place] for place in _kept(range(len(lines)), lines)]
    together = (list(of_one) for _number, of_one in groupby(kept, key=attrgetter("block")))
    return [
        lines[0].begin + "<br>".join(each.line for each in lines) + lines[0].end
        for lines in together
        if any(_words(each.line) for each in lines)
    ]


def unquoted(blocks: Sequence[str]) -> list[str]:
    """The blocks that quote nobody, and do not say of the next one who wrote it."""
    return [
        block
        for block, after in zip_longest(blocks, blocks[1:], fillvalue="")
        if not block.startswith(QUOTATION)
        and not (after.startswith(QUOTATION) and _words(block).endswith(":"))
    ]


def above_quotation(html: str, more: str) -> str:
    """HTML with more of it where what was written ends: above the quotation that is the last of it, and above
    who wrote that; else at its end.
    """
    quotes = outermost(html, "blockquote")
    if not quotes or html[quotes[-1][1] :].strip():
        return html + more
    place = quotes[-1][0]
    said = _ABOVE.search(html, 0, place)
    if said is not None and _words(said[0]).endswith(":"):
        place = said.start()
    return html[:place] + more + html[place:]


def is_salutation(line: str) -> bool:
    """Whether a line greets somebody, and no more."""
    line = line.strip()
    return (
        len(line) <= _LINE_MOST and bool(_SALUTATION.fullmatch(line)) and len(line.split()) <= _WORDS_GREETED
    )


def is_closing(line: str) -> bool:
    """Whether a line says goodbye, so that who wrote it follows."""
    line = line.strip()
    return len(line) <= _LINE_MOST and bool(_CLOSING.fullmatch(line) or _SENT_FROM.fullmatch(line))


def _unmarked(lines: Sequence[str]) -> list[int]:
    """The places of the lines without a mark, up to what a program wrote above a quotation."""
    end = len(lines)
    if may_be_introduced("\n".join(lines)):
        end = next((place for place in range(len(lines)) if introduction(lines, place)), end)
    return [place for place in range(end) if not lines[place].lstrip().startswith(">")]


def _kept(places: Sequence[int], lines: Sequence[str]) -> list[int]:
    """Those of these places that are neither salutation nor closing."""
    said = [place for place in places if lines[place].strip()]
    if said and is_salutation(lines[said[0]]):
        said = said[1:]
    # The first of the last lines: a signature may say goodbye once more.
    ending = range(max(len(said) - CLOSING_LINES_MOST - 1, 0), len(said))
    closing = next((at for at in ending if is_closing(lines[said[at]])), len(said))
    said = said[:closing]
    return [place for place in places if said and said[0] <= place <= said[-1]]


class _Line(NamedTuple):
    """A line of a paragraph, with what the paragraph begins and ends with; or any other block, whole."""

    block: int
    begin: str
    line: str
    end: str


def _lines_of(number: int, block: str) -> Iterator[_Line]:
    paragraph = _PARAGRAPH.fullmatch(block)
    if paragraph is None:
        yield _Line(number, "", block, "")
        return
    begin, inner, end = paragraph.groups()
    for line in _BREAK.split(inner):
        yield _Line(number, begin, line, end)


def _words(html: str) -> str:
    return " ".join(html_to_text(html).split())
