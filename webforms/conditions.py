"""Which fields of a form are asked: those without a condition, and those whose condition an answer meets."""

from collections.abc import Callable, Sequence

from webforms.spec import FormSpec

Given = Callable[[str], Sequence[str]]
"""Key of a field → what was answered there: the keys of what was chosen, `TICKED` of a tick."""


def asked_of(spec: FormSpec, given: Given) -> frozenset[str]:
    """The keys of the fields that are asked of who answered so; what hangs on a field that is not is not."""
    asked = set[str]()
    for field in spec.fields:
        is_met = field.shown_when in asked and field.shown_value in given(field.shown_when)
        if not field.is_conditional or (is_met and field.shown_value):
            asked.add(field.key)
    return frozenset(asked)
