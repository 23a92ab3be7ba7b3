"""What a question form must be before visitors get it: all that is wrong with its rows, told at once.

A row that is not active is asked of nobody, so that only its name matters.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as value
from decimal import Decimal

from django.utils.translation import gettext as _

from tickets.models import FreeField
from webforms.models import ANSWER_MOST, MEANING_NAMES, Category, FormChoice, FormField
from webforms.patterns import TEXT_MOST, NoPatternError, SlowPatternError, check_pattern
from webforms.spec import ASKED_ALWAYS, CHOICE_KINDS, Kind, Meaning

FIELDS_MOST, FILE_FIELDS_MOST = 50, 5
MEASURED: Mapping[Kind, int | None] = {
    Kind.SHORT: TEXT_MOST,
    Kind.LONG: ANSWER_MOST,
    Kind.NUMBER: None,
    Kind.SEVERAL: None,
}
"""Kinds that have a least and a most → what neither can be more than."""
MATCHED = frozenset({Kind.SHORT, Kind.PHONE})
"""Kinds that have a pattern."""
CAN_MEAN: Mapping[Meaning, frozenset[Kind]] = {
    Meaning.ADDRESS: frozenset({Kind.EMAIL}),
    Meaning.FIRST_NAME: frozenset({Kind.SHORT}),
    Meaning.LAST_NAME: frozenset({Kind.SHORT}),
    Meaning.ORGANISATION: frozenset({Kind.SHORT}),
    Meaning.CODE: frozenset({Kind.SHORT}),
    Meaning.PHONE: frozenset({Kind.PHONE, Kind.SHORT}),
    Meaning.SUBJECT: frozenset({Kind.SHORT}),
    Meaning.QUESTION: frozenset({Kind.LONG}),
}
FREE_KINDS: Mapping[Kind, str] = {
    Kind.SHORT: FreeField.Kind.SHORT,
    Kind.EMAIL: FreeField.Kind.SHORT,
    Kind.PHONE: FreeField.Kind.SHORT,
    Kind.LONG: FreeField.Kind.LONG,
    Kind.NUMBER: FreeField.Kind.NUMBER,
    Kind.DATE: FreeField.Kind.DATE,
    Kind.CHOICE: FreeField.Kind.CHOICE,
    Kind.SEVERAL: FreeField.Kind.SEVERAL,
    Kind.TICK: FreeField.Kind.TICK,
}
"""Kind of a form's field → that of the free field which takes its answer."""
ASKS_OTHERS = CHOICE_KINDS | {Kind.TICK}


@dataclass(slots=True, eq=False)
class Row:
    """A field as it was typed, and its choices; neither need be saved.

    `asked_when`: the name of the field above that it hangs on. `was_called`, `renamed`: its own name, and
    those of its choices in lower case, before they were written anew, for who refers to them so.
    """

    field: FormField
    choices: Sequence[FormChoice] = ()
    asked_when: str = ""
    was_called: str = ""
    renamed: Mapping[str, str] = value(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """What is filled in."""
        return Kind(self.field.kind)


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence, at a row's column; of the form as a whole without a row."""

    sentence: str
    row: Row | None = None
    column: str = ""


def tie(rows: Sequence[Row]) -> None:
    """Lead each row that hangs on another to it, by its name, and its answer to a choice that there is."""
    for row in rows:
        row.field.shown_when = None
        asked_by = _named(row.asked_when, rows)
        if not row.asked_when:
            row.field.shown_value = ""
        elif asked_by is not None and asked_by is not row:
            row.field.shown_when = asked_by.field
            said = row.field.shown_value.strip()
            if asked_by.kind is Kind.TICK:
                said = ""
            elif not _has(asked_by, said):
                said = asked_by.renamed.get(said.casefold(), said)
            row.field.shown_value = said


def faults(category: Category, rows: Sequence[Row]) -> Iterator[Fault]:
    """All that is wrong with the form of these rows, in their order; they are tied. Nothing of a heading."""
    if category.queue_id is None:
        return
    asked = [row for row in rows if row.field.is_active]
    yield from _of_the_whole(asked)
    for at, row in enumerate(rows):
        if row.field.name_nl and _named(row.field.name_nl, rows[:at]) is not None:
            yield Fault(_("Two fields have this name in Dutch. Change one of them."), row, "name_nl")
    for row in asked:
        yield from _of_its_meaning(row, asked)
        yield from _of_its_kind(row)
        yield from _of_its_pattern(row)
        yield from _of_its_limits(row)
        yield from _of_its_condition(row, rows)
        yield from _of_its_free_field(row, category, asked)


def _named(name: str, rows: Sequence[Row]) -> Row | None:
    """The row of this name, or else the one that was called so."""
    said = name.strip().casefold()
    by_name = (row for row in rows if said and row.field.name_nl.strip().casefold() == said)
    by_old = (row for row in rows if said and row.was_called.casefold() == said)
    return next(by_name, None) or next(by_old, None)


def _has(row: Row, said: str) -> bool:
    return any(choice.name_nl.casefold() == said.casefold() for choice in row.choices)


def _of_the_whole(asked: Sequence[Row]) -> Iterator[Fault]:
    present = {row.field.meaning for row in asked}
    for meaning in ASKED_ALWAYS:
        if meaning not in present:
            sentence = _("The form asks for no '%(meaning)s': make a field for it, and choose that at 'is'.")
            yield Fault(sentence % {"meaning": MEANING_NAMES[meaning]})
    if len(asked) > FIELDS_MOST:
        yield Fault(_("These are too many fields: at most %(most)s.") % {"most": FIELDS_MOST})
    if sum(row.kind is Kind.FILE for row in asked) > FILE_FIELDS_MOST:
        yield Fault(_("These are too many files: at most %(most)s.") % {"most": FILE_FIELDS_MOST})


def _of_its_meaning(row: Row, asked: Sequence[Row]) -> Iterator[Fault]:
    meaning = Meaning(row.field.meaning)
    if meaning is Meaning.NOTHING:
        return
    name = {"meaning": MEANING_NAMES[meaning], "field": row.field.name_nl}
    if row.kind not in CAN_MEAN[meaning]:
        sentence = _("'%(field)s' can't be '%(meaning)s' with this kind of field. Choose another kind.")
        yield Fault(sentence % name, row, "kind")
    if next(each for each in asked if each.field.meaning == meaning) is not row:
        yield Fault(_("Two fields are '%(meaning)s'. Change one of them.") % name, row, "meaning")
    if meaning in ASKED_ALWAYS and not row.field.is_required:
        sentence = _("Without '%(field)s' no ticket can be made: tick that it must be filled in.")
        yield Fault(sentence % name, row, "is_required")
    if meaning in ASKED_ALWAYS and row.asked_when:
        sentence = _("Without '%(field)s' no ticket can be made: it is asked of everybody.")
        yield Fault(sentence % name, row, "asked_when")


def _of_its_kind(row: Row) -> Iterator[Fault]:
    name = {"field": row.field.name_nl}
    if row.kind in CHOICE_KINDS and not row.choices:
        yield Fault(_("Give what can be chosen in '%(field)s', one on each line.") % name, row, "choices")
    if row.kind is Kind.CHOICE and len(row.choices) == 1:
        sentence = _("'%(field)s' has one choice alone. Write each on a line of its own.")
        yield Fault(sentence % name, row, "choices")
    if row.kind not in CHOICE_KINDS and row.choices:
        sentence = _("In '%(field)s' nothing is chosen: delete its choices, or choose another kind.")
        yield Fault(sentence % name, row, "choices")


def _of_its_pattern(row: Row) -> Iterator[Fault]:
    pattern, name = row.field.pattern, {"field": row.field.name_nl}
    if not pattern:
        return
    if row.kind not in MATCHED:
        sentence = _("Only a short text and a phone number have a pattern: '%(field)s' is another kind.")
        yield Fault(sentence % name, row, "pattern")
    elif not row.field.pattern_said_nl:
        sentence = _("Say in Dutch what a visitor reads whose '%(field)s' does not match the pattern.")
        yield Fault(sentence % name, row, "pattern_said_nl")
    try:
        check_pattern(pattern)
    except NoPatternError:
        sentence = _(
            "The pattern of '%(field)s' is none that every browser reads. Leave out (?…) and the like."
        )
        yield Fault(sentence % name, row, "pattern")
    except SlowPatternError:
        sentence = _(
            "The pattern of '%(field)s' could take very long: repeat nothing that has a repetition in it, "
            "and use at most three times * or +."
        )
        yield Fault(sentence % name, row, "pattern")


def _of_its_limits(row: Row) -> Iterator[Fault]:
    given = [limit for limit in (row.field.least, row.field.most) if limit is not None]
    name = {"field": row.field.name_nl}
    if not given:
        return
    if row.kind not in MEASURED:
        yield Fault(_("'%(field)s' is of a kind that has no least and no most.") % name, row, "least")
        return
    if len(given) == 2 and given[0] > given[1]:
        yield Fault(_("The least of '%(field)s' is more than its most.") % name, row, "least")
    if row.kind is Kind.NUMBER:
        return
    ceiling = Decimal(len(row.choices) if row.kind is Kind.SEVERAL else MEASURED[row.kind] or 0)
    if any(limit < 0 or limit > ceiling or limit % 1 for limit in given):
        sentence = _("Give a whole number from 0 to %(most)s as the least and the most of '%(field)s'.")
        yield Fault(sentence % (name | {"most": ceiling}), row, "least")


def _of_its_condition(row: Row, rows: Sequence[Row]) -> Iterator[Fault]:
    if not row.asked_when:
        return
    asked_by, said = _named(row.asked_when, rows), row.field.shown_value
    name = {"field": row.field.name_nl, "other": row.asked_when, "answer": said}
    if asked_by is None or rows.index(asked_by) >= rows.index(row):
        sentence = _("There is no field '%(other)s' above '%(field)s'. Choose one that stands above it.")
        yield Fault(sentence % name, row, "asked_when")
    elif not asked_by.field.is_active:
        sentence = _("'%(other)s' is not active, so that '%(field)s' would be asked of nobody.")
        yield Fault(sentence % name, row, "asked_when")
    elif asked_by.kind not in ASKS_OTHERS:
        sentence = _("'%(field)s' can only hang on a choice or a tick, and '%(other)s' is neither.")
        yield Fault(sentence % name, row, "asked_when")
    elif asked_by.kind in CHOICE_KINDS and not _has(asked_by, said):
        sentence = _("'%(answer)s' is no choice of '%(other)s'. Write it as it stands there in Dutch.")
        empty = _("Say with which answer to '%(other)s' the field '%(field)s' is asked.")
        yield Fault((sentence if said else empty) % name, row, "shown_value")


def _of_its_free_field(row: Row, category: Category, asked: Sequence[Row]) -> Iterator[Fault]:
    free = row.field.free_field
    if free is None:
        return
    name = {"field": row.field.name_nl, "free": free, "queue": category.queue}
    if not (free.is_active and free.on_web_form):
        sentence = _("The free field '%(free)s' is not for web forms. Change that there, or choose another.")
        yield Fault(sentence % name, row, "free_field")
    queues = {queue.pk for queue in free.queues.all()}
    if queues and category.queue_id not in queues:
        sentence = _("The free field '%(free)s' is not of the queue %(queue)s. Change that there, or here.")
        yield Fault(sentence % name, row, "free_field")
    if next(each for each in asked if each.field.free_field == free) is not row:
        yield Fault(
            _("Two fields fill the free field '%(free)s'. Change one of them.") % name, row, "free_field"
        )
    if FREE_KINDS.get(row.kind) != free.kind:
        sentence = _("The free field '%(free)s' is of another kind than '%(field)s'.")
        yield Fault(sentence % name, row, "free_field")
    elif free.has_choices:
        known = {choice.name_nl.casefold() for choice in free.choices.all() if choice.is_active}
        lacking = [choice.name_nl for choice in row.choices if choice.name_nl.casefold() not in known]
        if lacking:
            sentence = _("The free field '%(free)s' has no choice '%(choice)s'. Give both the same choices.")
            yield Fault(sentence % (name | {"choice": lacking[0]}), row, "free_field")
