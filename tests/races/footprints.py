"""What each action locks, and how the races do it.

A new action is a line in `SAID_HERE`, but for one that a screen calls and that locks a ticket alone: it races
by the form of its row in `tests/house/screens.py`.

Two actions can only wait in a circle over what they lock, so each is set against one of each footprint, not
against each other action.
"""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict

from accounts.models import Agent
from desk.screens.registry import SCREENS as REGISTRY
from desk.writing.screen import Deed
from desk.writing.screen_form import Writing
from mailgate.delivery.deliver import deliver
from mailgate.intake import Arrival, take_in_many
from mailgate.models import InboundMessage
from outbox.models import OutboundMessage, Recipient
from queues.models import AutoResponse, Queue, QueuePermission
from tests.factories import NOW, actor, customer_mail, make_customer, make_ticket
from tests.house.screens import SCREENS, filled_in
from tests.races import deeds
from tests.races.customers import customer_closes, customer_rates, customer_reopens
from tests.races.sweeps import Side, Two, alarmed, held_by_who_is_gone, out_of_sight, swept, waited
from tickets.actions.alarms import tell_alarms
from tickets.actions.also_received import link_same_mail, note_also_received
from tickets.actions.asked import tick_off
from tickets.actions.auto_respond import auto_respond, write_answer
from tickets.actions.bulk import Change, change_ticket
from tickets.actions.close_waited import close_waited
from tickets.actions.customers_address import add_customers_address
from tickets.actions.follow_up import add_follow_up
from tickets.actions.free_locks import free_locks
from tickets.actions.link import link_tickets, unlink_tickets
from tickets.actions.lock import give_back_ticket, take_ticket, unlock_ticket
from tickets.actions.merge import merge_tickets
from tickets.actions.merge_customers import merge_customers
from tickets.actions.reply import reply_to_ticket
from tickets.actions.seen import mark_seen, mark_unread
from tickets.actions.stuck import declare_answer_sent, send_answer_again
from tickets.actions.terms import apply_terms, fill_facts
from tickets.actions.undelivered import note_settled, note_undelivered
from tickets.actions.unmerge import unmerge_tickets
from tickets.actions.uploads import Composing, NewFile, add_upload
from tickets.actions.watch import unwatch_ticket, watch_ticket
from tickets.actor import Actor
from tickets.changing.forms import Form
from tickets.changing.locking import lock_tickets
from tickets.changing.written import Written
from tickets.errors import Ask, BadInput, LockedByOther, MergeStands, Refusal, TicketBusy, TicketMerged
from tickets.facts import FACTS
from tickets.models import Article, Asked, Event, Priority, Ticket, TicketLink, TicketMerge
from tickets.models.article import UNKNOWN_SENDER
from tickets.queries.threads import main_ticket
from tickets.states import state_by_key


class Footprint(Enum):
    """The most that one transaction of an action locks."""

    TICKET = auto()
    TICKET_AND_OUTBOX = auto()
    TWO_TICKETS = auto()
    BATCH = auto()


@dataclass(frozen=True, slots=True)
class Race:
    """An action as one side of a race, and what it locks."""

    footprint: Footprint
    side: Side


def one_by_one(deed: Callable[[Agent, Ticket], object]) -> Side:
    """On the one ticket and then on the other, each time in a transaction of its own."""

    def side(agent: Agent, tickets: Two) -> None:
        for ticket in tickets:
            try:
                deed(agent, ticket)
            except TicketBusy:
                raise
            except Refusal:
                pass

    return side


def on_screen(name: str, agent: Agent, ticket: Ticket) -> object:
    """What the agent does with a form of this screen that is in order."""
    screen, by = REGISTRY[name], actor(agent)
    about = SCREENS[name].about(ticket)
    target = Queue.objects.get(name=f"Naar {agent.username}")
    data = QueryDict(mutable=True)
    data.update({field: str(value) for field, value in filled_in(name, ticket=ticket, target=target).items()})
    writing = Writing(actor=by, about=about, query=QueryDict())
    form = screen.form(data, writing=writing)
    assert form.is_valid(), f"what `fill` of {name} gives is not in order here: {form.errors}"
    deed = Deed(actor=by, about=about, uploads=(), now=NOW)
    return screen.act(deed, form)


def unlock(agent: Agent, ticket: Ticket) -> object:
    return unlock_ticket(actor=actor(agent), ticket=ticket, now=NOW)


def give_back(agent: Agent, ticket: Ticket) -> object:
    return give_back_ticket(actor=actor(agent), ticket=ticket, now=NOW)


def take(agent: Agent, ticket: Ticket) -> object:
    return take_ticket(actor=actor(agent), ticket=ticket, right=QueuePermission.Right.ALL, now=NOW)


def follow_up(agent: Agent, ticket: Ticket) -> object:
    return add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=NOW)


def create(agent: Agent, ticket: Ticket) -> object:
    return make_ticket(ticket.queue, customer=ticket.customer)


def reply(agent: Agent, ticket: Ticket) -> object:
    """By somebody who has seen all there is, whatever was done before."""
    filled = deeds.answer(ticket, state="open", submission=uuid.uuid4())
    filled = replace(
        filled, seen_event=Event.objects.latest("pk").pk, seen_elsewhere=Article.objects.latest("pk").pk
    )
    return reply_to_ticket(actor=actor(agent), ticket=ticket, answer=filled, now=NOW)


def automatic_answer(agent: Agent, ticket: Ticket) -> object:
    with transaction.atomic():
        (ticket,) = lock_tickets(ticket.pk)
        written = write_answer(
            ticket=ticket,
            answered=question_of(ticket),
            response=AutoResponse.objects.earliest("pk"),
            to="karin@post.example",
            key=str(uuid.uuid4()),
            now=NOW,
        )
        return auto_respond(actor=Actor.mail(), answers=[written], now=NOW)


def send_again(agent: Agent, ticket: Ticket) -> object:
    return send_answer_again(actor=actor(agent), ticket=ticket, article=answer_of(ticket), now=NOW)


def declare_sent(agent: Agent, ticket: Ticket) -> object:
    return declare_answer_sent(actor=actor(agent), ticket=ticket, article=answer_of(ticket), now=NOW)


def bounce(agent: Agent, ticket: Ticket) -> object:
    return note_undelivered(
        actor=Actor.mail(),
        answer=answer_of(ticket),
        report=question_of(ticket),
        failures={"karin@post.example": "No such person."},
        now=NOW,
    )


def settled(agent: Agent, ticket: Ticket) -> object:
    """It is what the ticket names; a merge leaves it that."""
    Ticket.objects.filter(pk=ticket.pk).update(undelivered_article=answer_of(ticket).pk)
    return note_settled(actor=Actor.mail(), answer=answer_of(ticket), now=NOW)


def customers_address(agent: Agent, ticket: Ticket) -> object:
    """Both sides add the same one, for as long as the other has not."""
    question = question_of(ticket)
    question.from_address, question.warning = f"{ticket.number}@werk.example", UNKNOWN_SENDER
    return add_customers_address(actor=actor(agent), ticket=ticket, article=question, now=NOW)


def two_customers(agent: Agent, tickets: Two) -> None:
    """Both put the customer of both tickets together with somebody new, which one of them finds done."""
    agent.is_superuser = True
    gone = Ticket.objects.select_related("customer").get(pk=tickets[0].pk).customer or make_customer()
    with suppress(BadInput, TicketBusy):
        merge_customers(actor=actor(agent), gone=gone, kept=make_customer(), now=NOW)


def also_received(agent: Agent, ticket: Ticket) -> object:
    queue = Queue.objects.earliest("pk")
    return note_also_received(actor=Actor.mail(), article=question_of(ticket), queue=queue, now=NOW)


def upload(agent: Agent, ticket: Ticket) -> object:
    """Both sides keep the same bytes."""
    composing = Composing(submission=uuid.uuid4(), screen="note", actor=actor(agent), ticket=ticket)
    file = NewFile(name="a", content_type="", data=ticket.number.encode())
    return add_upload(composing, file, now=NOW)


def seen(agent: Agent, ticket: Ticket) -> None:
    mark_seen(agent=agent, ticket=ticket, upto=ticket.articles.latest("pk").pk)


def unread(agent: Agent, ticket: Ticket) -> None:
    mark_unread(actor=actor(agent), ticket=ticket)


def watch(agent: Agent, ticket: Ticket) -> object:
    return watch_ticket(actor=actor(agent), ticket=ticket, now=NOW)


def unwatch(agent: Agent, ticket: Ticket) -> object:
    return unwatch_ticket(actor=actor(agent), ticket=ticket, now=NOW)


def ticked_off(agent: Agent, ticket: Ticket) -> object:
    """Of a question that nobody has done yet."""
    asked = {"ticket": ticket, "agent": agent, "asked_by": agent, "event": Event.objects.latest("pk")}
    Asked.objects.bulk_create([Asked(**asked)], ignore_conflicts=True)
    return tick_off(actor=actor(agent), ticket=ticket, now=NOW)


def same_mail(agent: Agent, tickets: Two) -> None:
    """Both find out, each from its own end, that they began with the same mail."""
    one, other = map(question_of, tickets)
    link_same_mail(actor=Actor.mail(), made=[one], copies=[other], now=NOW)


def change(agent: Agent, ticket: Ticket) -> object:
    """All that can be changed of it at once."""
    target = Queue.objects.get(name=f"Naar {agent.username}")
    closed = state_by_key("closed_successful")
    asked = Change(queue=target, new_owner=agent, priority=Priority.HIGH, state=closed)
    note = Written(submission=uuid.uuid4(), subject="Bulkactie", html="<p>Samen</p>")
    return change_ticket(actor=actor(agent), ticket=ticket, change=asked, note=note, now=NOW)


def link(agent: Agent, tickets: Two) -> None:
    """Both make the same link, which one of them finds made."""
    source, target = tickets
    with suppress(BadInput):
        link_tickets(actor=actor(agent), source=source, target=target, kind=TicketLink.Kind.NORMAL, now=NOW)


def unlink(agent: Agent, tickets: Two) -> None:
    """Both take away the same link, which one of them finds gone."""
    lower, higher = sorted(tickets, key=lambda ticket: ticket.pk)
    made = TicketLink(pk=0, source=lower, target=higher, kind=TicketLink.Kind.NORMAL)
    link = TicketLink.objects.filter(source=lower, target=higher).first()
    with suppress(BadInput):
        unlink_tickets(actor=actor(agent), link=link or made, now=NOW)


def merge(agent: Agent, tickets: Two) -> None:
    """Both merge them, which one of them finds done, whichever way round, or other customers' than before."""
    away, into = tickets
    with suppress(TicketMerged, LockedByOther, Ask):
        merge_tickets(actor=actor(agent), ticket=away, into=into, form=Form(submission=uuid.uuid4()), now=NOW)


def unmerge(agent: Agent, tickets: Two) -> None:
    """Both undo the same merge, which one of them finds undone, or its ticket written in, or never made."""
    merge(agent, tickets)
    made = TicketMerge.objects.select_related("source", "target").order_by("pk").last()
    if made is None:
        return
    with suppress(MergeStands):
        unmerge_tickets(actor=actor(agent), merge=made, now=NOW)


def delivery(agent: Agent, tickets: Two) -> None:
    """A batch for both tickets at once; their rows come in this order."""
    mails = [mail_about(ticket) for ticket in tickets]
    arrivals = [Arrival(raw=mail, way=InboundMessage.Way.PIPE) for mail in mails]
    deliver(take_in_many(arrivals, lease=uuid.uuid4()))


def free(pair: Two, *, queue: Queue) -> Two:
    """Both as if nobody had done anything: open, unlocked, in their first queue, by id; no mail has left."""
    for made in TicketMerge.objects.filter(undone_at=None):
        Article.objects.filter(pk__in=made.articles).update(ticket=made.source)
        Event.objects.filter(article__in=made.articles).update(ticket=made.source)
    TicketMerge.objects.filter(undone_at=None).update(undone_at=NOW)
    opened = state_by_key("open")
    rows = Ticket.objects.filter(pk__in=[ticket.pk for ticket in pair])
    rows.update(queue=queue, state=opened, state_type=opened.type, closed_at=None, locked=False, owner=None)
    rows.update(merged_into=None)
    # Only what was touched, for each meeting leaves more of them behind.
    OutboundMessage.objects.exclude(state=OutboundMessage.DOUBTFUL).update(state=OutboundMessage.DOUBTFUL)
    Recipient.objects.exclude(result=Recipient.Result.WAITING).update(result=Recipient.Result.WAITING)
    first, second = rows.select_related("queue__sender", "customer").order_by("pk")
    return first, second


def said_in(ticket: Ticket) -> QuerySet[Article]:
    """Its articles, where they stand now: a merge may have taken them along."""
    return Article.objects.filter(ticket=main_ticket(Ticket.objects.get(pk=ticket.pk)))


def question_of(ticket: Ticket) -> Article:
    """The mail that the ticket began with."""
    return said_in(ticket).earliest("pk")


def answer_of(ticket: Ticket) -> Article:
    """The ticket's first answer."""
    return said_in(ticket).filter(outbound__isnull=False).select_related("outbound").earliest("pk")


def mail_about(ticket: Ticket) -> bytes:
    return (
        f"From: {ticket.number}@post.example\r\nSubject: [Ticket#{ticket.number}] Nog iets\r\n"
        f"Message-ID: <{uuid.uuid4()}@post.example>\r\n\r\nNog iets.\r\n"
    ).encode()


SAID_HERE: dict[str, Race] = {
    "lock_ticket": Race(Footprint.TICKET, one_by_one(deeds.lock)),
    "unlock_ticket": Race(Footprint.TICKET, one_by_one(unlock)),
    "give_back_ticket": Race(Footprint.TICKET, one_by_one(give_back)),
    "take_ticket": Race(Footprint.TICKET, one_by_one(take)),
    "add_follow_up": Race(Footprint.TICKET, one_by_one(follow_up)),
    "close_by_customer": Race(Footprint.TICKET, one_by_one(customer_closes)),
    "reopen_by_customer": Race(Footprint.TICKET, one_by_one(customer_reopens)),
    "rate_ticket": Race(Footprint.TICKET, one_by_one(customer_rates)),
    "note_also_received": Race(Footprint.TICKET, one_by_one(also_received)),
    "create_ticket": Race(Footprint.TICKET, one_by_one(create)),
    "change_ticket": Race(Footprint.TICKET, one_by_one(change)),
    "send_answer_again": Race(Footprint.TICKET_AND_OUTBOX, one_by_one(send_again)),
    "declare_answer_sent": Race(Footprint.TICKET_AND_OUTBOX, one_by_one(declare_sent)),
    "note_undelivered": Race(Footprint.TICKET_AND_OUTBOX, one_by_one(bounce)),
    "watch_ticket": Race(Footprint.TICKET, one_by_one(watch)),
    "unwatch_ticket": Race(Footprint.TICKET, one_by_one(unwatch)),
    "tick_off": Race(Footprint.TICKET, one_by_one(ticked_off)),
    "note_settled": Race(Footprint.TICKET, one_by_one(settled)),
    "auto_respond": Race(Footprint.TICKET_AND_OUTBOX, one_by_one(automatic_answer)),
    "add_customers_address": Race(Footprint.TICKET, one_by_one(customers_address)),
    "merge_customers": Race(Footprint.TWO_TICKETS, two_customers),
    "link_same_mail": Race(Footprint.TWO_TICKETS, same_mail),
    "link_tickets": Race(Footprint.TWO_TICKETS, link),
    "merge_tickets": Race(Footprint.TWO_TICKETS, merge),
    "unmerge_tickets": Race(Footprint.TWO_TICKETS, unmerge),
    "unlink_tickets": Race(Footprint.TWO_TICKETS, unlink),
    "forward_message": Race(Footprint.TICKET_AND_OUTBOX, one_by_one(partial(on_screen, "forward"))),
    "bounce_mail": Race(Footprint.TICKET_AND_OUTBOX, one_by_one(partial(on_screen, "bounce"))),
    "reply_to_ticket": Race(Footprint.TWO_TICKETS, one_by_one(reply)),  # where they began with the same mail
    "create_by_mail": Race(Footprint.TICKET_AND_OUTBOX, one_by_one(partial(on_screen, "split_email"))),
    "close_waited": Race(Footprint.TWO_TICKETS, swept(partial(close_waited, now=NOW), waited)),
    "apply_terms": Race(Footprint.TWO_TICKETS, swept(apply_terms, lambda: {"terms_version": 0})),
    "tell_alarms": Race(Footprint.TWO_TICKETS, swept(partial(tell_alarms, now=NOW), alarmed)),
    "free_locks": Race(Footprint.TWO_TICKETS, swept(partial(free_locks, now=NOW), held_by_who_is_gone)),
    "tell_in_vain": Race(Footprint.TWO_TICKETS, out_of_sight),
    "fill_facts": Race(Footprint.TWO_TICKETS, swept(fill_facts, lambda: dict.fromkeys(FACTS))),
    "deliver": Race(Footprint.BATCH, delivery),
    # No actions by name, but written at the same moments.
    "add_upload": Race(Footprint.TICKET, one_by_one(upload)),
    "mark_seen": Race(Footprint.TICKET, one_by_one(seen)),
    "mark_unread": Race(Footprint.TICKET, one_by_one(unread)),
}

RACES: dict[str, Race] = {
    row.action: Race(Footprint.TICKET, one_by_one(partial(on_screen, name))) for name, row in SCREENS.items()
} | SAID_HERE

STANDS_FOR: dict[Footprint, str] = {
    Footprint.TICKET: "add_note",
    Footprint.TICKET_AND_OUTBOX: "send_answer_again",
    Footprint.TWO_TICKETS: "link_same_mail",
    Footprint.BATCH: "deliver",
}
"""The action that each other one meets for all of the same footprint."""
