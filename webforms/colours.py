"""The colours of a skin, of which an administrator chooses two: the others are computed, by day and by night.

All that is written has a contrast of 4.5 or more with its ground (WCAG 2.2, 1.4.3).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from richtext.colours import WHITE, Colour, contrast

LEAST: Final = 4.5
NIGHT_HEAD: Final = 7.0
"""The contrast of what is written on the head by night, where a bright one would glare."""
BLACK: Final[Colour] = (0, 0, 0)
STEPS: Final = 50


class Half(NamedTuple):
    """What of `static/css/tokens.css` stands around a skin's colours by day, or by night."""

    page: Colour
    surface: Colour
    ink: Colour
    quiet: Colour


DAY: Final = Half((0xF2, 0xF0, 0xEC), (0xFF, 0xFF, 0xFF), (0x21, 0x1E, 0x1A), (0x54, 0x4E, 0x47))
NIGHT: Final = Half((0x18, 0x16, 0x14), (0x21, 0x1F, 0x1C), (0xEC, 0xE7, 0xDF), (0xC4, 0xBC, 0xB0))


@dataclass(frozen=True, slots=True)
class Worn:
    """A skin's colours by day, or by night: the accent, pressed, and what is written on it; a ground and a
    line that are made of it; the head, and what is written on that."""

    accent: Colour
    press: Colour
    on: Colour
    soft: Colour
    line: Colour
    head: Colour
    on_head: Colour


class Pair(NamedTuple):
    """What is written on what: by which of the chosen colours, on which ground, and the contrast of both."""

    column: str
    ground: Colour
    contrast: float


def by_day(accent: Colour, head: Colour) -> Worn:
    """The colours as they were chosen, with those that go with them."""
    soft = _first(lambda share: mix(accent, DAY.surface, share * 0.1), lambda it: contrast(accent, it))
    return Worn(
        accent=accent,
        press=mix(BLACK, accent, 0.18),
        on=on(accent, ink=DAY.ink),
        soft=soft,
        line=mix(accent, DAY.surface, 0.4),
        head=head,
        on_head=on(head, ink=DAY.ink),
    )


def by_night(accent: Colour, head: Colour) -> Worn:
    """The same by night: the accent lighter until it is read, the head darker until it does not glare."""

    def soft_of(colour: Colour) -> Colour:
        return mix(colour, NIGHT.surface, 0.12)

    light = _first(
        lambda share: mix(accent, WHITE, share),
        lambda it: min(contrast(it, ground) for ground in (NIGHT.page, NIGHT.surface, soft_of(it))),
    )
    dark = _first(
        lambda share: mix(head, NIGHT.surface, share), lambda it: contrast(NIGHT.ink, it), least=NIGHT_HEAD
    )
    return Worn(
        accent=light,
        press=mix(WHITE, light, 0.25),
        on=on(light, ink=NIGHT.page),
        soft=soft_of(light),
        line=mix(light, NIGHT.surface, 0.4),
        head=dark,
        on_head=NIGHT.ink,
    )


def pairs(worn: Worn, half: Half) -> Iterator[Pair]:
    """All that is written in a skin's colours, or on them."""
    for ground in (half.page, half.surface, worn.soft):
        yield Pair("accent", ground, contrast(worn.accent, ground))
    for ground in (worn.accent, worn.press):
        yield Pair("accent", ground, contrast(worn.on, ground))
    for ink in (half.ink, half.quiet):
        yield Pair("accent", worn.soft, contrast(ink, worn.soft))
    yield Pair("head", worn.head, contrast(worn.on_head, worn.head))


def weak_pairs(accent: Colour, head: Colour) -> list[Pair]:
    """Those that can't be read well enough, the worst first."""
    every = [*pairs(by_day(accent, head), DAY), *pairs(by_night(accent, head), NIGHT)]
    return sorted((pair for pair in every if pair.contrast < LEAST), key=lambda pair: pair.contrast)


def dark_enough(accent: Colour) -> Colour:
    """The lightest shade of a colour that can be read on the page by day."""
    return _first(lambda share: mix(accent, BLACK, share), lambda it: contrast(it, DAY.page))


def on(ground: Colour, *, ink: Colour) -> Colour:
    """What is written on a ground: the ink or white, and where neither is read well, black or white."""
    best = max(ink, WHITE, key=lambda colour: contrast(colour, ground))
    return best if contrast(best, ground) >= LEAST else max(BLACK, WHITE, key=lambda it: contrast(it, ground))


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """So much of the one in the other, from 0 to 1."""
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _first(
    shade: Callable[[float], Colour], read: Callable[[Colour], float], *, least: float = LEAST
) -> Colour:
    """The first shade, from a share of 1 down to 0, that is read well enough; else the last."""
    colour = shade(1.0)
    for step in range(1, STEPS + 1):
        if read(colour) >= least:
            break
        colour = shade(1 - step / STEPS)
    return colour
