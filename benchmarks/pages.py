"""How long a page takes (`benchmarks.web`), and its queries."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from accounts.models import Customer, CustomerAddress, Organisation
from benchmarks.fill import NEVER, OFTEN, SELDOM, Filled
from benchmarks.web import ROW, Agents, Page, serving
from desk.lists.place import Place
from desk.screens.registry import SCREENS
from desk.writing.screen import TICKET
from desk.writing.typed import SEEN
from queues.access import rights_of
from queues.models import Queue
from tickets.actor import Actor
from tickets.customer_link import make_token
from tickets.kinds import EventKind
from tickets.models import Event, Ticket
from tickets.queries.counted import my_counters
from tickets.queries.newer import SCANNED_MOST
from tickets.queries.zoom import newest_event


def measure_pages(filled: Filled) -> tuple[dict[str, dict[str, object]], int]:
    """Median and 95th percentile in ms, and queries of the whole request, of each page; the worker's MB."""
    agents = Agents(filled)
    ticket = Ticket.objects.filter(state_type="open", locked=False).order_by("-pk")[0]
    pages = {
        "dashboard": Page(reverse("desk:home")),
        "dashboard_beside": Page(reverse("desk:dashboard_beside"), is_dialog=True),
        "queue_overview": Page(reverse("desk:queues")),
        "status_open": Page(reverse("desk:status", args=["open"])),
        "status_closed": Page(reverse("desk:status", args=["gesloten"])),
        "escalation": Page(reverse("desk:escalation")),
        "my_asked": Page(reverse("desk:my_asked")),
        "counters": Page(reverse("desk:pulse")),
        "zoom": Page(reverse("desk:zoom", args=[ticket.number])),
        "print": Page(reverse("desk:paper", args=[ticket.number])),
        "new_phone_page": Page(reverse("desk:new_phone")),
        "new_phone_dialog": Page(reverse("desk:new_phone"), is_dialog=True),
        "new_email_dialog": Page(reverse("desk:new_email"), is_dialog=True),
        "search": Page(f"{reverse('desk:search')}?state_type=open"),
        "search_counts": Page(f"{reverse('desk:search_counts')}?state_type=open", is_dialog=True),
        "search_typed_number": Page(f"{reverse('desk:complete_search')}?q={ticket.number[:8]}"),
        "search_typed_name": Page(f"{reverse('desk:complete_search')}?q={OFTEN}"),
        "who": Page(f"{reverse('desk:who')}?{urlencode({'customer': _an_address()})}"),
    }
    seen = newest_event(ticket).event
    for screen in (screen for screen in SCREENS.values() if screen.at == TICKET):
        address = reverse(screen.address, args=[ticket.number])
        pages[f"{screen.name}_dialog"] = Page(f"{address}?{SEEN}={seen}", is_dialog=True)
        pages[f"{screen.name}_page"] = Page(address)
    pages["customers_own_page"] = Page(_own_page(ticket), by_visitor=True)
    pages |= _of_customers() | _pulses(ticket, actor=Actor.of(filled.agent, rights_of(filled.agent)))
    queries = {name: agents.queries(page) for name, page in pages.items()}
    with serving() as server:
        figures = {name: server.times(page, agents.session(page)) for name, page in pages.items()}
        memory = server.memory()
    rows = {"queue_overview": {"rows": agents.content(pages["queue_overview"]).count(ROW)}}
    shown: dict[str, dict[str, object]] = {
        name: {**figures[name], "queries": queries[name], **rows.get(name, {})} for name in pages
    }
    return shown, memory


def _pulses(ticket: Ticket, *, actor: Actor) -> dict[str, Page]:
    """What a page asks by itself, of a ticket and of a list.

    `long_ago`: of a page that tells of nothing of as many events as are looked at at once.
    """
    some = Ticket.objects.order_by("pk")[:SCANNED_MOST]
    told_of = [Event(ticket=one, kind=EventKind.FOLLOW_UP, actor_kind=Event.ActorKind.MAIL) for one in some]
    Event.objects.bulk_create(told_of)
    counters = my_counters(actor)
    place = Place(reverse("desk:my_asked"), {}).token
    address, told = reverse("desk:pulse"), {"counters": counters.token, "since": counters.newest_event}
    long_ago = told | {"since": max(1, counters.newest_event - SCANNED_MOST + 1), "from": place}
    return {
        "pulse_ticket": Page(f"{address}?{urlencode(told | {'ticket': ticket.number})}", status=204),
        "pulse_list": Page(f"{address}?{urlencode(told | {'from': place})}", status=204),
        "pulse_list_long_ago": Page(f"{address}?{urlencode(long_ago)}", status=204),
    }


def _own_page(ticket: Ticket) -> str:
    """The page of whoever wrote first in the ticket, whose queue lets the link be enough."""
    Queue.objects.filter(pk=ticket.queue_id).update(link_suffices=True)
    address = ticket.articles.earliest("pk").from_address
    token = make_token(ticket=ticket, address=address, renewed=timezone.now())
    return reverse("customer:page", args=[token])


def _an_address() -> str:
    """Of a customer who has tickets."""
    return CustomerAddress.objects.order_by("pk")[1].address


def _of_customers() -> dict[str, Page]:
    """The list, the search and the completion, for a name of many, of some and of nobody, for two agents."""
    customer = Customer.objects.order_by("pk")[1]
    organisation = Organisation.objects.order_by("pk")[0]
    pages = {
        "customer": Page(reverse("desk:customer_page", args=[customer.pk])),
        "organisation": Page(reverse("desk:organisation_page", args=[organisation.pk])),
    }
    for of_two in (False, True):
        end = "_of_two" if of_two else ""
        pages[f"customers{end}"] = Page(reverse("desk:customers"), by_agent_of_two=of_two)
        for often, name in (("many", OFTEN), ("some", SELDOM), ("none", NEVER)):
            for what, route in (("customers", "desk:customers"), ("completion", "desk:complete")):
                address = f"{reverse(route)}?q={name}"
                pages[f"{what}_{often}{end}"] = Page(address, by_agent_of_two=of_two)
    return pages
