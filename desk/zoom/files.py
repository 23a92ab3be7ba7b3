"""Files of an article: streamed, and never run in our name."""

from csp.decorators import csp_replace
from django.http import Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from blobs.store import read_parts
from desk.frame import AgentRequest, agent_required, ticket_or_404
from tickets.access import find_attachment
from tickets.models import Attachment

SHOWN_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")


@require_safe
@csp_replace({"default-src": ["'none'"], "sandbox": [""]})  # type: ignore[arg-type]  # django-csp types views without arguments only
@agent_required
def attachment(request: AgentRequest, number: str, attachment_id: int) -> HttpResponseBase:
    """A file to keep; only images of four harmless kinds are shown in place."""
    ticket = ticket_or_404(request, number)
    try:
        file = find_attachment(ticket=ticket, attachment_id=attachment_id)
    except Attachment.DoesNotExist as error:
        raise Http404 from error
    shown = file.content_type in SHOWN_TYPES
    response = StreamingHttpResponse(
        read_parts(file.blob_id), content_type=file.content_type if shown else "application/octet-stream"
    )
    response["Content-Length"] = file.size
    response["Content-Disposition"] = content_disposition_header(not shown, file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response
