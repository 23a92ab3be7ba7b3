"""What an action answers instead of doing what was asked: each with a sentence that says what to do."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from accounts.models import Agent
    from tickets.models import Article


class Refusal(Exception):
    """An action that was not done; `message` is for the person who asked, in their language."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(Refusal):
    """The agent lacks the right; the page answers 403."""

    def __init__(self) -> None:
        super().__init__(_("You may not do this in this queue. Ask an administrator if you need to."))


class TicketBusy(Refusal):
    """Somebody else is changing the ticket at this very moment."""

    def __init__(self) -> None:
        super().__init__(_("Somebody is changing this ticket right now. Wait a moment and try again."))


class LockedByOther(Refusal):
    """A colleague works on the ticket."""

    def __init__(self, owner: "Agent") -> None:
        self.owner = owner
        super().__init__(
            _("%(owner)s has locked this ticket and works on it. Ask them, or wait until it is unlocked.")
            % {"owner": owner}
        )


class NewerArticle(Refusal):
    """The customer wrote again after the agent began; nothing was sent."""

    def __init__(self, articles: "Sequence[Article]") -> None:
        self.articles = articles
        super().__init__(_("The customer has written again. Read the new message before you send yours."))


class TicketClosed(Refusal):
    """What was asked needs an open ticket."""

    def __init__(self) -> None:
        super().__init__(_("This ticket is closed already."))


class NotStuck(Refusal):
    """There is nothing to decide about this answer: it is on its way, or somebody has decided already."""

    def __init__(self) -> None:
        super().__init__(_("Nothing has to be done for this answer any more."))


class BadInput(Refusal):
    """A value that can't be used; `field` names it as the action's argument does."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)
