"""The one way of every pop-up that writes: access → form → action → notice or refusal → redirect.

A pop-up's own file holds what differs: its right, its form, its words, and the action it calls.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from desk.frame import AgentRequest, actor_of, ticket_or_404
from desk.popups.forms import ComposingForm
from desk.popups.taking import forget_taken
from desk.uploads import keep_files
from tickets.actions.composing import require_free
from tickets.actions.uploads import uploads_of
from tickets.errors import BadInput, NewerArticle, NotAllowed, Refusal
from tickets.models import Article, Ticket, Upload

Form = TypeVar("Form", bound=ComposingForm)

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Popup(Generic[Form]):
    """A pop-up. `make` gives the form, bound if the request is a POST; `act` calls the action."""

    do_not_call_in_templates: ClassVar[bool] = True  # a template reads it and must not answer requests

    template: str
    title: str | Promise
    button: str | Promise
    icon: str
    right: str
    notice: str | Promise
    make: Callable[[AgentRequest, Ticket], Form]
    act: Callable[[AgentRequest, Ticket, Form, list[Upload]], Article]
    needs_lock: bool = True
    context: Callable[[AgentRequest, Ticket, Form], dict[str, object]] = lambda *_given: {}

    def __call__(self, request: AgentRequest, number: str) -> HttpResponse:
        """Answer a GET with the form and a POST with what came of it."""
        ticket = ticket_or_404(request, number)
        actor = actor_of(request)
        actor.require(self.right, ticket.queue_id)
        if self.needs_lock:
            try:
                require_free(actor, ticket)
            except Refusal as refusal:
                messages.warning(request, refusal.message)
                return redirect("desk:zoom", number)
        form = self.make(request, ticket)
        if request.method != "POST":
            return self._show(request, ticket, form)
        return self._save(request, ticket, form)

    def _save(self, request: AgentRequest, ticket: Ticket, form: Form) -> HttpResponse:
        newer: list[Article] = []
        try:
            changed_files = keep_files(request, submission=form.form_id)
            if changed_files or not form.is_valid():
                return self._show(request, ticket, form, keep=True)
            uploads = uploads_of(agent=request.user, submission=form.form_id)
            self.act(request, ticket, form, uploads)
        except NotAllowed:
            raise
        except NewerArticle as refusal:
            newer = list(refusal.articles)
            form.add_error(None, refusal.message)
        except BadInput as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            forget_taken(request, ticket)
            messages.success(request, str(self.notice))
            return _onward(ticket)
        return self._show(request, ticket, form, keep=True, newer=newer)

    def _show(
        self,
        request: AgentRequest,
        ticket: Ticket,
        form: Form,
        *,
        keep: bool = False,
        newer: list[Article] | None = None,
    ) -> HttpResponse:
        context = {
            "popup": self,
            "ticket": ticket,
            "form": form,
            "uploads": uploads_of(agent=request.user, submission=form.form_id),
            "newer": newer or [],
            **self.context(request, ticket, form),
        }
        return render(request, self.template, context, status=UNPROCESSABLE if keep else None)


def _onward(ticket: Ticket) -> HttpResponse:
    """Back to the ticket, or to its queue when there is nothing left to do (OTRS 2.9)."""
    ticket.refresh_from_db(fields=["state_type", "queue"])
    if ticket.is_open:
        return redirect("desk:zoom", ticket.number)
    return redirect("desk:queue", ticket.queue_id)
