"""Which files of a mail its HTML shows; as what is shown nowhere is listed, this alone decides both."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol, TypeVar

from richtext.addresses import content_id_of, content_key
from richtext.shallow import MAX_DEPTH
from richtext.styles import Declaration, declarations
from richtext.tokens import END, IMAGE, START, VOID, attributes_of, tokens, unescape

IMAGE_TYPES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")
"""What a browser may show in place, and what can stand in a text; any other file is there to be kept."""
_STYLE = re.compile(r'style="([^"]*+)"')
_LENGTH = re.compile(r"([-+]?(?:\d++(?:\.\d*+)?|\.\d++)(?:e[-+]?\d++)?)\s*+(%|[a-z]*+)")
# How many pixels a unit is, or thereabouts; any other is taken for a pixel.
_UNITS = {
    "pt": 4 / 3, "pc": 16, "in": 96, "cm": 37.8, "mm": 3.78, "em": 16, "rem": 16, "ex": 8, "ch": 8,
    "lh": 20, "rlh": 20, "vw": 10, "vh": 10, "vmin": 10, "vmax": 10, "%": 2,
}  # fmt: skip
_DOT: Final = 2  # pixels: no larger than what only counts readers
_AWAY: Final = -100  # pixels: out of the page on a side to which nobody can scroll
_FAR: Final = 1000  # pixels: where nobody looks


class _File(Protocol):
    """A file of a mail; its content-id may be '' or None."""

    @property
    def content_type(self) -> str: ...
    @property
    def content_id(self) -> str | None: ...


File = TypeVar("File", bound=_File)


def shown_images(html: str, files: Iterable[File], *, is_clean: bool = True) -> dict[str, File]:
    """The files that this HTML shows, by their `content_key`; of several of one id the first.

    `is_clean`: whether the HTML was cleaned, and can be read in fewer steps.
    """
    images: dict[str, File] = {}
    for file in files:
        if (key := content_key(file.content_id or "")) and file.content_type in IMAGE_TYPES:
            images.setdefault(key, file)
    lower = html.lower() if images else ""
    if not images or (is_clean and "cid:" not in lower):
        return {}
    if is_clean and not any(map(_hides_all_in_it, map(unescape, set(_STYLE.findall(lower))))):
        named = {_named(image[1]) for image in IMAGE.finditer(html)}
    else:
        named = set(_named_in_sight(html))
    return {key: file for key, file in images.items() if key in named}


def is_unseen(attributes: Mapping[str, str]) -> bool:
    """Whether nobody sees an image of these attributes: a dot, as counts readers, hidden or far away."""
    style = declarations(attributes.get("style", ""))
    sides = [("", attributes.get(side, "")) for side in ("width", "height")]
    sides += [(name, value) for name, value in style if name.removeprefix("max-") in {"width", "height"}]
    return any(_is_nothing(value) for _name, value in sides) or _is_away(style)


def _hides_all_in_it(written: str) -> bool:
    """Whether nobody sees an image that stands in an element of this style; none is wider than its place."""
    style = declarations(written)
    is_narrow = any(name in {"width", "max-width"} and _is_nothing(value) for name, value in style)
    return is_narrow or _is_away(style)


def _is_away(style: Iterable[Declaration]) -> bool:
    """Whether it has no box, or one outside the page."""
    return any(
        value.lower().startswith("none") if name == "display" else _is_far(value)
        for name, value in style
        if name in {"display", "text-indent"} or name.startswith("margin")
    )


def _is_nothing(value: str) -> bool:
    """Whether a length is about none. One that is calculated may be, and then its file is better listed."""
    return "(" in value or any(length <= _DOT for length in _lengths(value)[:1])


def _is_far(value: str) -> bool:
    return "(" in value or any(length <= _AWAY or length >= _FAR for length in _lengths(value))


def _lengths(value: str) -> list[float]:
    """In pixels."""
    found = _LENGTH.findall(value.lower())
    return [float(number) * _UNITS.get(unit, 1) for number, unit in found]


def _named(written: str) -> str:
    """The content-id, as `content_key` has it, of an image that a reader sees; else ''."""
    attributes = attributes_of(written)
    return "" if is_unseen(attributes) else content_id_of(attributes.get("src", ""))


def _named_in_sight(html: str) -> Iterator[str]:
    """The same of all images that stand in nothing that is hidden."""
    hidden: list[str] = []  # the outermost element that hides all in it, and what is open inside it
    for kind, name, written in tokens(html):
        if kind == START and name == "img" and not hidden:
            yield _named(written)
        elif kind == START and name not in VOID:
            if (hidden or _hides_all_in_it(_style_in(written))) and len(hidden) < MAX_DEPTH:
                hidden.append(name)
        elif kind == END and name in hidden:
            while hidden.pop() != name:
                pass


def _style_in(written: str) -> str:
    return attributes_of(written).get("style", "") if "style" in written.lower() else ""
