"""How a customer's page says things: the ticket's state, who wrote what, and what was done just now."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from outbox.addresses import compared
from queues.models import Queue
from richtext.convert import html_to_text
from richtext.fold import Earlier, Piece, fold_text
from tickets.letters.placeholders import sender_name_of
from tickets.models import Article, Attachment, StateType, Ticket
from webforms.customer.visit import Visit

STATES: dict[str, str | Promise] = {
    StateType.NEW: pgettext_lazy("to the customer", "received"),
    StateType.OPEN: pgettext_lazy("to the customer", "in progress"),
    StateType.PENDING_REMINDER: pgettext_lazy("to the customer", "waits for you"),
    StateType.PENDING_AUTO: pgettext_lazy("to the customer", "answered"),
    StateType.CLOSED: pgettext_lazy("to the customer", "closed"),
    StateType.MERGED: pgettext_lazy("to the customer", "closed"),
    StateType.REMOVED: pgettext_lazy("to the customer", "closed"),
}
"""A state's type → what the customer is told of it."""
MARKS = {
    StateType.NEW: "new",
    StateType.OPEN: "open",
    StateType.PENDING_REMINDER: "pending",
    StateType.PENDING_AUTO: "pending",
}
"""A state's type → the shape before its words; of all others that of what is closed."""
DONE: dict[str, str | Promise] = {
    "code": gettext_lazy("A code is on its way to the mail address that this link was for."),
    "open": gettext_lazy("This browser shows your question for 30 days from now on."),
    "link": gettext_lazy("A new link is on its way to the mail address that this link was for."),
    "written": gettext_lazy("Your message has arrived."),
    "anew": gettext_lazy("Your message has arrived. It is a new question, as the other one was closed."),
    "closed": gettext_lazy("Thank you for telling us. Your question is closed."),
    "reopened": gettext_lazy("Your question is open again."),
    "rated": gettext_lazy("Thank you for telling us."),
}
"""What the address of a page that follows a form says, as `?done=`."""


@dataclass(frozen=True, slots=True)
class Said:
    """An article as its reader sees it: `who` wrote it, and of which team (`of`, may be empty)."""

    article: Article
    who: str
    of: str
    is_own: bool
    pieces: list[Piece]
    files: list[Attachment]

    @property
    def mark(self) -> str:
        """The class of its edge."""
        return self.article.sender_type


def state_of(ticket: Ticket) -> str:
    """Its state in words, with the day until which it waits for the customer."""
    words = str(STATES[StateType(ticket.state_type)])
    until = ticket.pending_until
    if ticket.state_type != StateType.PENDING_REMINDER or until is None:
        return words
    day = date_format(timezone.localtime(until), "j F")
    return _("%(waits_for_you)s until %(day)s") % {"waits_for_you": words, "day": day}


def mark_of(ticket: Ticket) -> str:
    """The class of the shape before it."""
    return f"state--{MARKS.get(StateType(ticket.state_type), 'closed')}"


def as_said(articles: list[Article], *, visit: Visit) -> list[Said]:
    """Each with who wrote it and its plain text, in which is folded what stands above it already."""
    return [_said(article, earlier=articles[:place], visit=visit) for place, article in enumerate(articles)]


def _said(article: Article, *, earlier: list[Article], visit: Visit) -> Said:
    is_own = compared(article.from_address) == compared(visit.address)
    who, of = (_("You"), "") if is_own else _writer(article, queue=visit.ticket.queue)
    return Said(
        article=article,
        who=who,
        of=of,
        is_own=is_own,
        pieces=fold_text(article.text, Earlier(_quotable(earlier))),
        files=list(article.attachments.all()),
    )


def _quotable(earlier: list[Article]) -> Iterator[str]:
    """What an answer may quote: a form's copy as its table reads, too."""
    for article in reversed(earlier):
        yield article.text
        if copy := getattr(article, "copy", ""):
            yield html_to_text(copy)


def _writer(article: Article, *, queue: Queue) -> tuple[str, str]:
    team = sender_name_of(queue)
    if article.sender_type == Article.SenderType.CUSTOMER:
        return article.sender, ""
    if article.sender_type == Article.SenderType.SYSTEM:
        return _("Automatic message"), team
    called, agent = queue.agents_called, article.agent
    if agent is None or called == Queue.Called.QUEUE:
        return team, ""
    name = agent.first_name if called == Queue.Called.FIRST_NAME else agent.get_full_name()
    return (name, team) if name else (team, "")
