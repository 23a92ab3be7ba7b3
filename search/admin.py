"""Exports in the admin: what was asked for, and what could not be made, to be tried again."""

from datetime import datetime

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from search.exports import TASK
from search.models import Export
from work.claim import try_again
from work.looking import OnlyLookedAt, StateFilter
from work.ring import ring


@admin.register(Export)
class ExportAdmin(OnlyLookedAt, admin.ModelAdmin[Export]):
    """What is made of what an agent found: looked at and tried again; never changed, deleted or fetched."""

    list_display = ("about", "maker", "asked_at", "state_name", "last_error")
    list_filter = (StateFilter,)
    list_select_related = ("agent",)
    ordering = ("-pk",)
    show_full_result_count = False
    fields = ("about", "maker", "asked_at", "state_name", "attempts", "not_before", "last_error")
    readonly_fields = fields
    actions = ("again",)

    @admin.display(description=_("export"))
    def about(self, export: Export) -> str:
        """What it is to be, and what was searched for."""
        return f"{export.get_kind_display()}: {export.words}"

    @admin.display(description=_("agent"), ordering="agent")
    def maker(self, export: Export) -> str:
        """Who asked for it, and alone may have it."""
        return str(export.agent)

    @admin.display(description=_("asked at"), ordering="asked")
    def asked_at(self, export: Export) -> datetime:
        """When; a day later it is gone, made or not."""
        return export.asked

    @admin.action(description=_("Try again"), permissions=["change"])
    def again(self, request: HttpRequest, queryset: QuerySet[Export]) -> None:
        """Queue failed ones afresh."""
        now = timezone.now()
        done = sum(try_again(export, now=now) for export in queryset.filter(state=Export.FAILED))
        if done:
            ring(TASK)
        sentence = ngettext("Done for %(n)s file.", "Done for %(n)s files.", done) % {"n": done}
        self.message_user(request, sentence, messages.SUCCESS if done else messages.WARNING)
