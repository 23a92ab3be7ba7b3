"""Small files made in code: the demo needs images and documents, and nobody's."""

import struct
import zlib

from blobs.store import store_bytes
from tickets.changing.articles import StoredFile

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 120]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 56>>stream
BT /F 14 Tf 20 60 Td (Demo: een verzonnen document) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
"""
CSV = b"naam;speltak;demo\nSem Demo;welpen;ja\nNoor Demo;scouts;ja\n"
TYPES = {"png": "image/png", "pdf": "application/pdf", "csv": "text/csv"}


def demo_file(name: str, *, content_id: str = "") -> StoredFile:
    """A file by its name's ending; with a content-id an image that stands in the text."""
    kind = name.rpartition(".")[2]
    data = {"png": demo_image(), "pdf": PDF, "csv": CSV}[kind]
    return StoredFile(
        blob=store_bytes(data),
        name=name,
        content_type=TYPES[kind],
        size=len(data),
        content_id=content_id,
        is_inline=bool(content_id),
    )


def demo_image(*, width: int = 160, height: int = 48) -> bytes:
    """A PNG: an orange ribbon on sand."""
    rows = b"".join(
        b"\x00" + bytes(value for x in range(width) for value in _pixel(x, y, width, height))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _pixel(x: int, y: int, width: int, height: int) -> tuple[int, int, int]:
    edge = x < 4 or y < 4 or x >= width - 4 or y >= height - 4
    ribbon = height // 3 <= y - (x - width // 2) // 8 < 2 * height // 3
    return (84, 78, 71) if edge else (240, 138, 28) if ribbon else (243, 236, 222)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
