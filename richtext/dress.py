"""What a mail wears, kept readable: no letters in the colour of the ground they are left to stand on.

Cleaning takes grounds away (a style sheet's, a page's, an image from elsewhere until it is asked for), and
with them goes what made light letters readable. Colours are judged on the ground that is left.
"""

import re
from dataclasses import dataclass
from typing import Final

from richtext.addresses import is_image_data, is_web, read_address
from richtext.colours import WHITE, Colour, as_hex, contrast, first_colour, read_colour
from richtext.styles import declarations, harmless, without_calls, written
from richtext.tokens import TAG, VOID, as_written, attributes_of

INK: Final[Colour] = (31, 28, 25)
"""Letters of a mail that says nothing of theirs; its ground is white paper."""
LEAST: Final = 1.8
"""Below this contrast nobody reads what stands there; writers who like it pale stay above it."""
_MOST: Final = 10_000  # of one tag's attributes

# What a browser says of each text that it copies, and no person of theirs.
_COPIED = re.compile(r"-webkit-text-stroke|\b(?:orphans|widows|font-variant-ligatures)\s*:", re.IGNORECASE)
_MEANING = frozenset({"font-weight", "font-style", "text-decoration", "text-decoration-line"})
_LOOKS = frozenset({"align", "background", "bgcolor", "class", "color", "face", "size", "valign"})
_IMAGE = re.compile(r"url\(|gradient\(", re.IGNORECASE)
# Elements whose bgcolor and background count and are kept.
_GROUNDED = frozenset({"table", "td", "th", "tr"})


@dataclass(frozen=True, slots=True)
class Worn:
    """What a tag says of its ground and its letters, as written; '' for nothing.

    `images`: the addresses of what lies on the ground, '' for a gradient.
    """

    ground: str = ""
    letters: str = ""
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """The ground at a place, None for an image; the colour its letters were meant to have, and have."""

    ground: Colour | None
    meant: Colour
    shown: Colour


def readable(html: str, *, with_remote: bool = True) -> str:
    """Well nested HTML with each colour that nobody could read on its ground exchanged for one that is read.

    `with_remote`: images from elsewhere are grounds.
    """
    if not _is_dressed(html):
        return html
    places = [_Place(WHITE, INK, INK)]
    # What became of a tag at a place, and the place inside it: mails repeat themselves.
    known: dict[tuple[int, str, str], tuple[_Place, str]] = {}

    def tag(match: re.Match[str]) -> str:
        slash, name, attributes = match.groups()
        if slash:
            if len(places) > 1:
                places.pop()
        elif name not in VOID:
            around = places[-1]
            if not attributes:
                places.append(around)
                return match[0]
            key = id(around), name, attributes
            if key not in known:
                known[key] = _dressed(name, attributes, around=around, with_remote=with_remote)
            place, dressed = known[key]
            places.append(place)
            return match[0] if dressed is attributes else f"<{name}{dressed}>"
        return match[0]

    return TAG.sub(tag, html)


def without_copied_dress(html: str) -> str:
    """HTML of an editor without the look of a page that a browser copied along, outside what is quoted.

    The editor takes it off itself; this is for one that did not. What a browser computed is known by
    properties that nobody writes; bold, italics and lines stay, and all that stands around is left as it is.
    """
    if not _COPIED.search(html):
        return html
    places = [""]  # of each open element: 'copied' or 'quoted' where it stands in such a one

    def tag(match: re.Match[str]) -> str:
        slash, name, attributes = match.groups()
        if slash:
            if len(places) > 1:
                places.pop()
            return match[0]
        name = name.lower()
        place = places[-1] or ("copied" if _COPIED.search(attributes) else "")
        place = "quoted" if not place and name == "blockquote" and "cite" in attributes else place
        if name not in VOID:
            places.append(place)
        return f"<{name}{_undressed(attributes)}>" if place == "copied" else match[0]

    return TAG.sub(tag, html)


def page_style(attributes: str) -> str:
    """The style that a `body` leaves to the mail it holds: its ground, unless that is white, and letters."""
    if not _is_dressed(attributes) or len(attributes) > _MOST:
        return ""
    page = attributes_of(attributes)
    kept = [("background-color", page["bgcolor"])] if page.get("bgcolor") else []
    if image := page.get("background"):
        kept.append(("background-image", f"url({image})"))
    if page.get("text"):
        kept.append(("color", page["text"]))
    kept += [
        (name, value)
        for name, value in declarations(page.get("style", ""))
        if name == "color" or name.startswith("background")
    ]
    worn = _worn("body", {"style": written(kept)})
    is_white = first_colour(worn.ground, ground=WHITE) in (None, WHITE)
    return "" if is_white and not worn.images else written(kept)


def _undressed(attributes: str) -> str:
    kept = {name: value for name, value in attributes_of(attributes).items() if name not in _LOOKS}
    style = [each for each in declarations(kept.pop("style", "")) if each[0] in _MEANING]
    return as_written(kept | {"style": written(style)} if style else kept)


def _is_dressed(attributes: str) -> bool:
    lower = attributes.lower()
    return "color" in lower or "background" in lower


def _dressed(name: str, attributes: str, *, around: _Place, with_remote: bool) -> tuple[_Place, str]:
    """The place inside an element that begins, and the attributes to write for it."""
    if not _is_dressed(attributes) or len(attributes) > _MOST:
        return around, attributes
    worn = _worn(name, attributes_of(attributes))
    ground = _ground(worn, around=around, with_remote=with_remote)
    own = read_colour(worn.letters, ground=ground or WHITE) if worn.letters else None
    meant = own or around.meant
    shown = _readable(meant, ground=ground)
    is_right = shown == (own or around.shown)
    return _Place(ground, meant, shown), attributes if is_right else _recoloured(attributes, shown)


def _ground(worn: Worn, *, around: _Place, with_remote: bool) -> Colour | None:
    if any(with_remote or not is_web(image) for image in worn.images):
        return None
    if not worn.ground:
        return around.ground
    return first_colour(worn.ground, ground=around.ground or WHITE) or around.ground


def _worn(name: str, attributes: dict[str, str]) -> Worn:
    ground, letters, images = "", "", []
    if name in _GROUNDED:
        ground = attributes.get("bgcolor", "")
        address = read_address(attributes.get("background", ""))
        images = [address] if is_web(address) or is_image_data(address) else []
    if name == "font":
        letters = attributes.get("color", "")
    for key, declared in declarations(harmless(attributes.get("style", ""))):
        value = declared.partition("!")[0]
        if key == "color":
            letters = value
        elif first_colour(without_calls(value), ground=WHITE) and key in {"background", "background-color"}:
            ground = without_calls(value)
        elif key == "background":
            ground = ""
        if key in {"background", "background-image"}:
            images = [value.lower().partition("url(")[2].strip("\"' ")] if _IMAGE.search(value) else []
    return Worn(ground, letters, tuple(images))


def _readable(colour: Colour, *, ground: Colour | None) -> Colour:
    if ground is None or contrast(colour, ground) >= LEAST:
        return colour
    return max(INK, WHITE, key=lambda letters: contrast(letters, ground))


def _recoloured(attributes: str, colour: Colour) -> str:
    changed = attributes_of(attributes)
    changed.pop("color", None)
    style = [each for each in declarations(harmless(changed.get("style", ""))) if each[0] != "color"]
    changed["style"] = written([*style, ("color", as_hex(colour))])
    return as_written(changed)
