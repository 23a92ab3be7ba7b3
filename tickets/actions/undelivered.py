"""An answer that did not arrive: one event with one outcome, however we learned of it.

Our mail server refused it, at once or for one of its recipients; we gave up trying; or it came back. Either
way the ticket in which it stands now says so until somebody has dealt with it, counts as unread again for
all, and opens if it was the customer who did not get it. Of an automatic answer its history tells, and no
more: nobody has to decide about it, and a stranger may have had it sent to wherever they liked.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from accounts.models import CustomerAddress
from outbox.addresses import addresses_in, compared
from outbox.bounced import mark_bounced
from tickets.actor import FOLLOW_UP, Actor
from tickets.changing.changes import NOTHING, Changes, Side
from tickets.changing.events import record
from tickets.changing.frame import begin
from tickets.changing.locking import atomic_action
from tickets.changing.reopening import reopen_ticket
from tickets.errors import TicketBusy
from tickets.kinds import EventKind
from tickets.models import Article, Ticket, TicketSeen
from tickets.queries.threads import main_ticket

TRIES = 3


@atomic_action
def note_undelivered(
    *,
    actor: Actor,
    answer: Article,
    failures: Mapping[str, str],
    now: datetime,
    report: Article | None = None,
) -> Ticket:
    """Tell on an answer and its ticket who never got it; `failures`: address → why.

    `report` is the article that says so; then it is noted on the outgoing mail, too, and the same report
    twice changes nothing. Gives the answer's ticket as it is now. Raises `TicketBusy`.
    """
    changes, answer = _begin(answer, actor=actor, now=now)
    if answer.outbound is None:
        return changes.ticket
    news = mark_bounced(answer.outbound, failures=failures) if report is not None else dict(failures)
    if not news:
        return changes.ticket
    if answer.sender_type != Article.SenderType.SYSTEM:
        _ask_for_a_decision(changes, answer, failed=news)
    whom = "; ".join(": ".join(filter(None, failure)) for failure in news.items())
    changes.sides["undelivered"] = [NOTHING, Side(id=report.pk if report is not None else None, label=whom)]
    record(
        ticket=changes.ticket,
        kind=EventKind.BOUNCED,
        actor=actor,
        now=now,
        article=answer,
        changes=changes.sides,
    )
    return changes.ticket


@atomic_action
def note_settled(*, actor: Actor, answer: Article, now: datetime) -> None:
    """Let the ticket name this answer no longer: an admin has decided about it. Raises `TicketBusy`."""
    changes, answer = _begin(answer, actor=actor, now=now)
    if changes.ticket.undelivered_article == answer.pk:
        changes.deal_with_undelivered()
        changes.save()


def _ask_for_a_decision(changes: Changes, answer: Article, *, failed: Collection[str]) -> None:
    if _is_the_customers(changes.ticket, answer, failed=failed):
        reopen_ticket(changes)
    changes.set(undelivered_article=answer.pk)
    changes.save()
    TicketSeen.objects.filter(ticket=changes.ticket).delete()


def _begin(answer: Article, *, actor: Actor, now: datetime) -> tuple[Changes, Article]:
    """The ticket in which the answer stands, locked; a merge may move it until it is."""
    for _try in range(TRIES):
        changes = begin(main_ticket(answer.ticket), actor=actor, right=FOLLOW_UP, now=now, needs_lock=False)
        answer = Article.objects.select_related("ticket", "outbound").get(pk=answer.pk)
        if main_ticket(answer.ticket) == changes.ticket:
            return changes, answer
    raise TicketBusy


def _is_the_customers(ticket: Ticket, answer: Article, *, failed: Collection[str]) -> bool:
    """Whether the customer did not get it: at one of their addresses, else at one in To; or nobody got it.

    It may be them, too, where nobody knows who it was: none of those it was written to is named.
    """
    everybody, to = addresses_in(answer.to, answer.cc, answer.bcc), addresses_in(answer.to)
    of_customer = CustomerAddress.objects.filter(customer=ticket.customer, address__in=everybody)
    theirs = set(of_customer.values_list("address", flat=True)) or to
    not_reached = everybody.intersection(map(compared, failed))
    return not not_reached or not theirs.isdisjoint(not_reached) or everybody <= not_reached
