"""Files beside a form: added one by one with script, or with the form itself without."""

import uuid

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from desk.frame import UNPROCESSABLE, AgentRequest, agent_required, ticket_or_404
from tickets.actions.uploads import (
    Composing,
    NewFile,
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
def uploads(request: AgentRequest, number: str, screen: str) -> HttpResponseBase:
    """Keep the files of a form and show all it has; one sentence if there are too many or too much."""
    composing, error = _composing(request, number, screen), ""
    try:
        keep_files(request, composing)
    except Refusal as refusal:
        error = refusal.message
    return _list(request, composing.submission, error=error)


@require_POST
@agent_required
def remove(request: AgentRequest, upload_id: int) -> HttpResponseBase:
    """Take a file away and show what is left."""
    remove_upload(agent=request.user, upload_id=upload_id)
    return _list(request, _submission(request))


@require_POST
@agent_required
def image(request: AgentRequest, number: str, screen: str) -> HttpResponseBase:
    """Keep an image that was pasted into the text; the answer is its id and where to see it."""
    composing, given = _composing(request, number, screen), request.FILES.get("image")
    if given is None:
        return HttpResponse(status=400)
    try:
        require_room(given.size or 0)
        upload = add_upload(composing, _new_file(given, is_inline=True), now=timezone.now())
    except Refusal as refusal:
        return HttpResponse(refusal.message, status=UNPROCESSABLE, content_type="text/plain; charset=utf-8")
    return JsonResponse({"id": upload.pk, "address": reverse("desk:upload", args=[upload.pk])})


@require_safe
@as_file
@agent_required
def shown(request: AgentRequest, upload_id: int) -> HttpResponseBase:
    """An image that stands in the text of one's own form, for the editor."""
    try:
        return file_answer(find_inline_upload(agent=request.user, upload_id=upload_id))
    except Upload.DoesNotExist as error:
        raise Http404 from error


def keep_files(request: AgentRequest, composing: Composing) -> None:
    """Keep what came with a form, drop what was asked to go; raises `BadInput` over the limits."""
    given = request.FILES.getlist("files")
    require_room(sum(file.size or 0 for file in given))
    for file in given:
        add_upload(composing, _new_file(file), now=timezone.now())
    gone = request.POST.get("remove_upload", "")
    if gone.isascii() and gone.isdigit() and len(gone) < 19:
        remove_upload(agent=request.user, upload_id=int(gone))


def _new_file(file: "UploadedFile[bytes]", *, is_inline: bool = False) -> NewFile:
    return NewFile(
        name=file.name or "",
        content_type=file.content_type or "",
        data=file.read(),
        is_inline=is_inline,
    )


def _composing(request: AgentRequest, number: str, screen: str) -> Composing:
    ticket = ticket_or_404(request, number)
    return Composing(submission=_submission(request), screen=screen[:30], agent=request.user, ticket=ticket)


def _submission(request: AgentRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("submission", ""))
    except ValueError as error:
        raise SuspiciousOperation("a form without identity") from error


def _list(request: AgentRequest, submission: uuid.UUID, *, error: str = "") -> HttpResponse:
    files = uploads_of(agent=request.user, submission=submission)
    return render(
        request,
        "desk/compose/_files.html",
        {"uploads": files, "error": error},
        status=UNPROCESSABLE if error else None,
    )
