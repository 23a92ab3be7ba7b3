"""The files that come with a form."""

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from desk.frame import AgentRequest
from desk.writing.forms import read_number
from tickets.actions.uploads import Composing, NewFile, add_upload, remove_upload, require_room


def keep_files(request: AgentRequest, composing: Composing) -> None:
    """Keep what came with a form, drop what was asked to go; raises `BadInput` over the limits."""
    files = request.FILES.getlist("files")
    require_room(sum(file.size or 0 for file in files))
    for file in files:
        add_upload(composing, new_file(file), now=timezone.now())
    gone = read_number(request.POST.get("remove_upload"))
    if gone is not None:
        remove_upload(actor=request.actor, upload_id=gone)


def new_file(file: "UploadedFile[bytes]", *, is_inline: bool = False) -> NewFile:
    """A file as a browser sent it."""
    return NewFile(
        name=file.name or "",
        content_type=file.content_type or "",
        data=file.read(),
        is_inline=is_inline,
    )
