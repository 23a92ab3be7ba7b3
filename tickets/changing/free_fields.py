"""Writing what stands in a ticket's free fields, beside whatever deed a form asks for."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from tickets.changing.changes import Changes, Side
from tickets.changing.forms import Form
from tickets.errors import Ask, BadInput
from tickets.free_values import Filled, Value, checked, key_of, name_of, rows_of, sides_of
from tickets.history import sentences
from tickets.models import Event, FreeField, FreeValue
from tickets.queries.free_fields import fields_of, values_of

MEANWHILE = "free_fields"
"""The key of `Ask`, followed by the event up to which the form's writer has seen."""
TOLD_MOST = 10


def fill_in(changes: Changes, filled: Filled, *, form: Form) -> None:
    """Write what differs, and let the deed's event tell of it; without a field nothing is asked or written.

    Where a colleague has changed a field since the form's page was shown, theirs stays if the writer has left
    that field alone; if not, they are asked. Raises `BadInput` for a field that is not of the ticket's queue
    (any more), or a value that can't stand in it, and `Ask`.
    """
    if not filled:
        return
    ticket = changes.ticket
    fields = _known(filled, queue_id=ticket.queue_id)
    present = values_of(ticket.pk, fields)
    wanted = {pk: checked(fields[pk], value, present=present.get(pk)) for pk, value in filled.items()}
    _leave_to_colleagues(changes, wanted, present=present, form=form)
    changes.sides |= write_values(ticket.pk, fields, wanted, present=present)


def fill_in_first(ticket_id: int, filled: Filled, *, queue_id: int) -> dict[str, list[Side]]:
    """The same for a ticket that is only just made: gives what its event is to tell."""
    if not filled:
        return {}
    fields = _known(filled, queue_id=queue_id)
    wanted = {pk: checked(fields[pk], value, present=None) for pk, value in filled.items()}
    return write_values(ticket_id, fields, wanted, present={})


def write_values(
    ticket_id: int, fields: Mapping[int, FreeField], wanted: Filled, *, present: Filled
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


def _known(filled: Filled, *, queue_id: int) -> dict[int, FreeField]:
    fields = {field.pk: field for field in fields_of(queue_id)}
    for pk in filled:
        if pk not in fields:
            raise BadInput(name_of(pk), _("This field is not one of the ticket's queue any more."))
    return fields


def _leave_to_colleagues(changes: Changes, wanted: dict[int, Value], *, present: Filled, form: Form) -> None:
    """Take out of `wanted` what its writer left as their page had shown it; ask about what both changed."""
    keys = {f"free:{pk}": key_of(value) for pk, value in wanted.items()}
    differing = {told for told in keys if keys[told] != key_of(present.get(_id_in(told)))}
    if form.seen_event is None or not differing:
        return
    seen = form.shown_up_to(MEANWHILE, seen=form.seen_event)
    newer = changes.ticket.events.filter(pk__gt=seen, changes__has_any_keys=sorted(differing))
    shown, both = dict[str, object](), list[Event]()
    for event in newer.select_related("agent").order_by("pk"):
        for told in differing & event.changes.keys():
            shown.setdefault(told, event.changes[told][0]["id"])
            if shown[told] == keys[told]:
                wanted.pop(_id_in(told), None)
            else:
                both.append(event)
    if both:
        raise Ask(f"{MEANWHILE}:{both[-1].pk}", _sentence(both[-1], differing))


def _id_in(told: str) -> int:
    return int(told.partition(":")[2])


def _sentence(event: Event, differing: set[str]) -> str:
    """Who was faster, and what stands there now."""
    told = Event(pk=event.pk, changes={key: event.changes[key] for key in differing & event.changes.keys()})
    words = {"agent": event.agent or _("A colleague"), "changes": ", ".join(sentences(told)[:TOLD_MOST])}
    return _("%(agent)s was faster: %(changes)s. Look what should stand there before you go on.") % words
