"""Mailboxes in the admin: what can be set, and the question that a new one asks before any fetching."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mailgate.mailbox.confirming import MAKES_IT_ANOTHER, Take, ask_first, begin, count_messages
from mailgate.mailbox.folder import MailboxError
from mailgate.models import Mailbox
from vault.forms import ServerForm

After = Mailbox.After
DAYS_MOST = 3650


class MailboxForm(ServerForm):
    """What a mailbox is and does."""

    def clean(self) -> dict[str, Any]:
        """After fetching, only what the protocol can do; and nothing is fetched without a password."""
        given: dict[str, Any] = super().clean()
        if given.get("is_active") and "password" in given and not given["password"]:
            self.add_error("password", _("A mailbox that is active needs its password."))
        after, target = given.get("after"), given.get("move_to")
        if given.get("protocol") == Mailbox.Protocol.POP3 and after in (After.MARK, After.MOVE):
            self.add_error("after", _("POP3 can only leave a message as it is, or delete it."))
        elif after == After.MOVE and target in ("", given.get("folder")):
            self.add_error("move_to", _("Say to which other folder."))
        return given


class TakeWidget(forms.MultiWidget):
    """The answers, and beside the one that needs it how many days: `take` and `take_days`."""

    template_name = "admin/mailgate/mailbox/take.html"
    use_fieldset = True

    def __init__(self) -> None:
        days = forms.NumberInput(attrs={"min": 1, "max": DAYS_MOST})
        super().__init__({"": forms.RadioSelect(choices=Take.choices), "days": days})

    def decompress(self, value: Any) -> list[Any]:
        """What is proposed."""
        return [Take.NONE, 7]


class TakeField(forms.MultiValueField):
    """An answer, and how many days: 0 where it needs none."""

    widget = TakeWidget

    def __init__(self, **kwargs: Any) -> None:
        days = forms.IntegerField(min_value=1, max_value=DAYS_MOST, required=False)
        fields = [forms.ChoiceField(choices=Take.choices), days]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: Sequence[Any]) -> tuple[str, int]:
        """Raise a sentence where the days are missing."""
        take, days = data_list
        if take == Take.DAYS and not days:
            raise forms.ValidationError(_("Say how many days."))
        return take, days or 0


class BeginForm(forms.Form):
    """What of the messages that are there is wanted."""

    take = TakeField(label=_("Which of the messages that are there do you want?"))


@admin.register(Mailbox)
class MailboxAdmin(admin.ModelAdmin[Mailbox]):
    """A mailbox that KVV empties into tickets."""

    form = MailboxForm
    list_display = (
        "name",
        "progress",
        "queue",
        "host",
        "last_success",
    )
    list_select_related = ("queue",)
    readonly_fields = ("beginning", "last_success", "failing_since", "last_error", "canary_arrived")

    def get_urls(self) -> list[URLPattern]:
        """The question has an address of its own."""
        ask = self.admin_site.admin_view(self.begin)
        return [path("<int:pk>/begin/", ask, name="mailgate_mailbox_begin"), *super().get_urls()]

    def save_model(
        self,
        request: HttpRequest,
        obj: Mailbox,
        form: forms.ModelForm[Any],
        change: bool,  # noqa: FBT001  (Django's signature)
    ) -> None:
        """Another account or folder asks first; any other change counts at once and leaves the rest alone."""
        obj.next_poll = timezone.now()
        if change and MAKES_IT_ANOTHER.isdisjoint(form.changed_data):
            obj.save(update_fields=[*form.changed_data, "next_poll"])
        else:
            ask_first(obj)
            obj.save(update_fields=_to_write(obj, form) if change else None)
        if change and "is_active" in form.changed_data and not obj.is_active:
            sentence = _("Mail stays on its server, and comes in once this mailbox is in use again.")
            self.message_user(request, sentence, messages.WARNING)

    def response_add(
        self, request: HttpRequest, obj: Mailbox, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Lead to the question."""
        return ToQuestion(obj)

    def response_change(self, request: HttpRequest, obj: Mailbox) -> HttpResponse:
        """Lead to the question while it is open."""
        return super().response_change(request, obj) if obj.is_confirmed else ToQuestion(obj)

    def changeform_view(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        """Once all is saved, look at the server at once: what is wrong is told where it can be mended."""
        response = super().changeform_view(request, *args, **named)
        if not isinstance(response, ToQuestion) or not response.mailbox.is_active:
            return response
        heard = _look(response.mailbox)
        if "trouble" not in heard:
            self.message_user(request, heard["there"], messages.INFO)
            return response
        sentence = _("The mailbox is saved, but nothing is fetched yet. %(why)s") % {"why": heard["trouble"]}
        self.message_user(request, sentence, messages.ERROR)
        return HttpResponseRedirect(reverse("admin:mailgate_mailbox_change", args=[response.mailbox.pk]))

    @admin.display(description=_("how it goes"))
    def progress(self, mailbox: Mailbox) -> str:
        """Whether mail comes in by it, in a word or two."""
        if not mailbox.is_active:
            return str(_("out of use"))
        if not mailbox.is_confirmed:
            return str(_("waits: where to begin?"))
        if mailbox.failing_since:
            since = localize(localtime(mailbox.failing_since))
            return str(_("fails since %(since)s") % {"since": since})
        return str(_("works")) if mailbox.last_success else str(_("not fetched yet"))

    @admin.display(description=_("beginning"))
    def beginning(self, mailbox: Mailbox) -> str:
        """Whether anything is fetched."""
        if mailbox.pk is None or mailbox.is_confirmed:
            return "-"
        return format_html(
            '{} <a href="{}">{}</a>',
            _("Nothing is fetched yet."),
            _question(mailbox),
            _("Choose where to begin"),
        )

    def begin(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the question, count what is there where that is asked for, and take the answer.

        The server is called by a press alone: an address can be opened in somebody's name. Where it gives
        trouble there is no answer to give, but a way back.
        """
        mailbox = get_object_or_404(Mailbox, pk=pk)
        after = reverse("admin:mailgate_mailbox_change", args=[pk])
        if mailbox.is_confirmed or not self.has_change_permission(request, mailbox):
            return HttpResponseRedirect(after)
        looks = "look" in request.POST
        form = BeginForm(None if looks else request.POST or None)
        heard = _look(mailbox) if looks else {}
        if form.is_valid():
            try:
                take, days = form.cleaned_data["take"]
                begin(mailbox, take=take, days=days, now=timezone.now())
            except MailboxError as error:
                heard = {"trouble": str(error)}
            else:
                self.message_user(request, _("From now on this mailbox is fetched."), messages.SUCCESS)
                return HttpResponseRedirect(after)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Where to begin"),
            "opts": self.opts,
            "original": mailbox,
            "form": form,
            **heard,
        }
        return TemplateResponse(request, "admin/mailgate/mailbox/begin.html", context)


def _question(mailbox: Mailbox) -> str:
    return reverse("admin:mailgate_mailbox_begin", args=[mailbox.pk])


class ToQuestion(HttpResponseRedirect):
    """Leads to the question of a mailbox that was saved."""

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__(_question(mailbox))
        self.mailbox = mailbox


def _look(mailbox: Mailbox) -> dict[str, str]:
    """How much there is, or why that can't be said."""
    try:
        count = count_messages(mailbox)
    except MailboxError as error:
        return {"trouble": str(error)}
    sentence = ngettext("There is %(n)s message now.", "There are %(n)s messages now.", count)
    return {"there": sentence % {"n": count}}


def _to_write(mailbox: Mailbox, form: forms.ModelForm[Any]) -> list[str]:
    """All fields, but not a password that was left alone: it may be sealed with another key by now."""
    left_alone = {"password"} - set(form.changed_data)
    fields = (field for field in mailbox._meta.concrete_fields if not field.primary_key)
    return [field.name for field in fields if field.name not in left_alone]
