"""What the sender of a mail is told that was sent on as it came."""

from html import escape

from django.utils.translation import gettext as _

from accounts.models import Agent
from queues.placeholders import fill
from richtext.admin_texts import as_blocks, with_place_to_write
from tickets.letters.answering import Prefill, closing_of, values_about
from tickets.letters.language import letters_language
from tickets.letters.subjects import build_subject
from tickets.models import Article, Ticket

BOUNCE_TO = "BOUNCE_TO"
"""The word that KVV fills in, `<KVV_BOUNCE_TO>`: where the mail went, which nobody knows yet (OTRS 7.30)."""


def prefill_told(*, ticket: Ticket, mail: Article, agent: Agent | None) -> Prefill:
    """Salutation, where the mail is now, and signature."""
    values = values_about(ticket, agent, mail)
    queue = ticket.queue
    with letters_language():
        said = _("Your e-mail about ticket %(number)s has been passed on to %(address)s.") % {
            "number": ticket.number,
            "address": f"<KVV_{BOUNCE_TO}>",
        }
        asked = _("Please write to that address if you want to know more.")
    parts = (
        fill(as_blocks(queue.salutation.html), values) if queue.salutation else "",
        with_place_to_write(f"<p>{escape(said)} {escape(asked)}</p>"),
        closing_of(queue, values),
    )
    subject = build_subject(number=ticket.number, subject=mail.subject or ticket.title)
    return Prefill(subject=subject, html="".join(parts))


def with_address(html: str, *, ticket: Ticket, mail: Article, agent: Agent | None, address: str) -> str:
    """The text with where the mail went, and whatever else KVV fills in of its sender."""
    return fill(html, values_about(ticket, agent, mail) | {BOUNCE_TO: address})
