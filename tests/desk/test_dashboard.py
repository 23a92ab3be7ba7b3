"""The dashboard: which tickets each box has in each tab, what is kept of it, and what it costs."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent, Preferences
from queues.models import PageText, Queue, QueuePermission, QueueSubscription
from tests.desk.reading import HTMX, box, numbers, text
from tests.factories import NOW, actor, grant, make_agent, make_customer, make_queue, make_ticket
from tests.tickets.actions.written import words
from tickets.actions.lock import lock_ticket
from tickets.actions.note import add_note
from tickets.models import Ticket
from tickets.queries import counted
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BOXES = ("herinnering", "geescaleerd", "nieuw", "open")
SMALL = {"placed": ["week", "nieuw"], "shown": ["nieuw", "week"], "box_rows": "5"}


def tabs(page: Any, name: str) -> list[int]:
    """The figures of its tabs."""
    return [int(n) for n in re.findall(r'<span class="n">\((\d+)\)', box(page, name))]


def rows(page: Any, name: str) -> list[str]:
    """The numbers of its tickets."""
    return re.findall(r'mini__nr c-nr"><a [^>]*>(\d+)</a>', box(page, name))


def order(page: Any) -> list[str]:
    """The boxes that there are, in their order."""
    return re.findall(r'id="box-([a-z]+)"', text(page))


@pytest.fixture
def elsewhere(owner: Agent) -> Queue:
    """A queue that the owner may read, and is none of their own."""
    queue = make_queue("Ledenadministratie")
    grant(owner, queue, QueuePermission.Right.ALL)
    return queue


def waiting(queue: Queue, *, until: Any, **values: Any) -> Ticket:
    return make_ticket(queue, state=state_by_key("pending_reminder"), pending_until=until, **values)


@time_machine.travel(NOW, tick=False)
def test_each_box_has_its_tickets_in_each_tab_and_a_stranger_none(
    desk: Client,
    client: Client,
    owner: Agent,
    colleague: Agent,
    queue: Queue,
    elsewhere: Queue,
    other_queue: Queue,
) -> None:
    """What waits for a date that comes is in none, nor is what a colleague of another queue has."""
    for place in (queue, elsewhere, other_queue):
        make_ticket(place)
        make_ticket(place, state=state_by_key("open"), owner=owner, locked=place == queue)
        waiting(place, until=NOW - HOUR)
        waiting(place, until=NOW + HOUR)
        make_ticket(place, state=state_by_key("closed_successful"))
    late = waiting(queue, until=NOW - DAY, owner=colleague, locked=True)
    Ticket.objects.filter(pk=late.pk).update(escalates_at=NOW - HOUR)
    page = desk.get("/")
    assert {name: tabs(page, name) for name in BOXES} == {
        "herinnering": [0, 2, 3],
        "geescaleerd": [0, 1, 1],
        "nieuw": [0, 1, 2],
        "open": [1, 1, 2],
    }
    assert rows(page, "geescaleerd") == [late.number]
    assert "box--alert" in text(page)
    assert "1 u te laat" in box(page, "geescaleerd")
    assert rows(desk.get("/?show=herinnering:alle"), "herinnering")[-1] == late.number  # the latest first
    assert "gisteren 11:00" in box(desk.get("/?show=herinnering:alle"), "herinnering")
    client.logout()
    client.force_login(colleague)  # has chosen no queue, and sees one
    page = client.get("/")
    assert [tabs(page, name) for name in BOXES] == [[1, 0, 2], [1, 0, 1], [0, 0, 1], [0, 0, 1]]
    assert (len(rows(page, "nieuw")), len(rows(page, "herinnering"))) == (1, 1)
    assert "Mijn wachtrijen kiezen" in box(client.get("/?show=nieuw:wachtrijen"), "nieuw")


def test_a_tab_is_an_address_and_the_one_that_was_pressed_is_kept(
    desk: Client, owner: Agent, queue: Queue, elsewhere: Queue
) -> None:
    here, there = make_ticket(queue).number, make_ticket(elsewhere).number
    assert rows(desk.get("/"), "nieuw") == [here]
    assert sorted(rows(desk.get("/?show=nieuw:alle"), "nieuw")) == [here, there]
    assert rows(desk.get("/"), "nieuw") == [here]  # an address keeps nothing
    part = desk.post("/dashboard/tabblad/", {"show": "nieuw:alle"}, headers=HTMX)
    assert sorted(rows(part, "nieuw")) == [here, there]
    assert order(part) == ["nieuw"]
    assert sorted(rows(desk.get("/"), "nieuw")) == [here, there]
    answer = desk.post("/dashboard/tabblad/", {"show": "open:vergrendeld"})
    assert answer.headers["Location"] == "/?show=open:vergrendeld#box-open"
    assert Preferences.objects.get(agent=owner).box_tabs == {"nieuw": "alle", "open": "vergrendeld"}
    for nonsense in ("", "welkom:alle", "nieuw:x", "x:alle", "nieuw"):
        refused = desk.post("/dashboard/tabblad/", {"show": nonsense})
        assert refused.status_code == 400
        assert 'id="fout"' in text(refused)  # a page, as every other error
        assert desk.get("/", {"show": nonsense}).status_code == 200
    assert Preferences.objects.get(agent=owner).box_tabs == {"nieuw": "alle", "open": "vergrendeld"}


def test_all_of_them_are_a_list_in_the_order_of_the_box_and_a_ticket_leads_back(
    desk: Client, owner: Agent, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [make_ticket(queue, now=NOW - n * HOUR).number for n in range(12)]
    page = desk.get("/")
    assert rows(page, "nieuw") == made[:10]
    (more,) = re.findall(r'<p class="box__more"><a href="([^"]*)">Alle 12 tonen', box(page, "nieuw"))
    whole = desk.get(more.replace("&amp;", "&"))
    assert numbers(whole) == made
    assert "1–12 van 12" in text(whole)
    assert "Tickets in mijn wachtrijen: <b>12</b>" in text(whole)
    (first, *_others) = re.findall(r'<a href="([^"]*)" data-row>', box(page, "nieuw"))
    ticket = text(desk.get(first.replace("&amp;", "&")))
    back = f"/?show=nieuw%3Awachtrijen&amp;sort=age&amp;way=down#t{made[0]}"
    assert f'<a class="act actions__back" href="{back}"' in ticket
    for nonsense in ("/dashboard/x/alle/", "/dashboard/nieuw/x/", "/dashboard/welkom/alle/"):
        assert desk.get(nonsense).status_code == 404
    lock_ticket(actor=actor(owner), ticket=Ticket.objects.get(number=made[0]), now=NOW)
    monkeypatch.setattr(counted, "COUNT_MOST", 1)
    monkeypatch.setattr("desk.dashboard.tickets.COUNT_MOST", 1)
    tab = box(desk.get("/"), "nieuw")
    assert 'Mijn vergrendelde tickets <span class="n">(1+)' in tab
    assert 'Tickets in mijn wachtrijen <span class="n">(12)' in tab  # a queue's are tallied, not counted


def test_twenty_rows_cost_what_two_do_and_the_page_sixteen_statements(
    desk: Client, owner: Agent, colleague: Agent, queue: Queue
) -> None:
    def make(n: int) -> None:
        for _n in range(n):
            kinds = (
                make_ticket(queue),
                make_ticket(queue, state=state_by_key("open"), customer=make_customer()),
            )
            waits = waiting(queue, until=NOW - 3650 * DAY)
            add_note(actor=actor(colleague), ticket=waits, **words(asked=(owner,)))
            away = make_agent()
            grant(away, queue, QueuePermission.Right.ALL)
            today = timezone.localdate()
            Preferences.objects.create(agent=away, away_from=today, away_until=today, stand_in=colleague)
            Ticket.objects.filter(pk__in=[*(kind.pk for kind in kinds), waits.pk]).update(
                escalates_at=NOW - 3650 * DAY
            )

    def statements(path: str) -> int:
        desk.get(path, headers=HTMX)
        with CaptureQueriesContext(connection) as captured:
            desk.get(path, headers=HTMX)
        return len(captured)

    Preferences.objects.create(agent=owner, box_tabs={"herinnering": "alle"})
    make(2)
    few = statements("/"), statements("/dashboard/zijkant/")
    make(8)
    assert len(rows(desk.get("/"), "geescaleerd")) == 10
    assert (statements("/"), statements("/dashboard/zijkant/")) == few
    assert few[0] <= 16
    assert few[1] <= 8


def test_the_boxes_are_those_that_were_chosen_in_their_order_with_so_many_tickets(
    desk: Client, owner: Agent, queue: Queue
) -> None:
    for _n in range(7):
        make_ticket(queue)
    assert order(desk.get("/")) == ["welkom", "jou", *BOXES]
    beside = ["week", "gebeurtenissen", "afwezig"]
    assert order(desk.get("/dashboard/zijkant/", headers=HTMX)) == beside
    names = ("placed", "shown", "box_rows", "up", "down")
    assert [text(desk.get("/")).count(f'name="{name}"') for name in names] == [9, 9, 1, 7, 7]
    assert desk.post("/dashboard/indeling/", SMALL).headers["Location"] == "/"
    page = desk.get("/")
    assert order(page) == ["nieuw"]
    assert len(rows(page, "nieuw")) == 5
    assert order(desk.get("/dashboard/zijkant/")) == ["week"]
    everything = {"placed": ["open", *BOXES, "welkom"], "shown": [*BOXES, "welkom"], "box_rows": "10"}
    answer = desk.post("/dashboard/indeling/", everything | {"up": "nieuw"})
    assert answer.headers["Location"] == "/#plaats-nieuw"
    assert order(desk.get("/")) == ["open", "herinnering", "nieuw", "geescaleerd", "welkom"]
    kept = Preferences.objects.get(agent=owner)
    assert desk.post("/dashboard/indeling/", everything | {"up": "x"}).status_code == 400
    assert desk.post("/dashboard/indeling/", everything | {"box_rows": "1000"}).status_code == 400
    assert Preferences.objects.get(agent=owner).box_order == kept.box_order


def test_a_box_that_is_newer_than_a_choice_stands_behind_the_one_before_it(
    desk: Client, owner: Agent
) -> None:
    Preferences.objects.create(
        agent=owner, box_order=["open", "nieuw", "is niet meer"], hidden_boxes=["nieuw"]
    )
    assert order(desk.get("/")) == ["welkom", "jou", "herinnering", "geescaleerd", "open"]


def test_an_admins_words_of_welcome_are_in_the_agents_language_and_stay_folded(
    desk: Client, owner: Agent
) -> None:
    assert "Welkom bij KVV" in text(desk.get("/"))
    PageText.objects.create(place="welcome", language="nl", html="<p>Hoi allemaal</p>")
    assert "<p>Hoi allemaal</p>" in text(desk.get("/"))
    assert desk.post("/dashboard/welkom/", {"folded": "1"}).status_code == 204
    assert '<details class="box welcome" id="box-welkom" data-fold' in text(desk.get("/"))
    assert desk.post("/dashboard/welkom/", {"folded": "0"}).status_code == 204
    assert '<details class="box welcome" id="box-welkom" open data-fold' in text(desk.get("/"))
    Preferences.objects.filter(agent=owner).update(language="en")
    assert "<p>Hoi allemaal</p>" in text(desk.get("/"))  # rather than nothing of what the admin wrote
    PageText.objects.create(place="welcome", language="en", html="<p>Hello all</p>")
    assert "<p>Hello all</p>" in text(desk.get("/"))


@time_machine.travel(NOW, tick=False)  # Tuesday 24 November, 11:00 in Amsterdam
def test_the_week_has_what_was_made_and_closed_each_day_of_the_houses_clock(
    desk: Client, queue: Queue, other_queue: Queue
) -> None:
    midnight = NOW.replace(hour=23, minute=0) - DAY  # in Amsterdam
    for moment in (midnight, midnight - timedelta(seconds=1), NOW - 6 * DAY, NOW - 7 * DAY):
        ticket = make_ticket(queue, now=moment)
        Ticket.objects.filter(pk=ticket.pk).update(created=moment)
    done = make_ticket(queue, now=NOW - 6 * DAY, state=state_by_key("closed_successful"))
    Ticket.objects.filter(pk=done.pk).update(created=NOW - 6 * DAY, closed_at=midnight)
    make_ticket(other_queue)
    table = box(desk.get("/dashboard/zijkant/", headers=HTMX), "week").partition("<tbody>")[2]
    days = re.findall(r'<th scope="row">(\w+) \d+ \w+</th><td>(\d+)</td><td>(\d+)</td>', table)
    assert days == [
        *(("wo", "2", "0"), ("do", "0", "0"), ("vr", "0", "0"), ("za", "0", "0"), ("zo", "0", "0")),
        *(("ma", "1", "0"), ("di", "1", "1")),
    ]
    page = desk.get("/dashboard/zijkant/", headers=HTMX)
    assert "De meeste op woensdag: 2 aangemaakt en 0 gesloten." in text(page)
    assert "Aangemaakt <b>4</b>" in text(page)


@time_machine.travel(NOW, tick=False)
def test_six_events_come_next_terms_of_my_queues_and_what_my_own_tickets_wait_for(
    desk: Client, owner: Agent, colleague: Agent, queue: Queue, elsewhere: Queue, other_queue: Queue
) -> None:
    def term(place: Queue, *, hours: int, **values: Any) -> Ticket:
        ticket = make_ticket(place, **values)
        due = NOW + hours * HOUR
        Ticket.objects.filter(pk=ticket.pk).update(escalates_at=due, first_response_due=due)
        return ticket

    mine = waiting(queue, until=NOW + 2 * HOUR, owner=owner)
    waiting(queue, until=NOW + 2 * HOUR, owner=colleague)
    waiting(other_queue, until=NOW + HOUR, owner=owner)
    ends = [term(queue, hours=hours) for hours in (1, 3, 4, 5, 6, 7)]
    term(queue, hours=-1)
    term(elsewhere, hours=1)
    term(other_queue, hours=1)
    shown = box(desk.get("/dashboard/zijkant/", headers=HTMX), "gebeurtenissen")
    wanted = [ends[0], mine, *ends[1:5]]
    assert re.findall(r'<a href="/tickets/(\d+)/"', shown) == [ticket.number for ticket in wanted]
    assert "eerste reactie vandaag 12:00" in shown
    assert "herinnering vandaag 13:00" in shown


@time_machine.travel(NOW, tick=False)
def test_who_has_nothing_to_do_reads_what_was_answered_this_week_and_for_how_many(
    desk: Client, owner: Agent, queue: Queue, elsewhere: Queue, other_queue: Queue
) -> None:
    assert "Er wacht niets op je." in text(desk.get("/"))
    monday = NOW - DAY
    one, two = make_customer(), make_customer()
    mine = ((queue, one, monday), (queue, one, NOW), (elsewhere, two, NOW), (elsewhere, None, NOW))
    for place, who, at in (*mine, (other_queue, two, NOW)):
        ticket = make_ticket(place, customer=who, state=state_by_key("closed_successful"), now=at)
        Ticket.objects.filter(pk=ticket.pk).update(last_answer_at=at, closed_at=at)
    before = make_ticket(queue, customer=make_customer(), state=state_by_key("closed_successful"))
    Ticket.objects.filter(pk=before.pk).update(last_answer_at=NOW - 2 * DAY, closed_at=NOW)
    assert "Deze week beantwoord: 4 vragen, van 3 mensen." in text(desk.get("/"))
    make_ticket(elsewhere)  # in no queue of mine
    assert "Alles is beantwoord" in text(desk.get("/"))
    QueueSubscription.objects.filter(agent=owner).delete()
    assert "Alles is beantwoord" not in text(desk.get("/"))


def test_help_has_an_admins_text_the_keys_and_whom_to_ask(desk: Client, superuser: Agent) -> None:
    superuser.email = "beheer@kvv.example"
    superuser.save(update_fields=["email"])
    PageText.objects.create(place="help", language="nl", html="<p>Zo werkt het.</p>")
    page = text(desk.get(reverse("desk:help")))
    assert "<p>Zo werkt het.</p>" in page
    assert 'href="mailto:beheer@kvv.example"' in page
    assert "<dt><kbd>r</kbd></dt><dd>Beantwoord</dd>" in page
    assert 'aria-current="page">Hulp</a>' in page
