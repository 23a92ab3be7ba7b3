"""The mails of a customer's page: a code, and a new link. No word of the question is in them."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from outbox.addresses import write_address
from outbox.message_ids import new_message_id
from outbox.mime import Mail, build_mime
from outbox.queueing import enqueue
from tickets.customer_link import CustomerLink, address_of_page
from tickets.letters.placeholders import sender_name_of


def mail_code(link: CustomerLink, code: str, *, now: datetime) -> None:
    """To the link's address, in the language of the page that it was asked on."""
    _mail("page_code", link, {"code": f"{code[:3]} {code[3:]}"}, now=now)


def mail_link(link: CustomerLink, *, now: datetime) -> None:
    """A link that holds for ninety days from now on."""
    page = address_of_page(ticket=link.ticket, address=link.address, renewed=now)
    _mail("page_link", link, {"page": page}, now=now)


def _mail(name: str, link: CustomerLink, context: dict[str, str], *, now: datetime) -> None:
    """Nothing comes back of it (RFC 5321, 4.5.5)."""
    sender, message_id = link.ticket.queue.sender, new_message_id()
    context = {"number": link.ticket.number, "team": sender_name_of(link.ticket.queue), **context}
    subject = render_to_string(f"webforms/mail/{name}/subject.txt", context).strip()
    mail = Mail(
        from_header=write_address(sender.name, sender.address) if sender else settings.DEFAULT_FROM_EMAIL,
        to=(link.address,),
        subject=subject,
        text=render_to_string(f"webforms/mail/{name}/body.txt", context),
        html=render_to_string(f"webforms/mail/{name}/body.html", context),
        message_id=message_id,
        date=now,
        automatic=True,
    )
    enqueue(
        mime=build_mime(mail),
        message_id=message_id,
        sender="",
        recipients=[link.address],
        subject=subject,
        dedupe_key=f"{name}:{message_id}",
    )
