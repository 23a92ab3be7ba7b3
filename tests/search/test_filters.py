"""The attributes of a search: which tickets each finds, what it says of itself, and that nothing leaks."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Agent, Customer
from queues.models import Queue
from search.asking import query_of
from search.filter_kinds import AnyText
from search.filters import TicketFilter
from search.find import Which, find
from tests.factories import actor, grant, make_free_field, make_queue
from tests.search.finding import keep_words, names, said
from tickets.actions.watch import watch_ticket
from tickets.free_values import Value, rows_of
from tickets.models import Article, Event, FreeField, FreeValue, State, Ticket

NOW = timezone.now()
DAY = timedelta(days=1)

Tickets = dict[str, Ticket]
Kind = FreeField.Kind


def filters(agent: Agent, query: str, **values: Any) -> TicketFilter:
    """The search of this query string, by an agent."""
    return TicketFilter(QueryDict(query), actor=actor(agent), **values)


def found(agent: Agent, query: str) -> list[int]:
    """The ids of the tickets that it finds."""
    asked = filters(agent, query)
    query_ = query_of(asked.asked, actor=asked.actor)
    return find(Which(query=query_, actor=asked.actor, among=asked.among), size=50).ids


def set_to(ticket: Ticket, **values: Any) -> None:
    """What an attribute looks at, as it is in the database."""
    if "state" in values:
        values["state"] = State.objects.get(key=values["state"])
        values["state_type"] = values["state"].type
    Ticket.objects.filter(pk=ticket.pk).update(**values)


@pytest.fixture
def tickets(queue: Queue, owner: Agent, colleague: Agent, customer: Customer) -> Tickets:
    """Two tickets that differ in everything."""
    now = timezone.now()
    kamp = said(
        queue,
        "De tenten lekken",
        subject="Zomerkamp in Ommen",
        to="Spel <spel@kvv.example>",
        cc="Bram <bram@post.example>",
        from_header="Zoë <zoe@post.example>",
        from_address="zoe@post.example",
        sender_name="Zoë",
        ticket={"customer": customer},
    )
    boot = said(
        queue,
        "Wie repareert een mast?",
        subject="Zeilboot",
        to="Bram <bram@post.example>",
        from_header="Piet",
    )
    set_to(
        kamp,
        owner=colleague,
        priority=5,
        locked=True,
        state="pending_reminder",
        created=now - 30 * DAY,
        changed=now - 20 * DAY,
        pending_until=now + 2 * DAY,
        escalates_at=now + 5 * DAY,
    )
    set_to(
        boot, state="closed_successful", closed_at=now - 3 * DAY, changed=now - 3 * DAY, created=now - 4 * DAY
    )
    Article.objects.filter(ticket=kamp).update(created=now - 30 * DAY)
    Article.objects.filter(ticket=boot).update(created=now)
    watch_ticket(actor=actor(owner), ticket=boot, now=now)
    Event.objects.filter(ticket=kamp, kind="created").update(agent=owner, actor_kind="agent")
    tickets = {"kamp": kamp, "boot": boot}
    keep_words(*tickets.values())
    return tickets


def day(days: int) -> str:
    """The day so many from now, as a browser sends it."""
    return (timezone.localtime() + days * DAY).date().isoformat()


BOTH = {"kamp", "boot"}
BY_TEXT: dict[str, set[str]] = {
    "": BOTH,
    "q=tent": {"kamp"},
    "q=tent+OF+mast": BOTH,
    "title=merkam": {"kamp"},
    "title=OMMEN+zomer*": {"kamp"},
    "title=zomer+mast": set(),
    "title=%25": set(),
    "sender=zoe": {"kamp"},
    "to=bram": BOTH,
    "cc=bram": {"kamp"},
    "cc=spel": set(),
    "subject=zeilboten": {"boot"},
    "subject=mast": set(),
    "body=mast": {"boot"},
    "body=mast+OF+tent": BOTH,
    "body=onderwerp:zomerkamp": {"kamp"},
    "body=zomerkamp": set(),
    "file=plattegrond": set(),
    "q=mast&subject=zeilboot": {"boot"},
    "q=tent+OF+mast&subject=-zeilboot": {"kamp"},
    "q=tent&subject=zeilboot": set(),
    "customer=karin": {"kamp"},
    "customer=karin@post.example": {"kamp"},
    "customer=niemand": set(),
    "customer_code=karin*": {"kamp"},
    "customer_code=KARIN@post.example": {"kamp"},
    "customer_code=karin": set(),
    "followed_by=me": {"boot"},
    "created_by=me": {"kamp"},
    "created_by=none": {"boot"},
    "state_type=open": {"kamp"},
    "state_type=closed": {"boot"},
    "state_type=open&state_type=closed": BOTH,
    "priority=5": {"kamp"},
    "priority=5&priority=3": BOTH,
    "priority=3&lock=1": set(),
    "lock=0": {"boot"},
    "owner=none": {"boot"},
    "owner=me": set(),
    "nothing=such": BOTH,
}


def test_each_attribute_finds_what_has_it(
    tickets: Tickets, owner: Agent, colleague: Agent, queue: Queue
) -> None:
    ids = {state.key: state.pk for state in State.objects.all()}
    table = BY_TEXT | {
        f"number={tickets['kamp'].number}": {"kamp"},
        f"number={tickets['kamp'].number[:8]}*": BOTH,
        f"queue={queue.pk}": BOTH,
        f"owner={colleague.pk}": {"kamp"},
        f"owner={colleague.pk}&owner=none": BOTH,
        f"state={ids['pending_reminder']}": {"kamp"},
        f"state={ids['pending_reminder']}&state={ids['closed_successful']}": BOTH,
        f"state={ids['open']}": set(),
        f"created_after={day(-31)}&created_before={day(-29)}": {"kamp"},
        f"created_after={day(-10)}": {"boot"},
        f"created_before={day(-10)}": {"kamp"},
        f"created_before={day(-4)}": BOTH,
        f"changed_after={day(-4)}": {"boot"},
        f"closed_after={day(-4)}": {"boot"},
        f"pending_after={day(1)}": {"kamp"},
        f"escalation_before={day(2)}": set(),
        f"message_after={day(-31)}&message_before={day(-29)}": {"kamp"},
        f"message_after={day(-1)}": {"boot"},
        f"message_before={day(-40)}": set(),
        "message_age_how=older&message_age_n=9": {"kamp"},
        "message_age_how=newer&message_age_n=9&q=mast": {"boot"},
        "created_age_how=older&created_age_n=2&created_age_unit=weeks": {"kamp"},
        "created_age_how=newer&created_age_n=2&created_age_unit=weeks": {"boot"},
        "created_age_how=newer&created_age_n=97&created_age_unit=hours": {"boot"},
        "created_age_n=5": {"kamp"},
        "created_age_how=older&created_age_n=&created_age_unit=weeks": BOTH,
        "changed_age_how=older&changed_age_n=4&changed_age_unit=days": {"kamp"},
        "closed_age_how=newer&closed_age_n=4&closed_age_unit=days": {"boot"},
        "pending_age_how=within&pending_age_n=3&pending_age_unit=days": {"kamp"},
        "pending_age_how=beyond&pending_age_n=3&pending_age_unit=days": set(),
        "escalation_age_how=beyond&escalation_age_n=3&escalation_age_unit=days": {"kamp"},
        "escalation_age_how=newer&escalation_age_n=3&escalation_age_unit=days": set(),
    }
    answers = {query: (_found(owner, query, tickets), wanted) for query, wanted in table.items()}
    assert {query: answer for query, answer in answers.items() if answer[0] != answer[1]} == {}


def _found(agent: Agent, query: str, tickets: Tickets) -> set[str]:
    asked = filters(agent, query)
    assert not asked.form.errors, query
    if asked.is_empty:
        return BOTH
    return names(found(agent, query), tickets)


def test_a_queue_is_searched_with_or_without_those_below_it(owner: Agent, queue: Queue) -> None:
    below = make_queue("Spel::Bos")
    grant(owner, below, "ro")
    hidden, beside = make_queue("Spel::Geheim"), make_queue("Spelmateriaal")
    grant(owner, beside, "ro")
    tickets = {each.name: said(each) for each in (queue, below, hidden, beside)}
    assert names(found(owner, f"queue={queue.pk}"), tickets) == {"Spel"}
    assert names(found(owner, f"queue={queue.pk}&sub_queues=1"), tickets) == {"Spel", "Spel::Bos"}
    assert found(owner, f"queue={hidden.pk}") == []
    assert filters(owner, "sub_queues=1").is_empty


FREE: list[tuple[str, list[str], Value | tuple[str, ...], dict[str, bool]]] = [
    (Kind.SHORT, [], "Zomerkamp 12", {"=merkamp": True, "=12+zomer": True, "=winter": False}),
    (Kind.LONG, [], "een lang verhaal\nover tenten", {"=tenten": True, "=tentje": False}),
    (
        Kind.NUMBER,
        [],
        Decimal("12.5"),
        {"_min=12,5": True, "_max=12": False, "_min=0&_max=12.5": True, "_min=13": False},
    ),
    (
        Kind.DATE,
        [],
        date(2026, 2, 3),
        {"_after=2026-02-03": True, "_before=2026-02-02": False, "_before=03-02-2026&_after=": True},
    ),
    (
        Kind.MOMENT,
        [],
        NOW.replace(year=2026, month=2, day=3, hour=12),
        {"_after=2026-02-03&_before=2026-02-03": True, "_after=2026-02-04": False},
    ),
    (Kind.CHOICE, ["rood", "blauw"], ("rood",), {"=rood": True, "=blauw": False, "=rood&=blauw": True}),
    (Kind.SEVERAL, ["a", "b", "c"], ("a", "b"), {"=a": True, "=c": False, "=a&=b": True}),
    (Kind.TICK, [], True, {"=1": True, "=0": False, "=1&=0": True}),
]


@pytest.mark.parametrize(("kind", "choices", "value", "asked"), FREE)
def test_free_fields_are_searched_by_their_kind(
    queue: Queue, owner: Agent, kind: str, choices: list[str], value: Any, asked: dict[str, bool]
) -> None:
    field = make_free_field(kind, *choices)
    ids = {choice.name_nl: choice.pk for choice in field.choices.all()}
    having, without = said(queue), said(queue)
    if choices:
        value = tuple(ids[name] for name in value)
    FreeValue.objects.bulk_create(rows_of(having.pk, field, value))
    for tail, finds in asked.items():
        parts = [part.split("=") for part in tail.split("&")]
        query = "&".join(f"free_{field.pk}{end}={ids.get(said_, said_)}" for end, said_ in parts)
        assert not filters(owner, query).form.errors
        assert (having.pk in found(owner, query)) is finds, tail
        assert (without.pk in found(owner, query)) is (kind == Kind.TICK and "=0" in tail), tail


def test_a_search_is_told_in_words_and_each_can_be_taken_out(
    tickets: Tickets, owner: Agent, colleague: Agent, queue: Queue
) -> None:
    field = make_free_field(Kind.NUMBER, name_nl="Deelnemers")
    query = urlencode(
        [
            ("sort", "best"),
            ("priority", "5"),
            ("priority", "3"),
            ("priority", "5"),
            ("q", "tent"),
            ("owner", str(colleague.pk)),
            ("subject", "kamp & bos"),
            ("closed_after", ""),
            ("created_age_how", "older"),
            ("created_age_n", "3"),
            ("created_age_unit", "weeks"),
            ("changed_age_how", "older"),
            ("pending_after", "2026-01-02"),
            ("escalation_after", "2026-01-02"),
            ("escalation_before", "2026-02-03"),
            (f"free_{field.pk}_max", "20"),
        ]
    )
    asked = filters(owner, query)
    assert [(token.label, token.words) for token in asked.tokens] == [
        ("Prioriteit", "5 zeer hoog"),
        ("Prioriteit", "3 normaal"),
        ("Eigenaar", "Colleague"),
        ("Onderwerp", "kamp & bos"),
        ("Aangemaakt (hoelang geleden)", "langer geleden dan 3 weken"),
        ("Wachtend tot", "vanaf 02-01-2026"),
        ("Escalatie", "02-01-2026 t/m 03-02-2026"),
        ("Deelnemers", "t/m 20"),
    ]
    assert QueryDict(asked.query).getlist("priority") == ["5", "3"]
    assert "sort" not in asked.query
    assert "closed" not in asked.query
    assert "changed" not in asked.query
    assert filters(owner, asked.query).query == asked.query
    without = {token.words: token.without for token in asked.tokens}
    assert without["5 zeer hoog"] == asked.query.replace("priority=5&", "")
    assert "created_age" not in without["langer geleden dan 3 weken"]


def test_what_is_not_there_for_the_one_who_asks_finds_nothing_and_is_told(
    tickets: Tickets, owner: Agent, stranger: Agent, other_queue: Queue
) -> None:
    hidden = make_free_field(Kind.SHORT, queues=[other_queue])
    for query in [
        f"queue={other_queue.pk}",
        "queue=999999",
        "queue=x",
        f"owner={stranger.pk}",
        "owner=999999",
        f"followed_by={owner.pk}",
        f"free_{hidden.pk}=x",
        "free_999999=x",
        "state=999",
        "priority=9",
        "lock=2",
        "created_after=2026-02-03&created_before=2026-02-02",
        "created_after=0001-01-01",
        "created_before=9999-12-31",
        "created_after=gisteren",
        "created_age_n=0",
        "created_age_n=99999",
        "created_age_n=1&created_age_unit=eeuwen",
        "created_age_n=1&created_age_how=beyond",
    ]:
        asked = filters(owner, query)
        assert asked.form.errors, query
        assert found(owner, query) == [], query
        assert not asked.is_empty
        assert asked.tokens == []
    assert [key for key, _name in filters(owner, "").offered.queues] == [
        str(Queue.objects.get(name="Spel").pk)
    ]
    assert str(stranger.pk) not in dict(filters(owner, "").offered.agents)
    assert f"free_{hidden.pk}" not in filters(owner, "", offers_all=True).filters


NONSENSE = ["\0", "a\0b", "'", '"((', "%", "\\", "*", "<b>", "x" * 5000, "١٢", " ", "-" * 300, "1e9", "free_"]


def test_any_text_in_any_attribute_is_a_search(owner: Agent, queue: Queue) -> None:
    said(queue)
    fields = [make_free_field(kind) for kind in (Kind.SHORT, Kind.NUMBER, Kind.DATE, Kind.TICK)]
    attributes = filters(owner, "", offers_all=True).filters
    texts = ["q", *(name for name, each in attributes.items() if each.field_class is AnyText)]
    others = [end for name, each in attributes.items() for end in each.names(name) if end not in texts]
    assert f"free_{fields[1].pk}_min" in others
    for text in NONSENSE:
        for names_ in (texts, others, [f"free_{text}", text]):
            data = QueryDict(mutable=True)
            for name in names_:
                data.appendlist(name, text)
            asked = TicketFilter(data, actor=actor(owner))
            query = query_of(asked.asked, actor=asked.actor)
            find(Which(query=query, actor=asked.actor, among=asked.among), size=5)
            assert filters(owner, asked.query).query == asked.query
            assert not (names_ is texts and asked.form.errors), text


def test_a_search_costs_as_many_statements_as_it_names_kinds_of_things(
    tickets: Tickets, owner: Agent, queue: Queue
) -> None:
    one, two = (make_free_field(Kind.CHOICE, "a", "b") for _ in range(2))
    choices = [field.choices.all()[0].pk for field in (one, two)]
    few = f"queue={queue.pk}&owner=me&state=1&free_{one.pk}={choices[0]}"
    more = f"created_by={owner.pk}&sub_queues=1&priority=3&free_{two.pk}={choices[1]}&closed_after=2026-01-01"
    many = f"{few}&{more}"
    for query, number in (("", 0), ("priority=3&lock=1&closed_age_n=3", 0), (few, 5), (many, 5)):
        asking = actor(owner)
        with CaptureQueriesContext(connection) as asked:
            search = TicketFilter(QueryDict(query), actor=asking)
            assert not search.form.errors
            assert search.tokens is not None
            assert search.asked.tree is None
            assert search.among is None or search.among.query is not None
        assert len(asked) == number, [each["sql"] for each in asked]
