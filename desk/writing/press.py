"""What is done by one press, without any form: find → act → notice → back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST

from desk.frame import AgentRequest, agent_required, page_asked_for, refusal_to_notice
from desk.writing.screen import Deed, Group, Offered, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Press(Offered):
    """A button that does something at once; its action checks the right.

    Its form may say by `back` on which page of ours it stood; otherwise that is what it is about. `group` is
    its place in the action bar.
    """

    group: Group = Group.NEAR
    words: Said
    act: Callable[[Deed], object]

    def as_view(self) -> Callable[..., HttpResponseBase]:
        """What answers the press: a notice, on the page that it was pressed on."""

        @require_POST
        @agent_required
        @refusal_to_notice
        def view(request: AgentRequest, /, **where: Any) -> HttpResponseBase:
            about = self.find(request, **where)
            self.act(Deed(actor=request.actor, about=about, now=timezone.now()))
            messages.success(request, str(self.words.notice))
            return HttpResponseRedirect(page_asked_for(request) or about.back)

        return view
