"""What mails to agents say of each reason: an admin's words, or KVV's where there are none.

Both have placeholders, as all texts of admins do (`queues/placeholders.py`), and are one line of plain text.
"""

from collections.abc import Iterable

from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import get_language

from accounts.models import Agent
from notify.models import Notification, NotificationText
from notify.words import SHORT, WHO, own_sentence
from queues.placeholders import fill_line, tags_in
from tickets.letters.strangers_words import can_be_followed
from tickets.models import Ticket

TITLE_MOST, SHORT_MOST = 120, 150
"""Characters of a title, and of what a subject says beside it, once it is filled in."""
NOBODY = "KVV"
"""Who did what no agent has done."""


class Texts:
    """The admins' texts, read once for many mails; asked in the language of the moment."""

    def __init__(self, written: Iterable[NotificationText] = ()) -> None:
        self._written = {(text.reason, text.language): text for text in written}

    def short(self, row: Notification, *, agent: Agent) -> str:
        """For a subject and a line of a summary.

        Of a queue whose mails have no text it is KVV's where an admin's would tell something of the ticket.
        """
        text = self._text_for(row)
        chosen = text.short if text else ""
        if not chosen or (row.event.ticket.queue.mails_without_text and tags_in(chosen)):
            chosen = str(SHORT[row.reason])
        return Truncator(fill_line(chosen, values_of(row, agent=agent))).chars(SHORT_MOST)

    def sentence(self, row: Notification, *, agent: Agent) -> str:
        """What happened."""
        text = self._text_for(row)
        chosen = (text.sentence if text else "") or own_sentence(row.reason)
        return fill_line(chosen, values_of(row, agent=agent))

    def _text_for(self, row: Notification) -> NotificationText | None:
        return self._written.get((row.reason, get_language() or settings.LANGUAGE_CODE))


def kept_texts(*, instead: Iterable[NotificationText] = ()) -> Texts:
    """All that admins have written, in one statement; `instead`: what is not kept yet, in their place."""
    return Texts([*NotificationText.objects.all(), *instead])


def values_of(row: Notification, *, agent: Agent) -> dict[str, str]:
    """What the placeholders stand for in a mail to this agent: what its row has been read with, and no more.

    The names are those of `tickets.letters.placeholders`; who did something is KVV where no agent was.
    """
    event, ticket = row.event, row.event.ticket
    first, full = (event.agent.first_name, str(event.agent)) if event.agent else (NOBODY, NOBODY)
    return {
        "TICKET_NUMBER": ticket.number,
        "TICKET_TITLE": plain_title(ticket),
        "QUEUE": ticket.queue.name,
        WHO: full,
        "CURRENT_USERFIRSTNAME": first or full,
        "NOTIFICATION_RECIPIENT_USERFIRSTNAME": agent.first_name or str(agent),
    }


def plain_title(ticket: Ticket) -> str:
    """The title, short; nothing where it could be followed."""
    return "" if can_be_followed(ticket.title) else Truncator(ticket.title).chars(TITLE_MOST)
