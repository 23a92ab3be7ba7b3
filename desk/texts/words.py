"""The words that KVV fills in, which an admin finds beside a text: those that its place can know (OTRS 8)."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from queues.placeholders import TAG


@dataclass(frozen=True, slots=True)
class Word:
    """A placeholder, without its brackets, and what it becomes; `in_line`: it fits into a subject, too."""

    name: str
    help: str | Promise
    in_line: bool = True

    @property
    def tag(self) -> str:
        """As it stands in a text."""
        return f"<{self.name}>"


ANYWHERE = (
    Word("KVV_CUSTOMER_REALNAME", _("the customer's name")),
    Word("KVV_SENDER_NAME", _("the name that this queue's mail comes from")),
    Word("KVV_QUEUE", _("the name of the queue, as agents see it")),
    Word("KVV_TICKET_NUMBER", _("the number of the ticket")),
    Word("KVV_TICKET_TITLE", _("the title of the ticket")),
)
ANSWERS = (
    *ANYWHERE,
    Word("KVV_CUSTOMER_DATA_USERFIRSTNAME", _("the customer's first name, if we know it")),
    Word("KVV_CURRENT_USERFULLNAME", _("the name of the agent who answers")),
    Word("KVV_CURRENT_USERFIRSTNAME", _("the first name of the agent who answers")),
    Word("KVV_CURRENT_USEREMAIL", _("the mail address of the agent who answers")),
    Word("KVV_CURRENT_CLOSING", _("the closing line of the agent who answers, if they have one")),
)
"""In salutations, signatures and standard answers."""

AUTOMATIC = (
    *ANYWHERE,
    Word("KVV_CUSTOMER_SUBJECT[40]", _("the subject of the customer's mail, 40 characters at most")),
    Word("KVV_CUSTOMER_PAGE", _("the address of the customer's own page"), in_line=False),
    Word("KVV_CUSTOMER_EMAIL[6]", _("the first 6 lines of the customer's mail"), in_line=False),
)
"""In automatic answers, which no agent writes."""

NOTIFYING = (
    Word("KVV_CURRENT_USERFULLNAME", _("the name of the agent who did it, or KVV")),
    Word("KVV_CURRENT_USERFIRSTNAME", _("the first name of the agent who did it, or KVV")),
    Word("KVV_NOTIFICATION_RECIPIENT_USERFIRSTNAME", _("the first name of the agent who gets the mail")),
    Word("KVV_QUEUE", _("the name of the queue, as agents see it")),
    Word("KVV_TICKET_NUMBER", _("the number of the ticket")),
    Word("KVV_TICKET_TITLE", _("the title of the ticket")),
)
"""In mails that tell agents what happened."""


def unknown_words(text: str, *, known: Collection[str]) -> list[str]:
    """The placeholders in a text for which there is no value (`known`: their names in capitals)."""
    used = dict.fromkeys(match[1].upper() for match in TAG.finditer(text))
    return [name for name in used if name not in known]
