"""Each thing that an agent prefers, as a form of its own: what is chosen now, and how a choice is kept."""

from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple, Self, cast

from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.forms.boundfield import BoundWidget
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agent, Preferences
from accounts.preferences import (
    keep_after_answer,
    keep_after_new_ticket,
    keep_keys,
    keep_language,
    keep_mail,
    keep_page_size,
    keep_view,
    preferences_of,
    resume_mail,
)
from desk.frame import AgentRequest
from queues.models import SEPARATOR
from queues.subscriptions import VisibleQueue, queues_of, subscribe

CHOICE = "desk/preferences/choice.html"
QUEUES = "desk/preferences/queues.html"


class SettingForm(forms.Form):
    """A form about one thing; `name` and `path` are those of its address."""

    name: ClassVar[str]
    path: ClassVar[str]
    title: ClassVar[Promise]

    @classmethod
    def of(cls, request: AgentRequest, data: QueryDict | None = None) -> Self:
        """The form as it is now for this agent; with `data`, as it was sent."""
        return cls(data, initial=cls.kept(request.user))

    @classmethod
    def kept(cls, agent: Agent) -> dict[str, object]:
        """What the agent prefers now, by field."""
        raise NotImplementedError

    def keep(self, request: AgentRequest) -> None:
        """Keep what was chosen, and nothing else."""
        raise NotImplementedError

    @property
    def address(self) -> str:
        """The name of the address that it is sent to."""
        return f"desk:keep_{self.name}"


class LanguageForm(SettingForm):
    """The language of the agent's pages."""

    name, path, title = "language", "taal", gettext_lazy("Language")
    language = forms.ChoiceField(label=title, choices=settings.LANGUAGES)
    layout = Layout(Field("language", template=CHOICE))

    @classmethod
    def kept(cls, agent: Agent) -> dict[str, object]:
        """What the agent prefers now, by field."""
        return {"language": preferences_of(agent).language}

    def keep(self, request: AgentRequest) -> None:
        """Keep the language."""
        keep_language(agent=request.user, language=self.cleaned_data["language"])


class ViewForm(SettingForm):
    """How much room a ticket takes in a list."""

    name, path, title = "view", "weergave", gettext_lazy("View of the overviews")
    view = forms.ChoiceField(label=title, choices=Preferences.View.choices)
    layout = Layout(Field("view", template=CHOICE))

    @classmethod
    def kept(cls, agent: Agent) -> dict[str, object]:
        """What the agent prefers now, by field."""
        return {"view": preferences_of(agent).view}

    def keep(self, request: AgentRequest) -> None:
        """Keep S, M or L."""
        keep_view(agent=request.user, view=self.cleaned_data["view"])


class PageSizeForm(SettingForm):
    """How many tickets a list shows at once."""

    name, path, title = "page_size", "per-pagina", gettext_lazy("Tickets per page")
    size = forms.ChoiceField(label=title, choices=[(str(size), str(size)) for size in Preferences.PAGE_SIZES])
    layout = Layout(Field("size", template=CHOICE))

    @classmethod
    def kept(cls, agent: Agent) -> dict[str, object]:
        """What the agent prefers now, by field."""
        return {"size": str(preferences_of(agent).page_size)}

    def keep(self, request: AgentRequest) -> None:
        """Keep the number."""
        keep_page_size(agent=request.user, size=self.cleaned_data["size"])


class AfterAnswerForm(SettingForm):
    """Where one goes after an answer."""

    name, path, title = "after_answer", "na-antwoord", gettext_lazy("Screen after an answer")
    after = forms.ChoiceField(label=title, choices=Preferences.After.choices)
    layout = Layout(Field("after", template=CHOICE))

    @classmethod
    def kept(cls, agent: Agent) -> dict[str, object]:
        """What the agent prefers now, by field."""
        return {"after": preferences_of(agent).after_answer}

    def keep(self, request: AgentRequest) -> None:
        """Keep the way on."""
        keep_after_answer(agent=request.user, after=self.cleaned_data["after"])


class AfterNewTicketForm(SettingForm):
    """Where one goes after a new ticket."""

    name, path, title = "after_new_ticket", "na-nieuw-ticket", gettext_lazy("Screen after a new ticket")
    after_new = forms.ChoiceField(label=title, choices=Preferences.AfterNew.choices)
    layout = Layout(Field("after_new", template=CHOICE))

    @classmethod
    def kept(cls, agent: Agent) -> dict[str, object]:
        """What the agent prefers now, by field."""
        return {"after_new": preferences_of(agent).after_new_ticket}

    def keep(self, request: AgentRequest) -> None:
        """Keep the way on."""
        keep_after_new_ticket(agent=request.user, after=self.cleaned_data["after_new"])


class KeysForm(SettingForm):
    """Whether single keys do something."""

    name, path, title = "keys", "toetsen", gettext_lazy("Keyboard shortcuts")
    keys = forms.TypedChoiceField(
        label=title,
        choices=(("on", gettext_lazy("On")), ("off", gettext_lazy("Off"))),
        coerce=lambda value: value == "on",
        help_text=gettext_lazy("Press ? on a page to see its keys. They do nothing while you type."),
    )
    layout = Layout(Field("keys", template=CHOICE))

    @classmethod
    def kept(cls, agent: Agent) -> dict[str, object]:
        """What the agent prefers now, by field."""
        return {"keys": "on" if preferences_of(agent).has_keys else "off"}

    def keep(self, request: AgentRequest) -> None:
        """Keep whether they are on."""
        keep_keys(agent=request.user, has_keys=self.cleaned_data["keys"])


class MailForm(SettingForm):
    """Whether the agent is mailed about something; `column` of their preferences says so."""

    column: ClassVar[str]
    about: ClassVar[Promise]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.column] = forms.TypedChoiceField(
            label=str(self.title),
            choices=(("no", gettext_lazy("No")), ("yes", gettext_lazy("Yes"))),
            coerce=lambda value: value == "yes",
            help_text=str(self.about),
        )
        self.layout = Layout(Field(self.column, template=CHOICE))

    @classmethod
    def kept(cls, agent: Agent) -> dict[str, object]:
        """What the agent prefers now, by field."""
        return {cls.column: "yes" if getattr(preferences_of(agent), cls.column) else "no"}

    def keep(self, request: AgentRequest) -> None:
        """Keep whether they are."""
        keep_mail(agent=request.user, column=self.column, wanted=self.cleaned_data[self.column])


class NewTicketMailForm(MailForm):
    """A new ticket."""

    name = column = "mails_new"
    path, title = "melding-nieuw", gettext_lazy("Notification of new tickets")
    about = gettext_lazy("A new ticket comes into one of your own queues.")


class FollowUpMailForm(MailForm):
    """A reaction."""

    name = column = "mails_follow_up"
    path, title = "melding-reactie", gettext_lazy("Notification of new reactions")
    about = gettext_lazy(
        "The customer reacts in a ticket of yours, or in an unlocked one in your own queues."
    )


class TimeOutMailForm(MailForm):
    """A lock that timed out."""

    name = column = "mails_time_out"
    path, title = "melding-tijdsoverschrijding", gettext_lazy("Notification of a lock time-out")
    about = gettext_lazy("A ticket that you had locked is unlocked, as nobody went on with it.")


class MovedMailForm(MailForm):
    """A moved ticket."""

    name = column = "mails_moved"
    path, title = "melding-verplaatst", gettext_lazy("Notification of a moved ticket")
    about = gettext_lazy("A ticket is moved into one of your own queues.")


class FollowedMailForm(MailForm):
    """A ticket that is followed."""

    name = column = "mails_followed"
    path, title = "melding-gevolgd", gettext_lazy("Notifications of followed tickets")
    about = gettext_lazy("Something happens in a ticket that you follow.")


class MailAgainForm(SettingForm):
    """Mails to the agent came back: whether they shall leave again."""

    name, path, title = "mails_again", "meldingen-weer", gettext_lazy("Send notifications again")
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
            "The queues you want to keep an eye on. They are what you see after signing in."
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
    ViewForm,
    PageSizeForm,
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
