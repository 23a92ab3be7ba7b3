"""What an agent wrote beside a deed, checked, and the note that it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Agent
from richtext.clean import clean_html
from richtext.convert import html_to_text, is_blank
from richtext.dress import without_copied_dress
from tickets.changing.articles import NewArticle, StoredFile
from tickets.changing.forms import Form
from tickets.errors import BadInput
from tickets.letters.inline_images import with_inline_images
from tickets.models import Article, Attachment, State, Ticket, Upload
from tickets.models.ticket import PENDING_TYPES

PENDING_MOST = timedelta(days=5 * 366)
TIME_UNITS_MOST = Decimal(10_000)
FILES_MOST = 20
KVV = "KVV"
"""Who a note is of that no agent wrote: what the clock does, say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Form):
    """What an agent wrote beside a deed, on the form that asked for it; `asked`: whom they ask about it."""

    subject: str
    html: str
    time_units: Decimal | None = None
    is_visible: bool = False
    asked: tuple[Agent, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep of it: no text, no image in it, no file, no time spent."""
        return is_blank(self.html) and not self.time_units and all(file.is_inline for file in self.uploads)


def note_of(
    written: Written, *, ticket: Ticket | None, agent: Agent | None, quoted: Article | None = None
) -> NewArticle:
    """The note that a deed leaves in its ticket; nothing of it ever leaves the house by mail.

    Images of `ticket`, and of what is `quoted`, may stand in it. Where no agent did the deed, KVV did. Raises
    `BadInput` for files of another form and for time that can't have been spent.
    """
    name = str(agent or KVV)
    uploads = checked_uploads(written, agent=agent)
    own = without_copied_dress(written.html)
    html, images = with_inline_images(html=own, ticket=ticket, uploads=uploads, quoted=quoted)
    html = clean_html(html)
    return NewArticle(
        sender_type=Article.SenderType.AGENT if agent else Article.SenderType.SYSTEM,
        channel=Article.Channel.NOTE,
        direction=Article.Direction.INTERNAL,
        is_visible=written.is_visible,
        from_header=name,
        from_address="",
        sender_name=name,
        subject=written.subject.strip(),
        text=html_to_text(html),
        html=html,
        time_units=checked_time_units(written.time_units),
        files=stored([upload for upload in uploads if not upload.is_inline]) + images,
        agent=agent,
        writer=writer_of(uploads, agent=agent),
    )


def checked_pending(*, state: State | None, pending_until: datetime | None, now: datetime) -> datetime | None:
    """The time to wait for: needed by pending states, ahead of us and at most five years; else none."""
    if state is None or state.type not in PENDING_TYPES:
        return None
    if pending_until is None:
        raise BadInput("pending_until", _("Choose until when this ticket waits."))
    if not now < pending_until < now + PENDING_MOST:
        raise BadInput("pending_until", _("Choose a time that is still to come, within five years."))
    return pending_until


def checked_time_units(time_units: Decimal | None) -> Decimal | None:
    """Spent time: nothing, or from 0 up to 10,000 units."""
    if time_units is not None and not 0 <= time_units <= TIME_UNITS_MOST:
        raise BadInput("time_units", _("Give the time spent as a number from 0 to 10,000."))
    return time_units


def checked_uploads(form: Form, *, agent: Agent | None) -> tuple[Upload, ...]:
    """The form's own uploads, whose draft this agent holds, at most twenty; raises `BadInput`."""
    uploads, own = form.uploads, (agent.pk if agent else None, form.draft_submission)
    if any((upload.draft.holder_id, upload.draft.submission) != own for upload in uploads):
        raise BadInput("uploads", _("An attachment belongs to another form. Add it again."))
    if len(uploads) > FILES_MOST:
        raise BadInput(
            "uploads", _("At most %(n)s attachments can be sent. Remove some.") % {"n": FILES_MOST}
        )
    return uploads


def writer_of(uploads: Sequence[Upload], *, agent: Agent | None) -> Agent | None:
    """Who wrote what is sent: whose draft its files hang on, else the one who sends it."""
    return next((upload.draft.writer for upload in uploads if upload.draft.writer), agent)


def stored(files: Sequence[Upload | Attachment]) -> tuple[StoredFile, ...]:
    """Uploads, or files of another article, as files of an article: their bytes are kept once."""
    return tuple(
        StoredFile(
            blob=file.blob,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            content_id=file.content_id,
            is_inline=file.is_inline,
        )
        for file in files
    )


def checked_along(along: Sequence[Attachment], *, article: Article | None) -> tuple[StoredFile, ...]:
    """Files of an article that go along with what is sent on or made of it; raises `BadInput` for others."""
    if any(article is None or file.article_id != article.pk for file in along):
        raise BadInput("along", _("Choose out of the files of this message."))
    return tuple(replace(file, is_inline=False, content_id="") for file in stored(along))
