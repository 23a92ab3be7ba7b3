"""Pictures that are shown to strangers: of two kinds, by their own bytes, and not too big for any browser."""

import struct
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

BYTES_MOST: Final = 500_000
PIXELS_MOST: Final = 2_000
"""Wide, and high: a small file may be of more pixels than a telephone has memory for."""
PNG, JPEG = "png", "jpeg"
_PNG: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_JPEG: Final = b"\xff\xd8\xff"
# Markers of JPEG (ITU T.81, B.1): those that say the size, and those that stand alone.
_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})


class PictureError(Exception):
    """A picture that is not taken; has the sentence that says why."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, 'png' or 'jpeg', and its size in pixels."""

    data: bytes
    kind: str
    width: int
    height: int


def read_picture(data: bytes) -> Picture:
    """The picture that these bytes are, whatever they are called; raises `PictureError`."""
    if len(data) > BYTES_MOST:
        raise PictureError(_("This picture is too big: at most 500 kB."))
    if data.startswith(_PNG):
        kind, size = PNG, _png_size(data)
    elif data.startswith(_JPEG):
        kind, size = JPEG, _jpeg_size(data)
    else:
        raise PictureError(_("This is no PNG and no JPEG. Save the picture as one of these first."))
    if size is None or not all(size):
        raise PictureError(_("This picture is damaged: it does not say how big it is."))
    if max(size) > PIXELS_MOST:
        sentence = _(
            "This picture is %(width)s by %(height)s pixels: at most %(most)s each way. Make it smaller."
        )
        raise PictureError(sentence % {"width": size[0], "height": size[1], "most": PIXELS_MOST})
    return Picture(data, kind, *size)


def _png_size(data: bytes) -> tuple[int, int] | None:
    if len(data) < len(_PNG) + 8:
        return None
    width, height = struct.unpack_from(">II", data, len(_PNG))
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _SIZES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        if marker == 0xFF:
            at += 1
        elif marker in _ALONE:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None
