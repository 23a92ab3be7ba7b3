"""What the form of each setting has: an address of its own, what is chosen now, and how a choice is kept."""

from typing import ClassVar, Self

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise

from accounts.models import Agent
from desk.frame import AgentRequest


class SettingForm(forms.Form):
    """A form about one thing; `name` and `path` are those of its address.

    `is_seen_around`: what it keeps is seen on the page around it, too, which is loaded again then.
    """

    name: ClassVar[str]
    path: ClassVar[str]
    title: ClassVar[Promise]
    is_seen_around: ClassVar[bool] = False

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
