"""Files beside a form: added one by one with script, or with the form itself without."""

import uuid

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from desk.frame import UNPROCESSABLE, AgentRequest, agent_required
from desk.screens.registry import BY_PATH
from desk.writing.files import keep_files, new_file
from desk.writing.forms import read_id
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


@require_POST
@agent_required
def files(request: AgentRequest, number: str, path: str) -> HttpResponseBase:
    """Keep the files of a form and show all it has; one sentence if there are too many or too much."""
    composing, error = _composing(request, number, path), ""
    try:
        keep_files(request, composing)
    except Refusal as refusal:
        error = refusal.message
    return _list(request, composing.submission, error=error)


@require_POST
@agent_required
def remove(request: AgentRequest, upload_id: int) -> HttpResponseBase:
    """Take a file away and show what is left."""
    remove_upload(actor=request.actor, upload_id=upload_id)
    return _list(request, _submission(request))


@require_POST
@agent_required
def image(request: AgentRequest, number: str, path: str) -> HttpResponseBase:
    """Keep an image that was pasted into the text; the answer is its id and where to see it."""
    composing, file = _composing(request, number, path), request.FILES.get("image")
    if file is None:
        return HttpResponse(status=400)
    try:
        require_room(file.size or 0)
        upload = add_upload(composing, new_file(file, is_inline=True), now=timezone.now())
    except Refusal as refusal:
        return HttpResponse(refusal.message, status=UNPROCESSABLE, content_type="text/plain; charset=utf-8")
    return JsonResponse({"id": upload.pk, "address": reverse("desk:upload", args=[upload.pk])})


@require_safe
@as_file
@agent_required
def inline_image(request: AgentRequest, upload_id: int) -> HttpResponseBase:
    """An image that stands in the text of one's own form, for the editor."""
    try:
        return file_answer(find_inline_upload(actor=request.actor, upload_id=upload_id))
    except Upload.DoesNotExist as error:
        raise Http404 from error


def _composing(request: AgentRequest, number: str, path: str) -> Composing:
    """The form that is written at a screen of this ticket; 404 and 403 as the screen itself answers."""
    screen = BY_PATH.get(path)
    if screen is None:
        raise Http404
    about = screen.find(request, number=number)
    about.require(request.actor, screen.right)
    return Composing(
        submission=_submission(request), screen=screen.name, actor=request.actor, ticket=about.ticket
    )


def _submission(request: AgentRequest) -> uuid.UUID:
    submission = read_id(request.POST.get("submission"))
    if submission is None:
        raise SuspiciousOperation("a form without identity")
    return submission


def _list(request: AgentRequest, submission: uuid.UUID, *, error: str = "") -> HttpResponse:
    return render(
        request,
        "desk/writing/_uploads.html",
        {"uploads": uploads_of(actor=request.actor, submission=submission), "error": error},
        status=UNPROCESSABLE if error else None,
    )
