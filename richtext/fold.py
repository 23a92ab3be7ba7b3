"""Folding quoted history: what stands verbatim in an earlier message need not be read again.

Nothing is cut, and nothing is folded on its looks alone: a quotation counts only if its words, one after the
other, are those of an earlier message, whatever became of its lines, marks and links. Where it begins is told
by its marks (`>`, `blockquote`) or by the lines that programs write above it. Only what comes after all that
was written is folded, or before all of it: quoted lines between answers are what the answers are about. No
Django here; time is linear in what is looked at, which is at most `MOST` characters.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from richtext.attribution import has_own_words, introduction, may_be_introduced
from richtext.earlier import MOST, Earlier, words_of
from richtext.outline import Outline, outermost
from richtext.plain import html_to_text

__all__ = ["MOST", "Earlier", "Piece", "fold_html", "fold_text"]

_MOST_TRIED: Final = 5
"""Of how many introductions in one message it is asked whether a quotation follows: programs write one, and
what is quoted has those of what it quotes."""
_AGAIN_LEAST: Final = 6
"""So many words of an earlier message below a quotation are quoted, too; fewer may be how somebody signs."""
_MOST_AGAIN: Final = 100


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a plain text; `lines` is how many are folded away, 0 for what is shown."""

    text: str
    lines: int = 0


def fold_text(text: str, earlier: Earlier) -> list[Piece]:
    """The text in pieces, together all of it; the quotation at its end, or at its beginning, folded."""
    lines = text.split("\n")
    span = None if len(text) > MOST else _quoted_lines(text, lines, earlier)
    if span is None:
        return [Piece(text)]
    first, last = span
    before, quoted, after = lines[:first], lines[first:last], lines[last:]
    pieces = (Piece("\n".join(before)), Piece("\n".join(quoted), lines=len(quoted)), Piece("\n".join(after)))
    return [piece for piece in pieces if piece.lines or piece.text.strip()]


def fold_html(html: str, earlier: Earlier, *, summary: Callable[[int], str]) -> str:
    """Cleaned HTML with its quoted history in a `details`; `summary`: its words for n lines, escaped."""
    span = None if len(html) > MOST else _quoted_part(html, earlier)
    if span is None:
        return html
    first, last = span
    quoted = html_to_text(html[first:last])
    lines = sum(bool(line.strip("> ")) for line in quoted.split("\n"))
    fold = f'<details class="quoted"><summary>{summary(lines)}</summary>{html[first:last]}</details>'
    return html[:first] + fold + html[last:]


def _quoted_lines(text: str, lines: list[str], earlier: Earlier) -> tuple[int, int] | None:
    """From which line to which (not included) the quotation goes; the larger, where it may begin at two."""
    introduced = _introduced_lines(lines, earlier) if may_be_introduced(text) else None
    if introduced and not any(map(_is_marked, lines[: introduced[0]])):
        return introduced
    return min(filter(None, (introduced, _marked_lines(lines, earlier))), default=None)


def _introduced_lines(lines: list[str], earlier: Earlier) -> tuple[int, int] | None:
    """The lines below an introduction, up to the last or to where the answer begins."""
    for place in _introductions(lines):
        first = next((at for at in range(place, len(lines)) if not _is_empty(lines[at])), len(lines))
        last = first + _most_held(lines[first:], "\n".join, earlier, whole=has_own_words(lines[:first]))
        while last > first and _is_empty(lines[last - 1]):
            last -= 1
        if last > first and _may_be_folded(lines[:first], lines[last:], earlier):
            return first, last
    return None


def _marked_lines(lines: list[str], earlier: Earlier) -> tuple[int, int] | None:
    """The lines with marks that all else comes before, or after."""
    marked = [place for place, line in enumerate(lines) if _is_marked(line)]
    if not marked:
        return None
    first, last = marked[0], marked[-1] + 1
    if all(map(_is_empty, lines[last:])):
        first = last
        while first and (_is_marked(lines[first - 1]) or _is_empty(lines[first - 1])):
            first -= 1
        first = next(place for place in marked if place >= first)
    elif not all(_is_marked(line) or _is_empty(line) for line in lines[first:last]):
        return None
    is_held = earlier.holds("\n".join(lines[first:last]))
    return (first, last) if is_held and _may_be_folded(lines[:first], lines[last:], earlier) else None


def _quoted_part(html: str, earlier: Earlier) -> tuple[int, int] | None:
    """From where to where in HTML the quotation goes; the larger, where it may begin at two places."""
    quotes, is_introduced = outermost(html, "blockquote"), may_be_introduced(html)
    if not quotes and not is_introduced:
        return None
    outline = Outline(html)
    introduced = _introduced_part(html, outline, earlier) if is_introduced else None
    if introduced and (not quotes or introduced[0] <= quotes[-1][0]):
        return introduced
    return min(filter(None, (introduced, _block_quote(html, quotes, outline, earlier))), default=None)


def _introduced_part(html: str, outline: Outline, earlier: Earlier) -> tuple[int, int] | None:
    """The elements below an introduction, up to the last or to where the answer begins."""
    for place in _introductions(outline.lines):
        part = outline.part_from(outline.ends[place - 1])
        if part is None:
            return None
        elements = [html[start:end] for start, end in pairwise([part.start, *part.ends])]
        is_above = outline.has_image(0, part.start) or has_own_words(outline.before(part.start))
        taken = _most_held(elements, lambda some: html_to_text("".join(some)), earlier, whole=is_above)
        end = part.ends[taken - 1]
        if taken and _may_be_hidden(html, outline, part.start, end, earlier):
            return part.start, end
    return None


def _block_quote(
    html: str, quotes: list[tuple[int, int]], outline: Outline, earlier: Earlier
) -> tuple[int, int] | None:
    """The last `blockquote` if nothing comes after it, or the only one."""
    if not quotes or (len(quotes) > 1 and not outline.is_blank(quotes[-1][1], len(html))):
        return None
    start, end = quotes[-1]
    is_held = earlier.holds(html_to_text(html[start:end]))
    return (start, end) if is_held and _may_be_hidden(html, outline, start, end, earlier) else None


def _introductions(lines: Sequence[str]) -> list[int]:
    """The places behind the first introductions."""
    places: list[int] = []
    at = 0
    while at < len(lines) and len(places) < _MOST_TRIED:
        taken = introduction(lines, at)
        if taken:
            places.append(at + taken)
        at += taken or 1
    return places


def _most_held(
    units: Sequence[str], text: Callable[[Sequence[str]], str], earlier: Earlier, *, whole: bool
) -> int:
    """The number of units, from the first on, whose words stand in one message; `whole`: all or none."""
    if earlier.holds(text(units)):
        return len(units)
    words = 0 if whole else earlier.holds_first(text(units))
    if not words:
        return 0
    counts = list(accumulate(len(words_of(text([unit])).split()) for unit in units))
    most = min(bisect_right(counts, words) + 1, len(units))
    # What is broken over two lines counts otherwise there than together.
    return next(
        (number for number in range(most, max(most - 4, 0), -1) if earlier.holds(text(units[:number]))), 0
    )


def _may_be_hidden(html: str, outline: Outline, start: int, end: int, earlier: Earlier) -> bool:
    """`_may_be_folded` for a part of HTML."""
    pictures = outline.has_image(0, start), outline.has_image(end, len(html))
    if "<blockquote" in html[end:]:
        return False
    before, after = outline.before(start), outline.behind(end)
    return _may_be_folded(before, after, earlier, pictures=pictures)


def _may_be_folded(
    before: Sequence[str],
    after: Sequence[str],
    earlier: Earlier,
    *,
    pictures: tuple[bool, bool] = (False, False),
) -> bool:
    """Whether something stays that a person wrote, before the quotation or behind it, not on both sides.

    `pictures`: whether there are any before and behind it.
    """
    is_below = pictures[1] or not all(map(_is_empty, after))
    is_above = pictures[0] or has_own_words(before)
    if not is_below or is_above:
        return is_above and not is_below
    if any(map(_is_marked, after)) or not (pictures[1] or has_own_words(after)):
        return False
    return not any(earlier.holds(line, least=_AGAIN_LEAST) for line in after[:_MOST_AGAIN])


def _is_marked(line: str) -> bool:
    return line.lstrip().startswith(">")


def _is_empty(line: str) -> bool:
    return not line.strip()
