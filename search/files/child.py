"""What is done in the standing child: a stranger's file to its text, without Django.

A file is what its content says; only of what says nothing is believed what it was called. The modules `pdf`
and `word` alone know the libraries that read documents, and this one alone knows them: no other process is to
load what strangers can lead astray.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator
from typing import Final

from richtext.plain import html_to_text
from search.files.pdf import pages
from search.files.results import TEXT_MOST, FileWords, MoreError, UnreadableError, UnreadableFile
from search.files.word import paragraphs

SOURCE_MOST: Final = 10 * TEXT_MOST
"""Bytes of text and HTML that are looked at: of a page that somebody wrote a tenth is what it says."""
LOOKED_AT: Final = 4_096
PDF_BEGIN: Final = 1_024
"""Bytes that may come before its mark, as all readers take it."""

_Reader = Callable[[bytes], Iterator[str]]
# What says another one, or none, is read as UTF-8, or else as windows-1252.
_CHARSETS: Final = frozenset({"iso-8859-15", "windows-1250", "windows-1251", "windows-1253", "windows-1254"})
_CHARSET: Final = re.compile(rb"<meta[^>]{1,200}?charset\s*+=\s*+[\"']?([\w-]{2,20})", re.IGNORECASE)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# How PDFium and HTML write that a word goes on in the next line.
_PARTED: Final = re.compile("[\x02\xad\ufffe]\\s*+")
_SPACE: Final = re.compile(r"(?:[^\S\n]|\0)++")
_LINES: Final = re.compile(r" ?+\n\s*+")


def read_plain(data: bytes) -> FileWords | UnreadableFile:
    """A file that is called plain text."""
    return _read(data, otherwise=_plain)


def read_html(data: bytes) -> FileWords | UnreadableFile:
    """A file that is called HTML."""
    return _read(data, otherwise=_html)


def read_document(data: bytes) -> FileWords | UnreadableFile:
    """A file that is called a PDF or a docx."""
    return _read(data, otherwise=_neither)


def _read(data: bytes, *, otherwise: _Reader) -> FileWords | UnreadableFile:
    reader = otherwise if data else _nothing
    if b"%PDF-" in data[:PDF_BEGIN]:
        reader = pages
    elif data.startswith(b"PK\x03\x04"):
        reader = paragraphs
    try:
        return _gathered(reader(data))
    except UnreadableError as error:
        return UnreadableFile(str(error))


def _gathered(pieces: Iterator[str]) -> FileWords:
    """As much of the pieces as counts."""
    kept: list[str] = []
    size, is_cut = 0, False
    try:
        for piece in pieces:
            if tidy := _tidy(piece):
                kept.append(tidy)
                size += len(tidy) + 1
            if size > TEXT_MOST + 1:
                break
    except MoreError:
        is_cut = True
    text = "\n".join(kept)
    return FileWords(text[:TEXT_MOST], is_cut=is_cut or len(text) > TEXT_MOST)


def _tidy(text: str) -> str:
    """Its words, a line a line, without what can't be stored."""
    text = _PARTED.sub("", text).encode(errors="ignore").decode()
    return _LINES.sub("\n", _SPACE.sub(" ", text)).strip()


def _nothing(data: bytes) -> Iterator[str]:
    raise UnreadableError("It is empty.")


def _neither(data: bytes) -> Iterator[str]:
    raise UnreadableError("It is neither a PDF nor a docx.")


def _plain(data: bytes) -> Iterator[str]:
    text, is_cut = _decoded(data, charset="")
    yield text
    if is_cut:
        raise MoreError


def _html(data: bytes) -> Iterator[str]:
    found = _CHARSET.search(data, 0, LOOKED_AT)
    html, is_cut = _decoded(data, charset=found[1].decode("ascii", "ignore").lower() if found else "")
    yield html_to_text(html)
    if is_cut:
        raise MoreError


def _decoded(data: bytes, *, charset: str) -> tuple[str, bool]:
    """The text of a file, and whether it has more."""
    beginning = data[:SOURCE_MOST]
    is_cut = len(data) > SOURCE_MOST
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return beginning.decode("utf-16", "replace"), is_cut
    if _CONTROL.search(data, 0, LOOKED_AT):
        raise UnreadableError("It is no text.")
    if charset in _CHARSETS:
        return beginning.decode(charset, "replace"), is_cut
    try:
        return _whole(beginning, is_cut=is_cut).decode("utf-8-sig"), is_cut
    except UnicodeDecodeError:
        return beginning.decode("windows-1252", "replace"), is_cut


def _whole(data: bytes, *, is_cut: bool) -> bytes:
    """UTF-8 without the character that was cut at its end."""
    end = len(data)
    while is_cut and end and data[end - 1] & 0xC0 == 0x80:
        end -= 1
    return data[: end - 1] if is_cut else data
