"""The closed list of what can happen to a ticket, and who is told.

Consumers are named as strings; the setting EVENT_CONSUMERS maps them to tasks, so that nothing here rings
upward.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an event was. History, statistics and notifications all tell this one story."""

    CREATED = "created", _("new ticket created")
    FOLLOW_UP = "follow_up", _("follow-up added")
    FOLLOW_UP_REFUSED = "follow_up_refused", _("follow-up refused")
    ANSWERED = "answered", _("answer sent")
    SENT_AGAIN = "sent_again", _("answer sent again")
    DECLARED_SENT = "declared_sent", _("answer declared sent")
    NOTED = "noted", _("note added")
    MOVED = "moved", _("moved")
    STATE = "state", _("state changed")
    CLOSED = "closed", _("closed")
    LOCKED = "locked", _("locked")
    UNLOCKED = "unlocked", _("unlocked")
    OWNER = "owner", _("owner changed")


CONSUMERS: dict[str, tuple[str, ...]] = {}
"""Kind → names of the consumers that get an `EventTask` in the event's own transaction."""
