"""HTML from outside made safe to keep and to show: what stays is listed here, everything else goes."""

from collections.abc import Callable, Collection, Mapping
from typing import Final
from urllib.parse import quote

import nh3

from richtext.addresses import content_id_of, is_at, is_image_data, is_link, is_web, read_address
from richtext.dress import readable
from richtext.shallow import AMPERSAND, NO_BREAK, shallow
from richtext.styles import harmless, without

# Raised whenever the rules below change what comes out; kept with each article.
CLEAN_VERSION: Final = 3
MAX_CHARACTERS: Final = 1_000_000

TAGS: Final = frozenset({
    "a", "abbr", "acronym", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br",
    "caption", "center", "cite", "code", "col", "colgroup", "data", "dd", "del", "details", "dfn", "div",
    "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "rp", "rt",
    "ruby", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
})  # fmt: skip

_CELL = {"align", "background", "bgcolor", "colspan", "height", "nowrap", "rowspan", "valign", "width"}
ATTRIBUTES: Final = {
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
    "table": {
        "align", "background", "bgcolor", "border", "cellpadding", "cellspacing", "height", "summary",
        "width",
    },
    "tbody": {"align", "valign"},
    "td": _CELL,
    "th": _CELL | {"scope"},
    "time": {"datetime"},
    "tr": {"align", "background", "bgcolor", "height", "valign"},
    "ul": {"type"},
}  # fmt: skip

# What KVV writes into a mail that it shows: quoted history, a blocked image, an image that an editor names.
_MARKS = {"img": ATTRIBUTES["img"] | {"data-attachment"}}
_MARK_CLASSES = {"details": {"quoted"}, "span": {"blocked"}}

# Nothing that can be laid over something else (position, z-index, transform) or that moves.
_STYLE = {
    "background", "background-color", "background-image", "background-position", "background-repeat",
    "background-size", "border", "border-bottom", "border-bottom-color",
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

_LOADED = frozenset({"src", "background", "style"})
_JUDGED = frozenset({"href", "src", "background", "style"})
# What stands for a character, also as nh3 writes it in the addresses of a style, which it normalises → that.
_SIGNS = (
    (AMPERSAND, "&amp;"),
    (quote(AMPERSAND), "&amp;"),
    (NO_BREAK, "&nbsp;"),
    (quote(NO_BREAK), "%C2%A0"),
)


def _keep(tag: str, attribute: str, value: str) -> str | None:
    """Links lead to pages, mail and telephones; images come from the mail, from data or from the web."""
    if attribute not in _JUDGED:
        return value
    if attribute == "style":
        return harmless(value)
    address = read_address(value)
    if is_web(address):
        return address
    if attribute == "href":
        return address if is_link(address) else None
    if attribute == "src" and content_id_of(address):
        return f"cid:{address[4:]}"
    return address if is_image_data(address) else None


def _cleaner(keep: Callable[[str, str, str], str | None], *, marked: bool = False) -> nh3.Cleaner:
    """`keep` judges each attribute; `marked`: with what KVV writes into a mail that it shows."""
    return nh3.Cleaner(
        tags=set(TAGS),
        attributes=ATTRIBUTES | _MARKS if marked else ATTRIBUTES,
        attribute_filter=keep,
        allowed_classes=_MARK_CLASSES if marked else None,
        tag_attribute_values={"blockquote": {"type": {"cite"}}},
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer",
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        url_relative="pass_through",  # `keep` lets none pass but ours
        filter_style_properties=_STYLE,
    )


_CLEANER = _cleaner(_keep)


def clean_html(html: str) -> str:
    """Safe HTML of `html`, of which at most 1,000,000 characters are read; linear in their number.

    Remote images stay in (the frame's CSP blocks them until the agent asks for them), as do `cid:` images;
    links open a new window. Relative addresses go: in a mail they mean nothing, here they would be ours.
    Letters that nobody could read on the ground that is left get another colour.
    """
    html = html[:MAX_CHARACTERS].replace("\x00", "")
    if not html.isascii():
        html = html.encode("utf-8", "replace").decode()  # nh3 refuses lone surrogates
    return _with_signs_as_written(_CLEANER.clean(readable(shallow(html, tags=TAGS))))


def clean_again(
    html: str, *, images: Mapping[str, str], silent: bool = False, hosts: Collection[str] = ()
) -> str:
    """HTML that was cleaned and then changed for showing, cleaned once more: nothing comes after this.

    `images` are the addresses of the mail's own images by their `content_key`; no other address of ours
    passes, nor anything that would be loaded from one of `hosts` (see `is_at`), as ours are, or from
    anywhere where it is to be `silent`; nor does that ask for an image whose id is nobody's.
    """
    ours = frozenset(images.values())

    def is_unwanted(address: str) -> bool:
        return is_web(address) and (silent or is_at(address, hosts))

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute not in _JUDGED:
            return value
        if attribute == "src":
            content_id = content_id_of(value)
            if content_id and silent and content_id not in images:
                return None
            value = images.get(content_id, value) if content_id else value
            if value in ours:
                return value
        kept = _keep(tag, attribute, value)
        if kept and "//" in kept and attribute in _LOADED:
            return without(kept, is_unwanted) if attribute == "style" else None if is_unwanted(kept) else kept
        return kept

    signs = html.replace("&amp;", AMPERSAND).replace("&nbsp;", NO_BREAK)
    return _with_signs_as_written(_cleaner(keep, marked=True).clean(signs))


def _with_signs_as_written(cleaned: str) -> str:
    for sign, written in _SIGNS:
        cleaned = cleaned.replace(sign, written)
    return cleaned
