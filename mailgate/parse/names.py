"""Names of files: as the mail gives them, harmless, never empty, never twice."""

import mimetypes
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from mailgate.parse.storable import storable_line

MAX_CHARACTERS: Final = 200
_MAX_EXTENSION: Final = 20

# Directional overrides make 'gpj.exe' of 'exe.jpg'; the rest is invisible.
_DECEPTIVE = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SEPARATORS = re.compile(r"[/\\]")

_BY_TYPE = {
    "application/ms-tnef": "winmail.dat",
    "application/pgp-encrypted": "version.txt",
    "application/pgp-keys": "key.asc",
    "application/pgp-signature": "signature.asc",
    "application/pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-signature": "smime.p7s",
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "disposition-notification.txt",
    "message/external-body": "external.txt",
    "message/feedback-report": "feedback-report.txt",
    "message/global": "message.eml",
    "message/partial": "partial.txt",
    "message/rfc822": "message.eml",
    "text/calendar": "invite.ics",
    "text/rfc822-headers": "headers.txt",
    "text/vcard": "contact.vcf",
    "text/x-vcard": "contact.vcf",
}
_EXTENSIONS = {
    "application/octet-stream": ".bin", "audio/mpeg": ".mp3", "audio/ogg": ".ogg", "image/heic": ".heic",
    "image/jpeg": ".jpg", "image/png": ".png", "image/svg+xml": ".svg", "image/tiff": ".tif",
    "image/webp": ".webp", "text/html": ".html", "text/plain": ".txt", "video/mp4": ".mp4",
    "video/quicktime": ".mov",
}  # fmt: skip
_TYPES = mimetypes.MimeTypes()  # Python's own list, without that of the machine
_SAME_TYPE = {
    "application/x-pdf": "application/pdf", "application/x-zip-compressed": "application/zip",
    "image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png",
}  # fmt: skip


def clean_name(written: str) -> str:
    """A name without folders, control characters and disguise, at most 200 long; perhaps empty."""
    name = _SEPARATORS.split(written[-4 * MAX_CHARACTERS :])[-1]
    name = storable_line(_DECEPTIVE.sub("", name), limit=4 * MAX_CHARACTERS)
    name = unicodedata.normalize("NFC", name).strip(" ")
    return "" if not name.strip(". ") else _cut(name)


def name_by_type(content_type: str) -> str:
    """A name for a file that came without one."""
    if content_type in _BY_TYPE:
        return _BY_TYPE[content_type]
    stem = "image" if content_type.startswith("image/") else "file"
    extension = _EXTENSIONS.get(content_type) or _TYPES.guess_extension(content_type) or ".bin"
    return stem + extension


def type_by_name(content_type: str, *, name: str) -> str:
    """The type of a file: what the mail says, unless it says nothing and the name says more."""
    if content_type in {"application/octet-stream", "application/binary", "application/x-unknown"}:
        return _TYPES.guess_type("file." + name.rpartition(".")[2])[0] or "application/octet-stream"
    return _SAME_TYPE.get(content_type, content_type)


def unique_names(names: Sequence[str]) -> list[str]:
    """The names in their order; a second 'a.pdf' becomes 'a-1.pdf', a third 'a-2.pdf' (OTRS 5.37)."""
    taken = {name.lower() for name in names}
    seen: set[str] = set()
    numbers: dict[str, int] = {}
    result = []
    for name in names:
        unique = name
        while unique.lower() in seen or (unique != name and unique.lower() in taken):
            numbers[name.lower()] = numbers.get(name.lower(), 0) + 1
            unique = _with_suffix(name, f"-{numbers[name.lower()]}")
        seen.add(unique.lower())
        result.append(unique)
    return result


def _cut(name: str) -> str:
    return name if len(name) <= MAX_CHARACTERS else _with_suffix(name, "")


def _with_suffix(name: str, suffix: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > _MAX_EXTENSION:
        return name[: MAX_CHARACTERS - len(suffix)] + suffix
    room = MAX_CHARACTERS - len(suffix) - len(dot) - len(extension)
    return stem[:room] + suffix + dot + extension
