"""The form of a screen: its identity, what its writer can have seen, its steps, and how it complains."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar, cast

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from desk.writing.about import About
from desk.writing.fields import Anyway
from desk.writing.typed import SEEN, read_id, read_number
from tickets.actor import Actor
from tickets.changing.forms import Form
from tickets.errors import BadInput, Refusal
from tickets.queries.zoom import newest_event

Step = Callable[[Any], None]
Check = Callable[[], object]
"""What raises `BadInput` where something can't be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Who fills in a form, what it is about, what its address asks, and the digest of what was sent."""

    actor: Actor
    about: About
    query: QueryDict
    digest: str = ""

    @property
    def seen_event(self) -> int | None:
        """The newest event of the page that the form was opened from, where that told it."""
        return read_number(self.query.get(SEEN))


class ScreenForm(forms.Form):
    """A form of a screen: what identifies it, and what its writer can have seen.

    `seen_event` is the newest event of its ticket that its writer's page had shown, `anyway` the keys of what
    it was asked about since. `steps`: the names of buttons, needed without script, that do something with the
    form and show it again before it is judged. `foot` arranges what stands beside the form's button, always
    in sight.
    """

    steps: ClassVar[Mapping[str, Step]] = {}
    layout: Layout = Layout()
    foot: ClassVar[Layout | None] = None

    submission = forms.UUIDField(widget=forms.HiddenInput)
    anyway = Anyway(required=False)
    seen_event = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, writing: Writing) -> None:
        fresh = {"submission": uuid.uuid4(), **self.first(writing)} if data is None else None
        super().__init__(data, initial=fresh)
        self.digest = writing.digest
        self.came_without_identity = data is not None and read_id(data.get("submission")) is None
        if self.came_without_identity:
            self.begin_anew()

    def first(self, writing: Writing) -> dict[str, object]:
        """What a fresh form begins with, beside its identity."""
        ticket = writing.about.sole_ticket
        if ticket is None:
            return {}
        seen = writing.seen_event
        return {"seen_event": newest_event(ticket).event if seen is None else seen}

    def put(self, field: str, value: str) -> None:
        """Change what was sent in a field, as a step does for its agent."""
        data = cast("QueryDict", self.data).copy()
        data[field] = value
        self.data = data

    def leave_out(self, field: str) -> None:
        """Do not offer a tick that makes no sense here; what is sent in it is passed over."""
        self.fields[field].widget, self.fields[field].disabled = forms.HiddenInput(), True

    @property
    def can_be_sent(self) -> bool:
        """Whether it has a button: not where nothing can be done."""
        return True

    @property
    def form_id(self) -> uuid.UUID:
        """The form's identity, which its page carries."""
        return uuid.UUID(str(self["submission"].value()))

    def begin_anew(self) -> None:
        """Give a form that was sent an identity of its own; what was typed stays."""
        self.put("submission", str(uuid.uuid4()))

    def in_order(self) -> list[BoundField]:
        """The fields as one comes to them: as they are arranged, beside the button, and the rest."""
        arranged = chain(*(part.get_field_names() for part in (self.layout, self.foot) if part))
        names = dict.fromkeys([*(pointer.name for pointer in arranged), *self.fields])
        return [self[name] for name in names if name in self.fields]

    def asked(self) -> Form:
        """The form that a deed is asked for by, once it is valid."""
        return Form(
            submission=self.cleaned_data["submission"],
            digest=self.digest,
            seen_event=self.cleaned_data["seen_event"],
            anyway=self.cleaned_data["anyway"],
        )

    def took_a_step(self) -> bool:
        """Do what a button asks that is one of `steps`; then nothing is complained of yet."""
        steps = [step for name, step in self.steps.items() if name in self.data]
        for step in steps:
            step(self)
        if steps:
            self.leave_unjudged()
        return bool(steps)

    def leave_unjudged(self) -> None:
        """Show what was typed without a word about what is missing in it."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def checks(self) -> Iterator[Check]:
        """What the action would refuse of what was filled in, one check each, of fields that are in order."""
        yield from ()

    def judge(self) -> None:
        """Complain of all that the action would refuse, too: a form that comes back comes back once.

        Not asked of a form that is in order: its action looks at the same, under the lock.
        """
        for check in self.checks():
            try:
                check()
            except BadInput as refusal:
                self.refuse(refusal)

    def refuse(self, refusal: Refusal) -> None:
        """Say why it was not done, at its field, if it has one that is not complained of already."""
        field = refusal.field if isinstance(refusal, BadInput) and refusal.field in self.fields else None
        said = list(self.errors.get(field or NON_FIELD_ERRORS, ()))
        if not said or (field is None and refusal.message not in said):
            self.add_error(field, refusal.message)

    def clean(self) -> dict[str, object]:
        """Look at a form without an identity twice: one can't know whether it was sent before."""
        if self.came_without_identity:
            self.add_error(None, _("This form came in damaged. Look at it, and send it again."))
        return super().clean() or {}
