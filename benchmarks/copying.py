"""Rows into a table by COPY, made as they are sent."""

import io
from collections.abc import Iterator
from datetime import datetime

from django.db import connection


class _Rows(io.TextIOBase):
    """A file of COPY's text format, made as it is read, so that a million rows need no memory."""

    def __init__(self, rows: Iterator[tuple[object, ...]]) -> None:
        self.rows = rows
        self.rest = ""

    def read(self, size: int | None = -1) -> str:
        length_most = size if size is not None and size > 0 else 1 << 20
        pieces, length = [self.rest], len(self.rest)
        for row in self.rows:
            line = "\t".join(_field(value) for value in row) + "\n"
            pieces.append(line)
            length += len(line)
            if length >= length_most:
                break
        text = "".join(pieces)
        self.rest = text[length_most:]
        return text[:length_most]


def _field(value: object) -> str:
    match value:
        case None:
            return r"\N"
        case bool():
            return "t" if value else "f"
        case datetime():
            return value.isoformat()
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def copy_rows(table: str, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
    """Put rows into a table; columns are parted by commas."""
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", _Rows(rows))
