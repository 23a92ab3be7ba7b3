"""An organisation: what is known of it, its customers, and the open tickets of all of them."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from desk.frame import AgentRequest, agent_required
from desk.lists.asked import ListKind, asked_of
from desk.lists.listing import Segment, listing, show
from desk.lists.place import Selection
from desk.lists.states import STATES
from desk.words import counted
from tickets.queries.counted import is_whole, organisation_open_count
from tickets.queries.customer_keys import WhichCustomers, find_organisation
from tickets.queries.customer_pages import page_of_customers
from tickets.queries.pages import page_of
from tickets.queries.which import OPEN, of_organisation

CUSTOMERS_SHOWN = 24


def select(request: AgentRequest, *, show: str, organisation_id: int) -> Selection:
    """The open tickets of one organisation's customers in the agent's queues."""
    return Selection(OPEN & of_organisation(organisation_id), request.rights.visible, ListKind.OPEN)


@require_safe
@agent_required
def organisation_page(request: AgentRequest, organisation_id: int) -> HttpResponseBase:
    """An organisation of which the agent finds a customer; else 404, as for one that is not there.

    No index has the closed tickets of an organisation in any order, so those are told by customer: how many,
    with the way to each one's list.
    """
    organisation = _organisation_or_404(request, organisation_id)
    selection = select(request, show="", organisation_id=organisation.pk)
    asked = asked_of(request, kind=selection.kind, orders=selection.which.orders)
    count = organisation_open_count(organisation, rights=request.rights)
    shown = listing(
        request,
        title=_("Organisation: %(organisation)s") % {"organisation": organisation},
        page=page_of(selection.which, actor=request.actor, queues=selection.queues, wish=asked.wish),
        asked=asked,
        total=count if is_whole(count) else None,
        segments=[Segment(STATES["open"].word, counted(count), request.path, current=True)],
        empty_title=_("No tickets here"),
        empty_text=_("You see the tickets of these customers in your own queues."),
    )
    theirs = WhichCustomers(organisation=organisation.pk)
    return show(
        request,
        shown,
        page="desk/customers/organisation.html",
        menu="customers",
        organisation=organisation,
        customers=page_of_customers(theirs, actor=request.actor, size=CUSTOMERS_SHOWN),
    )


def _organisation_or_404(request: AgentRequest, organisation_id: int) -> Organisation:
    try:
        return find_organisation(organisation_id, actor=request.actor)
    except Organisation.DoesNotExist as error:
        raise Http404 from error
