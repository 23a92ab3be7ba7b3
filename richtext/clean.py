"""HTML from outside made safe to keep and to show: what stays is listed here, everything else goes."""

import re
from typing import Final
from urllib.parse import quote

import nh3

from richtext.shallow import AMPERSAND, NO_BREAK, shallow

# Raised whenever the rules below change what comes out; kept with each article.
CLEAN_VERSION: Final = 2
MAX_CHARACTERS: Final = 1_000_000

_TAGS = frozenset({
    "a", "abbr", "acronym", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br",
    "caption", "center", "cite", "code", "col", "colgroup", "data", "dd", "del", "details", "dfn", "div",
    "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "rp", "rt",
    "ruby", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
})  # fmt: skip

_CELL = {"align", "bgcolor", "colspan", "height", "nowrap", "rowspan", "valign", "width"}
_ATTRIBUTES = {
    "*": {"dir", "lang", "style", "title"},
    "a": {"href"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "div": {"align"},
    "font": {"color", "face", "size"},
    **{f"h{level}": {"align"} for level in range(1, 7)},
    "hr": {"align", "size", "width"},
    "img": {"align", "alt", "border", "height", "src", "width"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "p": {"align"},
    "table": {"align", "bgcolor", "border", "cellpadding", "cellspacing", "height", "summary", "width"},
    "tbody": {"align", "valign"},
    "td": _CELL,
    "th": _CELL | {"scope"},
    "time": {"datetime"},
    "tr": {"align", "bgcolor", "height", "valign"},
    "ul": {"type"},
}

# Nothing that can be laid over something else (position, z-index, transform) or that moves.
_STYLE = {
    "background", "background-color", "border", "border-bottom", "border-bottom-color",
    "border-bottom-style", "border-bottom-width", "border-collapse", "border-color", "border-left",
    "border-left-color", "border-left-style", "border-left-width", "border-radius", "border-right",
    "border-right-color", "border-right-style", "border-right-width", "border-spacing", "border-style",
    "border-top", "border-top-color", "border-top-style", "border-top-width", "border-width", "box-sizing",
    "clear", "color", "direction", "display", "empty-cells", "float", "font", "font-family", "font-size",
    "font-style", "font-variant", "font-weight", "height", "letter-spacing", "line-height", "list-style",
    "list-style-position", "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right",
    "margin-top", "max-height", "max-width", "min-height", "min-width", "overflow-wrap", "padding",
    "padding-bottom", "padding-left", "padding-right", "padding-top", "table-layout", "text-align",
    "text-decoration", "text-indent", "text-transform", "unicode-bidi", "vertical-align", "white-space",
    "width", "word-break", "word-spacing", "word-wrap",
}  # fmt: skip

_IMAGE_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp)[;,]", re.IGNORECASE)
# With a host: `http:/page` and `https:page` are pages of ours to a browser, and `http:\\x` is another host's.
_WEB = re.compile(r"https?://[^/\\?#]", re.IGNORECASE)
_LINK = re.compile(r"(?:mailto|tel):", re.IGNORECASE)
_CID = re.compile(r"cid:", re.IGNORECASE)
_AROUND = "".join(map(chr, range(0x21)))
_WITHIN = dict.fromkeys(map(ord, "\t\n\r"))
# What stands for a character, also as nh3 writes it in the addresses of a style, which it normalises → that.
_SIGNS = (
    (AMPERSAND, "&amp;"),
    (quote(AMPERSAND), "&amp;"),
    (NO_BREAK, "&nbsp;"),
    (quote(NO_BREAK), "%C2%A0"),
)


def _keep_address(tag: str, attribute: str, value: str) -> str | None:
    """Links lead to pages, mail and telephones; images come from the mail, from data or from the web.

    Addresses are judged as a browser reads them (WHATWG URL, 4.4): without blanks around them, and without
    tabs and line ends.
    """
    if attribute not in ("href", "src"):
        return value
    read = value.strip(_AROUND).translate(_WITHIN)
    if _WEB.match(read) or (_LINK if attribute == "href" else _CID).match(read):
        return read
    return read if attribute == "src" and _IMAGE_DATA.match(read) else None


_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    attributes=_ATTRIBUTES,
    attribute_filter=_keep_address,
    tag_attribute_values={"blockquote": {"type": {"cite"}}},
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="noopener noreferrer",
    url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
    url_relative="deny",
    filter_style_properties=_STYLE,
)


def clean_html(html: str) -> str:
    """Safe HTML of `html`, of which at most 1,000,000 characters are read; linear in their number.

    Remote images stay in (the frame's CSP blocks them until the agent asks for them), as do `cid:` images;
    links open a new window. Relative addresses go: in a mail they mean nothing, here they would be ours.
    """
    html = html[:MAX_CHARACTERS].replace("\x00", "")
    if not html.isascii():
        html = html.encode("utf-8", "replace").decode()  # nh3 refuses lone surrogates
    cleaned = _CLEANER.clean(shallow(html, tags=_TAGS))
    for sign, written in _SIGNS:
        cleaned = cleaned.replace(sign, written)
    return cleaned
