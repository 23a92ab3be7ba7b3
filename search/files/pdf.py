"""The text of a PDF, page by page. In the standing child only (`search.files.child`); no Django here."""

from collections.abc import Iterator
from time import process_time
from typing import Final

import pypdfium2

from search.files.results import MoreError, UnreadableError

PAGES_MOST: Final = 300
SECONDS: Final = 4
"""Of the processor: what was read by then is its text. It is looked at between two pages."""


def pages(data: bytes) -> Iterator[str]:
    """The text of each page; raises `UnreadableError` of what is none or has a password, `MoreError` after
    as many pages as are read."""
    begun = process_time()
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError(f"It can't be opened as a PDF: {error}") from error
    for number in range(len(document)):
        if number == PAGES_MOST or process_time() - begun > SECONDS:
            raise MoreError
        try:
            page = document[number]
            text = page.get_textpage().get_text_bounded()
        except pypdfium2.PdfiumError:  # the others may be in order
            continue
        page.close()
        yield text
