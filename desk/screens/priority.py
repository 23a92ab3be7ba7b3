"""Prioriteit: say how urgent a ticket is."""

from crispy_forms.layout import Layout
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk.words import PRIORITY_ICONS
from desk.writing.choices import Choice, Choices, Radios
from desk.writing.forms import RemarkForm
from desk.writing.layout import Editor, Files
from desk.writing.screen import Deed, Group, Screen, Words, while_open
from desk.writing.screen_form import Writing
from queues.models import QueuePermission
from tickets.actions.priority import change_priority
from tickets.changing.once import Done
from tickets.models import Priority

MEANINGS: dict[int, str | Promise] = {
    Priority.VERY_HIGH: _("somebody is in danger, or it must be today"),
    Priority.HIGH: _("this week"),
    Priority.NORMAL: _("how everything comes in"),
}


def choice_of(priority: Priority) -> Choice:
    """A priority as lists show it, which have no mark for the normal one."""
    icon = PRIORITY_ICONS.get(priority, "")
    look = f"prio prio--{priority.value}" if icon else ""
    return Choice(word=priority.label, remark=MEANINGS.get(priority, ""), icon=icon, look=look)


class PriorityForm(RemarkForm):
    """The five priorities, the highest on top; that of the ticket is chosen."""

    first_subject = _("Priority")
    priority = forms.TypedChoiceField(
        label=_("New priority"),
        coerce=int,
        choices=[(priority.value, choice_of(priority)) for priority in reversed(Priority)],
        widget=Radios,
        error_messages={"required": _("Choose one of the five priorities.")},
    )

    layout = Layout(Choices("priority"), Editor(), Files(), "time_units")

    def first(self, writing: Writing) -> dict[str, object]:
        """What every form of its sort begins with, and the ticket's priority."""
        return super().first(writing) | {"priority": writing.about.ticket.priority}


def act(deed: Deed, form: PriorityForm) -> Done:
    """Change the priority."""
    return change_priority(
        actor=deed.actor,
        ticket=deed.about.ticket,
        priority=form.cleaned_data["priority"],
        note=form.written(deed.uploads),
        now=deed.now,
    )


screen = Screen(
    name="priority",
    path="prioriteit",
    group=Group.FIELDS,
    right=QueuePermission.Right.PRIORITY,
    words=Words(
        action=_("Priority"),
        title=_("Priority"),
        button=_("Submit"),
        hint=_("The customer does not see this."),
        notice=_("The priority of {ticket} has been changed."),
        icon="flag",
    ),
    form=PriorityForm,
    act=act,
    fits=while_open,
)
