"""The closed list of what can happen to a ticket, and who is told.

It is no `choices` of the column: a new kind is no migration.
Consumers are named as strings; the setting EVENT_CONSUMERS maps them to tasks, so that nothing here rings
upward.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    """What an event was. History, statistics and notifications all tell this one story.

    REDIRECTED is what agents call 'Bounce', a mail sent on as it came; BOUNCED is an answer that came back.
    """

    CREATED = "created", _("new ticket created")
    FOLLOW_UP = "follow_up", _("follow-up added")
    FOLLOW_UP_REFUSED = "follow_up_refused", _("follow-up refused")
    ANSWERED = "answered", _("answer sent")
    FORWARDED = "forwarded", _("forwarded")
    REDIRECTED = "redirected", _("bounced")
    SENT_AGAIN = "sent_again", _("answer sent again")
    DECLARED_SENT = "declared_sent", _("answer declared sent")
    NOTED = "noted", _("note added")
    CALLED = "called", _("called the customer")
    WAS_CALLED = "was_called", _("the customer called")
    MOVED = "moved", _("moved")
    CLOSED = "closed", _("closed")
    OWNER_CHANGED = "owner_changed", _("new owner")
    CUSTOMER_CHANGED = "customer_changed", _("customer changed")
    PRIORITY_CHANGED = "priority_changed", _("priority changed")
    WAITS = "waits", _("set to wait")
    FIELDS_CHANGED = "fields_changed", _("free fields changed")
    CHANGED_WITH_OTHERS = "changed_with_others", _("changed together with others")
    LOCKED = "locked", _("locked")
    TAKEN = "taken", _("locked for a screen that was opened")
    UNLOCKED = "unlocked", _("unlocked")
    AUTO_RESPONDED = "auto_responded", _("automatic answer sent")
    AUTO_WITHHELD = "auto_withheld", _("no automatic answer")
    ALSO_RECEIVED = "also_received", _("received by another queue, too")
    BOUNCED = "bounced", _("answer could not be delivered")
    LINKED = "linked", _("linked")
    UNLINKED = "unlinked", _("link removed")
    WATCHED = "watched", _("follows the ticket")
    UNWATCHED = "unwatched", _("follows the ticket no more")
    TICKED_OFF = "ticked_off", _("ticked off what was asked")
    OUT_OF_SIGHT = "out_of_sight", _("who was asked can't see the ticket any more")
    ASKED_AWAY = "asked_away", _("who was asked is out of office")
    MERGED = "merged", _("merged")
    UNMERGED = "unmerged", _("merging undone")
    TERM_WARNED = "term_warned", _("a term is nearly over")
    TERM_ENDED = "term_ended", _("a term is over")
    REMINDED = "reminded", _("the date it waited for has come")
    LOCK_TIMED_OUT = "lock_timed_out", _("unlocked: nobody went on with it")
    ADDRESS_ADDED = "address_added", _("address added to the customer")
    CUSTOMER_CLOSED = "customer_closed", _("closed by the customer")
    CUSTOMER_REOPENED = "customer_reopened", _("opened again by the customer")
    RATED = "rated", _("rated by the customer")


class Rating(models.TextChoices):
    """How a customer says that they were helped, the best first."""

    GOOD = "good", _("Well helped")
    FAIR = "fair", _("So-so")
    BAD = "bad", _("Not helped")


class Withheld(models.TextChoices):
    """Why an automatic answer was not sent (OTRS 6.9), in words that follow 'no automatic answer:'."""

    BOUNCE = "bounce", _("the mail reports that another one could not be delivered")
    AUTOMATIC = "automatic", _("the message comes from a machine")
    UNWANTED = "unwanted", _("the mail asks for no automatic answer")
    UNPROVEN = "unproven", _("our mail server could not confirm who sent the mail")
    NO_ADDRESS = "no_address", _("the mail names no address that can be answered")
    MACHINE = "machine", _("nobody reads the mail of this address")
    OURS = "ours", _("the address is one of our own")
    NO_SENDER = "no_sender", _("the queue has no sender address")
    CLOSED = "closed", _("the ticket is closed already")
    ENOUGH_FOR_ADDRESS = "enough_for_address", _("this address got enough of them today")
    ENOUGH_IN_TICKET = "enough_in_ticket", _("enough of them left from this ticket today")
    ENOUGH_THIS_HOUR = "enough_this_hour", _("enough of them left within an hour, all tickets together")


ABOUT_AN_ARTICLE = (
    *(EventKind.SENT_AGAIN, EventKind.DECLARED_SENT, EventKind.BOUNCED),
    *(EventKind.ALSO_RECEIVED, EventKind.AUTO_WITHHELD),
)
"""Events that name an article which was there before; any other that names one brings it."""

LEAVES_LOCK = (
    EventKind.NOTED,
    EventKind.OWNER_CHANGED,  # whom it locks for, its own changes say
    EventKind.CUSTOMER_CHANGED,
    EventKind.WAS_CALLED,
    EventKind.FIELDS_CHANGED,
    EventKind.SENT_AGAIN,
    EventKind.DECLARED_SENT,
    EventKind.LINKED,
    EventKind.UNLINKED,
    EventKind.WATCHED,
    EventKind.UNWATCHED,
    EventKind.TICKED_OFF,
    EventKind.MERGED,  # of the ticket that something was merged into; the other one is done
    EventKind.UNMERGED,
    EventKind.ADDRESS_ADDED,
    EventKind.CHANGED_WITH_OTHERS,  # as above
)
"""What an agent may do beside an open screen without deciding about the lock that it took."""

NO_NEWS = (
    EventKind.TAKEN,
    EventKind.UNLOCKED,
    EventKind.WATCHED,
    EventKind.UNWATCHED,
    EventKind.AUTO_RESPONDED,
    EventKind.AUTO_WITHHELD,
)
"""What nobody who has a page before them is told of: a screen was opened and left again, say."""

AUTORESPONSE, NOTIFY, SEARCH = "autoresponse", "notify", "search"

MAY_HAVE_NOTE = (
    *(EventKind.NOTED, EventKind.CLOSED, EventKind.OWNER_CHANGED, EventKind.PRIORITY_CHANGED),
    *(EventKind.WAITS, EventKind.FIELDS_CHANGED, EventKind.MOVED, EventKind.CHANGED_WITH_OTHERS),
)
"""What an agent may write a note beside, which whoever owns the ticket is told of."""

SAYS_MORE = (
    *(EventKind.ANSWERED, EventKind.FORWARDED, EventKind.REDIRECTED, EventKind.AUTO_RESPONDED),
    *(EventKind.CALLED, EventKind.WAS_CALLED),
    *(EventKind.CUSTOMER_CHANGED, EventKind.ADDRESS_ADDED, EventKind.MERGED, EventKind.UNMERGED),
)
"""What else changes by what words a ticket is found."""

SILENT = (SEARCH,)
"""Consumers that tell nobody anything. They hear what is quiet, too (a mail of long ago is found as any
other), and what they did may be done again."""

CONSUMERS: dict[str, tuple[str, ...]] = {
    EventKind.CREATED: (AUTORESPONSE, NOTIFY, SEARCH),
    EventKind.FOLLOW_UP: (AUTORESPONSE, NOTIFY, SEARCH),
    EventKind.FOLLOW_UP_REFUSED: (AUTORESPONSE, NOTIFY, SEARCH),
    **dict.fromkeys(MAY_HAVE_NOTE, (NOTIFY, SEARCH)),
    **dict.fromkeys(SAYS_MORE, (SEARCH,)),
    EventKind.CUSTOMER_REOPENED: (NOTIFY,),
    EventKind.UNLOCKED: (NOTIFY,),
    EventKind.LOCK_TIMED_OUT: (NOTIFY,),
    EventKind.REMINDED: (NOTIFY,),
    EventKind.TERM_WARNED: (NOTIFY,),
    EventKind.TERM_ENDED: (NOTIFY,),
    EventKind.OUT_OF_SIGHT: (NOTIFY,),
    EventKind.ASKED_AWAY: (NOTIFY,),
    EventKind.BOUNCED: (NOTIFY,),
}
"""EventKind → names of the consumers that get an `EventTask` in the event's own transaction."""
