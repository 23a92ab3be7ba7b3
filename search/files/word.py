"""The text of a docx. In the standing child only (`search.files.child`); no Django here.

Its XML is read by the parser of python-docx, which replaces no entities and fetches nothing; its depth and
the length of a text are limited by libxml2.
"""

from collections.abc import Iterator
from io import BytesIO
from time import process_time
from typing import Any, Final
from zipfile import ZipFile

import docx
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from search.files.results import MoreError, UnreadableError

UNPACKED_MOST: Final = 100 * 1024 * 1024
"""Bytes of all that is in it, pictures too."""
XML_MOST: Final = 10 * 1024 * 1024
"""Bytes of all its XML, of which a tree is made; the longest of books has less."""
PARTS_MOST: Final = 2_000
SECONDS: Final = 4
"""Of the processor: what was read by then is its text. It is looked at between two paragraphs."""

_PARAGRAPH, _TEXT = qn("w:p"), qn("w:t")
_SPACES: Final = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): " "}
# Each text box stands in it twice: as Word of now writes it, and as one of before.
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OF_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_BESIDE: Final = frozenset(f"{_OF_WORD}{part}+xml" for part in ("header", "footer", "footnotes", "endnotes"))


def paragraphs(data: bytes) -> Iterator[str]:
    """The text of its paragraphs, tables and text boxes, then of what stands at the edges of its pages.

    Raises `UnreadableError` of what is none, or is larger unpacked than is read, and `MoreError` after the
    time there is.
    """
    try:
        yield from _in_time(_all_texts(data))
    except (MemoryError, MoreError, UnreadableError):
        raise
    except Exception as error:  # whatever a library says of what strangers made
        raise UnreadableError(f"It can't be opened as a docx: {type(error).__name__}: {error}") from error


def _in_time(texts: Iterator[str]) -> Iterator[str]:
    begun = process_time()
    for text in texts:
        yield text
        if process_time() - begun > SECONDS:
            raise MoreError


def _all_texts(data: bytes) -> Iterator[str]:
    _measure(data)
    main = docx.Document(BytesIO(data)).part
    yield from _texts(main.element)
    for part in main.package.iter_parts():
        if part.content_type in _BESIDE:
            yield from _texts(parse_xml(part.blob))


def _measure(data: bytes) -> None:
    with ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
    xml = sum(part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels")))
    if len(parts) > PARTS_MOST or xml > XML_MOST or sum(part.file_size for part in parts) > UNPACKED_MOST:
        raise UnreadableError("It is too large unpacked.")


def _texts(root: Any) -> Iterator[str]:
    """The text of each paragraph; what was deleted, and is still kept, is none."""
    for fallback in list(root.iter(_FALLBACK)):
        fallback.getparent().remove(fallback)
    pieces: list[str] = []
    for element in root.iter(_PARAGRAPH, _TEXT, *_SPACES):
        if element.tag == _PARAGRAPH:
            yield "".join(pieces)
            pieces = []
        else:
            pieces.append(_SPACES.get(element.tag) or element.text or "")
    yield "".join(pieces)
