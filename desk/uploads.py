"""Files beside a form: added one by one with script, or with the form itself without."""

import uuid

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST

from desk.frame import AgentRequest, agent_required
from tickets.actions.uploads import add_upload, remove_upload, uploads_of
from tickets.errors import Refusal

UNPROCESSABLE = 422


@require_POST
@agent_required
def uploads(request: AgentRequest) -> HttpResponseBase:
    """Keep the files of a form and show all it has; one sentence if one is too large."""
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
    """Keep an image that was pasted into the text; the answer is its id."""
    given = request.FILES.get("image")
    if given is None:
        return HttpResponse(status=400)
    try:
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
    return HttpResponse(str(upload.pk), content_type="text/plain")


def keep_files(request: AgentRequest, *, submission: uuid.UUID) -> bool:
    """Keep what came with a form, drop what was asked to go; True if the form is to be shown again for it.

    Raises `BadInput` over the limits.
    """
    for given in request.FILES.getlist("files"):
        add_upload(
            agent=request.user,
            submission=submission,
            name=given.name or "",
            content_type=given.content_type or "",
            data=given.read(),
        )
    gone = request.POST.get("remove_upload", "")
    if gone.isascii() and gone.isdigit() and len(gone) < 19:
        remove_upload(agent=request.user, upload_id=int(gone))
        return True
    return "add_files" in request.POST


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
