"""HTML rewritten so that a tree builder has an easy time: well nested, at most 256 deep, few attributes.

A standard-conforming tree builder, nh3's too, walks up its open elements for many a tag and repeats unclosed
bold and colours in every later paragraph. A megabyte of `<div>` keeps it busy for 14 seconds, 20,000
unclosed `<b id=…>` for 9. What comes out of here costs it time in proportion to its length. Nothing here
makes HTML safe: nh3 does that afterwards.
"""

import re
from html import escape
from typing import Final

from richtext.dress import page_style
from richtext.tokens import (
    END,
    SHORT,
    START,
    TEXT,
    VOID,
    few_attributes,
    tokens,
    unescape,
    with_ampersands_as,
)

MAX_DEPTH: Final = 256
# Stand for an ampersand and a no-break space in what comes out, for nh3 is quadratic in those: 200,000 cost
# it 8 seconds. Unicode keeps these characters for such inner use; they are taken out of what comes in.
AMPERSAND: Final = "\ufdd0"
NO_BREAK: Final = "\ufdd1"
_NO_BREAK_SPACE: Final = "\u00a0"
_NO_BREAK_REFERENCE = re.compile(r"&(?:nbsp|NonBreakingSpace|#0*+160|#[xX]0*+[aA]0);")
# How far up an opening tag looks for what it closes by itself; further up the tree builder sees to it.
_NEAR: Final = 16

_FORMATTING = frozenset({
    "a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u",
})  # fmt: skip
_INLINE = _FORMATTING | {
    "abbr", "acronym", "bdi", "bdo", "cite", "data", "del", "dfn", "ins", "kbd", "mark", "q", "rp", "rt",
    "rtc", "ruby", "samp", "span", "sub", "sup", "time", "var",
}  # fmt: skip
_CELLS = frozenset({"td", "th", "caption"})
_TABLE = _CELLS | {"table", "thead", "tbody", "tfoot", "tr", "colgroup"}
_SECTIONS = frozenset({"thead", "tbody", "tfoot"})

# opening tag → what it closes when it is near, and where looking for it stops
_CLOSES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol"}) | _CELLS),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"}) | _CELLS),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"}) | _CELLS),
    "td": (_CELLS, frozenset({"table", "tr"})),
    "th": (_CELLS, frozenset({"table", "tr"})),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    **{name: (_SECTIONS, frozenset({"table"})) for name in _SECTIONS},
}
_PARAGRAPH = (frozenset({"p"}), _CELLS | {"table"})


def shallow(html: str, *, tags: frozenset[str]) -> str:
    """`html` with only `tags`, well nested, at most `MAX_DEPTH` deep; what is deeper loses its tags alone.

    A `body` with a ground of its own becomes a `div` with it. Ampersands come out as `AMPERSAND`, no-break
    spaces as `NO_BREAK`.
    """
    writer = _Writer()
    html = html.replace(AMPERSAND, "").replace(NO_BREAK, "").replace(_NO_BREAK_SPACE, NO_BREAK)
    for kind, value, attributes in tokens(html):
        if kind == TEXT:
            writer.out.append(_text(value) if "<" in value or "&" in value else value)
        elif value == "body" and kind == START and (style := page_style(attributes)):
            writer.start("div", _attributes(f' style="{escape(style)}"'))
        elif value not in tags:
            continue
        elif kind == END:
            writer.end(value)
        elif value in VOID:
            writer.out.append(f"<{value}{_attributes(attributes)}>")
        else:
            writer.start(value, _attributes(attributes))
    writer.close_down_to(0)
    return "".join(writer.out)


def _text(written: str) -> str:
    text = unescape(written).replace("&", AMPERSAND).replace(_NO_BREAK_SPACE, NO_BREAK)
    return escape(text, quote=False)


def _attributes(written: str) -> str:
    if len(written) <= SHORT and "&" not in written:
        return written
    few = with_ampersands_as(AMPERSAND, written=few_attributes(written))
    return _NO_BREAK_REFERENCE.sub(NO_BREAK, few)


class _Writer:
    """The elements that are open, and what was written so far."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self._open: list[str] = []
        self._cells: list[int] = [0]  # where the innermost table cell begins: end tags do not reach beyond
        self._left_out: dict[str, int] = {}

    def start(self, name: str, attributes: str) -> None:
        if self._open and name not in _INLINE:
            self._close_near(*_CLOSES.get(name, _PARAGRAPH))
        if len(self._open) >= MAX_DEPTH:
            self._left_out[name] = self._left_out.get(name, 0) + 1
            return
        if name in _CELLS:
            self._cells.append(len(self._open))
        self._open.append(name)
        self.out.append(f"<{name}{attributes}>")

    def end(self, name: str) -> None:
        if self._left_out.get(name):
            self._left_out[name] -= 1
            return
        floor = 0 if name in _TABLE else self._cells[-1]
        if len(self._open) > floor and self._open[-1] == name:
            self._close_last()
            return
        reachable = self._open[floor:]
        if name not in reachable:
            return
        place = len(self._open) - 1 - reachable[::-1].index(name)
        if name in _INLINE - _FORMATTING and not _INLINE.issuperset(self._open[place + 1 :]):
            return  # as the standard has it: such an end inside a block is ignored
        self.close_down_to(place)

    def close_down_to(self, place: int) -> None:
        while len(self._open) > place:
            self._close_last()

    def _close_last(self) -> None:
        name = self._open.pop()
        if name in _CELLS:
            self._cells.pop()
        self.out.append(f"</{name}>")

    def _close_near(self, closed: frozenset[str], stops: frozenset[str]) -> None:
        for place in range(len(self._open) - 1, max(len(self._open) - 1 - _NEAR, -1), -1):
            if self._open[place] in closed:
                self.close_down_to(place)
                return
            if self._open[place] in stops:
                return
