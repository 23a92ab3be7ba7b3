"""The one way of every screen that writes: find → right → form → act → onward, or the form again.

A screen's own file holds what differs: its words, its right, its form, and the action it calls. Where access
is lost while an agent types, the text comes back (see `unsaved.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from desk.frame import UNPROCESSABLE, AgentRequest, agent_required, away_to
from desk.writing.about import About, Find, one_ticket
from desk.writing.files import keep_files
from desk.writing.forms import Writing, WritingForm, read_id
from desk.writing.layout import allow_editor, has_editor
from desk.writing.unsaved import text_given_back
from tickets.actions.uploads import Composing, uploads_of
from tickets.actor import Actor
from tickets.changing.frame import require_free
from tickets.changing.once import Done, made_by
from tickets.errors import Ask, BadInput, NotAllowed, Refusal
from tickets.models import Ticket, Upload

F = TypeVar("F", bound=WritingForm)
View = Callable[..., HttpResponseBase]
Behind = Callable[[AgentRequest, About], Mapping[str, object]]
"""What the template of the page behind a dialog needs."""


class Group(StrEnum):
    """Where a screen stands in the ticket's action bar."""

    FIRST = "first"
    NEAR = "near"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a screen says: in the action bar, as its title, on its button, beside it, and when it is done."""

    action: str | Promise
    title: str | Promise
    button: str | Promise
    notice: str | Promise
    icon: str
    button_icon: str = ""
    hint: str | Promise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who does it, to what, when, and with which files."""

    actor: Actor
    about: About
    uploads: tuple[Upload, ...]
    now: datetime


def always(actor: Actor, ticket: Ticket) -> bool:
    """Yes: the screen is offered wherever the right is."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen(Generic[F]):
    """A screen. `name` names its address, its drafts and its row in the tests' table; `path` ends the
    address.

    `takes_lock`: it is opened by a POST that takes lock and ownership, and no colleague may hold them (OTRS
    3.4). `fits` says whether it makes sense for a ticket, to be offered there; `look` is the class of its
    button in the action bar, `width` that of a dialog that needs more room.
    """

    name: str
    path: str
    group: Group
    right: str
    words: Words
    form: type[F]
    act: Callable[[Deed, F], Done]
    find: Find = one_ticket
    takes_lock: bool = True
    fits: Callable[[Actor, Ticket], bool] = always
    look: str = "act"
    width: str = ""

    @property
    def address(self) -> str:
        """The name of the screen's address, for `reverse`."""
        return f"desk:{self.name}"

    def is_offered(self, actor: Actor, ticket: Ticket) -> bool:
        """Whether this actor can use it on this ticket now; what they can't is not shown (OTRS 3.9)."""
        is_theirs = ticket.locked and ticket.owner is not None and ticket.owner != actor.agent
        is_free = not (self.takes_lock and is_theirs)
        return actor.may(self.right, ticket.queue_id) and is_free and self.fits(actor, ticket)


@dataclass(frozen=True, slots=True)
class ScreenView(Generic[F]):
    """A screen at its address: alone as a dialog where htmx asks for it, else over the page behind it."""

    screen: Screen[F]
    behind: Behind

    def as_view(self) -> View:
        """The view."""

        @require_http_methods(["GET", "HEAD", "POST"])
        @agent_required
        @text_given_back
        def view(request: AgentRequest, /, **where: Any) -> HttpResponseBase:
            return self.answer(request, **where)

        return view

    def answer(self, request: AgentRequest, **where: Any) -> HttpResponseBase:
        """Answer a GET with the form and a POST with what came of it."""
        if (first := _done_before(request)) is not None:
            messages.info(request, _("This form was sent already; it has been done once."))
            return _onward(request, first.ticket)
        about = self.screen.find(request, **where)
        about.require(request.actor, self.screen.right)
        if request.method == "POST":
            try:
                return self._save(request, about)
            except NotAllowed:
                self.screen.find(request, **where)  # a colleague may just have moved it out of sight
                raise
        if self.screen.takes_lock:
            try:
                for ticket in about.tickets:
                    require_free(request.actor, ticket)
            except Refusal as refusal:
                messages.warning(request, refusal.message)
                return away_to(request, reverse("desk:zoom", args=[about.ticket.number]))
        return self._show(request, about, self._form(request, about))

    def _form(self, request: AgentRequest, about: About) -> F:
        writing = Writing(agent=request.user, rights=request.rights, about=about, query=request.GET)
        return self.screen.form(request.POST if request.method == "POST" else None, writing=writing)

    def _save(self, request: AgentRequest, about: About) -> HttpResponseBase:
        form, question = self._form(request, about), None
        try:
            keep_files(request, self._composing(request, about, form))
            if form.took_a_step():
                return self._show(request, about, form)
            if not form.is_valid():
                return self._show(request, about, form, status=UNPROCESSABLE)
            done = self._act(request, about, form)
        except NotAllowed:
            raise
        except Ask as ask:
            question = ask
            form.add_error(None, ask.message)
        except BadInput as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, str(self.screen.words.notice))
            return _onward(request, done.ticket)
        return self._show(request, about, form, status=UNPROCESSABLE, question=question)

    def _act(self, request: AgentRequest, about: About, form: F) -> Done:
        uploads = tuple(uploads_of(actor=request.actor, submission=form.form_id))
        deed = Deed(actor=request.actor, about=about, uploads=uploads, now=timezone.now())
        return self.screen.act(deed, form)

    def _composing(self, request: AgentRequest, about: About, form: F) -> Composing:
        return Composing(
            submission=form.form_id,
            screen=self.screen.name,
            actor=request.actor,
            ticket=about.tickets[0] if about.tickets else None,
        )

    def _show(
        self, request: AgentRequest, about: About, form: F, *, status: int = 200, question: Ask | None = None
    ) -> HttpResponseBase:
        is_fresh = not form.is_bound  # nobody can have added a file to it yet
        context = {
            "screen": self.screen,
            "ticket": about.ticket,
            "form": form,
            "uploads": [] if is_fresh else uploads_of(actor=request.actor, submission=form.form_id),
            "upload_most": settings.UPLOAD_TOTAL_BYTES,
            "asked": question,
        }
        if request.headers.get("HX-Request"):
            template = "desk/screens/_dialog.html"
        else:
            template, context = "desk/screens/screen.html", {**self.behind(request, about), **context}
        page = render(request, template, context, status=status)
        return allow_editor(request, page) if has_editor(form) else page


def _done_before(request: AgentRequest) -> Done | None:
    """What this very form has come to already: a double click, or a connection that broke."""
    if request.method != "POST":
        return None
    submission = read_id(request.POST.get("submission", ""))
    try:
        return made_by(submission, agent=request.user) if submission else None
    except BadInput as error:
        raise SuspiciousOperation("the form of somebody else") from error


def _onward(request: AgentRequest, ticket: Ticket) -> HttpResponseBase:
    """Back to the ticket, or to its queue when there is nothing left to do (OTRS 2.9)."""
    ticket.refresh_from_db(fields=["state_type", "queue"])
    if ticket.queue_id not in request.rights.visible:
        return redirect("desk:queues")
    if ticket.is_open:
        return redirect("desk:zoom", ticket.number)
    return redirect("desk:queue", ticket.queue_id)
