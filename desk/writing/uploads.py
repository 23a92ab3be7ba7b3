"""Files beside a form: added one by one with script, or with the form itself without."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from desk.frame import UNPROCESSABLE, AgentRequest, agent_required
from desk.writing.files import composing_at, keep_files, listed, new_file
from desk.writing.screen import Screen
from desk.writing.typed import read_id
from tickets.actions.uploads import (
    Composing,
    add_upload,
    find_inline_upload,
    remove_upload,
    require_room,
    uploads_of,
)
from tickets.errors import Refusal
from tickets.models import Upload
from tickets.showing.file import as_file, file_answer

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class UploadViews:
    """Where the files of a screen's form go; the address names what the screen's own does."""

    screen: Screen[Any]

    def files(self) -> View:
        """The view that keeps files and shows all there are; one sentence if it is too much."""

        @require_POST
        @agent_required
        def view(request: AgentRequest, /, **where: Any) -> HttpResponseBase:
            composing, error = self._composing(request, **where), ""
            try:
                keep_files(request, composing)
            except Refusal as refusal:
                error = refusal.message
            return _list(request, composing.submission, error=error)

        return view

    def image(self) -> View:
        """The view that keeps an image that was pasted into the text; it gives its id and where to see it."""

        @require_POST
        @agent_required
        def view(request: AgentRequest, /, **where: Any) -> HttpResponseBase:
            composing, file = self._composing(request, **where), request.FILES.get("image")
            if file is None:
                return HttpResponse(status=400)
            try:
                require_room(file.size or 0)
                upload = add_upload(composing, new_file(file, is_inline=True), now=timezone.now())
            except Refusal as refusal:
                return HttpResponse(
                    refusal.message, status=UNPROCESSABLE, content_type="text/plain; charset=utf-8"
                )
            return JsonResponse({"id": upload.pk, "address": reverse("desk:upload", args=[upload.pk])})

        return view

    def _composing(self, request: AgentRequest, **where: Any) -> Composing:
        """The form that is written at the screen; 404 and 403 as the screen itself answers."""
        about = self.screen.about(request, where)
        return composing_at(request, self.screen, about, submission=_submission(request))


@require_POST
@agent_required
def remove(request: AgentRequest, upload_id: int) -> HttpResponseBase:
    """Take a file away and show what is left."""
    remove_upload(actor=request.actor, upload_id=upload_id)
    return _list(request, _submission(request))


@require_safe
@as_file
@agent_required
def inline_image(request: AgentRequest, upload_id: int) -> HttpResponseBase:
    """An image that stands in the text of one's own form, for the editor."""
    try:
        return file_answer(find_inline_upload(actor=request.actor, upload_id=upload_id))
    except Upload.DoesNotExist as error:
        raise Http404 from error


def _submission(request: AgentRequest) -> uuid.UUID:
    submission = read_id(request.POST.get("submission"))
    if submission is None:
        raise SuspiciousOperation("a form without identity")
    return submission


def _list(request: AgentRequest, submission: uuid.UUID, *, error: str = "") -> HttpResponse:
    return render(
        request,
        "desk/writing/_uploads.html",
        {"uploads": listed(uploads_of(actor=request.actor, submission=submission)), "error": error},
        status=UNPROCESSABLE if error else None,
    )
