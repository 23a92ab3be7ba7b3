"""Vraag het aan: colleagues to be asked about the ticket, ticked beside a deed."""

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from accounts.models import Agent
from desk.writing.forms import WritingForm
from desk.writing.layout import Part
from desk.writing.owners import AgentsField
from desk.writing.screen_form import Check, Writing
from queues.models import Queue
from queues.owners import readers_in
from tickets.changing.asking import check_asked
from tickets.models import Upload

FILTER_FROM = 9
"""From so many colleagues on, one is looked for by name."""


class Colleagues(forms.CheckboxSelectMultiple):
    """Agents, each with the queues where they may read, of a form that chooses a queue, too."""

    def __init__(self) -> None:
        super().__init__()
        self.read: Mapping[int, Collection[int]] | None = None

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Django's, with the ids of the queues; a superuser needs none."""
        option = super().create_option(name, value, *args, **kwargs)
        agent = getattr(value, "instance", None)
        if self.read is not None and agent is not None and not agent.is_superuser:
            option["attrs"]["data-queues"] = " ".join(map(str, sorted(self.read.get(agent.pk, ()))))
        return option


class AskFields(WritingForm):
    """Whom to ask: who may read in the ticket's queue, or in those that it may go to."""

    ask = AgentsField(
        label=_("Ask"),
        help_text=_("Whom you tick is told by e-mail, and finds the ticket at 'For you'."),
        queryset=None,
        required=False,
        widget=Colleagues,
    )

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        super().__init__(*args, writing=writing, **kwargs)
        self.asking, self.asked_in = writing.actor.agent, writing.about.ticket.queue_id
        me = self.asking.pk if self.asking else 0
        self.offer_colleagues(readers_in(self.asked_in, but=me))

    def offer_colleagues(
        self, agents: QuerySet[Agent], *, read: Mapping[int, Collection[int]] | None = None
    ) -> None:
        """Let these be asked; `read`: in which queues they read, where one is chosen."""
        field = cast("AgentsField", self.fields["ask"])
        field.queryset = agents
        cast("Colleagues", field.widget).read = read

    def checks(self) -> Iterator[Check]:
        """Not everybody sees each queue."""
        yield from super().checks()
        queue = cast("Queue | None", self.cleaned_data.get("queue"))
        if "ask" in self.cleaned_data:
            queue_id = queue.pk if queue else self.asked_in
            yield partial(check_asked, self._chosen, by=self.asking, queue_id=queue_id)

    def written_values(self, uploads: tuple[Upload, ...]) -> dict[str, Any]:
        """What was written, and who is asked about it."""
        return super().written_values(uploads) | {"asked": self._chosen}

    @property
    def _chosen(self) -> tuple[Agent, ...]:
        return tuple(self.cleaned_data["ask"])


class Ask(Part):
    """The tick list of an `AskFields`, folded until somebody is ticked; nothing where there is nobody."""

    def __init__(self) -> None:
        super().__init__("desk/writing/_ask.html", "ask")

    def values(self, form: BaseForm) -> dict[str, Any]:
        """The field, whether it is long, and whether it is open."""
        field = form["ask"]
        return {
            "field": field,
            "is_long": len(field) >= FILTER_FROM,
            "is_open": bool(field.value()),
            "of_queue": "queue" in form.fields,
        }
