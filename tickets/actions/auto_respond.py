"""An automatic answer, which changes nothing of the ticket but that it is there (OTRS 6.4 to 6.8)."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import CustomerAddress
from outbox.addresses import read_addresses, write_address
from outbox.message_ids import new_message_id
from outbox.mime import Mail, build_mime
from outbox.queueing import enqueue
from queues.models import AutoResponse
from queues.placeholders import fill, fill_line
from richtext.clean import clean_html
from richtext.convert import html_to_text
from tickets.actor import Actor
from tickets.article_rows import insert_article, note_in_overview
from tickets.articles import NewArticle
from tickets.changes import Changes, Side
from tickets.errors import BadInput
from tickets.events import record
from tickets.kinds import Kind, Withheld
from tickets.locking import atomic_action
from tickets.models import Article, Ticket
from tickets.placeholders import values_for, values_of_mail
from tickets.recipients import bare_addresses
from tickets.references import references_to
from tickets.subjects import build_subject

NOTHING = Side(id=None, label="")


@atomic_action
def auto_respond(
    *,
    actor: Actor,
    ticket: Ticket,
    answered: Article,
    response: AutoResponse,
    to: str,
    key: str,
    now: datetime,
) -> Article:
    """Answer a customer's mail with an admin's text, to one address (`to`, with or without a name).

    State, lock, owner and what is unread stay as they are. The envelope has no sender, so that nothing comes
    back. The same `key` gives the answer that was made with it already. The caller has locked `ticket`, which
    many answers share, by `lock_tickets`. Raises `BadInput` where the queue has no sender.
    """
    new = _article(ticket=ticket, answered=answered, response=response, to=to)
    outbound = enqueue(
        mime=build_mime(_mail(new, answered=answered, now=now)),
        message_id=new.message_id,
        sender="",
        recipients=bare_addresses([to]),
        subject=new.subject,
        dedupe_key=key,
    )
    if outbound.message_id != new.message_id:
        return Article.objects.get(outbound=outbound)
    changes = Changes(ticket, now=now)
    made = insert_article(ticket=ticket, new=new, now=now, outbound=outbound)
    note_in_overview(changes, new=new, article=made)
    changes.save()
    record(
        ticket=ticket,
        kind=Kind.AUTO_RESPONDED,
        actor=actor,
        now=now,
        article=made,
        changes={"auto_response": [NOTHING, Side(id=response.pk, label=f"{response.name} → {to}")]},
    )
    return made


@atomic_action
def withhold_response(
    *,
    actor: Actor,
    ticket: Ticket,
    answered: Article,
    response: AutoResponse,
    reason: Withheld,
    to: str,
    now: datetime,
) -> None:
    """Tell in the history that no automatic answer was sent, and why; the caller has locked the ticket."""
    changes = {
        "auto_response": [NOTHING, Side(id=response.pk, label=response.name)],
        "withheld": [NOTHING, Side(id=reason.value, label=to)],
    }
    record(ticket=ticket, kind=Kind.AUTO_WITHHELD, actor=actor, now=now, article=answered, changes=changes)


def _article(*, ticket: Ticket, answered: Article, response: AutoResponse, to: str) -> NewArticle:
    sender = ticket.queue.sender
    if sender is None:
        raise BadInput("sender", _("This queue has no sender address. Ask an administrator to give it one."))
    values = _values(ticket, answered=answered, to=to)
    html = clean_html(fill(response.html, values))
    return NewArticle(
        sender_type=Article.SenderType.SYSTEM,
        channel=Article.Channel.EMAIL,
        direction=Article.Direction.OUT,
        is_visible=answered.is_visible,
        from_header=write_address(sender.name, sender.address),
        from_address=sender.address,
        to=to,
        subject=build_subject(number=ticket.number, subject=fill_line(response.subject, values), prefix=""),
        text=html_to_text(html),
        html=html,
        message_id=new_message_id(),
        references=references_to(answered),
        is_automatic=True,
    )


def _values(ticket: Ticket, *, answered: Article, to: str) -> dict[str, str]:
    """Who has no part in the ticket learns neither its customer nor its title, but for the one they wrote."""
    ((name, address),) = read_addresses(to)
    is_theirs = answered.is_visible and _takes_part(address, ticket=ticket, answered=answered)
    values = values_for(
        ticket=ticket,
        agent=None,
        customer=ticket.customer if is_theirs else None,
        real_name=name or address,
    )
    knows_title = is_theirs or (answered.is_visible and ticket.title == answered.subject)
    return values | values_of_mail(answered) | ({} if knows_title else {"TICKET_TITLE": ""})


def _takes_part(address: str, *, ticket: Ticket, answered: Article) -> bool:
    """Whether it is who wrote, or the customer: a known From says nothing of the address in Reply-To."""
    if address == answered.from_address:
        return True
    theirs = CustomerAddress.objects.filter(customer=ticket.customer, address=address)
    return ticket.customer is not None and theirs.exists()


def _mail(new: NewArticle, *, answered: Article, now: datetime) -> Mail:
    return Mail(
        from_header=new.from_header,
        to=(new.to,),
        subject=new.subject,
        text=new.text,
        html=new.html,
        message_id=new.message_id,
        in_reply_to=f"<{answered.message_id}>" if answered.message_id else "",
        references=" ".join(f"<{reference}>" for reference in new.references.split()),
        automatic=True,
        auto_replied=True,
        date=now,
    )
