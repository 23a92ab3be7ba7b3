"""Files of articles and of forms: streamed, and never run in our name."""

from collections.abc import Callable
from typing import ParamSpec, cast

from csp.decorators import csp_replace
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from blobs.store import read_parts
from richtext.images import IMAGE_TYPES
from tickets.models import Attachment, Upload

P = ParamSpec("P")
View = Callable[P, HttpResponseBase]

SANDBOX = {"default-src": ["'none'"], "sandbox": [""]}


def as_file(view: View[P]) -> View[P]:
    """Give the view's answers a policy under which nothing in them runs, whatever a browser takes it for."""
    # django-csp's types know only views without arguments.
    guard = cast("Callable[[View[P]], View[P]]", csp_replace(SANDBOX))
    return guard(view)


def file_answer(file: Attachment | Upload) -> StreamingHttpResponse:
    """The file's bytes as they are kept; only images of four harmless kinds are shown in place."""
    shown = file.content_type in IMAGE_TYPES
    response = StreamingHttpResponse(
        read_parts(file.blob_id), content_type=file.content_type if shown else "application/octet-stream"
    )
    response["Content-Length"] = file.size
    response["Content-Disposition"] = content_disposition_header(not shown, file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    # A browser may keep it, and asks each time whether it may still show it.
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = f'"{bytes(file.blob.sha256).hex()}"'
    return response
