"""Merging a ticket into another one ('Samenvoegen'; OTRS 7.46 to 7.51)."""

from datetime import datetime

from django.utils.translation import gettext as _

from queues.models import AutoResponse, QueuePermission
from queues.texts import auto_responses_of
from tickets.actions.auto_respond import AutoAnswer, auto_respond, write_answer
from tickets.actions.lock import give_back
from tickets.actor import Actor
from tickets.changing.changes import NOTHING, Changes, Side, save_all
from tickets.changing.events import NewEvent, record_all
from tickets.changing.forms import Form
from tickets.changing.frame import begin_all, require_free
from tickets.changing.free_fields import take_over
from tickets.changing.locking import atomic_action
from tickets.changing.moving import Saved, move_all
from tickets.changing.once import Done, same_form_once
from tickets.changing.reopening import reopen_ticket
from tickets.changing.retelling import retell_facts, retell_overview
from tickets.changing.unseen import ask_about_unseen
from tickets.errors import Ask, BadInput
from tickets.kinds import EventKind
from tickets.models import Article, Event, Ticket, TicketMerge, TicketSeen
from tickets.queries.correspondents import correspondent_of
from tickets.queries.merges import steps_to
from tickets.queries.threads import MERGED_STEPS
from tickets.states import state_by_key

CUSTOMERS = "customers"
"""The key of `Ask`, followed by the ids of both customers."""


@same_form_once
@atomic_action
def merge_tickets(
    *, actor: Actor, ticket: Ticket, into: Ticket, form: Form, tells: bool = False, now: datetime
) -> Done:
    """Merge `ticket` into `into`: what was said goes there, and its number leads there from now on.

    The main ticket's queue, owner, customer and title stay; if the other one still asked for something, it
    opens. What the other one has in free fields in which it has nothing, it takes over (OTRS 7.47). With
    `tells` the customer gets the queue's text about it. Raises `NotAllowed`, `LockedByOther` for the ticket
    that goes, `TicketMerged`, `TicketBusy`, `BadInput`, and `Ask` where the customer wrote meanwhile, or they
    have two customers.
    """
    if ticket.pk == into.pk:
        raise BadInput("ticket", _("A ticket can't be merged with itself."))
    right = QueuePermission.Right.ALL
    away, main = both = begin_all([ticket, into], actor=actor, right=right, now=now, needs_lock=False)
    require_free(actor, away.ticket)
    if form.seen_event is not None:
        ask_about_unseen(away, form=form)
    _ask_about_customers(away.ticket, main.ticket, form=form)
    steps = steps_to(away.ticket) + 1
    if steps > MERGED_STEPS:
        raise BadInput("ticket", _("Too many tickets were merged one after the other: this one stays."))
    words = [_words_to_customer(away.ticket, main.ticket, form=form, now=now)] if tells else []
    give_back(away)
    before = {"away": as_it_was(away.ticket), "main": as_it_was(main.ticket)}
    moved = move_all(away.ticket, to=main.ticket)
    taken = take_over(main, of=away.ticket)
    _end(away, main=main)
    _go_on(main, before=before)
    save_all(both)
    done, told = _tell(away, main, form=form)
    TicketMerge.objects.create(
        source=away.ticket,
        target=main.ticket,
        event=told,
        articles=moved.articles,
        drafts=moved.drafts,
        newest_article=moved.newest_article,
        steps=steps,
        is_told=tells,
        before={**before, **moved.beside, "free": taken},
    )
    auto_respond(actor=actor, answers=words, now=now)
    return done


def as_it_was(ticket: Ticket) -> Saved:
    """What a merge may change of a ticket that does not follow from its articles."""
    moments = {
        name: getattr(ticket, name) for name in ("pending_until", "closed_at", "locked_at", "reopened_at")
    }
    return {
        "state": ticket.state_id,
        "is_open": ticket.is_open,
        "locked": ticket.locked,
        "undelivered_article": ticket.undelivered_article,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }


def has_another_customer(away: Ticket, main: Ticket) -> bool:
    """Whether both have a customer, and not the same."""
    return None not in (away.customer_id, main.customer_id) and away.customer_id != main.customer_id


def key_of_customers(away: Ticket, main: Ticket) -> str:
    """The key of what is asked about the customers of two tickets."""
    return f"{CUSTOMERS}:{away.customer_id}:{main.customer_id}"


def _ask_about_customers(away: Ticket, main: Ticket, *, form: Form) -> None:
    """Raise `Ask` for tickets of two customers: whoever reads the one then reads the other's words, too."""
    key = key_of_customers(away, main)
    if has_another_customer(away, main) and key not in form.anyway:
        sentence = _(
            "These are tickets of two customers: %(away)s is of %(one)s, %(main)s is of %(other)s. "
            "Merge them only if both may know of each other's question."
        )
        people = {"one": away.customer, "other": main.customer}
        raise Ask(key, sentence % {"away": away.number, "main": main.number, **people})


def _words_to_customer(away: Ticket, main: Ticket, *, form: Form, now: datetime) -> AutoAnswer:
    """The mail that says so, by the main ticket's queue's own text, to who wrote in the one that goes."""
    response = auto_responses_of({main.queue_id}).get((main.queue_id, AutoResponse.Kind.MERGED))
    if response is None:
        sentence = _("%(queue)s has no text for this. Merge without it, or ask an administrator for one.")
        raise BadInput("tells", sentence % {"queue": main.queue})
    customer = correspondent_of(away)
    theirs = away.articles.filter(sender_type=Article.SenderType.CUSTOMER, is_visible=True)
    question = theirs.exclude(from_address="").select_related("ticket").order_by("-pk").first()
    if question is None or not customer.address:
        raise BadInput("tells", _("There is no address to tell it to. Merge without telling anybody."))
    return write_answer(
        ticket=main,
        answered=question,
        response=response,
        to=customer.header,
        key=f"merged:{form.submission}",
        now=now,
        about=away,
    )


def _end(away: Changes, *, main: Changes) -> None:
    """Nothing is asked in this ticket any more; its owner stays, for whoever undoes it."""
    away.state(state_by_key("merged"))
    away.unlock()
    away.set(merged_into=main.ticket)
    retell_overview(away)


def _go_on(main: Changes, *, before: dict[str, Saved]) -> None:
    """The main ticket with what came: it opens for an open question, and counts as unread by all (OTRS 7.49).

    It names an answer that did not arrive, if it had none of its own.
    """
    if before["away"]["is_open"] and not main.ticket.is_open:
        reopen_ticket(main)
    retell_overview(main)
    retell_facts(main)
    undelivered = before["away"]["undelivered_article"]
    if undelivered is not None and main.ticket.undelivered_article is None and main.ticket.is_open:
        main.set(undelivered_article=undelivered)
    TicketSeen.objects.filter(ticket=main.ticket).delete()


def _tell(away: Changes, main: Changes, *, form: Form) -> tuple[Done, Event]:
    """In both histories, the form with that of the ticket that goes; gives the main one's event beside."""
    into = {"merged_into": [NOTHING, Side(id=main.ticket.pk, label=main.ticket.number)]}
    of = {"merged_from": [NOTHING, Side(id=away.ticket.pk, label=away.ticket.number)]}
    new = [
        NewEvent(ticket=away.ticket, kind=EventKind.MERGED, changes={**away.sides, **into}, form=form),
        NewEvent(ticket=main.ticket, kind=EventKind.MERGED, changes={**main.sides, **of}),
    ]
    event, told = record_all(new, actor=away.actor, now=away.now)
    return Done(ticket=away.ticket, event=event), told
