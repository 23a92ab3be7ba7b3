"""Each thing that an agent prefers, as a form of its own: what is chosen now, and how a choice is kept."""

from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple, Self, cast

from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.forms.boundfield import BoundWidget
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django_stubs_ext import StrPromise

from accounts.models import Agent, Preferences
from accounts.preferences import keep, preferences_of, resume_mail
from desk.frame import AgentRequest
from desk.preferences.absence import AbsenceForm
from desk.preferences.form import SettingForm
from queues.models import SEPARATOR
from queues.subscriptions import VisibleQueue, queues_of, subscribe

REFRESH_MINUTES = Preferences.REFRESH_MINUTES
CHOICE = "desk/preferences/choice.html"
QUEUES = "desk/preferences/queues.html"


class ColumnForm(SettingForm):
    """A form about one column of the preferences, whose field is called as the column is."""

    template: ClassVar[str] = CHOICE

    @property
    def layout(self) -> Layout:
        """The field, with its button beside it."""
        return Layout(Field(self._column(), template=self.template))

    @classmethod
    def kept(cls, agent: Agent) -> dict[str, object]:
        """What the column holds now."""
        return {cls._column(): getattr(preferences_of(agent), cls._column())}

    def keep(self, request: AgentRequest) -> None:
        """Keep what was chosen."""
        keep(agent=request.user, **self.cleaned_data)

    @classmethod
    def _column(cls) -> str:
        (column,) = cls.base_fields
        return str(column)


class LanguageForm(ColumnForm):
    """The language of the agent's pages."""

    name, path, title = "language", "taal", gettext_lazy("Language")
    is_seen_around = True
    language = forms.ChoiceField(label=title, choices=settings.LANGUAGES)


class SkinForm(ColumnForm):
    """What everything looks like."""

    name, path, title = "skin", "skin", gettext_lazy("Skin")
    is_seen_around = True
    skin = forms.ChoiceField(
        label=title,
        choices=Preferences.Skin.choices,
        help_text=gettext_lazy("The standard skin is light or dark as your device is."),
    )


class ThemeForm(ColumnForm):
    """How much room there is around it."""

    name, path, title = "theme", "thema", gettext_lazy("Theme")
    is_seen_around = True
    theme = forms.ChoiceField(label=title, choices=Preferences.Theme.choices)


class ClosingForm(ColumnForm):
    """What an agent's own letters end with."""

    name, path, title = "closing", "slotregel", gettext_lazy("Own closing line")
    closing = forms.CharField(
        label=title,
        required=False,
        max_length=Preferences.CLOSING_MOST,
        help_text=gettext_lazy("It stands below the signature of what you send, as 'I work on Mondays'."),
    )


class ViewForm(ColumnForm):
    """How much room a ticket takes in a list: S, M or L."""

    name, path, title = "view", "weergave", gettext_lazy("View of the overviews")
    view = forms.ChoiceField(label=title, choices=Preferences.View.choices)


class PageSizeForm(ColumnForm):
    """How many tickets a list shows at once."""

    name, path, title = "page_size", "per-pagina", gettext_lazy("Tickets per page")
    page_size = forms.TypedChoiceField(
        label=title, choices=[(size, str(size)) for size in Preferences.PAGE_SIZES], coerce=int
    )


def _intervals() -> list[tuple[int, str]]:
    """In the language of the moment: a number in a sentence can't be put off."""
    minutes = ((n, ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}) for n in REFRESH_MINUTES)
    return [(0, pgettext("refresh interval", "off")), *minutes]


class RefreshForm(ColumnForm):
    """How often a list is read again by itself."""

    name, path, title = "refresh", "verversen", gettext_lazy("Refresh interval of the overviews")
    refresh_minutes = forms.TypedChoiceField(label=title, choices=_intervals, coerce=int)


class AfterAnswerForm(ColumnForm):
    """Where one goes after an answer."""

    name, path, title = "after_answer", "na-antwoord", gettext_lazy("Screen after an answer")
    after_answer = forms.ChoiceField(label=title, choices=Preferences.After.choices)


class AfterNewTicketForm(ColumnForm):
    """Where one goes after a new ticket."""

    name, path, title = "after_new_ticket", "na-nieuw-ticket", gettext_lazy("Screen after a new ticket")
    after_new_ticket = forms.ChoiceField(label=title, choices=Preferences.AfterNew.choices)


class KeysForm(ColumnForm):
    """Whether single keys do something."""

    name, path, title = "keys", "toetsen", gettext_lazy("Keyboard shortcuts")
    is_seen_around = True
    has_keys = forms.TypedChoiceField(
        label=title,
        choices=((True, gettext_lazy("On")), (False, gettext_lazy("Off"))),
        coerce=lambda value: value == "True",
        help_text=gettext_lazy("Press ? on a page to see its keys. They do nothing while you type."),
    )


def _mailed(title: StrPromise, about: StrPromise) -> forms.TypedChoiceField:
    """Whether the agent is mailed about something."""
    return forms.TypedChoiceField(
        label=title,
        choices=((False, gettext_lazy("No")), (True, gettext_lazy("Yes"))),
        coerce=lambda value: value == "True",
        help_text=about,
    )


class NewTicketMailForm(ColumnForm):
    """A new ticket."""

    name, path, title = "mails_new", "melding-nieuw", gettext_lazy("Notification of new tickets")
    mails_new = _mailed(title, gettext_lazy("A new ticket comes into one of your own queues."))


class FollowUpMailForm(ColumnForm):
    """A reaction."""

    name, path, title = "mails_follow_up", "melding-reactie", gettext_lazy("Notification of new reactions")
    mails_follow_up = _mailed(
        title,
        gettext_lazy("The customer reacts in a ticket of yours, or in an unlocked one in your own queues."),
    )


class TimeOutMailForm(ColumnForm):
    """A lock that timed out."""

    name, path, title = (
        "mails_time_out",
        "melding-tijdsoverschrijding",
        gettext_lazy("Notification of a lock time-out"),
    )
    mails_time_out = _mailed(
        title, gettext_lazy("A ticket that you had locked is unlocked, as nobody went on with it.")
    )


class MovedMailForm(ColumnForm):
    """A moved ticket."""

    name, path, title = "mails_moved", "melding-verplaatst", gettext_lazy("Notification of a moved ticket")
    mails_moved = _mailed(title, gettext_lazy("A ticket is moved into one of your own queues."))


class FollowedMailForm(ColumnForm):
    """A ticket that is followed."""

    name, path, title = "mails_followed", "melding-gevolgd", gettext_lazy("Notifications of followed tickets")
    mails_followed = _mailed(title, gettext_lazy("Something happens in a ticket that you follow."))


class MailAgainForm(SettingForm):
    """Mails to the agent came back: whether they shall leave again."""

    name, path, title = "mails_again", "meldingen-weer", gettext_lazy("Send notifications again")
    is_seen_around = True
    layout = Layout()

    @classmethod
    def kept(cls, agent: Agent) -> dict[str, object]:  # noqa: ARG003  (as of all settings)
        """Nothing is chosen."""
        return {}

    def keep(self, request: AgentRequest) -> None:
        """Let them leave again."""
        resume_mail(agent=request.user, now=timezone.now())


class QueueBox(NamedTuple):
    """A queue to tick: its box, and its name in two parts where it stands below the queue it belongs to."""

    box: BoundWidget
    above: str
    name: str


class MyQueuesForm(SettingForm):
    """'Mijn wachtrijen'."""

    name, path, title = "queues", "wachtrijen", gettext_lazy("My queues")
    queues = forms.TypedMultipleChoiceField(
        label=title,
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "The queues you want to keep an eye on: on the dashboard, and in the queue overview."
        ),
    )
    layout = Layout(Field("queues", template=QUEUES))

    def __init__(self, *args: Any, visible: list[VisibleQueue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queues = cast("forms.TypedMultipleChoiceField", self.fields["queues"])
        queues.choices = [(queue.pk, queue.name) for queue in visible]
        if not visible:
            queues.help_text = _("You may not see any queue yet. Ask an administrator.")

    @classmethod
    def of(cls, request: AgentRequest, data: QueryDict | None = None) -> Self:
        """The form as it is now for this agent; with `data`, as it was sent."""
        visible = [queue for queue in queues_of(request.rights) if queue.is_active]
        mine = [queue.pk for queue in visible if queue.is_mine]
        return cls(data, initial={"queues": mine}, visible=visible)

    def keep(self, request: AgentRequest) -> None:
        """Keep which queues are the agent's own."""
        subscribe(rights=request.rights, queue_ids=self.cleaned_data["queues"])

    def boxes(self) -> Iterator[QueueBox]:
        """The queues by name, as a tree of two steps; where the upper one is not shown, by the whole name."""
        top = ""
        for box in self["queues"]:
            name = str(box.choice_label)
            if top and name.startswith(top):
                yield QueueBox(box, top, name.removeprefix(top))
            else:
                top = f"{name}{SEPARATOR}"
                yield QueueBox(box, "", name)


SETTINGS: tuple[type[SettingForm], ...] = (
    LanguageForm,
    SkinForm,
    ThemeForm,
    ClosingForm,
    AbsenceForm,
    ViewForm,
    PageSizeForm,
    RefreshForm,
    KeysForm,
    NewTicketMailForm,
    FollowUpMailForm,
    TimeOutMailForm,
    MovedMailForm,
    FollowedMailForm,
    MailAgainForm,
    AfterAnswerForm,
    AfterNewTicketForm,
    MyQueuesForm,
)
