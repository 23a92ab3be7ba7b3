"""Many tickets at once in the browser: ticks, the screen, and the page of what came of it."""

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agent, Customer, Preferences
from desk.bulk.result import LOOKS_MOST
from queues.models import Queue, QueuePermission
from tests.desk.reading import HTMX, text, untokened
from tests.factories import NOW, customer_mail, grant, make_ticket
from tests.house.hidden import SECRET
from tests.tickets.bulks import asked, chosen
from tickets.bulk_work import work_off
from tickets.models import Bulk, BulkTicket, Priority, Ticket
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db
LIST = "/status/open/"


@pytest.fixture
def tickets(queue: Queue) -> list[Ticket]:
    return [make_ticket(queue, title=f"Vraag {n}") for n in range(3)]


def tick_of(ticket: Ticket) -> str:
    return f"{ticket.number}:{newest_event(ticket).event}"


def choose(desk: Client, *tickets: Ticket, **more: Any) -> Any:
    form = {"t": [tick_of(ticket) for ticket in tickets], "back": LIST, **more}
    return desk.post(reverse("desk:choose_bulk"), form)


def form_of(bulk: Bulk, **changes: Any) -> dict[str, Any]:
    """A form as a browser sends it, which changes nothing."""
    values = dict.fromkeys(("queue", "new_owner", "state", "pending_until", "priority", "lock"), "")
    words = {
        "rich": "1",
        "html": "<p>Samen.</p>",
        "subject": "Bulkactie",
        "kind": "internal",
        "time_units": "",
    }
    return {"submission": str(bulk.submission), **values, **words, **changes}


def send(desk: Client, bulk: Bulk, **changes: Any) -> Any:
    return desk.post(reverse("desk:bulk", args=[bulk.submission]), form_of(bulk, **changes))


def result(desk: Client, bulk: Bulk, **how: Any) -> Any:
    return desk.get(reverse("desk:bulk_result", args=[bulk.submission]), **how)


@pytest.mark.parametrize("view", ["s", "m", "l"])
@pytest.mark.parametrize(
    "path",
    [LIST, "/status/gesloten/", "/wachtrijen/", "/mijn/eigenaar/", "/klanten/{customer}/tickets/open/"],
)
def test_every_list_has_ticks_and_the_bar(
    desk: Client, owner: Agent, queue: Queue, customer: Customer, view: str, path: str
) -> None:
    Preferences.objects.create(agent=owner, view=view)
    open_one = make_ticket(queue, owner=owner, customer=customer)
    closed_one = make_ticket(queue, state=state_by_key("closed_successful"))
    shown = closed_one if "gesloten" in path else open_one
    page = desk.get(path.format(customer=customer.pk)).content.decode()
    assert f'name="t" value="{tick_of(shown)}" form="bulk"' in page
    assert page.count('class="c-pick"') == 1
    assert ('id="bulk"' in page, "js/picks.js" in page) == (True, True)


def test_who_may_only_read_has_nothing_to_tick(client: Client, reader: Agent, ticket: Ticket) -> None:
    client.force_login(reader)
    page = client.get(LIST).content.decode()
    assert ticket.number in page
    assert ("c-pick" in page, 'id="bulk"' in page) == (False, False)


def test_from_the_ticks_to_what_came_of_it(desk: Client, tickets: list[Ticket], colleague: Agent) -> None:
    answer = choose(desk, *tickets, do="close")
    bulk = Bulk.objects.get()
    assert answer.headers["Location"] == f"/bulk/{bulk.submission}/wijzigen/?do=close"
    held = tickets[0]
    Ticket.objects.filter(pk=held.pk).update(owner=colleague, locked=True, locked_at=NOW)
    dialog = text(desk.get(answer.headers["Location"], headers=HTMX))
    assert "Bulkactie: sluit 3 tickets" in dialog
    assert "vergrendeld door Colleague, wordt overgeslagen" in dialog
    assert "Gaat over 2 van de 3 tickets." in dialog
    closed = state_by_key("closed_successful").pk
    assert f'<option value="{closed}" selected>' in dialog
    answer = send(desk, bulk, state=closed, priority=Priority.HIGH)
    assert answer.headers["Location"] == f"/bulk/{bulk.submission}/"
    waiting = text(result(desk, bulk))
    assert "Nog 3 tickets te gaan." in waiting
    assert "hx-trigger" in waiting
    work_off()
    page = text(result(desk, bulk))
    assert "<h1>2 tickets gewijzigd, 1 overgeslagen</h1>" in page
    assert page.count("Prioriteit: 3 normaal → 4 hoog") == 2
    assert page.count("a-bad") == 1
    assert "overgeslagen: Colleague heeft dit ticket vergrendeld" in page
    assert f'href="/tickets/{held.number}/"' in page
    assert "hx-trigger" not in page
    assert f'href="{LIST}"' in page


def test_what_was_so_already_is_told_quietly(desk: Client, tickets: list[Ticket]) -> None:
    Ticket.objects.filter(pk=tickets[0].pk).update(priority=Priority.HIGH)
    choose(desk, *tickets)
    send(desk, Bulk.objects.get(), priority=Priority.HIGH, html="")
    work_off()
    page = text(result(desk, Bulk.objects.get()))
    assert "<h1>2 tickets gewijzigd, 1 ongewijzigd</h1>" in page
    assert ("Hiervan hoefde niets te veranderen." in page, "a-bad" in page) == (True, False)


@pytest.mark.parametrize(
    ("ticks", "count"),
    [
        ({}, 0),
        ({"all": "1"}, 3),
        ({"elsewhere": True}, 3),
        ({"t": ["", ":", "x:y", "١٢:1", "9" * 40]}, 0),
    ],
)
def test_without_script_all_of_the_page_and_with_it_those_of_other_pages(
    desk: Client, tickets: list[Ticket], ticks: dict[str, Any], count: int
) -> None:
    page = ",".join(map(tick_of, tickets))
    form = {"page": page, "back": LIST} | ticks | ({"elsewhere": page} if "elsewhere" in ticks else {})
    answer = desk.post(reverse("desk:choose_bulk"), form)
    assert BulkTicket.objects.count() == count
    if not count:
        assert (answer.headers["Location"], Bulk.objects.count()) == (LIST, 0)
        assert "Kies eerst tickets." in text(desk.get(LIST))


def test_more_are_chosen_in_the_list_that_one_goes_back_to(desk: Client, tickets: list[Ticket]) -> None:
    choose(desk, tickets[0])
    bulk = Bulk.objects.get()
    screen = desk.get(reverse("desk:bulk", args=[bulk.submission])).content.decode()
    assert f'href="{LIST}?bulk={bulk.submission}"' in screen
    page = desk.get(LIST, {"bulk": str(bulk.submission), "show": "all"}).content.decode()
    assert f'name="bulk" value="{bulk.submission}"' in page
    choose(desk, tickets[1], bulk=str(bulk.submission))
    assert (Bulk.objects.count(), bulk.rows.count()) == (1, 2)
    choose(desk, tickets[2], back=f"{LIST}?sort=age&bulk={bulk.submission}")
    assert Bulk.objects.latest("pk").leads_to == f"{LIST}?sort=age"


def test_ids_that_were_tampered_with_choose_and_show_nothing_of_others(
    desk: Client, stranger: Agent, other_queue: Queue, ticket: Ticket
) -> None:
    hidden = make_ticket(other_queue, title=SECRET, article=customer_mail(subject=SECRET))
    theirs = chosen(stranger, [hidden])
    choose(desk, ticket, hidden, bulk=str(theirs.submission))
    mine = Bulk.objects.exclude(pk=theirs.pk).get()
    assert [row.ticket for row in mine.rows.all()] == [ticket]
    assert SECRET not in text(desk.get(reverse("desk:bulk", args=[mine.submission])))
    nobodys = uuid.uuid4()
    for name in ("bulk", "bulk_result"):
        there = desk.get(reverse(f"desk:{name}", args=[theirs.submission]))
        missing = desk.get(reverse(f"desk:{name}", args=[nobodys]))
        assert (there.status_code, untokened(there)) == (404, untokened(missing))
    answer = send(desk, theirs, priority=Priority.HIGH)
    assert (answer.status_code, theirs.rows.get().state) == (404, BulkTicket.CHOSEN)


def test_the_result_names_a_ticket_out_of_sight_by_its_number_alone(
    desk: Client, owner: Agent, ticket: Ticket, other_queue: Queue
) -> None:
    grant(owner, other_queue, QueuePermission.Right.MOVE_INTO)
    bulk = asked(owner, [ticket], queue=other_queue)
    work_off()
    Ticket.objects.filter(pk=ticket.pk).update(title=SECRET)
    page = text(result(desk, bulk))
    assert ticket.number in page
    assert (SECRET in page, f"/tickets/{ticket.number}/" in page) == (False, False)


def test_the_same_form_twice_leads_to_the_same_result_and_another_is_shown_again(
    desk: Client, owner: Agent, tickets: list[Ticket]
) -> None:
    bulk = chosen(owner, tickets)
    answers = [send(desk, bulk, lock="lock") for _time in range(2)]
    work_off()
    answers.append(send(desk, bulk, lock="lock"))
    assert {answer.headers["Location"] for answer in answers} == {f"/bulk/{bulk.submission}/"}
    assert work_off() == 0
    other = send(desk, bulk, lock="unlock")
    assert (other.status_code, "al verstuurd" in text(other)) == (422, True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"html": ""}, "Kies wat er moet veranderen"),
        ({"state": "pending_reminder"}, "Kies tot wanneer"),
        ({"state": "closed_successful", "lock": "lock"}, "Kies een van beide"),
        ({"queue": "other", "new_owner": "colleague"}, "beantwoordt geen vragen"),
        ({"submission": ""}, "beschadigd"),
    ],
)
def test_what_can_be_done_to_no_ticket_comes_back_with_all_that_was_typed(
    desk: Client,
    owner: Agent,
    colleague: Agent,
    other_queue: Queue,
    tickets: list[Ticket],
    changes: dict[str, str],
    said: str,
) -> None:
    grant(owner, other_queue, QueuePermission.Right.ALL)
    given: dict[str, object] = dict(changes)
    if "state" in given:
        given["state"] = state_by_key(str(given["state"])).pk
    if "queue" in given:
        given |= {"queue": other_queue.pk, "new_owner": colleague.pk}
    answer = send(desk, chosen(owner, tickets), **given)
    assert answer.status_code == 422
    assert said in text(answer)
    assert "html" in changes or "Samen." in text(answer)


def test_only_what_the_agent_may_choose_is_offered(
    desk: Client, owner: Agent, stranger: Agent, other_queue: Queue, tickets: list[Ticket]
) -> None:
    address = reverse("desk:bulk", args=[chosen(owner, tickets).submission])
    page = text(desk.get(address))
    assert (other_queue.name in page, str(stranger) in page) == (False, False)
    grant(owner, other_queue, QueuePermission.Right.MOVE_INTO)
    page = text(desk.get(address))
    assert (other_queue.name in page, str(stranger) in page) == (True, True)


def test_who_lost_every_right_to_change_gets_no_screen(
    client: Client, reader: Agent, tickets: list[Ticket]
) -> None:
    client.force_login(reader)
    bulk = chosen(reader, tickets)
    assert client.get(reverse("desk:bulk", args=[bulk.submission])).status_code == 403
    assert send(client, bulk, priority=Priority.HIGH).status_code == 403
    reader.groups.clear()
    assert client.get(reverse("desk:bulk", args=[bulk.submission])).status_code == 404


def test_the_page_asks_for_what_is_new_and_not_for_ever(
    desk: Client, owner: Agent, tickets: list[Ticket]
) -> None:
    bulk = asked(owner, tickets, lock=True)
    part = text(result(desk, bulk, headers=HTMX))
    assert "<html" not in part
    assert re.search(r'hx-get="\?looks=1"', part)
    end = text(result(desk, bulk, query_params={"looks": str(LOOKS_MOST)}))
    assert ('hx-get="?looks' in end, "Laad de pagina opnieuw" in end) == (False, True)


def test_the_result_costs_as_many_statements_for_two_tickets_as_for_twenty(
    desk: Client, owner: Agent, queue: Queue
) -> None:
    counts = []
    for n in (2, 20):
        bulk = asked(owner, [make_ticket(queue) for _n in range(n)], priority=Priority.HIGH)
        work_off()
        result(desk, bulk)
        with CaptureQueriesContext(connection) as sent:
            assert text(result(desk, bulk)).count("Prioriteit: 3") == n
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_of_many_tickets_the_screen_shows_a_few_and_folds_the_others(
    desk: Client, owner: Agent, queue: Queue
) -> None:
    bulk = chosen(owner, [make_ticket(queue) for _n in range(12)])
    with CaptureQueriesContext(connection) as sent:
        page = text(desk.get(reverse("desk:bulk", args=[bulk.submission])))
    assert "nog 4" in page
    assert "Gaat over 12 van de 12 tickets." in page
    assert len(sent) <= 14
