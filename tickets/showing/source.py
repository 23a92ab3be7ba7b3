"""A mail's raw bytes: as text, which a browser runs nothing of, or as a file to keep."""

from itertools import islice
from typing import Final

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from blobs.models import Blob
from blobs.store import read_parts

SHOWN_PARTS: Final = 4
"""Of a blob, a megabyte: all that people wrote in a mail, and as much of its files as anybody reads."""


def source_shown(blob: Blob) -> HttpResponse:
    """The beginning of the mail as text, with a word where it is cut; what is no UTF-8 is marked."""
    shown = b"".join(islice(read_parts(blob.pk), SHOWN_PARTS))
    text = shown.decode("utf-8", "replace")
    if len(shown) < blob.size:
        text += "\n\n" + _("[The rest of this mail is not shown. Download it to read all of it.]") + "\n"
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def source_file(blob: Blob, *, name: str) -> StreamingHttpResponse:
    """All of the mail, to be kept under this name."""
    response = StreamingHttpResponse(read_parts(blob.pk), content_type="application/octet-stream")
    response["Content-Length"] = blob.size
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response
