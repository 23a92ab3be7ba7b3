"""Documents made by hand, small, for the tests: PDFs and docx as strangers send them."""

import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
LINE_POINTS = 12


def pdf(*texts: str, trailer: bytes = b"", pages: int = 0) -> bytes:
    """A PDF with these pages, a line a line; `pages`: as often as it takes for so many."""
    return pdf_of(*map(_drawn, texts), trailer=trailer, pages=pages)


def pdf_of(*contents: bytes, trailer: bytes = b"", pages: int = 0) -> bytes:
    """A PDF of which each page is drawn by these operators."""
    count = pages or len(contents)
    streams = [_packed(content) for content in contents]
    kids = " ".join(f"{4 + len(streams) + number} 0 R" for number in range(count))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {count}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        *streams,
        *(_page(4 + number % len(streams)) for number in range(count)),
    ]
    return _file(objects, trailer=trailer)


def _drawn(text: str) -> bytes:
    lines = "".join(f"({_escaped(line)}) Tj T*\n" for line in text.split("\n"))
    return f"BT /F1 10 Tf {LINE_POINTS} TL 40 800 Td\n{lines}ET".encode("cp1252")


def _packed(content: bytes) -> bytes:
    data = zlib.compress(content, 9)
    return b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(data), data)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _page(stream: int) -> bytes:
    return (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
        b"/Resources<</Font<</F1 3 0 R>>>>>>" % stream
    )


def _file(objects: Sequence[bytes], *, trailer: bytes) -> bytes:
    out, places = BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    begin = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, trailer))
    out.write(b"startxref\n%d\n%%%%EOF" % begin)
    return out.getvalue()


LOCKED = (
    b"/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]"
    b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (b"41" * 32, b"42" * 32)
)
"""Of a trailer: it opens by a password that nobody knows."""


@cache
def word(*texts: str, cells: tuple[str, ...] = (), header: str = "") -> bytes:
    """A docx with these paragraphs, a table of one row and a header."""
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    if cells:
        row = document.add_table(rows=1, cols=len(cells)).rows[0]
        for cell, said in zip(row.cells, cells, strict=True):
            cell.text = said
    if header:
        document.sections[0].header.paragraphs[0].text = header
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def with_parts(document: bytes | None, parts: Mapping[str, bytes]) -> bytes:
    """A docx in which these parts stand instead of its own, or beside them; without one a zip of them."""
    kept: dict[str, bytes] = {}
    if document is not None:
        with ZipFile(BytesIO(document)) as old:
            kept = {name: old.read(name) for name in old.namelist()}
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as new:
        for name, data in {**kept, **parts}.items():
            new.writestr(name, data)
    return out.getvalue()


def body(xml: str, *, doctype: str = "") -> bytes:
    """The main part of a docx, of its XML."""
    main = f'<w:document xmlns:w="{WORD}"><w:body>{xml}</w:body></w:document>'
    return f'<?xml version="1.0"?>{doctype}{main}'.encode()
