"""The addresses of a mail's HTML, in a frame of its own: as it is shown first, and with active content."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required, article_or_404, ticket_or_404
from desk.zoom.attachments import file_addresses
from tickets.queries.zoom import articles_before
from tickets.showing.frame import frame_html, framed, framed_active


@require_safe
@framed
@agent_required
def article_frame(request: AgentRequest, number: str, article_id: int) -> HttpResponseBase:
    """The article's HTML; images from elsewhere stay away."""
    return _frame(request, number, article_id, is_active=False)


@require_safe
@framed_active
@agent_required
def active_frame(request: AgentRequest, number: str, article_id: int) -> HttpResponseBase:
    """The article's HTML after 'Laad actieve inhoud': images from elsewhere are loaded, scripts never."""
    return _frame(request, number, article_id, is_active=True)


def _frame(request: AgentRequest, number: str, article_id: int, *, is_active: bool) -> HttpResponseBase:
    ticket = ticket_or_404(request, number)
    article = article_or_404(ticket, article_id)
    if not article.html:
        raise Http404
    html = frame_html(
        article,
        earlier=articles_before(article),
        address=file_addresses(ticket),
        is_active=is_active,
    )
    return render(request, "desk/zoom/frame.html", {"article": article, "html": html})
