"""Whether something happened since a page was read: by the ids of events, whatever the archive holds."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from tickets.actor import Actor
from tickets.kinds import NO_NEWS
from tickets.queries.which import Value, Which

SCANNED_MOST = 500
"""Of all tickets' events, at once: of a page that was left alone for a weekend the next look goes on."""

NEWS = "e.agent_id IS DISTINCT FROM %(reader)s AND e.kind <> ALL(%(quiet)s) AND t.queue_id = ANY(%(queues)s)"

IN_LIST = """
SELECT count(*), max(e.id), count(*) FILTER (WHERE {news} AND ({which}))
FROM (
    SELECT id, ticket_id, agent_id, kind FROM tickets_event WHERE id > %(after)s ORDER BY id LIMIT %(scanned)s
) AS e JOIN tickets_ticket AS t ON t.id = e.ticket_id
"""
IN_TICKET = """
SELECT EXISTS (
    SELECT FROM tickets_event AS e JOIN tickets_ticket AS t ON t.id = e.ticket_id
    WHERE t.number = %(number)s AND e.id > %(after)s AND {news}
)
"""


@dataclass(frozen=True, slots=True)
class News:
    """Whether there is any, and the event up to which was looked."""

    is_there: bool
    upto: int


def newer_in_list(which: Which, *, actor: Actor, queues: Collection[int], after: int) -> News:
    """Whether others did something to the tickets that a list has now, after this event.

    An event that was committed after one with a higher id is found with the next one.
    """
    visible = sorted(actor.agent_rights.visible.intersection(queues))
    values = _values(actor, queues=visible, after=after) | {"scanned": SCANNED_MOST}
    with connection.cursor() as cursor:
        cursor.execute(IN_LIST.format(news=NEWS, which=which.where), {**which.values, **values})
        scanned, upto, news = cursor.fetchone()
    return News(is_there=news > 0, upto=upto if scanned == SCANNED_MOST else after)


def newer_in_ticket(number: str, *, actor: Actor, after: int) -> News:
    """Whether others did something to a ticket that the agent sees, after this event."""
    values = _values(actor, queues=sorted(actor.agent_rights.visible), after=after)
    with connection.cursor() as cursor:
        cursor.execute(IN_TICKET.format(news=NEWS), values | {"number": number})
        return News(is_there=cursor.fetchone()[0], upto=after)


def _values(actor: Actor, *, queues: list[int], after: int) -> dict[str, Value]:
    quiet = [kind.value for kind in NO_NEWS]
    return {"reader": actor.agent_rights.agent_id, "queues": queues, "after": after, "quiet": quiet}
