"""Queues, addresses, permissions and calendars in the admin.

What hangs on a queue or an address is known further up: `kvv/changes/` registers them. Texts: `desk/texts/`.
"""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.fields import BLANK_CHOICE_DASH
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from queues.calendar_form import CalendarForm
from queues.calendars import TERM_FIELDS, calendar_in, new_terms
from queues.models import (
    Calendar,
    MailAddress,
    Queue,
    QueuePermission,
)
from queues.preview import examples_of, weeks_of
from queues.renaming import TakenNameError, WrongNameError, hold_names, new_names, rename_below, tidy_name
from work.inlines import FewRows

NEW_ADDRESS = ("new_address", "new_address_name")


class PermissionInline(FewRows, admin.StackedInline[QueuePermission, Queue]):
    """Which group may do what in the queue."""

    model = QueuePermission
    extra = 1
    fields = (("group", "right"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[QueuePermission]:
        """With what the sentence of each names."""
        return super().get_queryset(request).select_related("group", "queue")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the rights that there are."""
        if db_field.name == "right":
            choices = [*BLANK_CHOICE_DASH, *QueuePermission.Right.choices]
            return forms.ChoiceField(label=capfirst(db_field.verbose_name), choices=choices)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class LowerCaseAddress(forms.EmailField):
    """A mail address, kept in lower case."""

    def clean(self, value: Any) -> str:
        """Lower-case it before its uniqueness is checked."""
        return str(super().clean(value)).lower()


class QueueForm(forms.ModelForm[Queue]):
    """A queue, whose name takes along the queues below it.

    The page says which name it was opened with: who left that alone means whichever the queue has by now. An
    address wants a queue and a queue wants an address: a new one may bring its own.
    """

    new_address = LowerCaseAddress(
        label=capfirst(_("new address")),
        widget=forms.EmailInput(attrs={"class": "vTextField"}),
        max_length=320,
        required=False,
        help_text=_(
            "An address that is not here yet: it is made with the queue. Its mail goes to the queue, and the "
            "queue's answers leave from it, unless you choose another sender address."
        ),
    )
    new_address_name = forms.CharField(
        label=capfirst(_("name of the new address")),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        max_length=200,
        required=False,
        help_text=_("Customers see it beside the address."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].show_hidden_initial = True
        if self.instance.pk:  # gets more addresses on their own page
            for name in NEW_ADDRESS:
                del self.fields[name]

    def clean_new_address(self) -> str:
        """Raise a sentence for an address that is here already."""
        address: str = self.cleaned_data["new_address"]
        if MailAddress.objects.filter(address=address).exists():
            raise ValidationError(_("This address is here already: choose it as the sender address."))
        return address

    def clean_name(self) -> str:
        """Raise a sentence for a name that the queue, or one below it, can't have."""
        if self.instance.pk and "name" not in self.changed_data:
            return str(self.initial["name"])
        try:
            name = tidy_name(self.cleaned_data["name"])
            if self.instance.pk:
                new_names(old=self.initial["name"], new=name)
        except WrongNameError as error:
            raise ValidationError(_("Each step of the name has to be there: Parent::Child.")) from error
        except TakenNameError as error:
            sentence = _(
                "The queue '%(old)s' goes along and would be named '%(new)s': there is one of that name, or "
                "the name is too long. Give that queue another name first."
            )
            raise ValidationError(sentence % {"old": error.old, "new": error.new}) from error
        return name


class OneAtATime(admin.ModelAdmin[Any]):
    """What has a name, or an address, that nothing else may have: its forms are saved one after the other."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """What is saved is looked at and written with all names held, so that the look stays true."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            hold_names()
            return super().changeform_view(request, object_id, form_url, extra_context)


class QueueAdmin(OneAtATime):
    """A queue. One that was used is not deleted: take 'active' away instead."""

    form = QueueForm
    list_display = ("name", "sender", "is_active", "follow_up", "closes_after_answer")
    list_filter = ("is_active",)
    list_select_related = ("sender",)
    search_fields = ("name",)
    inlines = (PermissionInline,)
    readonly_fields: ClassVar[tuple[str, ...]] = ("example",)
    fieldsets = (
        (None, {"fields": ("name", "sender", "new_address", "new_address_name", "comment", "is_active")}),
        (_("Texts"), {"fields": ("salutation", "signature")}),
        (
            _("Tickets"),
            {
                "fields": (
                    *("follow_up", "lock_on_follow_up", "closes_after_answer", "unlock_minutes"),
                    "mails_without_text",
                )
            },
        ),
        (
            _("The customer's own page"),
            {"fields": ("links_answers", "link_suffices", "agents_called", "asks_rating")},
        ),
        (
            _("Terms"),
            {"fields": (*TERM_FIELDS, "example")},
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only a new queue brings an address, and only one that is there has anything else to show."""
        (_title, first), *others = super().get_fieldsets(request, obj)
        left_out = NEW_ADDRESS if obj else self.readonly_fields
        return ((None, {"fields": [name for name in first["fields"] if name not in left_out]}), *others)

    @admin.display(description=_("for example"))
    def example(self, queue: Queue) -> str:
        """When a question of Friday afternoon is late, by what is kept of the queue."""
        if not queue.pk:
            return gettext("Once it is saved, you read here when a question of Friday 16:00 is late.")
        return "\n".join(examples_of(queue, now=timezone.now())) or gettext("Nothing is promised.")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a queue's tickets stay in it; take 'active' away instead."""
        return False

    def save_model(self, request: HttpRequest, obj: Queue, form: Any, change: Any) -> None:
        """Changed terms get a new version, by which the open tickets are found that have the old ones.

        It is counted on from what the row has by then: another admin may be at it, too.
        """
        if change:
            obj.terms_version = F("terms_version") + int(bool(set(TERM_FIELDS) & set(form.changed_data)))
        old = form.initial.get("name", obj.name)
        if change and old != obj.name:
            self._rename(request, obj, form, old=old)
        else:
            super().save_model(request, obj, form, change)
            if address := form.cleaned_data.get("new_address"):
                _give_address(obj, address, name=form.cleaned_data["new_address_name"])

    def _rename(self, request: HttpRequest, obj: Queue, form: Any, *, old: str) -> None:
        """The queue and those below it, in the order in which no two have one name; and a sentence of it."""
        is_longer = len(obj.name) > len(old)
        below = rename_below(old=old, new=obj.name) if is_longer else 0
        super().save_model(request, obj, form, True)  # noqa: FBT003  (Django's signature)
        below = below if is_longer else rename_below(old=old, new=obj.name)
        words = {"old": old, "new": obj.name, "n": below}
        went_along = ngettext(
            "'%(old)s' is '%(new)s' now, and %(n)s queue below it went along.",
            "'%(old)s' is '%(new)s' now, and %(n)s queues below it went along.",
            below,
        )
        sentence = went_along if below else _("'%(old)s' is '%(new)s' now.")
        hint = _(
            "The history keeps the names of its time. Where a mail server hands over mail for one of them by "
            "its name (`ingest --queue`), give it the new name: until then that mail goes where its "
            "addresses lead."
        )
        self.message_user(request, f"{sentence % words} {hint}", messages.INFO)


def _give_address(queue: Queue, address: str, *, name: str) -> None:
    """Make the address whose mail goes to this new queue; answers leave from it, if from no other."""
    made = MailAddress.objects.create(address=address, name=name, queue=queue)
    if queue.sender is None:
        queue.sender = made
        queue.save(update_fields=["sender"])


class MailAddressForm(forms.ModelForm[MailAddress]):
    """An address is kept in lower case."""

    def clean_address(self) -> str:
        """Lower-case it before its uniqueness is checked."""
        return LowerCaseAddress().clean(self.cleaned_data["address"])


class MailAddressAdmin(OneAtATime):
    """An address of ours, and the queue its mail goes to."""

    form = MailAddressForm
    list_display = ("address", "name", "queue", "is_form", "is_active")
    list_filter = ("is_active", "is_form")
    list_select_related = ("queue",)
    search_fields = ("address", "name")


@admin.register(Calendar)
class CalendarAdmin(admin.ModelAdmin[Calendar]):
    """Working hours and holidays."""

    form = CalendarForm
    list_display = ("name", "time_zone")
    search_fields = ("name",)
    fields = ("name", "time_zone", "hours", "holidays")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Of one that is kept also what it comes to."""
        return (*self.fields, "preview") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is shown, and kept nowhere."""
        return ("preview",)

    @admin.display(description=_("the weeks from this one on"))
    def preview(self, row: Calendar) -> SafeString:
        """Four weeks, a day a cell."""
        calendar = calendar_in(row)
        weeks = weeks_of(calendar, today=timezone.localdate(timezone=calendar.zone))
        return render_to_string("admin/queues/weeks.html", {"weeks": weeks, "days": WEEKDAYS_ABBR.values()})

    def save_model(self, request: HttpRequest, obj: Calendar, form: Any, change: Any) -> None:
        """Tell the calendar's queues that their terms may be others now: to find out would cost no less."""
        super().save_model(request, obj, form, change)
        if change:
            new_terms(Queue.objects.filter(calendar=obj))
