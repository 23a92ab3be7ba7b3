"""HTML that stands in a page of ours, on its ground: the words and their order, and nothing of their dress.

What a frame shows has its own paper, and its own policy. In a page, colours made for paper can't be read by
night, and no style may lay anything over what stands around: so none gets here, no colour and no width.
"""

import re
from typing import Final

import nh3

_TAGS: Final = frozenset({
    "a", "b", "blockquote", "br", "code", "del", "details", "div", "dd", "dl", "dt", "em", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "ol", "p", "pre", "s", "span", "strike",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
})  # fmt: skip
_CELL: Final = {"colspan", "rowspan"}
_CLEANER: Final = nh3.Cleaner(
    tags=set(_TAGS),
    attributes={
        "*": {"dir", "lang"},
        "a": {"href"},
        "img": {"alt", "src"},
        "ol": {"start"},
        "td": _CELL,
        "th": _CELL,
    },
    allowed_classes={"details": {"quoted"}, "span": {"blocked"}},
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="noopener noreferrer",
    url_schemes={"http", "https", "mailto", "tel", "data"},
    url_relative="pass_through",  # those of ours that what is given here may have: its own images
)
_EMPTY_END: Final = re.compile(r"<(p|div)>(?:<br>|\s|&nbsp;)*+</\1>\s*+\Z")
_END_MOST: Final = 60  # characters of an empty line at the end


def undressed(html: str) -> str:
    """HTML that was made safe for a frame, as it may stand in a page: without empty lines at its end.

    Elements that it can't have leave their words.
    """
    bare = _CLEANER.clean(html)
    while end := _EMPTY_END.search(bare, max(0, len(bare) - _END_MOST)):
        bare = bare[: end.start()]
    return bare
