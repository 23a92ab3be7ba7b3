"""A ticket that an agent makes: of what a customer said by telephone, or by writing to a customer.

Article, mail, ticket and event are one commit. Whoever is chosen as owner gets it locked; else it belongs to
who made it, unlocked, if they may see it (OTRS 3.16).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Agent, Customer
from outbox.addresses import write_address
from queues.models import AutoResponse, Queue, QueuePermission
from queues.texts import auto_responses_of
from richtext.convert import is_blank
from tickets.actions.create import Start, create_ticket
from tickets.actions.owner import check_may_own
from tickets.actions.seen import mark_seen
from tickets.actor import Actor
from tickets.changing.articles import NewArticle, StoredFile
from tickets.changing.changes import NOTHING, Side
from tickets.changing.frame import begin_all
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.changing.written import Written, checked_along, checked_pending, note_of
from tickets.errors import BadInput
from tickets.free_values import NOTHING_FILLED, Filled
from tickets.models import OPEN_TYPES, Article, Attachment, Priority, State, Ticket
from tickets.queries.customers import NewCustomer

Right = QueuePermission.Right


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket(Written):
    """What an agent filled in of a new ticket; `address` is the customer's that is meant, '' for none.

    `split_from`: the article of another ticket that it is made out of, `along`: those of its files that go
    with it; `filled` is what stands in its free fields.
    """

    queue: Queue
    customer: Customer | NewCustomer
    address: str = ""
    new_owner: Agent | None = None
    state: State
    pending_until: datetime | None = None
    priority: int = Priority.NORMAL
    filled: Filled = NOTHING_FILLED
    split_from: Article | None = None
    along: Sequence[Attachment] = ()

    @property
    def parent(self) -> Ticket | None:
        """The ticket that it is split from."""
        return self.split_from.ticket if self.split_from else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneTicket(NewTicket):
    """What a customer said; `receipt`: the queue's text for new questions is to be sent to them."""

    receipt: bool = False


@same_form_once
@atomic_action
def create_by_phone(*, actor: Actor, new: PhoneTicket, now: datetime) -> Done:
    """Make a ticket of what a customer said by telephone, or face to face: they wait as after a mail.

    Raises `NotAllowed` and `BadInput`.
    """
    actor.require(Right.CREATE, new.queue.pk)
    if is_blank(new.html):
        raise BadInput("text", _("Write a text first."))
    if new.receipt:
        check_receipt(queue=new.queue, address=new.address)
    start = start_of(new, actor=actor, now=now)
    parent = locked_parent(new, actor=actor, now=now)
    customer = kept(new.customer)
    article = _said(new, customer=customer, actor=actor)
    told = {"channel": [NOTHING, Side(id=Article.Channel.PHONE.value, label=article.from_header)]}
    if new.receipt:
        told["receipt"] = [NOTHING, Side(id=1, label="")]
    done = create_ticket(
        actor=actor,
        queue=new.queue,
        title=new.subject,
        customer=customer,
        article=article,
        start=replace(start, split_from=parent),
        form=new,
        told=told,
        now=now,
    )
    if actor.agent is not None:  # who has written it has read it (OTRS 3.39)
        mark_seen(agent=actor.agent, ticket=done.ticket, upto=done.written.pk)
    return done


def start_of(new: NewTicket, *, actor: Actor, now: datetime) -> Start:
    """How the ticket begins; raises `BadInput` for what can't be chosen."""
    if new.priority not in Priority.values:
        raise BadInput("priority", _("Choose one of the five priorities."))
    if new.new_owner is not None:
        check_may_own(new.new_owner, queue_id=new.queue.pk)
    may_see = actor.may(Right.READ, new.queue.pk)
    return Start(
        state=new.state,
        priority=new.priority,
        owner=new.new_owner or (actor.agent if may_see else None),
        locked=new.new_owner is not None and new.state.type in OPEN_TYPES,
        pending_until=checked_pending(state=new.state, pending_until=new.pending_until, now=now),
        filled=new.filled,
    )


def locked_parent(new: NewTicket, *, actor: Actor, now: datetime) -> Ticket | None:
    """The ticket that it is split from, as it is now; raises `NotAllowed` for who may not see it."""
    if new.parent is None:
        return None
    (changes,) = begin_all([new.parent], actor=actor, right=Right.READ, now=now, needs_lock=False)
    return changes.ticket


def may_be_split(article: Article) -> bool:
    """Whether a ticket can be made out of it: what is between agents is nobody's question."""
    return article.is_answerable


def files_along(new: NewTicket) -> tuple[StoredFile, ...]:
    """The files of the article that it is split from, as its own; raises `BadInput` for those of another."""
    article = new.split_from
    if article is not None and not may_be_split(article):
        raise BadInput("split_from", _("What is internal stays in its ticket: it can't be split off."))
    return checked_along(new.along, article=article)


def kept(customer: Customer | NewCustomer) -> Customer:
    """The customer, who is made now if they are new."""
    return customer.keep() if isinstance(customer, NewCustomer) else customer


def check_receipt(*, queue: Queue, address: str) -> None:
    """Raise `BadInput` where there is no text to confirm with, or nowhere to send it."""
    if (queue.pk, AutoResponse.Kind.NEW_TICKET) not in auto_responses_of({queue.pk}):
        raise BadInput("receipt", _("This queue has no text to confirm with. Untick it."))
    if not address:
        raise BadInput("receipt", _("This customer has no e-mail address. Untick it."))


def _said(new: PhoneTicket, *, customer: Customer, actor: Actor) -> NewArticle:
    """The customer's words as the agent noted them down; the customer may read them."""
    name = str(customer) if customer.full_name or not new.address else ""
    note = note_of(new, ticket=None, agent=actor.agent, quoted=new.split_from)
    return replace(
        note,
        files=(*note.files, *files_along(new)),
        sender_type=Article.SenderType.CUSTOMER,
        channel=Article.Channel.PHONE,
        direction=Article.Direction.IN,
        is_visible=True,
        from_header=write_address(name, new.address),
        from_address=new.address,
        sender_name=name or new.address,
    )
