"""The files that an export can be: lines of CSV, the rows of a page for printing, a sheet for Excel.

What strangers wrote stands in their cells. A spreadsheet takes a text that begins in some ways for a formula,
which can call a program or send away what is beside it: such a text gets an apostrophe before it, and is
nothing but a text then.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

import xlsxwriter
from django.conf import settings
from django.utils.translation import get_language, override

from blobs.models import PART_BYTES
from blobs.spool import Spool
from search.exporting import NUMBER, ROWS_MOST, Row, Table, cut_in_words, portions_of
from search.find import Which
from search.models import Export

FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a formula begins, in a spreadsheet of whatever language."""
BOM: Final = "\ufeff"
"""By which Excel knows UTF-8."""
SEPARATORS: Final = {"nl": ";"}
"""By language, as Excel expects it there; elsewhere a comma."""
CELL_MOST: Final = 32_767
"""Characters that Excel takes in a cell."""
WIDTHS: Final = (20, 16, 16, 24, 48, 20, 12, 20, 16, 20, 24, 24, 12)
"""Of the columns, in characters; free fields are as wide as the last."""


class File(Protocol):
    """A file that is being made of headings and rows."""

    def head(self, headings: Row) -> None:
        """What stands above the columns; first of all."""

    def add(self, rows: Iterable[Row]) -> None:
        """Some more rows."""

    def cut(self) -> None:
        """Say that there are more; last of all."""


def no_formula(text: str) -> str:
    """The text as a cell may have it."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def csv_of(which: Which, *, language: str) -> Iterator[bytes]:
    """What was found as CSV, piece by piece; each is made when it is asked for, and then nothing is open."""
    with override(language):
        table, lines = Table(which.actor), _Lines()
        head = lines.of([table.headings])
    yield BOM.encode() + head
    room = ROWS_MOST
    for ids in portions_of(which):
        portions = table.rows(ids[:room])
        while True:
            with override(language):
                rows = next(portions, None)
                piece = b"" if rows is None else lines.of(map(_numbered, rows))
            if rows is None:
                break
            yield piece
        if len(ids) > room:
            with override(language):
                last = lines.of([[cut_in_words()]])
            yield last
        room -= len(ids)


class _Lines:
    """Writes rows as lines of CSV, in the language that is active when it is made."""

    def __init__(self) -> None:
        self._text = io.StringIO()
        separator = SEPARATORS.get((get_language() or "")[:2], ",")
        self._writer = csv.writer(self._text, delimiter=separator, lineterminator="\r\n")

    def of(self, rows: Iterable[Row]) -> bytes:
        self._writer.writerows([no_formula(cell) for cell in row] for row in rows)
        data = self._text.getvalue().encode()
        self._text.seek(0)
        self._text.truncate()
        return data


def _numbered(row: Row) -> Row:
    """With the word before its number that makes a text of it: of a number Excel keeps 15 digits."""
    return [*row[:NUMBER], f"{settings.TICKET_HOOK}{row[NUMBER]}", *row[NUMBER + 1 :]]


class Paper:
    """The rows of a page for printing, as HTML in which nothing is but text."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def head(self, headings: Row) -> None:
        """They are repeated on each sheet of paper."""
        cells = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
        self._spool.add(f"<thead><tr>{cells}</tr></thead>\n".encode())

    def add(self, rows: Iterable[Row]) -> None:
        """A line each."""
        lines = (f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
        self._spool.add("".join(lines).encode())

    def cut(self) -> None:
        """The page around them says it."""


class Sheet:
    """A sheet for Excel, each cell a text."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._bold = workbook.add_format({"bold": True})
        self._sheet = workbook.add_worksheet()
        self._row = 0

    def head(self, headings: Row) -> None:
        """In bold, and they stay where one scrolls."""
        for column in range(len(headings)):
            self._sheet.set_column(column, column, WIDTHS[min(column, len(WIDTHS) - 1)])
        self._sheet.freeze_panes(1, 0)
        self._write(headings, self._bold)

    def add(self, rows: Iterable[Row]) -> None:
        """Each is written away when the next one begins."""
        for row in rows:
            self._write(row)

    def cut(self) -> None:
        """In a row of its own."""
        self._write([cut_in_words()])

    def _write(self, row: Row, *form: object) -> None:
        for column, cell in enumerate(row):
            self._sheet.write_string(self._row, column, no_formula(cell)[:CELL_MOST], *form)
        self._row += 1


@contextmanager
def made_into(kind: str, spool: Spool) -> Iterator[File]:
    """A file of this kind of `Export`, whose bytes are in the spool once it is left; flat in memory."""
    if kind == Export.Kind.PRINT:
        yield Paper(spool)
        return
    with TemporaryDirectory(prefix="kvv-export-") as folder:
        path = Path(folder) / "export.xlsx"
        with xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": folder}) as workbook:
            yield Sheet(workbook)
        with path.open("rb") as file:
            while piece := file.read(PART_BYTES):
                spool.add(piece)
