"""The mails that tell agents what happened, written in their language; the texts are `templates/mail/`.

What agents write to each other never leaves in a mail: of a note is told who wrote it, and its text is read
in the ticket. Quoted are the first lines of what the customer wrote, without what in them could be followed:
the one link is ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agent
from accounts.preferences import preferences_of
from notify.claims import asked_in
from notify.models import Notification
from notify.reasons import Reason
from notify.texts import Texts, plain_title
from notify.words import because_of
from outbox.message_ids import new_message_id
from outbox.mime import Mail, build_mime
from outbox.queueing import Outgoing
from outbox.verp import bounce_address
from tickets.letters.strangers_words import plain_lines, plain_name
from tickets.models import Article, Ticket

TEXT_MOST, LINES_MOST = 2_000, 12
"""Characters of a mail that are looked at, lines of it that are quoted."""
SUMMARY_MOST = 50
"""Tickets that a summary names."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a summary says of one ticket."""

    name: str
    what: str
    link: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, before it is one."""

    subject: str
    text: str
    html: str


def write_notification(row: Notification, *, agent: Agent, texts: Texts, now: datetime) -> Outgoing:
    """A mail about one thing that happened, as `compose` has it."""
    with translation.override(preferences_of(agent).language):
        return _outgoing(compose(row, agent=agent, texts=texts), agent=agent, now=now)


def compose(row: Notification, *, agent: Agent, texts: Texts) -> Letter:
    """In the language of the moment; of a queue that says so without a word of the question."""
    ticket, article = row.event.ticket, row.event.article
    has_text = not ticket.queue.mails_without_text
    context: dict[str, object] = {
        "name": f"{settings.TICKET_HOOK}{ticket.number}",
        "short": texts.short(row, agent=agent),
        "meant_for": _meant_for(row),
        "title": plain_title(ticket),
        "link": _link(ticket),
        "has_text": has_text,
        "what": texts.sentence(row, agent=agent),
        "queue": ticket.queue.name,
        "sender": _sender(article) if has_text and article else "",
        "quoted": _quoted(article) if has_text and article else "",
        "because": _because(row),
    }
    return _rendered("notification", context)


def write_summary(rows: Sequence[Notification], *, agent: Agent, texts: Texts, now: datetime) -> Outgoing:
    """One mail about all that waited to be told."""
    with translation.override(preferences_of(agent).language):
        by_ticket: dict[int, list[Notification]] = {}
        for row in rows:
            by_ticket.setdefault(row.event.ticket_id, []).append(row)
        lines = [_line(about, agent=agent, texts=texts) for about in list(by_ticket.values())[:SUMMARY_MOST]]
        more = len(by_ticket) - len(lines)
        sentence = ngettext("And %(n)s more ticket.", "And %(n)s more tickets.", more)
        context: dict[str, object] = {
            "n": len(rows),
            "lines": lines,
            "more": sentence % {"n": more} if more else "",
            "home": settings.BASE_URL,
        }
        return _outgoing(_rendered("notification_summary", context), agent=agent, now=now)


def _rendered(name: str, context: dict[str, object]) -> Letter:
    return Letter(
        subject=render_to_string(f"mail/{name}/subject.txt", context).strip(),
        text=render_to_string(f"mail/{name}/body.txt", context),
        html=render_to_string(f"mail/{name}/body.html", context),
    )


def _outgoing(letter: Letter, *, agent: Agent, now: datetime) -> Outgoing:
    """Nothing comes back of it (RFC 5321, 4.5.5), but where it can be told whose it was (VERP)."""
    message_id, ours = new_message_id(), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    marked = bounce_address(ours, message_id=message_id)
    mail = Mail(
        from_header=settings.DEFAULT_FROM_EMAIL,
        to=(agent.email,),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        message_id=message_id,
        date=now,
        automatic=True,
    )
    return Outgoing(
        mime=build_mime(mail),
        message_id=message_id,
        sender=marked if marked != ours else "",
        recipients=[agent.email],
        subject=letter.subject,
        dedupe_key=f"notify:{message_id}",
    )


def _line(about: Sequence[Notification], *, agent: Agent, texts: Texts) -> Line:
    ticket = about[0].event.ticket
    title = "" if ticket.queue.mails_without_text else plain_title(ticket)
    name = f"{settings.TICKET_HOOK}{ticket.number}"
    return Line(
        name=f"{name}: {title}" if title else name,
        what=", ".join(dict.fromkeys(f"{_meant_for(row)}{texts.short(row, agent=agent)}" for row in about)),
        link=_link(ticket),
    )


def _meant_for(row: Notification) -> str:
    """What stands before the words that an agent who is away would have got; '' where they were meant for
    who gets them."""
    return _("For %(whom)s:") % {"whom": row.instead_of} + " " if row.instead_of else ""


def _because(row: Notification) -> str:
    """Why it is told this agent, in one sentence."""
    if row.instead_of:
        sentence = _("You get this mail because you stand in for %(whom)s, who is out of office.")
        return sentence % {"whom": row.instead_of}
    if row.reason == Reason.ASKED:
        return _("You get this mail because a colleague has asked you.")
    in_vain = row.reason in (Reason.OUT_OF_SIGHT, Reason.ASKED_AWAY)
    if in_vain and (names := ", ".join(asked_in(row.event).values())):
        return _("You get this mail because you have asked %(names)s.") % {"names": names}
    return because_of(row.because)


def _link(ticket: Ticket) -> str:
    return f"{settings.BASE_URL}{reverse('desk:zoom', args=[ticket.number])}"


def _sender(article: Article) -> str:
    """Who wrote a mail that came in."""
    if article.direction != Article.Direction.IN:
        return ""
    return plain_name(article.sender) or article.from_address


def _quoted(article: Article) -> str:
    """The first lines of what came in, if the customer sees it; none of an agent's words."""
    if article.direction != Article.Direction.IN or not article.is_visible:
        return ""
    lines = plain_lines(article.text[:TEXT_MOST].strip()).splitlines()
    return "\n".join(lines[:LINES_MOST])
