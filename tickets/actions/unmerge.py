"""Undoing a merge, from the main ticket's history."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from queues.models import QueuePermission
from tickets.actor import Actor
from tickets.changing.changes import NOTHING, Changes, Side, save_all
from tickets.changing.events import NewEvent, record_all
from tickets.changing.frame import begin_all
from tickets.changing.free_fields import hand_back
from tickets.changing.locking import atomic_action
from tickets.changing.moving import Moved, Saved, move_back
from tickets.changing.once import Done
from tickets.changing.retelling import retell_facts, retell_overview
from tickets.errors import MergeStands
from tickets.kinds import EventKind
from tickets.models import TicketMerge
from tickets.queries.merges import is_last_into_its_ticket, newer_message
from tickets.states import state_by_id


@atomic_action
def unmerge_tickets(*, actor: Actor, merge: TicketMerge, now: datetime) -> Done:
    """Let both tickets be as they were, with what became of the main one since (a note, another state).

    Raises `NotAllowed` without every right in both, `TicketBusy`, and `MergeStands`, which says why, where
    something was said in the main ticket since, either was merged again, or the customer was told.
    """
    pair, right = [merge.source, merge.target], QueuePermission.Right.ALL
    back, main = both = begin_all(pair, actor=actor, right=right, now=now, needs_lock=False, whole=False)
    merge = TicketMerge.objects.get(pk=merge.pk)
    if reasons := list(_in_the_way(merge, main=main)):
        raise MergeStands(reasons)
    moved = Moved(
        articles=merge.articles,
        drafts=merge.drafts,
        newest_article=merge.newest_article,
        beside=merge.before,
    )
    move_back(moved, back=back.ticket, main=main.ticket)
    hand_back(main, merge.before.get("free", []), to=back.ticket)
    back.set(merged_into=None)
    _settle_undelivered(back, main, merge=merge)
    _put_back(back, merge.before["away"])
    _put_back_main(main, merge=merge)
    for changes in both:
        retell_overview(changes)
        retell_facts(changes)
    save_all(both)
    merge.undone_at = now
    merge.save(update_fields=["undone_at"])
    return _tell(back, main)


def _in_the_way(merge: TicketMerge, *, main: Changes) -> Iterator[str]:
    """Why it can't be undone: sentences."""
    if merge.undone_at is not None:
        yield _("it has been undone already")
        return
    if merge.is_told:
        yield _("the customer was told of it")
    if main.ticket.merged_into_id is not None:
        yield _("Ticket#%(number)s was merged again since") % {"number": main.ticket.number}
    elif not is_last_into_its_ticket(merge):
        yield _("another ticket was merged into it since; that has to be undone first")
    elif (message := newer_message(merge)) is not None:
        when = date_format(localtime(message.created), "d-m-Y H:i")
        yield _("%(who)s wrote in it since, on %(when)s") % {
            "who": message.agent or message.sender,
            "when": when,
        }


def _put_back(changes: Changes, saved: Saved) -> None:
    """State and lock as they were, which is nothing that happens to the ticket anew."""
    _put_back_state(changes, saved)
    _put_back_lock(changes, saved)


def _put_back_main(main: Changes, *, merge: TicketMerge) -> None:
    """Where the merge alone opened the main ticket: what somebody chose since stays."""
    saved = merge.before["main"]
    if saved["is_open"]:
        return
    since = main.ticket.events.filter(pk__gt=merge.event_id)
    if not since.filter(changes__has_key="state").exists():
        _put_back_state(main, saved)
    if not since.filter(changes__has_any_keys=["locked", "owner"]).exists():
        _put_back_lock(main, saved)


def _put_back_state(changes: Changes, saved: Saved) -> None:
    moments = {name: _moment(saved[name]) for name in ("pending_until", "closed_at", "reopened_at")}
    changes.state(state_by_id(saved["state"]), pending_until=moments["pending_until"])
    changes.happened.clear()
    changes.set(closed_at=moments["closed_at"], reopened_at=moments["reopened_at"])


def _put_back_lock(changes: Changes, saved: Saved) -> None:
    if saved["locked"]:
        changes.lock()
    else:
        changes.unlock()
    changes.set(locked_at=_moment(saved["locked_at"]))


def _settle_undelivered(back: Changes, main: Changes, *, merge: TicketMerge) -> None:
    """An answer that did not arrive is named where it stands, unless somebody has dealt with it."""
    named = main.ticket.undelivered_article
    if named in merge.articles:
        back.set(undelivered_article=named)
        main.set(undelivered_article=None)


def _moment(saved: str | None) -> datetime | None:
    return datetime.fromisoformat(saved) if saved else None


def _tell(back: Changes, main: Changes) -> Done:
    """In both histories."""
    sides = {
        back: {"merged_into": [Side(id=main.ticket.pk, label=main.ticket.number), NOTHING]},
        main: {"merged_from": [Side(id=back.ticket.pk, label=back.ticket.number), NOTHING]},
    }
    new = [
        NewEvent(ticket=changes.ticket, kind=EventKind.UNMERGED, changes={**changes.sides, **told})
        for changes, told in sides.items()
    ]
    event, _other = record_all(new, actor=back.actor, now=back.now)
    return Done(ticket=back.ticket, event=event)
