"""Tickets of before become findable, too."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kvv.doctor.search import searchable
from queues.models import Queue
from search import filling, stems
from search.filling import Gap, begin, fill_for_a_while, fill_step, gap
from search.index import RULES
from search.models import Pass, TicketText
from search.tasks import check, fill, index_waiting
from tests.factories import customer_mail, make_ticket
from tests.kvv.doctor.reading import levels, text
from tickets.models import EventTask, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def tickets(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> list[Ticket]:
    """Five tickets of long ago, that no consumer hears of any more; rows are made two at a time."""
    monkeypatch.setattr(filling, "BATCH", 2)
    made = [make_ticket(queue, article=customer_mail(text=f"Tekst {n}")) for n in range(5)]
    EventTask.objects.all().delete()
    return made


@pytest.fixture
def other_stems() -> Iterator[None]:
    """PostgreSQL was upgraded to one that makes other stems."""
    kept = stems._known().fingerprint
    stems._known().fingerprint = "other"
    yield
    stems._known().fingerprint = kept


def found() -> list[int]:
    return list(TicketText.objects.order_by("pk").values_list("pk", flat=True))


def reindex(*options: str) -> str:
    out = StringIO()
    call_command("reindex", *options, stdout=out)
    return out.getvalue()


def test_beat_makes_the_rows_that_are_missing_from_the_newest_on(tickets: list[Ticket]) -> None:
    begin(is_whole=False)
    fill_step()
    assert found() == [ticket.pk for ticket in tickets[3:]]
    assert fill() == 3
    assert found() == [ticket.pk for ticket in tickets]
    assert fill() == 0


def test_an_installation_without_tickets_has_nothing_to_do() -> None:
    assert fill() == 0
    assert levels(searchable()) == [("search", "ok")]


def test_reindex_goes_on_where_it_was_stopped(tickets: list[Ticket]) -> None:
    begin(is_whole=True)
    fill_step()
    assert Pass.objects.get().below == tickets[3].pk
    TicketText.objects.all().delete()
    assert reindex("--all") == "3 tickets done, all can be found.\n"
    assert found() == [ticket.pk for ticket in tickets[:3]]
    assert reindex() == "2 tickets done, all can be found.\n"
    assert found() == [ticket.pk for ticket in tickets]
    assert reindex() == "0 tickets done, all can be found.\n"
    assert reindex("--all") == "5 tickets done, all can be found.\n"


def test_reindex_says_how_far_it_is(tickets: list[Ticket], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.management.commands.reindex.LINE_SECONDS", 0)
    lines = reindex().splitlines()
    assert lines[0] == f"2 tickets done, those below {tickets[3].pk} are next."
    assert lines[-1] == "5 tickets done, all can be found."


def test_rows_of_other_stems_are_made_anew_and_those_of_now_stay(
    tickets: list[Ticket], queue: Queue, other_stems: None
) -> None:
    stems._known().fingerprint = "first"
    fill()
    stems._known().fingerprint = "other"
    assert levels(searchable()) == [("search", "warning")]
    assert "earlier version" in text(searchable())
    new = make_ticket(queue)
    index_waiting()
    assert fill() == len(tickets)
    assert new.pk in found()
    assert levels(searchable()) == [("search", "ok")]


def test_what_a_newer_version_began_is_left_to_it(tickets: list[Ticket]) -> None:
    Pass.objects.create(rules=RULES + 1, stems="", below=10**9)
    assert fill() == 0
    assert not found()


def test_the_doctor_counts_the_tickets_that_can_not_be_found(tickets: list[Ticket]) -> None:
    Ticket.objects.update(created=timezone.now() - timedelta(hours=1))
    assert levels(searchable()) == [("search", "warning")]
    assert "5 tickets can't be found yet" in text(searchable())
    fill_for_a_while()
    assert levels(searchable()) == [("search", "ok")]
    TicketText.objects.filter(pk=tickets[2].pk).delete()
    assert levels(searchable()) == [("search", "wrong")]
    assert "1 ticket can't be found. Run python manage.py reindex." in text(searchable())


def test_a_search_knows_from_when_on_tickets_can_be_found(tickets: list[Ticket]) -> None:
    def told() -> Gap | None:
        caches["local"].clear()
        return gap()

    Ticket.objects.update(created=timezone.now())
    assert told() is None  # new ones have their row in seconds
    for n, ticket in enumerate(tickets):
        Ticket.objects.filter(pk=ticket.pk).update(created=timezone.now() - timedelta(days=9 - n))
    assert told() == Gap(None)  # nobody began to go through them
    begin(is_whole=False)
    assert told() == Gap(None)
    fill_step()
    assert told() == Gap(Ticket.objects.get(pk=tickets[3].pk).created)
    fill_for_a_while()
    assert told() is None
    begin(is_whole=True)
    fill_step()
    assert told() is None  # what has an old row can be found
    with CaptureQueriesContext(connection) as asked:
        assert told() is gap()
    assert len(asked) == 1


def test_what_an_import_made_is_found_within_the_hour(tickets: list[Ticket]) -> None:
    fill()
    TicketText.objects.filter(pk=tickets[2].pk).delete()
    Ticket.objects.update(created=timezone.now())
    check()
    assert fill() == 0
    Ticket.objects.update(created=timezone.now() - timedelta(hours=1))
    check()
    assert fill() == 1


def test_pages_of_rows_keep_room_for_what_changes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'search_tickettext'")
        assert cursor.fetchone() == (["fillfactor=80"],)


@pytest.mark.committed
@pytest.mark.django_db(transaction=True)
def test_two_never_make_the_same_rows(queue: Queue) -> None:
    make_ticket(queue)
    begin(is_whole=True)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            other.set_autocommit(False)
            cursor.execute("SELECT * FROM search_pass FOR UPDATE")
            step = fill_step()
            assert (step.made, step.is_busy) == (0, True)
    finally:
        other.rollback()
        other.close()
    assert fill_step().made == 1
