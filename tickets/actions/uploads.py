"""Files beside a form that is not sent yet."""

import mimetypes
import re
import unicodedata
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.models import Agent
from blobs.store import store_bytes
from tickets.actions.composing import FILES_MOST
from tickets.errors import BadInput
from tickets.models import Upload
from tickets.showing.file import IMAGE_TYPES

NAME_MOST = 200
KEEP = timedelta(days=7)


@transaction.atomic
def add_upload(
    *,
    agent: Agent,
    submission: UUID,
    name: str,
    content_type: str,
    data: bytes,
    content_id: str = "",
    is_inline: bool = False,
) -> Upload:
    """Keep a file of a form; raises `BadInput` over the limits (number, and bytes all together)."""
    mine = Upload.objects.filter(agent=agent, submission=submission)
    if mine.count() >= FILES_MOST:
        raise BadInput(
            "uploads", _("At most %(n)s attachments can be sent. Remove some.") % {"n": FILES_MOST}
        )
    total = (mine.aggregate(total=Sum("size"))["total"] or 0) + len(data)
    require_room(total)
    if is_inline and content_type not in IMAGE_TYPES:
        raise BadInput("uploads", _("Only PNG, JPEG, GIF and WebP images can stand in the text."))
    return Upload.objects.create(
        agent=agent,
        submission=submission,
        blob=store_bytes(data),
        name=clean_name(name),
        content_type=_type(content_type, name),
        content_id=content_id,
        is_inline=is_inline,
        size=len(data),
    )


def require_room(total: int) -> None:
    """Raise `BadInput` if so many bytes are more than a form may have; ask it before reading them."""
    if total > settings.UPLOAD_TOTAL_BYTES:
        most = filesizeformat(settings.UPLOAD_TOTAL_BYTES)
        raise BadInput(
            "uploads", _("All attachments together may have %(most)s. Remove some.") % {"most": most}
        )


def remove_upload(*, agent: Agent, upload_id: int) -> None:
    """Take a file away again; another agent's file is left alone."""
    Upload.objects.filter(agent=agent, pk=upload_id).delete()


def uploads_of(*, agent: Agent, submission: UUID) -> list[Upload]:
    """The files of a form, in the order they were added."""
    return list(
        Upload.objects.filter(agent=agent, submission=submission).select_related("blob").order_by("pk")
    )


def find_inline_upload(*, agent: Agent, upload_id: int) -> Upload:
    """An image that the agent put into a text; raises `Upload.DoesNotExist`."""
    return Upload.objects.get(agent=agent, pk=upload_id, is_inline=True)


def forget_old_uploads(*, now: datetime) -> int:
    """Drop files of forms that were never sent; gives their number."""
    return Upload.objects.filter(created__lt=now - KEEP).delete()[0]


def clean_name(name: str) -> str:
    """A file's bare name: no folders, no control or direction-changing characters, at most 200 characters."""
    bare = re.split(r"[\\/]", name)[-1]
    bare = "".join(sign for sign in bare if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}).strip(" .")
    return bare[-NAME_MOST:] or _("attachment")


def _type(content_type: str, name: str) -> str:
    if re.fullmatch(r"[a-z0-9.+-]{1,70}/[a-z0-9.+-]{1,70}", content_type):
        return content_type
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
