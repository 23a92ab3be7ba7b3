"""Addresses in HTML from outside, judged as a browser reads them."""

import re
import socket
import unicodedata
from collections.abc import Collection
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote

_AROUND: Final = "".join(map(chr, range(0x21)))
_WITHIN: Final = dict.fromkeys(map(ord, "\t\n\r"))
# With a host: `http:/page` and `https:page` are pages of ours to a browser, and `http:\\x` is another host's.
_WEB = re.compile(r"https?://[^/\\?#]", re.IGNORECASE)
_AUTHORITY = re.compile(r"https?://([^/\\?#]*+)", re.IGNORECASE)
_PORT = re.compile(r":[0-9]*+$")
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


def is_at(address: str, hosts: Collection[str]) -> bool:
    """Whether a web address that was read is at one of `hosts`, which are as `plain_host` has them.

    One that begins with a dot stands for all below it, too, as in Django's ALLOWED_HOSTS.
    """
    match = _AUTHORITY.match(address)
    if match is None:
        return False
    host = plain_host(match[1])
    return any(f".{host}".endswith(known) if known.startswith(".") else host == known for known in hosts)


def plain_host(authority: str) -> str:
    """The host that a browser asks for (WHATWG URL, 3.5): without user and port, in one spelling of all.

    Escapes, look-alike letters and what is not seen count as what they stand for; so do the numbers of an
    IP address. A dot before it stays.
    """
    host = unicodedata.normalize("NFKC", unquote(authority.rpartition("@")[2]))
    host = "".join(sign for sign in host if unicodedata.category(sign) not in {"Cf", "Mn"})
    host = _PORT.sub("", host.casefold().replace("。", ".")).rstrip(".")
    try:
        if host.startswith("["):
            return str(ip_address(host.strip("[]")))
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, ValueError):
        pass
    try:
        return host.encode("idna").decode()
    except UnicodeError:  # with a dot before it, or nobody's
        return host


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
