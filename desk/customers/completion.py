"""Who fits what is being typed: the lines of a completion, for the script that shows them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from desk.customers.words import addresses_for, found_ones
from desk.frame import AgentRequest, agent_required
from outbox.addresses import compared, is_address, read_addresses
from tickets.queries.customers import TYPED_MOST

NEW_ADDRESS, NEW_NAME = "address", "name"


@require_safe
@agent_required
def complete(request: AgentRequest) -> HttpResponse:
    """At most ten lines, with what a new customer would be, where the form takes one.

    `q` is what was typed; `for=mail` gives a line for each address that can be written to; `new` says what is
    known of a new customer: an `address`, or a `name` is enough.
    """
    typed = request.GET.get("q", "")[:TYPED_MOST]
    find = addresses_for if request.GET.get("for") == "mail" else found_ones
    found = find(request.actor, typed=typed)
    said = ngettext("%(n)s customer found", "%(n)s customers found", len(found)) % {"n": len(found)}
    addresses = [compared(row.address) for each in found for row in each.customer.addresses.all()]
    context = {"found": found, "said": said, "new": _new(request, typed.strip(), taken=addresses)}
    return render(request, "desk/customers/_options.html", context)


@require_safe
@agent_required
def book(request: AgentRequest) -> HttpResponse:
    """The lines of the address book for what was typed (`q`), each with a button a field of a mail."""
    typed = request.GET.get("q", "")[:TYPED_MOST]
    found = addresses_for(request.actor, typed=typed) if typed.strip() else []
    return render(request, "desk/customers/_book_lines.html", {"found": found, "typed": typed})


def _new(request: AgentRequest, typed: str, *, taken: list[str]) -> str:
    """Who would be new: what was typed, if it says enough, and nobody has it."""
    pairs = read_addresses(typed)
    if len(pairs) == 1 and is_address(pairs[0][1]):
        is_enough = request.GET.get("new", "") in (NEW_ADDRESS, NEW_NAME)
        return typed if is_enough and compared(pairs[0][1]) not in taken else ""
    return typed if request.GET.get("new") == NEW_NAME and "@" not in typed else ""
