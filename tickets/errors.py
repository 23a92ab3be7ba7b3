"""What an action answers instead of doing what was asked: each with a sentence that says what to do."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from accounts.models import Agent, Customer
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
    """Somebody else is changing the ticket, or its customer, at this very moment."""

    def __init__(self) -> None:
        sentence = _(
            "Somebody is changing this ticket or its customer right now. Wait a moment and try again."
        )
        super().__init__(sentence)


class LockedByOther(Refusal):
    """A colleague works on the ticket."""

    def __init__(self, owner: "Agent") -> None:
        self.owner = owner
        super().__init__(
            _("%(owner)s has locked this ticket and works on it. Ask them, or wait until it is unlocked.")
            % {"owner": owner}
        )


class Ask(Refusal):
    """What was not done because its writer may not know something; who knows it may do it all the same.

    `key` says what, up to what was shown: a form that brings `anyway=<key>` with it is not asked again.
    `details` are the articles to be read first, oldest first; `question` is the title of one that comes
    without a form.
    """

    def __init__(
        self, key: str, sentence: str, *, details: "Sequence[Article]" = (), question: str = ""
    ) -> None:
        super().__init__(sentence)
        self.key = key
        self.details = details
        self.question = question


class TicketClosed(Refusal):
    """What was asked needs an open ticket."""

    def __init__(self, *, by: "Agent | None") -> None:
        self.by = by
        super().__init__(_("%(agent)s has closed this ticket already.") % {"agent": by or _("A colleague")})


class TicketOpen(Refusal):
    """What was asked needs a closed ticket."""

    def __init__(self) -> None:
        super().__init__(_("This question is open already."))


class StaysClosed(Refusal):
    """The ticket's queue opens no closed ticket for its customer."""

    def __init__(self) -> None:
        super().__init__(_("This question can't be opened again. Ask a new one instead."))


class TakesNoPart(Refusal):
    """An address that the ticket does not know may write in it, unseen by its customer, and no more."""

    def __init__(self) -> None:
        sentence = _("This question does not know this address, so it can't do that. Write a message.")
        super().__init__(sentence)


class RatedAlready(Refusal):
    """The customer has said how they were helped, too long ago to change it."""

    def __init__(self) -> None:
        super().__init__(_("You have told us already how you were helped, and it can't be changed any more."))


class TicketMerged(Refusal):
    """The ticket was merged into another one; which one that is, not everybody may know."""

    def __init__(self) -> None:
        super().__init__(_("This ticket was merged with another one. Go on there."))


class MergeStands(Refusal):
    """A merge that can't be undone (any more); `reasons` are parts of a sentence."""

    def __init__(self, reasons: "Sequence[str]") -> None:
        sentence = _("This merge can't be undone: %(reasons)s.")
        super().__init__(sentence % {"reasons": "; ".join(reasons)})


class MovedMeanwhile(Refusal):
    """A colleague moved the ticket at the same moment; it stays where they put it."""

    def __init__(self, *, by: "Agent | None", queue: "Queue") -> None:
        self.by = by
        message = _("%(agent)s has just moved this ticket to %(queue)s. Look whether it is right there.")
        super().__init__(message % {"agent": by or _("A colleague"), "queue": queue})


class OwnedMeanwhile(Refusal):
    """A colleague changed the owner at the same moment; it stays whom they chose."""

    def __init__(self, *, by: "Agent | None", owner: "Agent") -> None:
        self.by = by
        message = _("%(agent)s was faster: %(owner)s owns this ticket now. Look whether that is right.")
        super().__init__(message % {"agent": by or _("A colleague"), "owner": owner})


class CustomerMeanwhile(Refusal):
    """A colleague changed the customer at the same moment; it stays whom they chose."""

    def __init__(self, *, by: "Agent | None", customer: "Customer | None") -> None:
        self.by = by
        message = _("%(agent)s was faster: the customer is %(customer)s now. Look whether that is right.")
        super().__init__(message % {"agent": by or _("A colleague"), "customer": customer or _("nobody")})


class PriorityMeanwhile(Refusal):
    """A colleague changed the priority at the same moment; it stays what they chose."""

    def __init__(self, *, by: "Agent | None", priority: "str | Promise") -> None:
        self.by = by
        message = _("%(agent)s was faster: the priority is '%(priority)s' now. Look whether that is right.")
        super().__init__(message % {"agent": by or _("A colleague"), "priority": priority})


class NotStuck(Refusal):
    """There is nothing to decide about this answer: it is on its way, or somebody has decided already."""

    def __init__(self) -> None:
        super().__init__(_("Nothing has to be done for this answer any more."))


class AddressTaken(Refusal):
    """An address that is to count as one customer's is another's."""

    def __init__(self, address: str) -> None:
        sentence = _("%(address)s belongs to another customer already. Ask an administrator to change that.")
        super().__init__(sentence % {"address": address})


class NothingToAdd(Refusal):
    """There is no address to be added to the customer, or somebody has added it already."""

    def __init__(self) -> None:
        super().__init__(_("There is no address to be added to this customer any more."))


class BadInput(Refusal):
    """A value that can't be used; `field` names it as the action's argument does."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class NothingToChange(BadInput):
    """All that was asked for is so already: nothing is wrong."""

    def __init__(self) -> None:
        super().__init__("change", _("Nothing of this had to be changed."))
