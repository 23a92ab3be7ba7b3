"""Who is meant by what stands in a form's field for a customer: shown below it, with their open tickets."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Customer
from desk.customers.fields import NOBODY
from desk.frame import AgentRequest, agent_required
from desk.writing.typed import read_number
from tickets.actor import Actor
from tickets.errors import BadInput
from tickets.queries.customers import TYPED_MOST, NewCustomer, address_meant, customer_meant
from tickets.queries.listed import Listed
from tickets.queries.pages import Wish, page_of
from tickets.queries.which import OPEN, of_customer

SHOWN_MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A customer, None for somebody new; the address that is meant; the newest of their open tickets."""

    customer: Customer | None
    name: str
    address: str
    tickets: list[Listed]
    has_more: bool = False


@require_safe
@agent_required
def who(request: AgentRequest) -> HttpResponse:
    """The lines below the field, for the script that asks for them; nothing where nobody is meant yet."""
    typed = request.GET.get("customer", "")[:TYPED_MOST].replace("\0", "").strip()
    is_chosen = request.GET.get("customer_for", "")[:TYPED_MOST].strip() == typed
    chosen = read_number(request.GET.get("customer_id")) if is_chosen else None
    try:
        meant = customer_meant(actor=request.actor, typed=typed, chosen=chosen or None)
    except BadInput:
        meant = None
    if meant is None and chosen == NOBODY and typed and "@" not in typed:
        meant = NewCustomer(name=typed)
    shown = who_is(meant, actor=request.actor, typed=typed) if meant else None
    return render(request, "desk/customers/_who.html", {"who": shown})


def who_is(meant: Customer | NewCustomer, *, actor: Actor, typed: str) -> Who:
    """What is said of them."""
    address = address_meant(meant, typed=typed)
    if isinstance(meant, NewCustomer):
        return Who(customer=None, name=meant.name or address, address=address, tickets=[])
    page = page_of(
        OPEN & of_customer(meant.pk),
        actor=actor,
        queues=actor.agent_rights.visible,
        wish=Wish(size=SHOWN_MOST, sort="age", descending=True),
    )
    return Who(
        customer=meant,
        name=str(meant),
        address=address,
        tickets=page.rows,
        has_more=page.next is not None,
    )
