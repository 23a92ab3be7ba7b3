"""Files beside a form that is not sent yet: they hang on its draft, which is made at the first of them."""

import mimetypes
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from blobs.sizes import size_in_words
from blobs.store import store_bytes
from richtext.images import IMAGE_TYPES
from tickets.actor import Actor
from tickets.changing.forms import lock_draft
from tickets.changing.written import FILES_MOST
from tickets.errors import BadInput
from tickets.models import Article, Draft, Ticket, Upload

NAME_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Composing:
    """Which form is being written, by whom, and what it is about: all that its draft is made of."""

    submission: UUID
    screen: str
    actor: Actor
    ticket: Ticket | None = None
    article: Article | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file as a browser sent it; nothing of it is believed but its bytes."""

    name: str
    content_type: str
    data: bytes
    content_id: str = ""
    is_inline: bool = False


@transaction.atomic
def add_upload(composing: Composing, file: NewFile, *, now: datetime) -> Upload:
    """Keep a file of a form; raises `BadInput` over the limits: number and bytes, of this form and of all
    that the agent has not sent yet.

    The bytes are kept first, which may take long; then the draft's row is locked, so that two files at once
    are counted one after the other, and a form that is being sent waits. Raises `TicketBusy` where it takes
    longer than three seconds.
    """
    if file.is_inline and file.content_type not in IMAGE_TYPES:
        raise BadInput("uploads", _("Only PNG, JPEG, GIF and WebP images can stand in the text."))
    blob = store_bytes(file.data)
    draft = _draft(composing, now=now)
    _require_room_beside(draft, size=len(file.data))
    return Upload.objects.create(
        draft=draft,
        blob=blob,
        name=clean_name(file.name),
        content_type=_type(file.content_type, file.name),
        content_id=file.content_id,
        is_inline=file.is_inline,
        size=len(file.data),
    )


def require_room(total: int) -> None:
    """Raise `BadInput` if so many bytes are more than a form may have; ask it before reading them."""
    if total > settings.UPLOAD_TOTAL_BYTES:
        most = size_in_words(settings.UPLOAD_TOTAL_BYTES)
        raise BadInput(
            "uploads", _("All attachments together may have %(most)s. Remove some.") % {"most": most}
        )


def _require_room_beside(draft: Draft, *, size: int) -> None:
    """Raise `BadInput` where one more file is too much. In two forms at once there may be one too many."""
    here = Q(draft=draft)
    mine = Q(draft__holder=draft.holder_id) if draft.holder_id else here
    so_far = Upload.objects.filter(mine).aggregate(
        here=Count("pk", filter=here), bytes_here=Sum("size", filter=here), all=Count("pk"), bytes=Sum("size")
    )
    if so_far["here"] >= FILES_MOST:
        raise BadInput(
            "uploads", _("At most %(n)s attachments can be sent. Remove some.") % {"n": FILES_MOST}
        )
    require_room((so_far["bytes_here"] or 0) + size)
    if so_far["all"] >= settings.UNSENT_FILES or (so_far["bytes"] or 0) + size > settings.UNSENT_BYTES:
        raise BadInput(
            "uploads",
            _(
                "You have too many files in forms that you did not send: at most %(n)s, and %(most)s "
                "together. Send those forms, or take files away from them; after a week without a change "
                "they go by themselves."
            )
            % {"n": settings.UNSENT_FILES, "most": size_in_words(settings.UNSENT_BYTES)},
        )


def remove_upload(*, actor: Actor, upload_id: int) -> None:
    """Take a file away again; one of a form that is another agent's is left alone."""
    _held_by(actor).filter(pk=upload_id).delete()


def uploads_of(*, actor: Actor, submission: UUID) -> list[Upload]:
    """The files of a form that the agent holds, in the order they were added."""
    files = _held_by(actor).filter(draft__submission=submission)
    return list(files.select_related("blob", "draft__writer").order_by("pk"))


def find_inline_upload(*, actor: Actor, upload_id: int) -> Upload:
    """An image in a text that the agent writes; raises `Upload.DoesNotExist`."""
    return _held_by(actor).select_related("blob").get(pk=upload_id, is_inline=True)


def _held_by(actor: Actor) -> QuerySet[Upload]:
    """The files of forms that this agent holds, but for those about a ticket that they may not see."""
    visible = actor.rights.visible if actor.rights else frozenset()
    about = Q(draft__ticket=None) | Q(draft__ticket__queue__in=sorted(visible))
    return Upload.objects.filter(about, draft__holder=actor.agent)


def clean_name(name: str) -> str:
    """A file's bare name: no folders, no control or direction-changing characters, at most 200 characters."""
    bare = re.split(r"[\\/]", name)[-1]
    bare = "".join(sign for sign in bare if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}).strip(" .")
    return bare[-NAME_MOST:] or _("attachment")


def _draft(composing: Composing, *, now: datetime) -> Draft:
    """The form's draft, made at its first file, locked and touched.

    Raises `BadInput` where it is somebody else's, is about something else, or was sent at this very moment.
    """
    agent, ticket = composing.actor.agent, composing.ticket
    made = Draft(
        submission=composing.submission,
        screen=composing.screen,
        ticket=ticket,
        article=composing.article,
        writer=agent,
        holder=agent,
        changed=now,
    )
    Draft.objects.bulk_create([made], ignore_conflicts=True)
    draft = lock_draft(composing.submission)
    if draft is None:
        raise BadInput("uploads", _("This form has just been sent. Open a new one."))
    about = draft.holder_id, draft.screen, draft.ticket_id
    if about != (agent.pk if agent else None, composing.screen, ticket.pk if ticket else None):
        raise BadInput("uploads", _("This form belongs to somebody else. Open it again."))
    draft.changed = now
    draft.save(update_fields=["changed"])
    return draft


def _type(content_type: str, name: str) -> str:
    if re.fullmatch(r"[a-z0-9.+-]{1,70}/[a-z0-9.+-]{1,70}", content_type):
        return content_type
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
