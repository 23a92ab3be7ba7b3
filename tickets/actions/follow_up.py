"""A further mail of the customer (or of anybody else) in a ticket that is there."""

from datetime import datetime

from tickets.actor import FOLLOW_UP, Actor
from tickets.changing.articles import NewArticle
from tickets.changing.forms import Form
from tickets.changing.frame import begin, write_down
from tickets.changing.locking import atomic_action
from tickets.changing.once import Done, same_form_once
from tickets.changing.reopening import reopen_ticket
from tickets.kinds import EventKind
from tickets.models import Ticket


@same_form_once
@atomic_action
def add_follow_up(
    *,
    actor: Actor,
    ticket: Ticket,
    article: NewArticle,
    now: datetime,
    reopen: bool = True,
    asks: bool = True,
    quiet: bool = False,
    form: Form | None = None,
) -> Done:
    """Add the article; with `reopen` the ticket opens again and stops waiting (OTRS 2.17).

    A new ticket stays new. The owner stays; an owner who may no longer sign in loses the lock, and a queue
    that says so locks a closed ticket for its old owner (OTRS 2.19). Without `reopen` (the queue refuses
    follow-ups, or the mail is automatic) nothing but the article is added. `quiet`: nobody gets an
    auto-response or a notification, as for mail of long ago; nor without `asks`, for what one of us wrote.
    `form`: the one that it was written on, if not as a mail.
    """
    changes = begin(ticket, actor=actor, right=FOLLOW_UP, now=now, form=form, needs_lock=False)
    if reopen:
        reopen_ticket(changes)
    # A machine that says so much as 'I am on holiday' does not wait for us.
    waits = reopen or (asks and not article.is_automatic)
    is_refused = asks and not (reopen or article.is_automatic)
    kind = EventKind.FOLLOW_UP_REFUSED if is_refused else EventKind.FOLLOW_UP
    return write_down(changes, kind=kind, article=article, waits=waits, quiet=quiet or not asks)
