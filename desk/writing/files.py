"""The files that come with a form."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from desk.frame import AgentRequest
from desk.writing.about import About
from desk.writing.screen import Screen
from desk.writing.typed import read_number
from tickets.actions.uploads import Composing, NewFile, add_upload, remove_upload, require_room
from tickets.models import Upload

FILES, IMAGE = "bestanden/", "bestanden/beeld/"
"""What follows the address of a screen where its files go, and the images in its text."""


class FilesAt(NamedTuple):
    """The addresses where the files of a form go, and the images in its text; with what the form's asks."""

    files: str
    image: str


def files_at(request: AgentRequest) -> FilesAt:
    """The addresses for the form that is at the address of the request."""
    path, mark, query = request.get_full_path().partition("?")
    return FilesAt(files=f"{path}{FILES}{mark}{query}", image=f"{path}{IMAGE}{mark}{query}")


def composing_at(request: AgentRequest, screen: Screen[Any], about: About, *, submission: UUID) -> Composing:
    """The form that the agent writes at a screen: what its draft is made of."""
    return Composing(
        submission=submission,
        screen=screen.name,
        actor=request.actor,
        ticket=about.sole_ticket,
        article=about.article,
    )


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


def listed(uploads: Sequence[Upload]) -> list[Upload]:
    """The files that stand in the list beside the form: not the images, which stand in its text."""
    return [upload for upload in uploads if not upload.is_inline]
