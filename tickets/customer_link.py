"""The signed token of a customer's own page: which ticket, and which address it was mailed to.

Whoever has it is believed to read that address's mail, and no more. It is signed for this purpose alone: no
other token of KVV is one, and this one is no other. A new SECRET_KEY keeps the old links valid as long as the
old key is among SECRET_KEY_FALLBACKS. It holds until 90 days after the ticket's last visible article, which
is asked when it is read; a newer article makes an old link valid again, and so does one that was mailed anew,
for 90 days more. Once the ticket is another customer's, only their addresses open it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer

from accounts.models import CustomerAddress
from outbox.addresses import compared
from tickets.models import Article, Ticket
from tickets.queries.previous_customer import was_anothers
from tickets.queries.threads import main_ticket

PATH = "mijn-vraag/"
"""Where the page is: the token follows, and a slash."""

HOLDS_FOR = timedelta(days=90)
PURPOSE = "tickets.customer_link"
BETWEEN = "."  # Django's own ':' ends an address where some mail programs look for one in a text
LEFT_OUT = "…"
_SLASH = r"(?:/|%(?:25)*2F)"  # as it stands in another address, too, such as a mail program makes of links
_TOKEN = re.compile(rf"({_SLASH}{PATH.rstrip('/')}{_SLASH})[A-Za-z0-9._-]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CustomerLink:
    """What a token says; `ticket` is the one that its articles stand in now, should they have been merged."""

    ticket: Ticket
    address: str


class UnknownLinkError(Exception):
    """Not one of ours: made up, cut, signed for something else or by a lost key, or its ticket is gone."""


class ExpiredLinkError(Exception):
    """One of ours, of a ticket that nothing was said in for 90 days; its address may be mailed a new one."""

    def __init__(self, link: CustomerLink) -> None:
        super().__init__(f"expired: ticket {link.ticket.number}")
        self.link = link


def address_of_page(*, ticket: Ticket, address: str, renewed: datetime | None = None) -> str:
    """The whole address of the page of this ticket, for whoever reads the mail of `address`."""
    return f"{settings.BASE_URL}/{PATH}{make_token(ticket=ticket, address=address, renewed=renewed)}/"


def make_token(*, ticket: Ticket, address: str, renewed: datetime | None = None) -> str:
    """The token, of letters, digits, '-', '_' and '.'; always the same, as the letter that it stands in.

    `renewed`: when it was mailed again to who had one that held no longer; it holds from then, too.
    """
    said: list[int | str] = [ticket.pk, address.lower()]
    return _signer().sign_object([*said, int(renewed.timestamp())] if renewed else said)


def with_link(html: str, *, page: str) -> str:
    """HTML in which the address of a page can be followed; '' is no address."""
    return html.replace(page, f'<a href="{page}">{page}</a>') if page else html


def has_token(html: str) -> bool:
    """Whether a link to a customer's page stands in it."""
    return bool(_TOKEN.search(html))


def without_tokens(html: str) -> str:
    """A text, or HTML, in which the links to customers' pages lead nowhere: for whom they are not meant."""
    return _TOKEN.sub(rf"\1{LEFT_OUT}", html)


def read_token(token: str, *, now: datetime) -> CustomerLink:
    """What a token of ours says; raises `UnknownLinkError` or `ExpiredLinkError`."""
    link, signed_for, renewed = _signed_in(token)
    if _is_of_another_customer(link, signed_for=signed_for):
        raise UnknownLinkError
    visible = Article.objects.filter(ticket=link.ticket, is_visible=True)
    last = visible.order_by("-pk").values_list("created", flat=True).first()
    if last is None:
        raise UnknownLinkError
    if now - max(last, renewed or last) >= HOLDS_FOR:
        raise ExpiredLinkError(link)
    return link


def _is_of_another_customer(link: CustomerLink, *, signed_for: int) -> bool:
    """Whether the ticket got another customer, and this address is none of theirs.

    Also where that was done in the ticket that the token was signed for, before it was merged.
    """
    if not was_anothers(signed_for, link.ticket.pk):
        return False
    theirs = CustomerAddress.objects.filter(customer=link.ticket.customer_id, address=compared(link.address))
    return not theirs.exists()


def _signed_in(token: str) -> tuple[CustomerLink, int, datetime | None]:
    """What it says, the id of the ticket that it was signed for, and when it was mailed anew, if it was."""
    try:
        ticket_id, address, *renewed = _signer().unsign_object(token)
        ticket = Ticket.objects.select_related("queue").get(pk=ticket_id)
    except (BadSignature, Ticket.DoesNotExist) as error:
        raise UnknownLinkError from error
    since = datetime.fromtimestamp(renewed[0], UTC) if renewed else None
    return CustomerLink(ticket=main_ticket(ticket), address=address), ticket.pk, since


def _signer() -> Signer:
    return Signer(salt=PURPOSE, sep=BETWEEN)
