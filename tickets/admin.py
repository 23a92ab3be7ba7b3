"""States in the admin; tickets themselves are changed at the desk, by the actions."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tickets import free_admin  # noqa: F401  # registers the free fields
from tickets.bulks import TASK
from tickets.kinds import AUTORESPONSE, NOTIFY
from tickets.models import BulkTicket, EventTask, State, StateType
from tickets.states import forget
from work.claim import try_again
from work.looking import OnlyLookedAt, StateFilter
from work.ring import ring

REACTIONS = {AUTORESPONSE: _("automatic answer"), NOTIFY: _("telling agents of it")}
"""Name of a consumer → what it does; one of a newer version has only its name."""


class StateForm(forms.ModelForm[State]):
    """A state; one that closes by itself names the closed one that it becomes: nothing waits for ever."""

    closes_into = forms.ModelChoiceField(
        label=capfirst(_("closes into")),
        queryset=State.objects.filter(type=StateType.CLOSED),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """The type of one that is there is not asked."""
        given: dict[str, Any] = super().clean() or {}
        kind = given.get("type", self.instance.type)
        if kind == StateType.PENDING_AUTO and given.get("closes_into") is None:
            self.add_error("closes_into", _("Choose as what a ticket is closed then."))
        return given


@admin.register(State)
class StateAdmin(admin.ModelAdmin[State]):
    """An admin may add states; the type of one that is there is what the rules build on, and stays."""

    form = StateForm
    list_display = ("word", "type", "position", "is_active")
    list_filter = ("type", "is_active")

    @admin.display(description=_("name"), ordering="name")
    def word(self, state: State) -> str:
        """Its name, in the language of who looks where it is one of those that ship."""
        return str(state)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Key and type are chosen once."""
        return ("key", "type") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: tickets are in it."""
        return False

    def save_model(self, request: HttpRequest, obj: State, form: Any, change: Any) -> None:
        """What is kept in memory is read afresh."""
        super().save_model(request, obj, form, change)
        forget()


@admin.register(EventTask)
class EventTaskAdmin(OnlyLookedAt, admin.ModelAdmin[EventTask]):
    """What is still to be done about an event: looked at and tried again; never changed or deleted."""

    list_display = ("about", "reaction", "state_name", "not_before", "last_error")
    list_filter = (StateFilter,)
    list_select_related = ("event__ticket",)
    ordering = ("-pk",)
    show_full_result_count = False
    fields = ("about", "reaction", "state_name", "attempts", "not_before", "last_error")
    readonly_fields = fields
    actions = ("again",)

    @admin.display(description=_("event"), ordering="event")
    def about(self, task: EventTask) -> str:
        """The ticket, and what happened to it."""
        return f"{settings.TICKET_HOOK}{task.event.ticket.number}: {task.event.word}"

    @admin.display(description=_("reaction"), ordering="consumer")
    def reaction(self, task: EventTask) -> str:
        """What is to be done about it, in words."""
        return str(REACTIONS.get(task.consumer, task.consumer))

    @admin.action(description=_("Try again"), permissions=["change"])
    def again(self, request: HttpRequest, queryset: QuerySet[EventTask]) -> None:
        """Queue failed ones afresh."""
        now = timezone.now()
        failed = queryset.filter(state=EventTask.FAILED)
        queued = [task for task in failed if try_again(task, now=now)]
        for task in queued:
            if task.consumer in settings.EVENT_CONSUMERS:  # else it is of a newer version, which sweeps it up
                ring(settings.EVENT_CONSUMERS[task.consumer])
        done = len(queued)
        sentence = ngettext("Done for %(n)s reaction.", "Done for %(n)s reactions.", done) % {"n": done}
        self.message_user(request, sentence, messages.SUCCESS if done else messages.WARNING)


@admin.register(BulkTicket)
class BulkTicketAdmin(OnlyLookedAt, admin.ModelAdmin[BulkTicket]):
    """What came of each ticket of a bulk action: looked at and tried again; never changed or deleted."""

    list_display = ("about", "agent", "state_name", "refusal", "last_error")
    list_filter = (StateFilter,)
    list_select_related = ("ticket", "bulk__agent")
    ordering = ("-pk",)
    show_full_result_count = False
    fields = ("about", "agent", "state_name", "refusal", "attempts", "not_before", "last_error")
    readonly_fields = fields
    actions = ("again",)

    @admin.display(description=_("ticket"), ordering="ticket")
    def about(self, row: BulkTicket) -> str:
        """The ticket."""
        return f"{settings.TICKET_HOOK}{row.ticket.number}"

    @admin.display(description=_("agent"), ordering="bulk__agent")
    def agent(self, row: BulkTicket) -> str:
        """Who asked for it."""
        return str(row.bulk.agent)

    @admin.action(description=_("Try again"), permissions=["change"])
    def again(self, request: HttpRequest, queryset: QuerySet[BulkTicket]) -> None:
        """Queue failed ones afresh."""
        now = timezone.now()
        done = sum(try_again(row, now=now) for row in queryset.filter(state=BulkTicket.FAILED))
        if done:
            ring(TASK)
        sentence = ngettext("Done for %(n)s ticket.", "Done for %(n)s tickets.", done) % {"n": done}
        self.message_user(request, sentence, messages.SUCCESS if done else messages.WARNING)
