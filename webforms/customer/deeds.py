"""What a customer does by their page: each in a transaction of its own, under the lock of their ticket."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile

from accounts.customers import customer_with
from accounts.models import CustomerAddress
from blobs.store import store_many
from outbox.addresses import compared, write_address
from tickets.actions.create import create_ticket
from tickets.actions.customer_close import close_by_customer
from tickets.actions.customer_reopen import reopen_by_customer
from tickets.actions.follow_up import add_follow_up
from tickets.actions.rate import rate_ticket
from tickets.actor import Actor
from tickets.changing.articles import NewArticle, StoredFile
from tickets.changing.forms import Form
from tickets.changing.locking import atomic_action, lock_tickets
from tickets.customer_link import CustomerLink, read_token
from tickets.errors import TicketBusy, TicketClosed, TicketOpen
from tickets.kinds import Rating
from tickets.models import Article, Ticket
from tickets.models.article import UNKNOWN_SENDER
from tickets.queries.participants import Participants, begins_anew, refuses_follow_up
from webforms.files import read_file

T = TypeVar("T")
TRIES = 3
CUSTOMER = Actor.customer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What was typed and chosen; `closes`: nothing more is asked."""

    text: str
    files: Sequence[UploadedFile[Any]] = ()
    closes: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it only closes the question."""
        return not (self.text or self.files)


def write(token: str, message: Message, *, submission: uuid.UUID, now: datetime) -> Ticket | None:
    """Add the message by the rules for mail, and close the question if it says so.

    Gives the new ticket that it began, where it did. Raises as `read_token` does, and `TicketBusy`.
    """

    def deed(link: CustomerLink) -> Ticket | None:
        begun = None
        if not message.is_empty:
            begun = _add(link, message, form=_form(submission, token, "write"), now=now)
        if message.closes and begun is None:
            _close(link, form=_form(submission, token, "close"), now=now)
        return begun

    return _in_turn(token, deed, now=now)


def reopen(token: str, *, submission: uuid.UUID, now: datetime) -> None:
    """Open the question again; nothing happens to one that is. Raises also what the action refuses."""

    def deed(link: CustomerLink) -> None:
        form = _form(submission, token, "reopen")
        try:
            reopen_by_customer(actor=CUSTOMER, ticket=link.ticket, address=link.address, form=form, now=now)
        except TicketOpen:
            return

    _in_turn(token, deed, now=now)


def rate(token: str, rating: Rating, words: str, *, submission: uuid.UUID, now: datetime) -> None:
    """Say how they were helped. Raises also what the action refuses."""

    def deed(link: CustomerLink) -> None:
        rate_ticket(
            actor=CUSTOMER,
            ticket=link.ticket,
            address=link.address,
            rating=rating,
            words=words,
            form=_form(submission, token, "rate"),
            now=now,
        )

    _in_turn(token, deed, now=now)


def _in_turn(token: str, deed: Callable[[CustomerLink], T], *, now: datetime) -> T:
    """Do it in the ticket where the articles stand by now: it may be merged between a look and a lock."""
    for _try in range(TRIES):
        done = _under_lock(token, deed, now=now)
        if done:
            return done[0]
    raise TicketBusy


@atomic_action
def _under_lock(token: str, deed: Callable[[CustomerLink], T], *, now: datetime) -> tuple[T] | None:
    """What came of it; None where the ticket was merged meanwhile."""
    link = read_token(token, now=now)
    (ticket,) = lock_tickets(link.ticket.pk)
    return None if ticket.merged_into_id is not None else (deed(replace(link, ticket=ticket)),)


def _form(submission: uuid.UUID, token: str, what: str) -> Form:
    """The form as one of this link: no other's is ever taken for it, whatever identity it brings."""
    return Form(submission=uuid.uuid5(submission, f"{what}:{token}"))


def _close(link: CustomerLink, *, form: Form, now: datetime) -> None:
    try:
        close_by_customer(actor=CUSTOMER, ticket=link.ticket, address=link.address, form=form, now=now)
    except TicketClosed:
        return


def _add(link: CustomerLink, message: Message, *, form: Form, now: datetime) -> Ticket | None:
    """As a mail of this address would join it, or begin a new one (OTRS 2.13 to 2.17).

    Whom the ticket does not know writes in it unseen by its customer, and the agent is warned.
    """
    ticket = link.ticket
    is_known = Participants().has(compared(link.address), ticket=ticket)
    if not begins_anew(ticket):
        article = _article(link, message, is_visible=is_known, warning="" if is_known else UNKNOWN_SENDER)
        opens = not refuses_follow_up(ticket)
        add_follow_up(actor=CUSTOMER, ticket=ticket, article=article, reopen=opens, form=form, now=now)
        return None
    article = _article(link, message, is_visible=True)
    return create_ticket(
        actor=CUSTOMER,
        queue=ticket.queue,
        title=ticket.title,
        customer=customer_with(compared(link.address)),
        article=article,
        instead_of=ticket,
        form=form,
        now=now,
    ).ticket


def _article(link: CustomerLink, message: Message, *, is_visible: bool, warning: str = "") -> NewArticle:
    ticket, sender = link.ticket, link.ticket.queue.sender
    writer = _name_of(link)
    files = [read_file(file) for file in message.files]
    blobs = store_many(data for _name, _type, data in files)
    return NewArticle(
        sender_type=Article.SenderType.CUSTOMER,
        channel=Article.Channel.WEB,
        direction=Article.Direction.IN,
        is_visible=is_visible,
        from_header=write_address(writer, link.address),
        from_address=link.address,
        sender_name=writer or link.address,
        to=write_address(sender.name, sender.address) if sender else "",
        subject=ticket.title,
        text=message.text,
        warning=warning,
        files=tuple(
            StoredFile(blob=blob, name=name, content_type=content_type, size=blob.size)
            for blob, (name, content_type, _data) in zip(blobs, files, strict=True)
        ),
    )


def _name_of(link: CustomerLink) -> str:
    """The name of the ticket's customer, where it is they who write."""
    customer = link.ticket.customer
    theirs = CustomerAddress.objects.filter(customer=customer, address=compared(link.address))
    return customer.full_name if customer is not None and theirs.exists() else ""
