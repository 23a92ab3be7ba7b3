"""Colours as styles and old attributes write them (CSS Color 4, HTML 'legacy colour'), and their contrast."""

import re
from colorsys import hls_to_rgb
from functools import lru_cache
from typing import Final

# Red, green, blue: 0 to 255.
Colour = tuple[int, int, int]

WHITE: Final[Colour] = (255, 255, 255)
_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|([0-9a-f]{6})")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]{1,80})\)")
_COLOUR = re.compile(r"#?\b[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^()]{1,80}\)|\b[a-z]{3,20}\b")
_MAX_WRITTEN: Final = 1000
_NAMED: Final = {
    "aliceblue": 0xF0F8FF, "antiquewhite": 0xFAEBD7, "aqua": 0x00FFFF, "aquamarine": 0x7FFFD4,
    "azure": 0xF0FFFF, "beige": 0xF5F5DC, "bisque": 0xFFE4C4, "black": 0x000000,
    "blanchedalmond": 0xFFEBCD, "blue": 0x0000FF, "blueviolet": 0x8A2BE2, "brown": 0xA52A2A,
    "burlywood": 0xDEB887, "cadetblue": 0x5F9EA0, "chartreuse": 0x7FFF00, "chocolate": 0xD2691E,
    "coral": 0xFF7F50, "cornflowerblue": 0x6495ED, "cornsilk": 0xFFF8DC, "crimson": 0xDC143C,
    "cyan": 0x00FFFF, "darkblue": 0x00008B, "darkcyan": 0x008B8B, "darkgoldenrod": 0xB8860B,
    "darkgray": 0xA9A9A9, "darkgreen": 0x006400, "darkgrey": 0xA9A9A9, "darkkhaki": 0xBDB76B,
    "darkmagenta": 0x8B008B, "darkolivegreen": 0x556B2F, "darkorange": 0xFF8C00, "darkorchid": 0x9932CC,
    "darkred": 0x8B0000, "darksalmon": 0xE9967A, "darkseagreen": 0x8FBC8F, "darkslateblue": 0x483D8B,
    "darkslategray": 0x2F4F4F, "darkslategrey": 0x2F4F4F, "darkturquoise": 0x00CED1,
    "darkviolet": 0x9400D3, "deeppink": 0xFF1493, "deepskyblue": 0x00BFFF, "dimgray": 0x696969,
    "dimgrey": 0x696969, "dodgerblue": 0x1E90FF, "firebrick": 0xB22222, "floralwhite": 0xFFFAF0,
    "forestgreen": 0x228B22, "fuchsia": 0xFF00FF, "gainsboro": 0xDCDCDC, "ghostwhite": 0xF8F8FF,
    "gold": 0xFFD700, "goldenrod": 0xDAA520, "gray": 0x808080, "green": 0x008000, "greenyellow": 0xADFF2F,
    "grey": 0x808080, "honeydew": 0xF0FFF0, "hotpink": 0xFF69B4, "indianred": 0xCD5C5C,
    "indigo": 0x4B0082, "ivory": 0xFFFFF0, "khaki": 0xF0E68C, "lavender": 0xE6E6FA,
    "lavenderblush": 0xFFF0F5, "lawngreen": 0x7CFC00, "lemonchiffon": 0xFFFACD, "lightblue": 0xADD8E6,
    "lightcoral": 0xF08080, "lightcyan": 0xE0FFFF, "lightgoldenrodyellow": 0xFAFAD2,
    "lightgray": 0xD3D3D3, "lightgreen": 0x90EE90, "lightgrey": 0xD3D3D3, "lightpink": 0xFFB6C1,
    "lightsalmon": 0xFFA07A, "lightseagreen": 0x20B2AA, "lightskyblue": 0x87CEFA,
    "lightslategray": 0x778899, "lightslategrey": 0x778899, "lightsteelblue": 0xB0C4DE,
    "lightyellow": 0xFFFFE0, "lime": 0x00FF00, "limegreen": 0x32CD32, "linen": 0xFAF0E6,
    "magenta": 0xFF00FF, "maroon": 0x800000, "mediumaquamarine": 0x66CDAA, "mediumblue": 0x0000CD,
    "mediumorchid": 0xBA55D3, "mediumpurple": 0x9370DB, "mediumseagreen": 0x3CB371,
    "mediumslateblue": 0x7B68EE, "mediumspringgreen": 0x00FA9A, "mediumturquoise": 0x48D1CC,
    "mediumvioletred": 0xC71585, "midnightblue": 0x191970, "mintcream": 0xF5FFFA, "mistyrose": 0xFFE4E1,
    "moccasin": 0xFFE4B5, "navajowhite": 0xFFDEAD, "navy": 0x000080, "oldlace": 0xFDF5E6,
    "olive": 0x808000, "olivedrab": 0x6B8E23, "orange": 0xFFA500, "orangered": 0xFF4500,
    "orchid": 0xDA70D6, "palegoldenrod": 0xEEE8AA, "palegreen": 0x98FB98, "paleturquoise": 0xAFEEEE,
    "palevioletred": 0xDB7093, "papayawhip": 0xFFEFD5, "peachpuff": 0xFFDAB9, "peru": 0xCD853F,
    "pink": 0xFFC0CB, "plum": 0xDDA0DD, "powderblue": 0xB0E0E6, "purple": 0x800080,
    "rebeccapurple": 0x663399, "red": 0xFF0000, "rosybrown": 0xBC8F8F, "royalblue": 0x4169E1,
    "saddlebrown": 0x8B4513, "salmon": 0xFA8072, "sandybrown": 0xF4A460, "seagreen": 0x2E8B57,
    "seashell": 0xFFF5EE, "sienna": 0xA0522D, "silver": 0xC0C0C0, "skyblue": 0x87CEEB,
    "slateblue": 0x6A5ACD, "slategray": 0x708090, "slategrey": 0x708090, "snow": 0xFFFAFA,
    "springgreen": 0x00FF7F, "steelblue": 0x4682B4, "tan": 0xD2B48C, "teal": 0x008080,
    "thistle": 0xD8BFD8, "tomato": 0xFF6347, "turquoise": 0x40E0D0, "violet": 0xEE82EE, "wheat": 0xF5DEB3,
    "white": 0xFFFFFF, "whitesmoke": 0xF5F5F5, "yellow": 0xFFFF00, "yellowgreen": 0x9ACD32,
}  # fmt: skip


def read_colour(written: str, *, ground: Colour = WHITE) -> Colour | None:
    """The colour that is written, as it looks on `ground` where it lets that shine through; else None."""
    written = written.strip().lower()[:_MAX_WRITTEN]
    if written == "transparent":
        return ground
    if written in _NAMED:
        red, green, blue = _NAMED[written].to_bytes(3)
        return red, green, blue
    if match := _HEX.fullmatch(written):
        digits = match[1] or match[2]
        code = digits if len(digits) > 4 else "".join(digit * 2 for digit in digits)
        red, green, blue, *alpha = bytes.fromhex(code)
        return _over((red, green, blue), ground=ground, alpha=alpha[0] / 255 if alpha else 1)
    if match := _FUNCTION.fullmatch(written):
        return _computed(match[1], re.split(r"[\s,/]+", match[2].strip()), ground=ground)
    return None


def first_colour(written: str, *, ground: Colour) -> Colour | None:
    """The first colour in a value that may say more, as `background` does."""
    found = (read_colour(match, ground=ground) for match in _COLOUR.findall(written[:_MAX_WRITTEN].lower()))
    return next((colour for colour in found if colour), None)


def as_hex(colour: Colour) -> str:
    """The colour as a style writes it."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


@lru_cache(maxsize=4096)
def contrast(one: Colour, other: Colour) -> float:
    """From 1, the same, to 21, black and white (WCAG 2.2, contrast ratio)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _computed(kind: str, parts: list[str], *, ground: Colour) -> Colour | None:
    try:
        first, second, third, *alpha = [_number(part, kind=kind) for part in parts]
    except ValueError:
        return None
    if kind == "hsl":
        colour = hls_to_rgb(first / 360 % 1, third, second)
    else:
        colour = first / 255, second / 255, third / 255
    red, green, blue = (round(min(max(part, 0), 1) * 255) for part in colour)
    return _over((red, green, blue), ground=ground, alpha=min(max(alpha[0], 0), 1) if alpha else 1)


def _number(written: str, *, kind: str) -> float:
    """A number; a percentage is a part of one, of a colour's red, green or blue a part of 255."""
    if written.endswith("%"):
        return float(written[:-1]) / 100 * (255 if kind == "rgb" else 1)
    return float(written.removesuffix("deg"))


def _over(colour: Colour, *, ground: Colour, alpha: float) -> Colour:
    if alpha == 1:
        return colour
    red, green, blue = (
        round(above * alpha + below * (1 - alpha)) for above, below in zip(colour, ground, strict=True)
    )
    return red, green, blue
