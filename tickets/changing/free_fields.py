"""Writing what stands in a ticket's free fields, beside whatever deed a form asks for."""

from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext as _

from tickets.changing.changes import Changes, Side
from tickets.changing.forms import Form
from tickets.errors import Ask, BadInput
from tickets.free_values import Filled, Values, checked, key_of, mark_of, name_of, rows_of, sides_of
from tickets.history import sentences
from tickets.models import Event, FreeField, FreeValue, Ticket
from tickets.queries.free_fields import all_values_of, fields_by_id, fields_of, values_of

MEANWHILE = "free_fields"
"""The key of `Ask`, followed by the event up to which its writer knows who changed fields."""
TOLD_MOST = 10


def fill_in(changes: Changes, filled: Filled, *, form: Form) -> None:
    """Write what differs, and let the deed's event tell of it; without a field nothing is asked or written.

    What its writer left as their page had shown it stays what a colleague has made of it meanwhile; where
    both have changed it, they are asked. Raises `BadInput` for a field that is not of the ticket's queue
    (any more), or a value that can't stand in it, and `Ask`.
    """
    if not filled.values:
        return
    ticket = changes.ticket
    fields = _known(filled.values, queue_id=ticket.queue_id)
    present = values_of(ticket.pk, fields)
    wanted = {pk: checked(fields[pk], value, present=present.get(pk)) for pk, value in filled.values.items()}
    shown = {pk: filled.shown.get(pk, mark_of(present.get(pk))) for pk in wanted}
    wanted = {pk: value for pk, value in wanted.items() if mark_of(value) != shown[pk]}
    both = [pk for pk in wanted if mark_of(present.get(pk)) not in (shown[pk], mark_of(wanted[pk]))]
    if both:
        _ask_about_colleagues(changes, both, form=form)
    changes.sides |= write_values(ticket.pk, fields, wanted, present=present)


def fill_in_first(ticket_id: int, filled: Filled, *, queue_id: int) -> dict[str, list[Side]]:
    """The same for a ticket that is only just made: gives what its event is to tell."""
    if not filled.values:
        return {}
    fields = _known(filled.values, queue_id=queue_id)
    wanted = {pk: checked(fields[pk], value, present=None) for pk, value in filled.values.items()}
    return write_values(ticket_id, fields, wanted, present={})


def write_values(
    ticket_id: int, fields: Mapping[int, FreeField], wanted: Values, *, present: Values
) -> dict[str, list[Side]]:
    """Write what is wanted in the place of what is there, where it differs; gives what an event tells."""
    sides, rows = dict[str, list[Side]](), list[FreeValue]()
    changed = [pk for pk, value in wanted.items() if key_of(value) != key_of(present.get(pk))]
    for pk in changed:
        sides[f"free:{pk}"] = sides_of(fields[pk], present.get(pk), wanted[pk])
        rows += rows_of(ticket_id, fields[pk], wanted[pk])
    if gone := [pk for pk in changed if pk in present]:
        FreeValue.objects.filter(ticket=ticket_id, field__in=gone).delete()
    if rows:
        FreeValue.objects.bulk_create(rows)
    return sides


def take_over(changes: Changes, *, of: Ticket) -> list[int]:
    """Let a ticket have what another one holds in fields in which it holds nothing, and tell of it.

    The other one keeps it, too. Gives the ids of these fields. One statement, where the other holds nothing.
    """
    theirs = all_values_of(of.pk)
    present = all_values_of(changes.ticket.pk) if theirs else {}
    wanted = {pk: value for pk, value in theirs.items() if pk not in present}
    changes.sides |= write_values(changes.ticket.pk, fields_by_id(wanted), wanted, present={})
    return sorted(wanted)


def hand_back(changes: Changes, field_ids: Collection[int], *, to: Ticket) -> None:
    """Take from a ticket what it has in these fields as the other one, unless somebody changed it since."""
    theirs = values_of(to.pk, field_ids)
    present = values_of(changes.ticket.pk, theirs)
    gone = {pk: None for pk, value in theirs.items() if key_of(value) == key_of(present.get(pk))}
    changes.sides |= write_values(changes.ticket.pk, fields_by_id(gone), gone, present=present)


def _known(filled: Values, *, queue_id: int) -> dict[int, FreeField]:
    fields = {field.pk: field for field in fields_of(queue_id)}
    for pk in filled:
        if pk not in fields:
            raise BadInput(name_of(pk), _("This field is not one of the ticket's queue any more."))
    return fields


def _ask_about_colleagues(changes: Changes, field_ids: Sequence[int], *, form: Form) -> None:
    """Raise `Ask` with who was faster, and what stands in these fields now, unless its writer knows."""
    keys = [f"free:{pk}" for pk in field_ids]
    events = changes.ticket.events.filter(changes__has_any_keys=keys).select_related("agent")
    newest = events.order_by("-pk").first()
    if newest is None or newest.pk <= form.shown_up_to(MEANWHILE, seen=0):
        return
    told = Event(pk=newest.pk, changes={key: newest.changes[key] for key in keys if key in newest.changes})
    words = {"agent": newest.agent or _("A colleague"), "changes": ", ".join(sentences(told)[:TOLD_MOST])}
    sentence = _("%(agent)s was faster: %(changes)s. Look what should stand there before you go on.")
    raise Ask(f"{MEANWHILE}:{newest.pk}", sentence % words)
