"""Files beside a form: added one by one with script, or with the form itself without."""

import uuid

from csp.decorators import csp_replace
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from blobs.store import read_parts
from desk.frame import AgentRequest, agent_required
from tickets.actions.uploads import (
    add_upload,
    find_inline_upload,
    remove_upload,
    require_room,
    uploads_of,
)
from tickets.errors import Refusal
from tickets.models import Upload

UNPROCESSABLE = 422


@require_POST
@agent_required
def uploads(request: AgentRequest) -> HttpResponseBase:
    """Keep the files of a form and show all it has; one sentence if there are too many or too much."""
    submission = _submission(request)
    error = ""
    try:
        keep_files(request, submission=submission)
    except Refusal as refusal:
        error = refusal.message
    return _list(request, submission, error=error)


@require_POST
@agent_required
def remove(request: AgentRequest, upload_id: int) -> HttpResponseBase:
    """Take a file away and show what is left."""
    remove_upload(agent=request.user, upload_id=upload_id)
    return _list(request, _submission(request))


@require_POST
@agent_required
def image(request: AgentRequest) -> HttpResponseBase:
    """Keep an image that was pasted into the text; the answer is its id and where to see it."""
    given = request.FILES.get("image")
    if given is None:
        return HttpResponse(status=400)
    try:
        require_room(given.size or 0)
        upload = add_upload(
            agent=request.user,
            submission=_submission(request),
            name=given.name or "image",
            content_type=given.content_type or "",
            data=given.read(),
            is_inline=True,
        )
    except Refusal as refusal:
        return HttpResponse(refusal.message, status=UNPROCESSABLE, content_type="text/plain; charset=utf-8")
    return JsonResponse({"id": upload.pk, "address": reverse("desk:upload", args=[upload.pk])})


@require_safe
@csp_replace({"default-src": ["'none'"], "sandbox": [""]})  # type: ignore[arg-type]  # django-csp types views without arguments only
@agent_required
def shown(request: AgentRequest, upload_id: int) -> HttpResponseBase:
    """An image that stands in the text of one's own form, for the editor."""
    try:
        upload = find_inline_upload(agent=request.user, upload_id=upload_id)
    except Upload.DoesNotExist as error:
        raise Http404 from error
    response = StreamingHttpResponse(read_parts(upload.blob_id), content_type=upload.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def keep_files(request: AgentRequest, *, submission: uuid.UUID) -> None:
    """Keep what came with a form, drop what was asked to go; raises `BadInput` over the limits."""
    given = request.FILES.getlist("files")
    require_room(sum(file.size or 0 for file in given))
    for file in given:
        add_upload(
            agent=request.user,
            submission=submission,
            name=file.name or "",
            content_type=file.content_type or "",
            data=file.read(),
        )
    gone = request.POST.get("remove_upload", "")
    if gone.isascii() and gone.isdigit() and len(gone) < 19:
        remove_upload(agent=request.user, upload_id=int(gone))


def _submission(request: AgentRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("submission", ""))
    except ValueError as error:
        raise SuspiciousOperation("a form without identity") from error


def _list(request: AgentRequest, submission: uuid.UUID, *, error: str = "") -> HttpResponse:
    files = uploads_of(agent=request.user, submission=submission)
    return render(
        request,
        "desk/writing/_uploads.html",
        {"uploads": files, "error": error},
        status=UNPROCESSABLE if error else None,
    )
