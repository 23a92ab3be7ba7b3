"""Folding quoted history: what stands verbatim in an earlier message need not be read again.

Nothing is cut, and nothing is folded on its looks alone: a quotation counts only if its words, one after the
other, are those of an earlier message, whatever became of its lines, spaces and quote marks. Only what comes
after all that was written is folded, or before all of it: quoted lines between answers are what the answers
are about. No Django here; time is linear in what is looked at, which is at most `MOST` characters.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from richtext.plain import html_to_text, is_blank
from richtext.tokens import TAG, VOID, unescape

MOST: Final = 200_000
WORDS_LEAST: Final = 3  # fewer stand in an earlier message by chance

_MARKS = re.compile(r"^[>|\s]+", re.MULTILINE)
_HEADER = re.compile(
    r"\*?(?:from|van|von|de|sent|verzonden|date|datum|to|aan|cc|subject|onderwerp)\*?\s?:\*?\s?\S"
)
_RULED = re.compile(r"border-top\s*:\s*(?!none|0)[^;\"']*\w", re.IGNORECASE)
HEADERS_LEAST: Final = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a plain text; `lines` is how many are folded away, 0 for what is shown."""

    text: str
    lines: int = 0


class Earlier:
    """The words of the messages before this one, the newest first, as far as they are looked at."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = texts
        self._words: str | None = None

    def holds(self, text: str) -> bool:
        """Whether these words, in this order, stand in one of the messages."""
        words = _words(text)
        return words.count(" ") + 1 >= WORDS_LEAST and f" {words} " in self._all_words()

    def _all_words(self) -> str:
        """The words of all messages, read when they are first asked for; most messages quote nothing."""
        if self._words is None:
            taken, left = [], MOST
            for text in self._texts:
                if len(text) <= left:
                    taken.append(_words(text))
                    left -= len(text)
            # A line break is in no text of words: nothing is found across two messages.
            self._words = "\n".join(f" {words} " for words in taken)
        return self._words


def fold_text(text: str, earlier: Earlier) -> list[Piece]:
    """The text in pieces, together all of it; the quotation at its end, or at its beginning, folded."""
    lines = text.split("\n")
    span = None if len(text) > MOST else _quoted_lines(lines)
    if span is None or not earlier.holds("\n".join(lines[slice(*span)])):
        return [Piece(text)]
    first, last = span
    before, quoted, after = lines[:first], lines[first:last], lines[last:]
    if not _words("\n".join([*before, *after])):
        return [Piece(text)]
    pieces = (Piece("\n".join(before)), Piece("\n".join(quoted), lines=len(quoted)), Piece("\n".join(after)))
    return [piece for piece in pieces if piece.lines or piece.text.strip()]


def fold_html(html: str, earlier: Earlier, *, summary: Callable[[int], str]) -> str:
    """Cleaned HTML with its quoted history in a `details`; `summary`: its words for n lines, escaped."""
    span = None if len(html) > MOST else _quoted_part(html)
    if span is None:
        return html
    first, last = span
    quoted, rest = html_to_text(html[first:last]), html[:first] + html[last:]
    if is_blank(rest) or not earlier.holds(quoted):
        return html
    lines = sum(bool(line.strip("> ")) for line in quoted.split("\n"))
    fold = f'<details class="quoted"><summary>{summary(lines)}</summary>{html[first:last]}</details>'
    return html[:first] + fold + html[last:]


def _words(text: str) -> str:
    return " ".join(_MARKS.sub("", text).split())


def _quoted_lines(lines: list[str]) -> tuple[int, int] | None:
    """From which line to which (not included) one quotation goes that all else comes before, or after."""
    marked = [place for place, line in enumerate(lines) if line.lstrip().startswith(">")]
    if not marked:
        below = _below_headers(lines)
        return None if below is None else (below, len(lines))
    last = marked[-1] + 1
    if any(line.strip() for line in lines[last:]):
        whole = all(line.lstrip().startswith(">") or not line.strip() for line in lines[marked[0] : last])
        opens = not any(line.strip() for line in lines[: marked[0]])
        return (marked[0], last) if whole and opens else None
    first = last
    while first and (lines[first - 1].lstrip().startswith(">") or not lines[first - 1].strip()):
        first -= 1
    return next(place for place in marked if place >= first), last


def _below_headers(lines: list[str]) -> int | None:
    """The line below Outlook's 'Van: … Verzonden: … Aan: … Onderwerp: …'."""
    run = 0
    for place, line in enumerate(lines):
        if _HEADER.match(line[:100].strip().lower()):
            run += 1
        elif run >= HEADERS_LEAST:
            return place
        else:
            run = 0
    return None


def _quoted_part(html: str) -> tuple[int, int] | None:
    """From where to where in HTML one quotation goes that all else comes before, or after.

    It is the last `blockquote` if nothing comes after it, the only one if nothing comes before it, or what
    follows Outlook's ruled-off block of headers.
    """
    quotes = _outermost(html, "blockquote")
    if quotes and is_blank(html[quotes[-1][1] :]):
        return quotes[-1]
    if len(quotes) == 1 and is_blank(html[: quotes[0][0]]):
        return quotes[0]
    return None if quotes else _below_rule(html)


def _outermost(html: str, name: str) -> list[tuple[int, int]]:
    """From where to where each element of this name goes that is in no other of it."""
    spans, depth, began = [], 0, 0
    for tag in TAG.finditer(html):
        if tag[2].lower() != name:
            continue
        if not tag[1]:
            began, depth = (tag.start() if not depth else began), depth + 1
        elif depth:
            depth -= 1
            if not depth:
                spans.append((began, tag.end()))
    return spans


def _below_rule(html: str) -> tuple[int, int] | None:
    """The part below a ruled-off block of headers, well nested: up to where what holds the block ends."""
    depth, ruled, began, floor = 0, 0, 0, -1
    for tag in TAG.finditer(html):
        if tag[2].lower() in VOID:
            continue
        if floor >= 0 and tag[1] and depth == floor:
            return (began, tag.start()) if is_blank(html[tag.start() :]) else None
        depth += -1 if tag[1] else 1
        if tag[1] and ruled and depth < ruled and floor < 0 and not _ends_next(html, tag.end()):
            began, floor = tag.end(), depth
        elif (
            not tag[1]
            and not ruled
            and _RULED.search(unescape(tag[3]))
            and _is_header(html[tag.end() : tag.end() + 1000])
        ):
            ruled = depth
    return (began, len(html)) if floor == 0 else None


def _ends_next(html: str, place: int) -> bool:
    return html[place : place + 200].lstrip().startswith("</")


def _is_header(html: str) -> bool:
    return bool(_HEADER.match(html_to_text(html).strip().lower()))
