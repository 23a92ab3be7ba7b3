"""Addresses in HTML from outside, judged as a browser reads them."""

import re
from typing import Final
from urllib.parse import unquote

_AROUND: Final = "".join(map(chr, range(0x21)))
_WITHIN: Final = dict.fromkeys(map(ord, "\t\n\r"))
# With a host: `http:/page` and `https:page` are pages of ours to a browser, and `http:\\x` is another host's.
_WEB = re.compile(r"https?://[^/\\?#]", re.IGNORECASE)
_LINK = re.compile(r"(?:mailto|tel):", re.IGNORECASE)
_CID = re.compile(r"cid:", re.IGNORECASE)
_IMAGE_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp)[;,]", re.IGNORECASE)


def read_address(written: str) -> str:
    """Without blanks and controls around it, and without tabs and line ends (WHATWG URL, 4.4)."""
    if written.isprintable() and not written[:1].isspace() and not written[-1:].isspace():
        return written
    return written.strip(_AROUND).translate(_WITHIN)


def is_web(address: str) -> bool:
    """Whether an address that was read is that of a page or file elsewhere."""
    return bool(_WEB.match(address))


def is_link(address: str) -> bool:
    """Whether a link may lead there."""
    return is_web(address) or bool(_LINK.match(address))


def is_image_data(address: str) -> bool:
    """Whether the address is the image itself."""
    return bool(_IMAGE_DATA.match(address))


def content_id_of(address: str) -> str:
    """The content-id that a `cid:` address names (RFC 2392), as `content_key` has it; '' of any other."""
    address = read_address(address)
    return content_key(address[4:]) if _CID.match(address) else ""


def content_key(content_id: str) -> str:
    """A content-id as both sides know it: mail programs differ in case, escapes and brackets.

    '' where nothing is left of it: then it names nothing.
    """
    return unquote(content_id).strip(_AROUND + "<>").casefold()
