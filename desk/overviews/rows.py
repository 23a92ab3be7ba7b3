"""A list's rows in the words the template prints: made here, because a template pays for every look-up."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.templatetags.desk import age, age_mark, priority_icon, priority_word, queue_name, state_mark
from tickets.models import Ticket
from tickets.queries.pages import TicketPage

NUMBER, CUSTOMER_ID = "NUMBER", 10**18


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of one ticket. Times are local, in words, '' where there is none."""

    number: str
    address: str
    title: str
    sender: str
    is_unread: bool
    priority: int
    priority_icon: str
    priority_word: str
    attachments: int
    created: str
    age: str
    age_mark: str
    state: str
    state_mark: str
    until: str
    closed: str
    locked: bool
    queue: str
    owner: str
    customer: str
    customer_code: str
    customer_address: str


def rows_of(page: TicketPage) -> list[Row]:
    """The rows of a page. Addresses are looked up once, not once a row."""
    ticket_address = reverse("desk:zoom", args=[NUMBER])
    customer_address = reverse("desk:customer_tickets", args=[CUSTOMER_ID, "open"])
    return [
        _row(
            ticket,
            address=ticket_address.replace(NUMBER, quote(ticket.number)),
            customer_address=customer_address.replace(str(CUSTOMER_ID), str(ticket.customer_id)),
            is_unread=ticket.pk in page.unread,
        )
        for ticket in page.rows
    ]


def _row(ticket: Ticket, *, address: str, customer_address: str, is_unread: bool) -> Row:
    customer, arrow = ticket.customer, priority_icon(ticket.priority)
    return Row(
        number=ticket.number,
        address=address,
        title=ticket.title or _("(no subject)"),
        sender=ticket.sender_name or "–",
        is_unread=is_unread,
        priority=ticket.priority,
        priority_icon=arrow,
        priority_word=priority_word(ticket) if arrow else "",
        attachments=ticket.attachment_count,
        created=_moment(ticket.created),
        age=age(ticket.created),
        age_mark=age_mark(ticket.created),
        state=str(ticket.state),
        state_mark=state_mark(ticket),
        until=f"{timezone.localtime(ticket.pending_until):%d-%m %H:%M}" if ticket.pending_until else "",
        closed=_moment(ticket.closed_at) if ticket.closed_at else "",
        locked=ticket.locked,
        queue=queue_name(ticket.queue.name),
        owner=str(ticket.owner) if ticket.owner else "–",
        customer=(customer.code or customer.full_name) if customer else "",
        customer_code=customer.code if customer else "",
        customer_address=customer_address if customer else "",
    )


def _moment(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d-%m-%Y %H:%M}"
