"""What an agent can say of who wrote a mail: 'Dit adres hoort ook bij deze klant'."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from desk.frame import AgentRequest, agent_required, article_or_404, refusal_to_notice, ticket_or_404
from tickets.actions.customers_address import add_customers_address


@require_POST
@agent_required
@refusal_to_notice
def belongs(request: AgentRequest, number: str, article_id: int) -> HttpResponseBase:
    """The article's address is one of the customer's."""
    ticket = ticket_or_404(request, number)
    article = article_or_404(ticket, article_id)
    add_customers_address(actor=request.actor, ticket=ticket, article=article, now=timezone.now())
    messages.success(request, _("The address belongs to this customer from now on."))
    return redirect("desk:zoom", number)
