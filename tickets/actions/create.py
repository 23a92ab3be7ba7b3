"""A new ticket, with the article it begins with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Agent, Customer
from outbox.models import OutboundMessage
from queues.models import Queue, QueuePermission
from tickets.actor import Actor
from tickets.changing.article_rows import insert_article, overview_of
from tickets.changing.articles import NewArticle
from tickets.changing.changes import NOTHING, Side, moment_of
from tickets.changing.events import NewEvent, record_all
from tickets.changing.forms import Form, claim_draft
from tickets.changing.free_fields import fill_in_first
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.facts import first_values
from tickets.free_values import NOTHING_FILLED, Filled
from tickets.kinds import EventKind
from tickets.models import OPEN_TYPES, Priority, State, StateType, Ticket, TicketLink
from tickets.numbers import NewIds, new_ids
from tickets.states import state_by_key

TITLE_MOST = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How a ticket begins, where that was chosen: else new, of normal priority, and nobody's.

    `filled` is what stands in its free fields; `split_from` the ticket that it is made out of, locked by the
    caller: they are parent and child.
    """

    state: State | None = None
    priority: int = Priority.NORMAL
    owner: Agent | None = None
    locked: bool = False
    pending_until: datetime | None = None
    filled: Filled = NOTHING_FILLED
    split_from: Ticket | None = None


AS_NEW = Start()


@same_form_once
@atomic_action
def create_ticket(
    *,
    actor: Actor,
    queue: Queue,
    title: str,
    customer: Customer | None,
    article: NewArticle,
    start: Start = AS_NEW,
    now: datetime,
    ids: NewIds | None = None,
    instead_of: Ticket | None = None,
    may_follow: Ticket | None = None,
    form: Form | None = None,
    outbound: OutboundMessage | None = None,
    told: Mapping[str, list[Side]] | None = None,
    quiet: bool = False,
) -> Done:
    """Make a ticket with its first article; `ids` may be drawn beforehand, for many at once.

    `instead_of`: the closed ticket that takes no follow-up, to be named in the history (OTRS 2.16);
    `may_follow`: the closed one that a stranger to it names, locked by the caller; they are linked.
    `form`: the one that asked for it, if one did; `outbound`: the mail that the article tells of; `told`:
    what the history says of it besides. `quiet`: nobody gets an auto-response or a notification, as for mail
    of long ago.

    The title is the first subject as it came (OTRS 1.20); the state is 'new' unless another is given.
    """
    actor.require(QueuePermission.Right.CREATE, queue.pk)
    draft = claim_draft(form, actor=actor) if form else None
    ids = ids or new_ids(count=1, now=now)[0]
    ticket = _first_row(start, queue=queue, title=title, customer=customer, article=article, ids=ids, now=now)
    for name, value in first_values(ticket, new=article).items():
        setattr(ticket, name, value)
    ticket.save(force_insert=True)
    made = insert_article(ticket=ticket, new=article, now=now, article_id=ids.article, outbound=outbound)
    filled = fill_in_first(ticket.pk, start.filled, queue_id=queue.pk)
    events = [
        NewEvent(
            ticket=ticket,
            kind=EventKind.CREATED,
            article=made,
            changes={
                **_origin(queue=queue, instead_of=instead_of, may_follow=may_follow),
                **_chosen(start),
                **(told or {}),
                **filled,
            },
            form=form,
            quiet=quiet,
        )
    ]
    if may_follow is not None:
        events.append(_linked(may_follow, ticket, kind=TicketLink.Kind.FOLLOW_UP, now=now))
    if start.split_from is not None:
        events.append(_linked(start.split_from, ticket, kind=TicketLink.Kind.PARENT, now=now))
    if draft is not None:
        draft.delete()
    return Done(ticket=ticket, event=record_all(events, actor=actor, now=now)[0], article=made)


def _first_row(
    start: Start,
    *,
    queue: Queue,
    title: str,
    customer: Customer | None,
    article: NewArticle,
    ids: NewIds,
    now: datetime,
) -> Ticket:
    """The ticket as it begins, not saved, and still without its facts and terms."""
    state = start.state or state_by_key("new")
    return Ticket(
        number=ids.number,
        title=title[:TITLE_MOST],
        queue=queue,
        state=state,
        state_type=state.type,
        priority=start.priority,
        customer=customer,
        owner=start.owner,
        locked=start.locked,
        locked_at=now if start.locked else None,
        created=now,
        changed=now,
        closed_at=None if state.type in OPEN_TYPES else now,
        pending_until=start.pending_until,
        **overview_of(article, article_id=ids.article, now=now),
    )


def _origin(*, queue: Queue, instead_of: Ticket | None, may_follow: Ticket | None) -> dict[str, list[Side]]:
    origin = {"queue": [NOTHING, Side(id=queue.pk, label=queue.name)]}
    if instead_of is not None:
        origin["instead_of"] = [NOTHING, Side(id=instead_of.pk, label=instead_of.number)]
    if may_follow is not None:
        origin["may_follow"] = [NOTHING, Side(id=may_follow.pk, label=may_follow.number)]
    return origin


def _chosen(start: Start) -> dict[str, list[Side]]:
    """What is not as it is of a ticket that comes in by itself."""
    chosen: dict[str, list[Side]] = {}
    if start.state is not None and start.state.type != StateType.NEW:
        chosen["state"] = [NOTHING, Side(id=start.state.pk, label=start.state.name)]
    if start.pending_until is not None:
        chosen["pending_until"] = [NOTHING, Side(id=moment_of(start.pending_until), label="")]
    if start.priority != Priority.NORMAL:
        chosen["priority"] = [NOTHING, Side(id=start.priority, label="")]
    if start.owner is not None:
        chosen["owner"] = [NOTHING, Side(id=start.owner.pk, label=str(start.owner))]
    if start.locked:
        chosen["locked"] = [NOTHING, Side(id=1, label="")]
    if start.split_from is not None:
        chosen["split_from"] = [NOTHING, Side(id=start.split_from.pk, label=start.split_from.number)]
    return chosen


def _linked(before: Ticket, ticket: Ticket, *, kind: TicketLink.Kind, now: datetime) -> NewEvent:
    """Link them; the history of each names the other."""
    TicketLink.objects.create(source=before, target=ticket, kind=kind, at=now)
    changes = {"link": [NOTHING, Side(id=ticket.pk, label=ticket.number)]}
    return NewEvent(ticket=before, kind=EventKind.LINKED, changes=changes)
