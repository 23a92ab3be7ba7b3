"""A further mail of the customer (or of anybody else) in a ticket that is there."""

from datetime import datetime

from tickets.actor import Actor
from tickets.article_rows import insert_article, note_in_overview
from tickets.articles import NewArticle
from tickets.changes import Changes
from tickets.events import record
from tickets.kinds import Kind
from tickets.locking import atomic_action, lock_tickets
from tickets.models import Article, StateType, Ticket
from tickets.states import state_by_key


@atomic_action
def add_follow_up(
    *,
    actor: Actor,
    ticket: Ticket,
    article: NewArticle,
    now: datetime,
    reopen: bool = True,
    quiet: bool = False,
) -> Article:
    """Add the article; with `reopen` the ticket opens again and stops waiting (OTRS 2.17).

    A new ticket stays new. The owner stays; an owner who may no longer sign in loses the lock, and a queue
    that says so locks a closed ticket for its old owner (OTRS 2.19). Without `reopen` (the queue refuses
    follow-ups, or the mail is automatic) nothing but the article is added. `quiet`: see `create_ticket`.
    """
    (ticket,) = lock_tickets(ticket.pk)
    changes = Changes(ticket, now=now)
    if reopen:
        _reopen(changes)
    made = insert_article(ticket=ticket, new=article, now=now)
    # A machine that says so much as 'I am on holiday' does not wait for us.
    note_in_overview(changes, new=article, article=made, waits=reopen or not article.is_automatic)
    changes.save()
    record(
        ticket=ticket,
        kind=Kind.FOLLOW_UP if reopen or article.is_automatic else Kind.FOLLOW_UP_REFUSED,
        actor=actor,
        now=now,
        article=made,
        changes=changes.told,
        quiet=quiet,
    )
    return made


def _reopen(changes: Changes) -> None:
    ticket = changes.ticket
    was_closed = not ticket.is_open
    if ticket.state_type != StateType.NEW:
        changes.state(state_by_key("open"))
    if ticket.owner is not None and not ticket.owner.is_active:
        changes.unlock()
    elif was_closed and ticket.owner is not None and ticket.queue.lock_on_follow_up:
        changes.lock()
