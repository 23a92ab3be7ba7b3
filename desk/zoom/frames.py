"""A mail's HTML in a frame of its own, under a policy of its own: no script, nothing from outside."""

from collections.abc import Callable

from csp.decorators import csp
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required, ticket_or_404
from desk.zoom.bodies import folded
from richtext.convert import hide_remote_content, rewrite_cids
from tickets.access import find_article
from tickets.models import Article
from tickets.queries.zoom import articles_before

NONE, SELF, INLINE = "'none'", "'self'", "'unsafe-inline'"
FRAME = {
    "default-src": [NONE],
    "img-src": [SELF, "data:"],
    "style-src": [SELF],
    "style-src-attr": [INLINE],
    "frame-ancestors": [SELF],
    "form-action": [NONE],
    "base-uri": [NONE],
}
ACTIVE_FRAME = FRAME | {"img-src": [SELF, "data:", "https:", "http:"]}


@require_safe
@xframe_options_sameorigin
@csp(FRAME)  # type: ignore[arg-type]  # django-csp types views without arguments only
@agent_required
def article_frame(request: AgentRequest, number: str, article_id: int) -> HttpResponseBase:
    """The article's HTML; images from elsewhere stay away."""
    return _frame(request, number, article_id, silent)


@require_safe
@xframe_options_sameorigin
@csp(ACTIVE_FRAME)  # type: ignore[arg-type]  # django-csp types views without arguments only
@agent_required
def active_frame(request: AgentRequest, number: str, article_id: int) -> HttpResponseBase:
    """The same after 'Laad actieve inhoud': images from elsewhere are loaded, scripts never."""
    return _frame(request, number, article_id, str)


def silent(html: str) -> str:
    """A mail's HTML without what it would load from elsewhere."""
    return hide_remote_content(html, word=_("Image blocked"))


def _frame(
    request: AgentRequest, number: str, article_id: int, shown: Callable[[str], str]
) -> HttpResponseBase:
    ticket = ticket_or_404(request, number)
    try:
        article = find_article(ticket=ticket, article_id=article_id)
    except Article.DoesNotExist as error:
        raise Http404 from error
    if not article.html:
        raise Http404
    addresses = {
        file.content_id: reverse("desk:attachment", args=[ticket.number, file.pk])
        for file in article.attachments.all()
        if file.content_id
    }
    html = shown(rewrite_cids(folded(article, earlier=articles_before(article)), addresses))
    return render(request, "desk/zoom/frame.html", {"article": article, "html": html})
