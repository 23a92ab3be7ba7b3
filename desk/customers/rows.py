"""A list of customers in the words the template prints: a template would pay for every look-up."""

from collections.abc import Sequence
from functools import cache
from typing import TypedDict

from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from desk.words import breakable, counted
from tickets.queries.customer_pages import CustomerRow

CUSTOMER_ID = 10**18


class Row(TypedDict):
    """What a list shows of one customer; '' where there is nothing to show.

    `address` is that of their page. `others`: their second address, and a sign that there are more.
    """

    address: str
    name: str
    mail: str
    others: str
    organisation: str
    open: str
    closed: str
    last: str


def rows_of(customers: Sequence[CustomerRow], *, named: str = "") -> list[Row]:
    """The rows of a page; `named` (a query) opens the page of those with no ticket that the agent sees."""
    page = reverse("desk:customer_page", args=[CUSTOMER_ID])
    nameless, zone, safe = _("(no name)"), timezone.get_current_timezone(), cache(conditional_escape)
    rows = []
    for customer in customers:
        address = page.replace(str(CUSTOMER_ID), str(customer.pk))
        mails = [breakable(each) for each in customer.addresses]
        rows.append(
            Row(
                address=address if customer.last or not named else f"{address}?{named}",
                name=customer.name or nameless,
                mail=mails[0] if mails else "",
                others=_others(mails[1:]),
                organisation=safe(customer.organisation or ""),
                open=counted(customer.open),
                closed=counted(customer.closed),
                last=f"{customer.last.astimezone(zone):%d-%m-%Y}" if customer.last else "",
            )
        )
    return rows


def _others(mails: Sequence[SafeString]) -> str:
    return format_html("{}, …", mails[0]) if len(mails) > 1 else mails[0] if mails else ""
