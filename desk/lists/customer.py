"""A customer: what is known of them, and their tickets, the open ones or the closed ones."""

from urllib.parse import urlencode

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Customer
from desk.customers.words import FoundCustomer
from desk.frame import AgentRequest, agent_required
from desk.lists.asked import asked_of
from desk.lists.listing import listing, show
from desk.lists.place import Selection
from desk.lists.states import segments_by_state, state_or_404
from desk.words import counted
from tickets.access import find_customer, may_correct
from tickets.queries.counted import customer_counts, is_whole
from tickets.queries.customers import TYPED_MOST
from tickets.queries.pages import page_of
from tickets.queries.which import of_customer

NAMED = "q"
"""Who types a whole address or code finds whose it is: the address of the page says so."""


def select(request: AgentRequest, *, show: str, customer_id: int, which: str = "") -> Selection:
    """The open or the closed tickets of one customer in the agent's queues."""
    state = state_or_404(which or "open")
    return Selection(state.which & of_customer(customer_id), request.rights.visible, state.kind)


@require_safe
@agent_required
def customer_tickets(request: AgentRequest, customer_id: int, which: str = "") -> HttpResponseBase:
    """A customer, with their tickets in the agent's queues; 404 for one whom the agent does not find.

    Without a word which: the open ones, if there are any.
    """
    customer = customer_or_404(request, customer_id)
    totals = customer_counts(customer=customer, rights=request.rights)
    counts = {"open": totals.open, "gesloten": totals.closed}
    which = which or ("open" if totals.open or not totals.closed else "gesloten")
    state = state_or_404(which)
    asked = asked_of(request, kind=state.kind, orders=state.which.orders)
    theirs = state.which & of_customer(customer.pk)
    page = page_of(theirs, actor=request.actor, queues=request.rights.visible, wish=asked.wish)
    named, addresses = named_in(request), list(customer.addresses.order_by("pk"))
    meant = FoundCustomer(customer, "", addresses[0].address if addresses else "")
    shown = listing(
        request,
        title=_("Customer: %(customer)s") % {"customer": customer},
        page=page,
        asked=asked,
        total=counts[which] if is_whole(counts[which]) else None,
        segments=segments_by_state(
            {name: counted(count) for name, count in counts.items()},
            current=which,
            address=lambda name: _address(customer, name, named=named),
        ),
        empty_title=_("No tickets here"),
        empty_text=_("You see the tickets of this customer in your own queues."),
    )
    return show(
        request,
        shown,
        page="desk/customers/customer.html",
        menu="customers",
        customer=customer,
        addresses=addresses,
        for_them=urlencode({"customer": meant.value, "customer_id": customer.pk}),
        may_correct=may_correct(customer, actor=request.actor),
    )


def named_in(request: AgentRequest) -> str:
    """What the address of the page names."""
    return request.GET.get(NAMED, "")[:TYPED_MOST].replace("\0", "")


def customer_or_404(request: AgentRequest, customer_id: int) -> Customer:
    """The customer, if the agent finds them; else 404, as for one who is not there."""
    try:
        return find_customer(customer_id=customer_id, actor=request.actor, named=named_in(request))
    except Customer.DoesNotExist as error:
        raise Http404 from error


def _address(customer: Customer, which: str, *, named: str) -> str:
    address = reverse("desk:customer_tickets", args=[customer.pk, which])
    return f"{address}?{urlencode({NAMED: named})}" if named else address
