"""Which attached files are read for their text: what they, or their names, say that they are. No Django here.

What a file really is, its content says, in the child; this only spares most others (pictures, above all) the
way there.
"""

from typing import Final

PLAIN, HTML, DOCUMENT = "plain", "html", "document"
"""What a file may be: text; HTML; or a PDF or docx, which say so themselves."""

KINDS: Final = (PLAIN, HTML, DOCUMENT)

TYPES: Final = {
    "text/plain": PLAIN,
    "text/csv": PLAIN,
    "text/markdown": PLAIN,
    "text/tab-separated-values": PLAIN,
    "text/html": HTML,
    "application/xhtml+xml": HTML,
    "application/pdf": DOCUMENT,
    "application/x-pdf": DOCUMENT,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": DOCUMENT,
}
ENDINGS: Final = {
    "txt": PLAIN,
    "csv": PLAIN,
    "md": PLAIN,
    "tsv": PLAIN,
    "htm": HTML,
    "html": HTML,
    "pdf": DOCUMENT,
    "docx": DOCUMENT,
}
