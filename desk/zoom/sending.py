"""What an agent can do about an answer that got stuck: 'Opnieuw versturen' and 'Verstuurd'."""

from collections.abc import Callable

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from desk.frame import AgentRequest, agent_required, article_or_404, refusal_to_notice, ticket_or_404
from tickets.actions.stuck import declare_answer_sent, send_answer_again


@require_POST
@agent_required
@refusal_to_notice
def again(request: AgentRequest, number: str, article_id: int) -> HttpResponseBase:
    """Send the answer to those who have not accepted it yet."""
    return _settle(request, number, article_id, send_answer_again, _("The answer is being sent again."))


@require_POST
@agent_required
@refusal_to_notice
def sent(request: AgentRequest, number: str, article_id: int) -> HttpResponseBase:
    """Believe the agent that the answer has arrived."""
    return _settle(request, number, article_id, declare_answer_sent, _("The answer counts as sent."))


def _settle(
    request: AgentRequest, number: str, article_id: int, action: Callable[..., None], notice: str
) -> HttpResponseBase:
    ticket = ticket_or_404(request, number)
    article = article_or_404(ticket, article_id)
    action(actor=request.actor, ticket=ticket, article=article, now=timezone.now())
    messages.success(request, notice)
    return redirect("desk:zoom", number)
