"""What is not taken though it is in order: from an address of ours, full of links, or too often."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from queues.ours import ours_among
from webforms.models import Submission
from webforms.sending import Sent

HOUR = timedelta(hours=1)


class NotTaken(Exception):
    """A question that is not taken, and the sentence that says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TooOften(NotTaken):
    """So many came within an hour that it has to wait."""


def check_contents(sent: Sent) -> None:
    """Raise `NotTaken` for what nobody could answer, and for what looks like advertising; one statement.

    With a queue for junk the latter is taken, and goes there.
    """
    if ours_among({sent.address}):
        raise NotTaken(_("This e-mail address is one of our own. Fill in yours, so that we can answer you."))
    category = sent.version.category
    if sent.has_too_many_links and category.junk_queue_id is None:
        said = _(
            "There are more than %(n)s links in it, as in advertising. Take some out, and send it again."
        )
        raise NotTaken(said % {"n": category.links_most})


def check_limits(sent: Sent, *, now: datetime) -> None:
    """Raise `TooOften` where an address, a network or all together have sent enough; three statements.

    They are counted in the database, for all processes. Two at the same moment may both be the last.
    """
    category = sent.version.category
    lately = Submission.objects.filter(created__gt=now - HOUR)
    if _has(lately.filter(address=sent.address), category.address_per_hour):
        said = _(
            "So many questions came from this e-mail address that we take no more now. Try again in an hour."
        )
        raise TooOften(said)
    if sent.network and _has(lately.filter(network=sent.network), category.network_per_hour):
        said = _("So many questions came from your network that we take no more now. Try again in an hour.")
        raise TooOften(said)
    if _has(lately.filter(version__category=category), category.per_hour):
        said = _("So many questions came by this form that we take no more now. Try again in an hour.")
        raise TooOften(said)


def _has(rows: QuerySet[Submission], number: int) -> bool:
    """Whether there are so many; no more are read."""
    return number < 1 or rows.order_by()[number - 1 : number].exists()
