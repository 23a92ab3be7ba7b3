"""Which other ticket is meant, on the forms that are about two: by its number, or out of a short list."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.writing.choices import Choice, Radios
from desk.writing.layout import Part
from desk.writing.screen_form import ScreenForm, Writing
from queues.models import QueuePermission
from tickets.models import Ticket
from tickets.queries.others import looks_like_number, ticket_named, tickets_like

TYPED_MOST = 200


class AnyNumber(forms.ChoiceField):
    """One of those offered, or of those that were: whether it may be chosen, who finds it says."""

    def valid_value(self, value: object) -> bool:
        """Whatever it is."""
        return True


def look(form: "OtherTicketForm") -> None:
    """Show what is found by what was typed; a whole number chooses its ticket."""
    named = form.other
    form.put("chosen", named.number if named is not None else "")


class OtherTicketForm(ScreenForm):
    """The other ticket, with the `question` that asks for it.

    `right` is needed in its queue, too, and only such tickets are offered. With `only_open` nothing closed is
    offered before one looks for it.
    """

    question: ClassVar[str | Promise]
    right: ClassVar[str] = QueuePermission.Right.READ
    only_open: ClassVar[bool] = False
    steps = {"look": look}

    ticket = forms.CharField(
        required=False,
        max_length=TYPED_MOST,
        help_text=gettext_lazy("Its number, or words of its title"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-focus": True}),
    )
    chosen = AnyNumber(label=gettext_lazy("Tickets that may be meant"), required=False, widget=Radios)

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        self.rights = writing.actor.agent_rights
        self.about_ticket = writing.about.ticket
        super().__init__(*args, writing=writing, **kwargs)
        self.fields["ticket"].label = str(self.question)
        cast("forms.ChoiceField", self.fields["chosen"]).choices = self._choices

    @property
    def typed(self) -> str:
        """What was typed to find it by."""
        return str(self["ticket"].value() or "")[:TYPED_MOST]

    @cached_property
    def offered(self) -> Sequence[Ticket]:
        """Those that may be meant."""
        named, queues = self._named(self.typed), self.rights.ids(self.right)
        found = tickets_like(
            self.typed,
            ticket=self.about_ticket,
            queues=queues,
            only_open=self.only_open and not self.typed.strip(),
        )
        return found if named is None or named in (self.about_ticket, *found) else [named]

    @property
    def other(self) -> Ticket | None:
        """The ticket that is meant, as far as it was said: by its whole number, else by choosing it.

        What was chosen is not meant beside words or a number that it was not found by.
        """
        chosen = str(self["chosen"].value() or "")
        is_meant = not self.typed.strip() or chosen in [ticket.number for ticket in self.offered]
        return self._named(self.typed) or (self._named(chosen) if is_meant else None)

    def remark(self, ticket: Ticket) -> str:
        """What stands beside a ticket that is offered."""
        return f"{ticket.number} · {ticket.state}"

    def clean(self) -> dict[str, object]:
        """The other ticket itself, as `other`."""
        cleaned = super().clean()
        cleaned["other"] = self.other
        if cleaned["other"] is None:
            self.add_error("ticket", self._why_none())
        return cleaned

    @property
    def nothing_found(self) -> str:
        """What is said where nothing is: the same of what may not be seen and of what is not there."""
        if looks_like_number(self.typed):
            return _("There is no ticket with this number that you may use here.")
        return _("No ticket was found. Give its number, or other words of its title.")

    def _why_none(self) -> str:
        if self.offered and not looks_like_number(self.typed):
            return _("Give the number of a ticket, or choose one below.")
        return self.nothing_found

    def _named(self, number: str) -> Ticket | None:
        """The ticket of a whole number, if it may be used here."""
        named = ticket_named(number, rights=self.rights)
        return named if named is not None and self.rights.may(self.right, named.queue_id) else None

    def _choices(self) -> list[tuple[str, Choice]]:
        return [
            (ticket.number, Choice(word=ticket.title or _("(no subject)"), remark=self.remark(ticket)))
            for ticket in self.offered
        ]


class Other(Part):
    """The fields of an `OtherTicketForm`, with its button."""

    def __init__(self) -> None:
        super().__init__("desk/writing/_other.html", "ticket", "chosen")
