"""The `style` of an element, as far as it must be understood: its declarations, and the images in them.

nh3 reads styles properly and keeps only properties that are listed; what is misread here is at worst left
out.
"""

import re
from collections.abc import Callable

from richtext.addresses import is_image_data, is_web, read_address
from richtext.colours import WHITE, as_hex, first_colour

Declaration = tuple[str, str]

_IN_BRACKETS = r"""\((?:[^()"']++|"[^"]*+"|'[^']*+')*+\)"""
_DECLARATION = re.compile(
    rf"""\s*+([A-Za-z-]++)\s*+:((?:[^;"'(]++|"[^"]*+"|'[^']*+'|{_IN_BRACKETS}|["'(])*+)(?:;|$)|[^;]*+;?"""
)
_ODD_NAME = re.compile(r"(?:^|;)\s*+[a-z-]*+[A-Z][A-Za-z-]*+\s*+:")
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_QUOTED = re.compile(r"""\"[^"]*+"|'[^']*+'""")
_URL = re.compile(r"""url\(\s*+(?:"([^"]*+)"|'([^']*+)'|([^"'()]*+))\s*+\)""", re.IGNORECASE)
_CALL = re.compile(rf"(?<![A-Za-z-])([A-Za-z-]++){_IN_BRACKETS}")
_NESTED = re.compile(r"\([^()]*+\(")
_BEFORE_BRACKET = re.compile(r"(?<![^\s(,:])[^\s(,:]*+\(")
# What may stand before a bracket in a style from outside; the others, known or to come, may be addresses.
_CALLS = frozenset({
    "url(", "rgb(", "rgba(", "hsl(", "hsla(", "calc(", "min(", "max(", "clamp(", "linear-gradient(",
    "radial-gradient(", "conic-gradient(", "repeating-linear-gradient(", "repeating-radial-gradient(",
})  # fmt: skip


def declarations(style: str) -> list[Declaration]:
    """Property, in lower case, and value, in their order; comments and what can't be read are left out."""
    found = _DECLARATION.findall(_COMMENT.sub(" ", style))
    return [(name.lower(), value.strip()) for name, value in found if name]


def written(style: list[Declaration]) -> str:
    """Declarations as the value of an attribute, not escaped."""
    return ";".join(f"{name}:{value}" for name, value in style)


def harmless(style: str) -> str:
    """The style without what would load anything but an image of the web or from data.

    Properties come out in lower case, without which nh3 does not know them.
    """
    if "(" not in style and "\\" not in style and (style.islower() or not _ODD_NAME.search(style)):
        return style
    return _kept(style, is_kept=_is_harmless)


def without(style: str, is_unwanted: Callable[[str], bool]) -> str:
    """A harmless style without the declarations that name an unwanted address."""

    def is_kept(value: str) -> bool:
        return not any(map(is_unwanted, _addresses(value)))

    return style if is_kept(style) else _kept(style, is_kept=is_kept)


def is_remote(style: str) -> bool:
    """Whether a harmless style, or the value of one property, would load anything from elsewhere."""
    return "//" in style and any(map(is_web, _addresses(style)))


def _kept(style: str, *, is_kept: Callable[[str], bool]) -> str:
    """The declarations that are kept; of a ground that is not, its plain colour."""
    kept: list[Declaration] = []
    for name, value in declarations(style):
        if is_kept(value):
            kept.append((name, value))
        elif name == "background" and (ground := first_colour(without_calls(value), ground=WHITE)):
            kept.append(("background-color", as_hex(ground)))
    return written(kept)


def without_calls(value: str) -> str:
    """The value without its images: what is left may name a colour."""
    return _CALL.sub(lambda call: call[0] if call[1].lower()[:3] in {"rgb", "hsl"} else " ", value)


def _is_harmless(value: str) -> bool:
    """Escapes say what can be said without; brackets in brackets nh3 can't write; addresses are of images."""
    bare = _QUOTED.sub('""', value)
    if "\\" in value or _NESTED.search(bare) or not _CALLS.issuperset(_BEFORE_BRACKET.findall(bare.lower())):
        return False
    addresses = _addresses(value)
    return len(addresses) == bare.lower().count("url(") and all(
        is_web(address) or is_image_data(address) for address in addresses
    )


def _addresses(value: str) -> list[str]:
    return [read_address("".join(match)) for match in _URL.findall(value)]
