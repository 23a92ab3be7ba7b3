"""A ticket that begins with a mail of ours: an agent writes to a customer who has not asked.

The mail is built before anything is written, because that may take long; it has the number that the ticket
will get, so that what the customer answers joins it.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Customer
from outbox.addresses import write_address
from queues.models import QueuePermission
from richtext.convert import is_blank
from tickets.actions.create import Start, create_ticket
from tickets.actions.new_ticket import NewTicket, files_along, kept, locked_parent, start_of
from tickets.actor import Actor
from tickets.changing.changes import NOTHING, Side
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.errors import BadInput
from tickets.letters.answering import signature_of
from tickets.letters.by_agent import write_agents_letter
from tickets.letters.letter import Letter
from tickets.letters.placeholders import with_number
from tickets.letters.recipients import checked_recipients
from tickets.letters.sending import send_letter
from tickets.models import Article, Ticket
from tickets.numbers import NewIds, new_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTicket(NewTicket):
    """What an agent writes to a customer, and who else gets it."""

    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()


@same_form_once
def create_by_mail(*, actor: Actor, new: MailTicket, now: datetime) -> Done:
    """Make a ticket, and send its first mail with the queue's signature, without a salutation (OTRS 7.34).

    Raises `NotAllowed` and `BadInput`.
    """
    actor.require(QueuePermission.Right.CREATE, new.queue.pk)
    start = start_of(new, actor=actor, now=now)
    ids = new_ids(count=1, now=now)[0]
    letter = _compose(new, number=ids.number, actor=actor, now=now)
    return _send(actor=actor, new=new, start=start, letter=letter, ids=ids, now=now)


@atomic_action
def _send(*, actor: Actor, new: MailTicket, start: Start, letter: Letter, ids: NewIds, now: datetime) -> Done:
    parent = locked_parent(new, actor=actor, now=now)
    customer = kept(new.customer)
    outbound = send_letter(letter, key=f"new:{new.submission}")
    way = Side(id=Article.Channel.EMAIL.value, label=letter.article.to)
    return create_ticket(
        actor=actor,
        queue=new.queue,
        title=new.subject,
        customer=customer,
        article=replace(letter.article, sender_name=customer.full_name or new.address),
        start=replace(start, split_from=parent),
        form=new,
        outbound=outbound,
        told={"channel": [NOTHING, way]},
        ids=ids,
        now=now,
    )


def _checked_customer(address: str, *, name: str, ticket: Ticket) -> tuple[str, ...]:
    """The customer as the mail's To; raises `BadInput` where there is no address to write to."""
    if not address:
        sentence = _("This customer has no e-mail address. Give one, or make a phone ticket instead.")
        raise BadInput("customer", sentence)
    return checked_recipients("customer", (write_address(name, address),), ticket=ticket)


def _compose(new: MailTicket, *, number: str, actor: Actor, now: datetime) -> Letter:
    """Build the mail; nothing is written to the database."""
    if is_blank(new.html):
        raise BadInput("text", _("Write a text first."))
    known = new.customer if isinstance(new.customer, Customer) else None
    name = new.customer.full_name if isinstance(new.customer, Customer) else new.customer.name
    ticket = Ticket(number=number, title=new.subject, queue=new.queue, customer=known)
    return write_agents_letter(
        replace(new, html=with_number(new.html, number=number)),
        agent=actor.agent,
        ticket=ticket,
        to=_checked_customer(new.address, name=name, ticket=ticket),
        cc=checked_recipients("cc", new.cc, ticket=ticket),
        bcc=checked_recipients("bcc", new.bcc, ticket=ticket),
        answered=None,
        quoted=new.split_from,
        along=files_along(new),
        reply_word="",
        closing=signature_of(ticket, agent=actor.agent, real_name=name),
        now=now,
    )
