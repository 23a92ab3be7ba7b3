"""What a mail says of each reason, in the language of the moment."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from notify.reasons import Because, Reason

WHO = "CURRENT_USERFULLNAME"
"""The placeholder for who did it."""

SHORT: dict[str, Promise | str] = {
    Reason.OWNER: gettext_lazy("This ticket is yours now"),
    Reason.ASKED: gettext_lazy("A colleague asks you something"),
    Reason.UNDELIVERED: gettext_lazy("An answer did not arrive"),
    Reason.UNLOCKED: gettext_lazy("Unlocked by a colleague"),
    Reason.TIMED_OUT: gettext_lazy("Unlocked after a while"),
    Reason.OUT_OF_SIGHT: gettext_lazy("Your question reaches nobody"),
    Reason.ASKED_AWAY: gettext_lazy("Whom you asked is out of office"),
    Reason.NOTE: gettext_lazy("New note"),
    Reason.FOLLOW_UP: gettext_lazy("New reaction"),
    Reason.REMINDER: gettext_lazy("Reminder"),
    Reason.MOVED: gettext_lazy("Moved into your queue"),
    Reason.NEW: gettext_lazy("New ticket in your queue"),
    Reason.TERM_ENDED: gettext_lazy("A term is over"),
    Reason.TERM_WARNED: gettext_lazy("A term is nearly over"),
}
"""For a subject and a line of a summary."""

_SENTENCES: dict[str, Promise | str] = {
    Reason.OWNER: gettext_lazy("%(who)s has given you this ticket."),
    Reason.ASKED: gettext_lazy("%(who)s asks you to look at this ticket."),
    Reason.UNDELIVERED: gettext_lazy("An answer in this ticket has not reached everybody it was sent to."),
    Reason.UNLOCKED: gettext_lazy("%(who)s has unlocked this ticket, which you had locked."),
    Reason.TIMED_OUT: gettext_lazy("Nobody went on with this ticket, so that it is unlocked again."),
    Reason.OUT_OF_SIGHT: gettext_lazy(
        "Whom you asked about this ticket can't see it any more. Ask somebody else."
    ),
    Reason.ASKED_AWAY: gettext_lazy(
        "Whom you asked about this ticket is out of office. Ask somebody else if it can't wait."
    ),
    Reason.NOTE: gettext_lazy("%(who)s has written a note in this ticket."),
    Reason.FOLLOW_UP: gettext_lazy("There is a new reaction in this ticket."),
    Reason.REMINDER: gettext_lazy("The date that this ticket waited for has come."),
    Reason.MOVED: gettext_lazy("%(who)s has moved this ticket into %(queue)s."),
    Reason.NEW: gettext_lazy("There is a new ticket in %(queue)s."),
    Reason.TERM_ENDED: gettext_lazy("We are too late with this ticket: a term is over."),
    Reason.TERM_WARNED: gettext_lazy("We will soon be too late with this ticket: a term is nearly over."),
}

_BECAUSE: dict[str, Promise | str] = {
    Because.YOURS: gettext_lazy("You get this mail because the ticket, or what happened to it, is yours."),
    Because.FOLLOWED: gettext_lazy("You get this mail because you follow the ticket."),
    Because.QUEUE: gettext_lazy("You get this mail because the queue is one of your own."),
}


def own_sentence(reason: str) -> str:
    """KVV's own sentence for what happened, with the placeholders that an admin's would have."""
    return str(_SENTENCES[reason] % {"who": f"<KVV_{WHO}>", "queue": "<KVV_QUEUE>"})


def because_of(because: str) -> str:
    """Why it is told this agent, in one sentence."""
    return str(_BECAUSE[because])
