"""A customer says how they were helped: one of three faces, and a word."""

from datetime import datetime

from django.utils.translation import gettext as _

from tickets.actor import FOLLOW_UP, Actor
from tickets.changing.changes import NOTHING, Side, moment_of
from tickets.changing.forms import Form
from tickets.changing.frame import begin, require_whole, write_down
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.errors import BadInput, RatedAlready
from tickets.kinds import EventKind, Rating
from tickets.models import Ticket
from tickets.queries.participants import require_part
from tickets.queries.ratings import CHANGED_FOR, rating_by

WORDS_MOST = 1_000


@same_form_once
@atomic_action
def rate_ticket(
    *,
    actor: Actor,
    ticket: Ticket,
    address: str,
    rating: Rating,
    words: str,
    form: Form,
    now: datetime,
) -> Done:
    """Note it; within an hour it may be said otherwise, and once more when the ticket was closed again.

    Nothing of the ticket changes, and nobody is told. Raises `TakesNoPart`, `RatedAlready`, `BadInput`,
    `TicketMerged`, `TicketBusy`.
    """
    if len(words) > WORDS_MOST:
        raise BadInput("words", _("Use at most %(n)s characters.") % {"n": WORDS_MOST})
    changes = begin(ticket, actor=actor, right=FOLLOW_UP, now=now, form=form, needs_lock=False)
    require_whole(changes.ticket)
    require_part(address, ticket=changes.ticket)
    before = rating_by(changes.ticket, address=address)
    if before is not None and not before.may_change(changes.ticket, now=now):
        raise RatedAlready
    is_change = before is not None and now < before.begun + CHANGED_FOR
    begun = before.begun if before is not None and is_change else now
    was = Side(id=before.rating, label="") if before is not None and is_change else NOTHING
    changes.sides["rating"] = [was, Side(id=rating, label=moment_of(begun) or "")]
    if words.strip():
        changes.sides["rating_words"] = [NOTHING, Side(id=None, label=words.strip())]
    changes.sides["by_address"] = [NOTHING, Side(id=None, label=address)]
    return write_down(changes, kind=EventKind.RATED)
