"""The tickets of one customer: the open ones, or the closed ones."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Customer
from desk.frame import AgentRequest, agent_required
from desk.lists.asked import asked_of
from desk.lists.listing import listing, show
from desk.lists.place import Selection
from desk.lists.states import segments_by_state, state_or_404
from tickets.access import find_customer
from tickets.queries.counted import customer_counts, is_whole
from tickets.queries.pages import page_of
from tickets.queries.which import of_customer


def select(request: AgentRequest, *, show: str, customer_id: int, which: str) -> Selection:
    """The open or the closed tickets of one customer in the agent's queues."""
    state = state_or_404(which)
    return Selection(state.which & of_customer(customer_id), request.rights.visible, state.kind)


@require_safe
@agent_required
def customer_tickets(request: AgentRequest, customer_id: int, which: str) -> HttpResponseBase:
    """The tickets of one customer in the agent's queues; 404 for a customer of whom they see none."""
    state, customer = state_or_404(which), _customer_or_404(request, customer_id)
    asked = asked_of(request, kind=state.kind, orders=state.which.orders)
    theirs = state.which & of_customer(customer.pk)
    totals = customer_counts(customer=customer, rights=request.rights)
    counts = {"open": totals.open, "gesloten": totals.closed}
    page = page_of(theirs, actor=request.actor, queues=request.rights.visible, wish=asked.wish)
    shown = listing(
        request,
        title=_("Tickets of %(customer)s") % {"customer": customer},
        page=page,
        asked=asked,
        total=counts[which] if is_whole(counts[which]) else None,
        segments=segments_by_state(
            counts,
            current=which,
            address=lambda name: reverse("desk:customer_tickets", args=[customer.pk, name]),
        ),
    )
    return show(request, shown)


def _customer_or_404(request: AgentRequest, customer_id: int) -> Customer:
    try:
        return find_customer(customer_id=customer_id, rights=request.rights)
    except Customer.DoesNotExist as error:
        raise Http404 from error
