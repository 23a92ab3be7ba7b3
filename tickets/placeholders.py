"""What the tags in salutations, signatures and standard answers stand for, for one ticket (OTRS 8)."""

from django.conf import settings

from accounts.models import Agent, Customer
from tickets.models import Ticket


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
        "CONFIG_FQDN": settings.BASE_URL.partition("://")[2],
        **_agent_values(agent),
        **_customer_values(customer, real_name),
    }


def _agent_values(agent: Agent | None) -> dict[str, str]:
    if agent is None:
        return {}
    full, first, last = str(agent), agent.first_name, agent.last_name
    named = {"USERFULLNAME": full, "USERFIRSTNAME": first, "USERLASTNAME": last, "USEREMAIL": agent.email}
    return {
        "AGENT_NAME": full,
        "FIRST_NAME": first,
        "LAST_NAME": last,
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
