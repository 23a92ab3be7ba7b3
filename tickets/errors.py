"""What an action answers instead of doing what was asked: each with a sentence that says what to do."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from accounts.models import Agent
    from queues.models import Queue
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
    """The customer wrote again after the agent began; nothing was sent.

    `articles` are shown, oldest first; who has seen up to the id `newest` may send all the same: `field` is
    the action's argument that says so.
    """

    field = "seen_article"

    def __init__(
        self, articles: "Sequence[Article]", *, message: str = "", newest: int | None = None
    ) -> None:
        self.articles = articles
        self.newest = newest or articles[-1].pk
        super().__init__(
            message or _("The customer has written again. Read the new message before you send yours.")
        )


class AnsweredMeanwhile(NewerArticle):
    """A colleague answered after the agent began; nothing was sent."""

    def __init__(self, articles: "Sequence[Article]", *, by: "Agent | None") -> None:
        self.by = by
        message = _("%(agent)s has answered this ticket meanwhile. Read that before you send your answer.")
        super().__init__(articles, message=message % {"agent": by or _("A colleague")})


class AnsweredElsewhere(NewerArticle):
    """The same mail came in for another queue, too, and was answered there; nothing was sent.

    `articles` are the answers that this agent may see there.
    """

    field = "seen_elsewhere"

    def __init__(self, articles: "Sequence[Article]", *, newest: int) -> None:
        message = _(
            "The same mail came in for another queue, too, and has just been answered there. "
            "See whether your answer is still needed."
        )
        super().__init__(articles, message=message, newest=newest)


class TicketClosed(Refusal):
    """What was asked needs an open ticket."""

    def __init__(self, *, by: "Agent | None") -> None:
        self.by = by
        super().__init__(_("%(agent)s has closed this ticket already.") % {"agent": by or _("A colleague")})


class MovedMeanwhile(Refusal):
    """A colleague moved the ticket at the same moment; it stays where they put it."""

    def __init__(self, *, by: "Agent | None", queue: "Queue") -> None:
        self.by = by
        message = _("%(agent)s has just moved this ticket to %(queue)s. Look whether it is right there.")
        super().__init__(message % {"agent": by or _("A colleague"), "queue": queue})


class NotStuck(Refusal):
    """There is nothing to decide about this answer: it is on its way, or somebody has decided already."""

    def __init__(self) -> None:
        super().__init__(_("Nothing has to be done for this answer any more."))


class BadInput(Refusal):
    """A value that can't be used; `field` names it as the action's argument does."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)
