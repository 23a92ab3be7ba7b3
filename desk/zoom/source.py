"""The address of a mail as it came in or left: its raw bytes, to read or to keep."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required, ticket_or_404
from tickets.access import find_source
from tickets.models import Article
from tickets.showing.file import as_file
from tickets.showing.source import source_file, source_shown


@require_safe
@as_file
@agent_required
def source(request: AgentRequest, number: str, article_id: int) -> HttpResponseBase:
    """The mail's bytes as text, or with `download` as a file; 404 for what was never a mail."""
    ticket = ticket_or_404(request, number)
    try:
        blob = find_source(ticket=ticket, article_id=article_id)
    except Article.DoesNotExist as error:
        raise Http404 from error
    name = f"{ticket.number}-{article_id}.eml"
    return source_file(blob, name=name) if request.GET.get("download") else source_shown(blob)
