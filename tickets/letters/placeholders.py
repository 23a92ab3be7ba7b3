"""What the tags in the texts of admins stand for, for one ticket and one mail of it (OTRS 8)."""

from html import escape

from django.conf import settings

from accounts.models import Agent, Customer
from accounts.preferences import preferences_of
from queues.models import SEPARATOR, Queue
from queues.placeholders import CLOSING
from tickets.letters.subjects import clean_subject
from tickets.models import Article, Ticket

NUMBER_TO_COME = "<KVV_TICKET_NUMBER>"
"""What a text says of a ticket that only the mail with it makes."""


def values_for(
    *, ticket: Ticket, agent: Agent | None, customer: Customer | None, real_name: str = ""
) -> dict[str, str]:
    """Tag (in capitals) → value; `real_name` is how the sender of the answered mail called themselves."""
    return {
        "TICKET_NUMBER": ticket.number,
        "TICKET_TICKETNUMBER": ticket.number,
        "TICKET_TITLE": ticket.title,
        "TICKET_QUEUE": ticket.queue.name,
        "QUEUE": ticket.queue.name,
        "SENDER_NAME": sender_name_of(ticket.queue),
        "CONFIG_FQDN": settings.BASE_URL.partition("://")[2],
        **_agent_values(agent),
        **_customer_values(customer, real_name),
    }


def values_of_mail(article: Article) -> dict[str, str]:
    """What the tags for the customer's own mail stand for (OTRS 6.13); cutting them is `fill`'s part."""
    return {
        "CUSTOMER_SUBJECT": clean_subject(number=article.ticket.number, subject=article.subject),
        "CUSTOMER_FROM": article.from_header,
        "CUSTOMER_TO": article.to,
        "CUSTOMER_CC": article.cc,
        "CUSTOMER_EMAIL": article.text,
        "CUSTOMER_BODY": article.text,
        "CUSTOMER_NOTE": article.text,
    }


def sender_name_of(queue: Queue) -> str:
    """The name under which the queue writes, as customers know it; else the last part of its own."""
    named = queue.sender.name if queue.sender else ""
    return named or queue.name.rpartition(SEPARATOR)[2]


def _agent_values(agent: Agent | None) -> dict[str, str]:
    if agent is None:
        return {}
    full, first, last = str(agent), agent.first_name, agent.last_name
    named = {"USERFULLNAME": full, "USERFIRSTNAME": first, "USERLASTNAME": last, "USEREMAIL": agent.email}
    return {
        "AGENT_NAME": full,
        "FIRST_NAME": first,
        "LAST_NAME": last,
        CLOSING: preferences_of(agent).closing,
        **{f"CURRENT_{name}": value for name, value in named.items()},
        **{f"AGENT_{name}": value for name, value in named.items()},
    }


def _customer_values(customer: Customer | None, real_name: str) -> dict[str, str]:
    name = (customer.full_name if customer else "") or real_name
    values = {"CUSTOMER_NAME": name, "CUSTOMER_REALNAME": name}
    if customer is not None:
        values |= {
            "CUSTOMER_DATA_USERFIRSTNAME": customer.first_name,
            "CUSTOMER_DATA_USERLASTNAME": customer.last_name,
            "CUSTOMER_DATA_USERCUSTOMERID": customer.code,
        }
    return values


def with_number(html: str, *, number: str) -> str:
    """A text with the number where it said that this is to come."""
    return html.replace(escape(NUMBER_TO_COME), number)
