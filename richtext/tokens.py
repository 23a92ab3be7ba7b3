"""HTML as a flat stream of tags and text, in linear time whatever the bytes.

Python's `html.parser` is quadratic on unclosed comments and declarations, so mail does not get near it. The
patterns here use possessive quantifiers: they never go back, and a tag, comment or quotation mark without an
end swallows the rest, as the HTML standard has it, so that no byte is looked at twice.
"""

import html as html_entities
import re
from collections.abc import Iterator, Mapping
from html.entities import html5
from itertools import islice
from typing import Final

VOID: Final = frozenset({"br", "col", "hr", "img", "wbr"})
"""Elements without an end tag, of those that are kept."""

TEXT: Final = 0
START: Final = 1
END: Final = 2

# (kind, text or lower-case tag name, attributes as written)
Token = tuple[int, str, str]

TAG = re.compile(
    r"""<(/?)([A-Za-z][^\s/>]*+)((?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])))*+)>""",
)
IMAGE = re.compile(r"""<img\b((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""", re.IGNORECASE)
"""An image in cleaned HTML, where `<` is written otherwise in texts and values; its attributes."""
_TEXT_AND_TAG = re.compile(rf"([^<]*+){TAG.pattern}")
_TAG_BEGIN = re.compile(r"</?[A-Za-z]")
# A comment, a declaration, or what the standard treats as one.
_BOGUS = re.compile(r"<(?:[!?]|/(?![A-Za-z]))")
ATTRIBUTE = re.compile(
    r"""([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]*+)))?""",
)

# Their content is not HTML; that of the first kind is never shown to anybody.
_HIDDEN = frozenset({"script", "style", "title", "iframe", "noembed", "noframes"})
_RAW = _HIDDEN | {"textarea", "xmp"}
_RAW_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])[^>]*+>?", re.IGNORECASE) for name in _RAW}

_MAX_ATTRIBUTES = 64
SHORT: Final = 512
"""What is written so briefly has few attributes, whatever they are."""
# What a reference looks like in an attribute: there, `&copy=1` is part of an address.
_REFERENCE = re.compile(
    r"&(?:(?:amp|AMP|#0*+38|#[xX]0*+26);|(#[0-9]++;|#[xX][0-9A-Fa-f]++;)|([A-Za-z][A-Za-z0-9]{0,31}+;)|)"
)
# `html.unescape` raises on a number of more than 4,300 digits; no character has more than seven.
_LONG_NUMBER = re.compile(r"&#0*+[0-9]{8,}+;?")


def tokens(html: str) -> Iterator[Token]:
    """Tags and texts of `html` in their order; comments, declarations, scripts and styles are left out.

    Texts keep their entities (see `unescape`), except that they may hold a `<` that begins no tag.
    """
    position = 0
    while True:
        while match := _TEXT_AND_TAG.match(html, position):
            text, slash, name, attributes = match.groups()
            if text:
                yield TEXT, text, ""
            name = name.lower()
            position = match.end()
            yield (END if slash else START), name, attributes
            if name in _RAW and not slash:
                content, position = _raw_content(html, name=name, start=position)
                yield TEXT, content.replace("&", "&amp;"), ""
                yield END, name, ""
        bracket = html.find("<", position)
        if bracket < 0:
            break
        if bracket > position:
            yield TEXT, html[position:bracket], ""
        if _BOGUS.match(html, bracket):
            position = _end_of_comment(html, bracket)
        elif _TAG_BEGIN.match(html, bracket):
            return
        else:
            yield TEXT, "<", ""
            position = bracket + 1
    if position < len(html):
        yield TEXT, html[position:], ""


def attributes_of(written: str) -> dict[str, str]:
    """The attributes of a tag by lower-case name, unescaped; the first of a name counts, at most 64."""
    attributes: dict[str, str] = {}
    for match in islice(ATTRIBUTE.finditer(written), _MAX_ATTRIBUTES):
        name, double, single, bare = match.groups()
        attributes.setdefault(name.lower(), _attribute_value(double or single or bare or ""))
    return attributes


def as_written(attributes: Mapping[str, str]) -> str:
    """Attributes as they stand in a tag."""
    return "".join(f' {name}="{html_entities.escape(value)}"' for name, value in attributes.items())


def few_attributes(written: str) -> str:
    """The attributes as written, but at most 64: a tree builder compares each with all before it."""
    if len(written) <= SHORT:
        return written
    return "".join(f" {match[0]}" for match in islice(ATTRIBUTE.finditer(written), _MAX_ATTRIBUTES))


def unescape(text: str) -> str:
    """Entities as characters; a number that is no character becomes U+FFFD."""
    if "&" not in text:
        return text
    return html_entities.unescape(_LONG_NUMBER.sub("\ufffd", text))


def with_ampersands_as(sign: str, *, written: str) -> str:
    """An attribute's value with every `&` that stands for itself, bare or as `&amp;`, written as `sign`."""
    if "&" not in written:
        return written
    return _REFERENCE.sub(lambda match: _reference(match, sign=sign), written)


def _attribute_value(written: str) -> str:
    return unescape(with_ampersands_as("&amp;", written=written))


def _reference(match: re.Match[str], *, sign: str) -> str:
    number, name = match.groups()
    if number or name in html5:
        return match[0]
    return sign + (name or "")


def _end_of_comment(html: str, start: int) -> int:
    """Where the comment or declaration that begins at `start` ends; the end of all where it has no end."""
    if html.startswith("<!--", start):
        end = html.find("-->", start + 2)
        return end + 3 if end >= 0 else len(html)
    end = html.find(">", start)
    return end + 1 if end >= 0 else len(html)


def _raw_content(html: str, *, name: str, start: int) -> tuple[str, int]:
    """What a person sees of an element whose content is no HTML, and where it ends."""
    end = _RAW_ENDS[name].search(html, start)
    content = "" if name in _HIDDEN else html[start : end.start() if end else len(html)]
    return content, end.end() if end else len(html)
