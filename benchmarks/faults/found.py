"""Whether all that is there can be found: each ticket by its words of now, some of them as an agent asks."""

import io
import random
import re
from collections import defaultdict
from collections.abc import Iterator

from django.core.management import call_command
from django.db import connection

from accounts.models import Agent
from benchmarks.faults.ledger import MARK
from kvv.doctor.finding import Level
from kvv.doctor.search import files, searchable
from queues.access import rights_of
from search.asking import query_of
from search.find import Which, find
from search.language import read_search
from search.models import FileText
from tickets.actor import Actor
from tickets.kinds import SEARCH
from tickets.models import Article, Attachment, EventTask

SHOWN, ASKED = 20, 100
_ROWS = """
SELECT ticket.id, md5(kept::text), md5(question::text) FROM tickets_ticket AS ticket
LEFT JOIN search_tickettext AS kept ON kept.ticket_id = ticket.id
LEFT JOIN search_answeredquestion AS question ON question.ticket_id = ticket.id
"""
_MARK = re.compile(MARK)


def found() -> dict[str, object]:
    """The figures. Each ticket's row must be what it becomes when it is made anew of all that is there."""
    told = [*searchable(), *files()]
    before = _rows()
    asked = _asked()
    wrong = [f"{mark}: {stands}, {got}" for mark, stands, got in asked if stands != got]
    call_command("reindex", "--all", stdout=io.StringIO())
    after = _rows()
    return {
        "tickets": len(before),
        "asked": len(asked),
        "files_read": FileText.objects.count(),
        "doctor": [finding.text for finding in told],
        "wrong_doctor": [finding.text for finding in told if finding.level is Level.WRONG],
        "wrong_events": [str(task) for task in EventTask.objects.filter(consumer=SEARCH)][:SHOWN],
        "wrong_missing": [ticket for ticket, (row, _question) in before.items() if row is None][:SHOWN],
        "wrong_stale": [ticket for ticket, row in before.items() if row != after[ticket]][:SHOWN],
        "wrong_unread": [str(text) for text in FileText.objects.exclude(reason="")][:SHOWN],
        "wrong_not_found": wrong[:SHOWN],
    }


def _rows() -> dict[int, tuple[str | None, str | None]]:
    """Of each ticket what stands for its row, and for that of its question, where it has one."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        return {ticket: (row, question) for ticket, row, question in cursor.fetchall()}


def _asked() -> list[tuple[str, list[int], list[int]]]:
    """Some of the words that stand in one text alone, its tickets, and those that are found by it."""
    stands: dict[str, set[int]] = defaultdict(set)
    for mark, ticket in _marks():
        stands[mark].add(ticket)
    agent = Agent.objects.earliest("pk")
    actor = Actor.of(agent, rights_of(agent))
    chosen = random.sample(sorted(stands), min(ASKED, len(stands)))
    return [(mark, sorted(stands[mark]), sorted(_found(mark, actor=actor))) for mark in chosen]


def _marks() -> Iterator[tuple[str, int]]:
    """Each with a ticket that it stands in: in a text, or in a file."""
    for text, ticket in Article.objects.filter(text__contains="merk").values_list("text", "ticket_id"):
        yield from ((mark, ticket) for mark in _MARK.findall(text))
    documents = dict(FileText.objects.filter(text__contains="merk").values_list("blob_id", "text"))
    attached = Attachment.objects.filter(blob__in=documents)
    for blob, ticket in attached.values_list("blob_id", "article__ticket"):
        yield from ((mark, ticket) for mark in _MARK.findall(documents[blob]))


def _found(mark: str, *, actor: Actor) -> list[int]:
    which = Which(query=query_of(read_search(mark), actor=actor), actor=actor)
    return find(which, size=SHOWN).ids
