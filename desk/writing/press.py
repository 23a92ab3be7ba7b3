"""What is done by one press, without any form: find → act → notice → back; or a question first."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from desk.frame import AgentRequest, agent_required, page_asked_for, refusal_to_notice
from desk.writing.behind import Behind
from desk.writing.screen import Deed, Group, Offered, Said
from tickets.errors import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Press(Offered):
    """A button that does something at once; its action checks the right, and may raise `Ask`.

    Its form may say by `back` on which page of ours it stood, and there one is again, unless what it is about
    leads elsewhere. Its notice may name the `{ticket}`. `group` is its place in the action bar, if it stands
    in one.
    """

    group: Group | None = Group.NEAR
    words: Said
    act: Callable[[Deed], object]

    def as_view(self, *, behind: Behind) -> Callable[..., HttpResponseBase]:
        """What answers the press: a notice, on the page that it was pressed on, or a question over it."""

        @require_POST
        @agent_required
        @refusal_to_notice
        def view(request: AgentRequest, /, **where: Any) -> HttpResponseBase:
            about = self.find(request, **where)
            anyway = tuple(request.POST.getlist("anyway"))
            try:
                self.act(Deed(actor=request.actor, about=about, now=timezone.now(), anyway=anyway))
            except Ask as question:
                back = page_asked_for(request)
                about = replace(about, leads_to=f"{back or about.back}#inhoud")  # the focus goes there, too
                asking = {"press": self, "about": about, "asked": question, "back": back}
                context = {**behind.context(request, about), "behind": behind.template, **asking}
                return render(request, "desk/screens/asking.html", context)
            named = f"Ticket#{about.sole_ticket.number}" if about.sole_ticket else ""
            messages.success(request, format_html(str(self.words.notice), ticket=named))
            return HttpResponseRedirect(about.leads_to or page_asked_for(request) or about.back)

        return view
