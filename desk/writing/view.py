"""The one way of every screen that writes: find → right → form → act → onward, or the form again.

Where access is lost while an agent types, the text comes back (see `unsaved.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from accounts.preferences import preferences_of
from desk.frame import UNPROCESSABLE, AgentRequest, agent_required, away_to
from desk.lists.place import from_list, place_asked
from desk.lists.registry import spot_in
from desk.writing.about import About, Refused, Where
from desk.writing.behind import Behind
from desk.writing.files import composing_at, files_at, keep_files, listed
from desk.writing.layout import allow_editor, has_editor
from desk.writing.outcome import Course, Outcome, onward, outcome_of, tell
from desk.writing.screen import Deed, F, Screen
from desk.writing.screen_form import Writing
from desk.writing.sent_before import sent_before
from desk.writing.typed import digest_of, read_id
from desk.writing.unsaved import FORBIDDEN, ShowsAgain, text_given_back, text_kept_at_the_door
from tickets.actions.drafts import drop_draft, is_held_by_another
from tickets.actions.uploads import uploads_of
from tickets.changing.frame import require_free
from tickets.changing.once import Done
from tickets.errors import Ask, BadInput, NotAllowed, Refusal
from tickets.kinds import EventKind
from tickets.models import Upload

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class ScreenView(Generic[F]):
    """A screen at its address: alone as a dialog where htmx asks for it, else over the page behind it."""

    screen: Screen[F]
    behind: Behind

    def as_view(self) -> ShowsAgain:
        """The view; what comes with an old token is shown by it again, and not done."""

        @require_http_methods(["GET", "HEAD", "POST"])
        @vary_on_headers("HX-Request")
        @text_kept_at_the_door(self.screen.form)
        @agent_required
        @text_given_back
        def view(request: AgentRequest, /, **where: Any) -> HttpResponseBase:
            return self._sent(request, where) if request.method == "POST" else self._opened(request, where)

        @text_kept_at_the_door(self.screen.form)
        @agent_required
        @text_given_back
        def again(request: AgentRequest, /, **where: Any) -> HttpResponseBase:
            return self._sent(request, where, is_old=True)

        return ShowsAgain(view, again=again)

    def _opened(self, request: AgentRequest, where: Where) -> HttpResponseBase:
        about = self.screen.about(request, where)
        if self.screen.takes_lock:
            try:
                for ticket in about.tickets:
                    require_free(request.actor, ticket)
            except Refusal as refusal:
                messages.warning(request, refusal.message)
                return away_to(request, about.back)
        return self._show(request, about, self._form(request, about))

    def _sent(self, request: AgentRequest, where: Where, *, is_old: bool = False) -> HttpResponseBase:
        first = sent_before(request, self._identity(request, where))
        if first is not None and self._is_same(request, where, first):
            messages.info(request, _("This form was sent already; it has been done once."))
            course = Course(place=place_asked(request.GET))
            return onward(request, Outcome(done=(first,)), back=About().back, course=course)
        about = self.screen.about(request, where)
        if first is not None:
            return self._show_anew(request, about)
        form = self._form(request, about)
        if is_old:
            return self._show_old(request, about, form)
        try:
            return self._save(request, about, form)
        except Refusal as refusal:
            about = self.screen.about(request, where)  # as it is now: a colleague may have moved it
            if isinstance(refusal, NotAllowed):
                raise
            return self._show_refused(request, about, form, refusal)

    def _identity(self, request: AgentRequest, where: Where) -> UUID | None:
        """How the deed of the form that was sent is known, if it was done; of many tickets in the first."""
        submission = read_id(request.POST.get("submission", ""))
        if submission is None or self.screen.identity is None:
            return submission
        tickets = self.screen.about(request, where).tickets
        return self.screen.identity(submission, ticket=tickets[0]) if tickets else submission

    def _is_same(self, request: AgentRequest, where: Where, first: Done) -> bool:
        """Whether a form that was sent before comes once more as it was, with no file added since.

        Its ticket may be out of sight.
        """
        makes_ticket = first.event.kind == EventKind.CREATED  # and is sent from another ticket, or from none
        is_here = makes_ticket or where.get("number", first.ticket.number) == first.ticket.number
        submission = read_id(request.POST.get("submission"))
        more = uploads_of(actor=request.actor, submission=submission) if submission else []
        return is_here and not more and first.event.form_digest == digest_of(request)

    def _form(self, request: AgentRequest, about: About) -> F:
        sent, digest = (request.POST, digest_of(request)) if request.method == "POST" else (None, "")
        writing = Writing(actor=request.actor, about=about, query=request.GET, digest=digest)
        return self.screen.form(sent, writing=writing)

    def _save(self, request: AgentRequest, about: About, form: F) -> HttpResponseBase:
        if self.screen.takes_files:
            keep_files(request, composing_at(request, self.screen, about, submission=form.form_id))
        if form.took_a_step():
            return self._show(request, about, form)
        if not form.is_valid():
            form.judge()
            return self._show(request, about, form, status=UNPROCESSABLE)
        deed = Deed(
            actor=request.actor, about=about, now=timezone.now(), uploads=tuple(self._uploads(request, form))
        )
        spot = spot_in(request, about.ticket) if self.screen.leads_on else None
        outcome = outcome_of(self.screen.act(deed, form))
        if refused := outcome.done == () and (*about.refused, *outcome.refused):
            return self._show_all_refused(request, about, form, refused)
        if self.screen.identity is not None:
            drop_draft(actor=request.actor, submission=form.form_id)
        course = Course(
            place=place_asked(request.GET),
            following=spot.following(request) if spot else None,
            after=preferences_of(request.user).after_answer if self.screen.leads_on else "",
        )
        tell(request, outcome, about=about, notice=self.screen.words.notice, course=course)
        return onward(request, outcome, back=about.back, course=course)

    def _uploads(self, request: AgentRequest, form: F) -> list[Upload]:
        return uploads_of(actor=request.actor, submission=form.form_id) if self.screen.takes_files else []

    def _show_refused(
        self, request: AgentRequest, about: About, form: F, refusal: Refusal
    ) -> HttpResponseBase:
        """The form again, with why it could not be done, and with what else would keep it from being done."""
        form.refuse(refusal)
        if isinstance(refusal, Ask | BadInput):
            form.judge()
        question = refusal if isinstance(refusal, Ask) else None
        return self._show(request, about, form, status=UNPROCESSABLE, question=question)

    def _show_all_refused(
        self, request: AgentRequest, about: About, form: F, refused: Refused
    ) -> HttpResponseBase:
        """The form again, where it could be done to none of its tickets, with why."""
        for ticket, refusal in refused:
            form.add_error(None, f"{ticket.number}: {refusal.message}")
        return self._show(request, about, form, status=UNPROCESSABLE)

    def _show_anew(self, request: AgentRequest, about: About) -> HttpResponseBase:
        """What was typed into a form that was sent already, as a form of its own."""
        form = self._form(request, about)
        form.begin_anew()
        form.add_error(
            None,
            _(
                "This form was sent already, and something else stands in it now. "
                "Look at it, add its attachments again, and send it if you mean it."
            ),
        )
        return self._show(request, about, form, status=UNPROCESSABLE)

    def _show_old(self, request: AgentRequest, about: About, form: F) -> HttpResponseBase:
        """What was typed, with a token that counts: nothing of it was done."""
        form.leave_unjudged()
        if is_held_by_another(actor=request.actor, submission=form.form_id):
            form.begin_anew()
        form.add_error(None, _("You signed in again while you were writing. Nothing is lost: send it now."))
        if request.FILES:
            form.add_error(None, _("Only the files that you had just chosen are not here: add them again."))
        return self._show(request, about, form, status=FORBIDDEN)

    def _show(
        self, request: AgentRequest, about: About, form: F, *, status: int = 200, question: Ask | None = None
    ) -> HttpResponseBase:
        context: dict[str, object] = {
            "screen": self.screen,
            "about": about,
            "form": form,
            "uploads": listed(self._uploads(request, form)) if form.is_bound else [],  # a fresh one has none
            "files_at": files_at(request),
            "upload_most": settings.UPLOAD_TOTAL_BYTES,
            "asked": question,
            "from_list": from_list(request),
        }
        template = "desk/screens/_dialog.html"
        if not request.headers.get("HX-Request"):
            template = "desk/screens/screen.html"
            context = {**self.behind.context(request, about), "behind": self.behind.template, **context}
        page = render(request, template, context, status=status)
        return allow_editor(request, page) if has_editor(form) else page
