"""What the field of the bar answers while one types: tickets, customers and standard answers.

Each key that is pressed may ask, so that this looks at no more than it shows: of tickets those whose number
begins so, or of the newest those that have the words, in a time that nobody notices.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.words import typed_words
from desk.customers.words import found_ones
from desk.customers.words import marked as with_beginnings
from desk.frame import AgentRequest, agent_required
from desk.search.answers import answers_for
from desk.search.hits import with_marks
from search.asking import asked_so_far, query_of
from search.find import Which, newest_of, with_number
from search.language import Asked
from search.snippets import marked
from tickets.actor import Actor
from tickets.queries.listed import listed

TYPED_LEAST, TYPED_MOST = 2, 200
TICKETS_MOST, CUSTOMERS_MOST, ANSWERS_MOST = 5, 4, 3
SECONDS: Final = 0.04


class Line(NamedTuple):
    """Something that one can go to: what it is called, what tells it from others, and where it is."""

    name: SafeString | str
    remark: SafeString | str
    address: str


class Group(NamedTuple):
    """Lines of one kind, and what that is called."""

    word: str | Promise
    lines: list[Line]


@require_safe
@agent_required
def complete(request: AgentRequest) -> HttpResponse:
    """The lines for what was typed so far (`q`), by kind; none before there are two letters or digits."""
    typed = request.GET.get("q", "")[:TYPED_MOST].replace("\0", " ")
    groups = []
    if sum(map(str.isalnum, typed)) >= TYPED_LEAST:
        groups = [
            Group(_("Tickets"), list(_tickets(typed, actor=request.actor))),
            Group(_("Customers"), list(_customers(typed, actor=request.actor))),
            Group(_("Standard answers"), list(_answers(typed, actor=request.actor))),
        ]
    number = sum(len(group.lines) for group in groups)
    said = ngettext("%(n)s suggestion", "%(n)s suggestions", number) % {"n": number}
    return render(request, "desk/search/_complete.html", {"groups": groups, "said": said})


def _tickets(typed: str, *, actor: Actor) -> Iterator[Line]:
    asked = asked_so_far(typed)
    tickets = listed(actor=actor, ids=_found(asked, actor=actor))
    titles = marked([ticket.title for ticket in tickets], asked=asked)
    for ticket, title in zip(tickets, titles, strict=True):
        said = [ticket.number, _(ticket.state), *([ticket.sender_name] if ticket.sender_name else [])]
        yield Line(
            name=with_marks(title) or _("(no subject)"),
            remark=" · ".join(said),
            address=reverse("desk:zoom", args=[ticket.number]),
        )


def _found(asked: Asked, *, actor: Actor) -> list[int]:
    if asked.number and (ids := with_number(asked.number, actor=actor, limit=TICKETS_MOST)):
        return ids
    which = Which(query=query_of(asked, actor=actor), actor=actor)
    return newest_of(which, limit=TICKETS_MOST, seconds=SECONDS)


def _customers(typed: str, *, actor: Actor) -> Iterator[Line]:
    named = urlencode({"q": typed})  # who was named in full, and has no ticket here, is found by that alone
    for found in found_ones(actor, typed=typed)[:CUSTOMERS_MOST]:
        page = reverse("desk:customer_page", args=[found.customer.pk])
        yield Line(format_html("<bdi>{}</bdi>", found.name), found.remark, f"{page}?{named}")


def _answers(typed: str, *, actor: Actor) -> Iterator[Line]:
    words = typed_words(typed)
    for template, _is_own in answers_for(actor.agent_rights).find(typed)[:ANSWERS_MOST]:
        address = reverse("desk:standard_answer", args=[template.pk])
        yield Line(with_beginnings(template.name, words), "", address)
