"""The one way of every pop-up that writes: access → form → action → notice or refusal → redirect.

A pop-up's own file holds what differs: its right, its form, its words, and the action it calls. Where access
is lost while an agent types, the text comes back (see `unsaved.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from desk.frame import AgentRequest, actor_of, agent_required, ticket_or_404
from desk.popups.forms import ComposingForm
from desk.popups.taking import forget_taken
from desk.popups.unsaved import text_given_back
from desk.uploads import keep_files
from desk.writing.layout import allow_editor, has_editor
from tickets.actions.composing import made_by, require_free
from tickets.actions.uploads import uploads_of
from tickets.errors import BadInput, NewerArticle, NotAllowed, Refusal
from tickets.models import Article, Ticket, Upload

Form = TypeVar("Form", bound=ComposingForm)
View = Callable[..., HttpResponseBase]

UNPROCESSABLE = 422
NOT_YET = ("add_files", "remove_upload", "choose_template")
"""Buttons, needed without script, that ask for the form again before it is judged."""


@dataclass(frozen=True, slots=True)
class Popup(Generic[Form]):
    """A pop-up. `make` gives the form, bound if the request is a POST; `act` calls the action.

    `hint` is what the foot says beside the button; `width` is the class of a dialog that needs more room.
    """

    title: str | Promise
    button: str | Promise
    icon: str
    right: str
    notice: str | Promise
    make: Callable[[AgentRequest, Ticket], Form]
    act: Callable[[AgentRequest, Ticket, Form, list[Upload]], Article]
    needs_lock: bool = True
    hint: str | Promise = ""
    width: str = ""

    def as_view(self) -> View:
        """The view of this pop-up."""

        @require_http_methods(["GET", "HEAD", "POST"])
        @agent_required
        @text_given_back
        def view(request: AgentRequest, number: str) -> HttpResponseBase:
            return self.answer(request, number)

        return view

    def answer(self, request: AgentRequest, number: str) -> HttpResponseBase:
        """Answer a GET with the form and a POST with what came of it."""
        if (first := _made_before(request)) is not None:
            messages.info(request, _("This form was sent already; it has been done once."))
            return _onward(request, first.ticket)
        ticket = ticket_or_404(request, number)
        actor = actor_of(request)
        actor.require(self.right, ticket.queue_id)
        if request.method == "POST":
            return self._save(request, ticket, self.make(request, ticket))
        if self.needs_lock:
            try:
                require_free(actor, ticket)
            except Refusal as refusal:
                messages.warning(request, refusal.message)
                return redirect("desk:zoom", number)
        return self._show(request, ticket, self.make(request, ticket))

    def _save(self, request: AgentRequest, ticket: Ticket, form: Form) -> HttpResponseBase:
        newer: NewerArticle | None = None
        try:
            keep_files(request, submission=form.form_id)
            if any(button in request.POST for button in NOT_YET):
                form.leave_unjudged()
                return self._show(request, ticket, form)
            if not form.is_valid():
                return self._show(request, ticket, form, status=UNPROCESSABLE)
            uploads = uploads_of(agent=request.user, submission=form.form_id)
            made = self.act(request, ticket, form, uploads)
        except NotAllowed:
            ticket_or_404(request, ticket.number)  # a colleague may just have moved it out of sight
            raise
        except NewerArticle as refusal:
            newer = refusal
            form.add_error(None, refusal.message)
        except BadInput as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            forget_taken(request, ticket)
            messages.success(request, str(self.notice))
            return _onward(request, made.ticket)
        return self._show(request, ticket, form, status=UNPROCESSABLE, newer=newer)

    def _show(
        self,
        request: AgentRequest,
        ticket: Ticket,
        form: Form,
        *,
        status: int = 200,
        newer: NewerArticle | None = None,
    ) -> HttpResponseBase:
        is_fresh = not form.is_bound  # nobody can have added a file to it yet
        context = {
            "popup": self,
            "ticket": ticket,
            "form": form,
            "uploads": [] if is_fresh else uploads_of(agent=request.user, submission=form.form_id),
            "upload_most": settings.UPLOAD_TOTAL_BYTES,
            "newer": newer,
        }
        page = render(request, "desk/popups/popup.html", context, status=status)
        return allow_editor(request, page) if has_editor(form) else page


def _made_before(request: AgentRequest) -> Article | None:
    """What this very form has made already: a double click, or a connection that broke."""
    if request.method != "POST":
        return None
    given = ComposingForm.read_id(request.POST.get("submission", ""))
    try:
        return made_by(given, agent=request.user) if given else None
    except BadInput as error:
        raise SuspiciousOperation("the form of somebody else") from error


def _onward(request: AgentRequest, ticket: Ticket) -> HttpResponse:
    """Back to the ticket, or to its queue when there is nothing left to do (OTRS 2.9)."""
    ticket.refresh_from_db(fields=["state_type", "queue"])
    if ticket.queue_id not in request.rights.visible:
        return redirect("desk:queues")
    if ticket.is_open:
        return redirect("desk:zoom", ticket.number)
    return redirect("desk:queue", ticket.queue_id)
