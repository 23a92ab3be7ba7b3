"""The address of an article's file."""

from collections.abc import Callable

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required, ticket_or_404
from tickets.access import find_attachment
from tickets.models import Attachment, Ticket
from tickets.showing.file import as_file, file_answer


def file_addresses(ticket: Ticket) -> Callable[[Attachment], str]:
    """Gives where a browser finds a file of this ticket's articles."""
    return lambda file: reverse("desk:attachment", args=[ticket.number, file.pk])


@require_safe
@as_file
@agent_required
def attachment(request: AgentRequest, number: str, attachment_id: int) -> HttpResponseBase:
    """A file of an article, to keep; an image is shown in place."""
    ticket = ticket_or_404(request, number)
    try:
        return file_answer(find_attachment(ticket=ticket, attachment_id=attachment_id))
    except Attachment.DoesNotExist as error:
        raise Http404 from error
