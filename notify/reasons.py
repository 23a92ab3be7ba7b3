"""What an agent is told, and because of what: a closed list of each.

It is no `choices` of a column: another one is no migration.
"""

from django.db import models

from queues.models import QueuePermission


class Reason(models.TextChoices):
    """What is told, the most personal first."""

    OWNER = "owner"
    ASKED = "asked"
    UNDELIVERED = "undelivered"
    UNLOCKED = "unlocked"
    TIMED_OUT = "timed_out"
    OUT_OF_SIGHT = "out_of_sight"
    ASKED_AWAY = "asked_away"
    NOTE = "note"
    FOLLOW_UP = "follow_up"
    REMINDER = "reminder"
    MOVED = "moved"
    NEW = "new"
    TERM_ENDED = "term_ended"
    TERM_WARNED = "term_warned"


class Because(models.TextChoices):
    """What the ticket is to who is told, the most personal first: theirs, followed, in a queue of theirs."""

    YOURS = "yours"
    FOLLOWED = "followed"
    QUEUE = "queue"


ONCE_A_DAY = frozenset({Reason.REMINDER, Reason.TERM_ENDED, Reason.TERM_WARNED})
"""What is told an agent of a ticket once a day, however often it happens (OTRS 10.2, 10.8)."""

IN_WORKING_TIME = frozenset({Reason.REMINDER})
"""What is told in the working time of the ticket's queue alone; it waits for that (OTRS 2.12)."""

SETTINGS = {
    Reason.NEW: "mails_new",
    Reason.FOLLOW_UP: "mails_follow_up",
    Reason.TIMED_OUT: "mails_time_out",
    Reason.MOVED: "mails_moved",
}
"""The preference that has to be on (OTRS 10.19); what is not in it, is told in any case."""
FOLLOWED_SETTING = "mails_followed"
"""The one for all that is told because a ticket is followed (OTRS 10.18)."""

_WANTS_ALL_RIGHTS = (Reason.TERM_ENDED, Reason.TERM_WARNED)


def right_for(reason: str) -> str:
    """What whoever is told must be allowed in the ticket's queue (OTRS 10.2, 10.6)."""
    return QueuePermission.Right.ALL if reason in _WANTS_ALL_RIGHTS else QueuePermission.Right.READ
