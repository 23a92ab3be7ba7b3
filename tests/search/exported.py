"""What was exported, read as a spreadsheet reads it."""

import csv
import io
import re
import zipfile
from html import unescape
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import Agent
from blobs.store import read_bytes
from search.exports import ask_export
from search.models import Export

CELL = re.compile(
    r'<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")? t="inlineStr"><is><t[^>]*>(.*?)</t></is></c>', re.DOTALL
)


def asked_for(
    agent: Agent,
    query: str = "state_type=open&state_type=closed",
    *,
    kind: str = Export.Kind.EXCEL,
    submission: UUID | None = None,
    language: str = "nl",
) -> Export:
    """An export that an agent asked for just now; of all that they may see, if nothing else is said."""
    return ask_export(
        agent=agent,
        submission=submission or uuid4(),
        kind=kind,
        query=query,
        words="alles",
        language=language,
        now=timezone.now(),
    )


def csv_rows(data: bytes, *, separator: str = ";") -> list[list[str]]:
    """Its rows, with the headings first."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator))


def excel_rows(export: Export) -> list[list[str]]:
    """The rows of an Excel file, each cell of which is a text."""
    assert export.blob_id is not None
    return sheet_rows(read_bytes(export.blob_id))


def sheet_rows(data: bytes) -> list[list[str]]:
    """Likewise, of its bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
    rows = re.findall(r"<row [^>]*>(.*?)</row>", sheet, re.DOTALL)
    read = [[_plain(cell) for cell in CELL.findall(row)] for row in rows]
    assert sum(map(len, read)) == sheet.count("<c ")
    return read


def _plain(cell: str) -> str:
    """A sheet writes signs that XML can't have by their codes."""
    return re.sub("_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), unescape(cell))


def paper_rows(export: Export) -> list[list[str]]:
    """The rows of a page for printing."""
    assert export.blob_id is not None
    rows = read_bytes(export.blob_id).decode().split("<tr>")[1:]
    return [
        [unescape(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)] for row in rows
    ]
