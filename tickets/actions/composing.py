"""What the composing actions (answer, note, close, move) share: the same form twice, lock, state, files."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import wraps
from typing import ParamSpec
from uuid import UUID

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from accounts.models import Agent
from outbox.models import OutboundMessage
from richtext.clean import clean_html
from richtext.convert import html_to_text
from tickets.actor import Actor
from tickets.changing.article_rows import insert_article, note_in_overview
from tickets.changing.articles import NewArticle, StoredFile
from tickets.changing.changes import Changes
from tickets.changing.events import record
from tickets.errors import BadInput, LockedByOther, Refusal
from tickets.kinds import Kind
from tickets.models import Article, State, Ticket, Upload
from tickets.models.ticket import PENDING_TYPES

P = ParamSpec("P")

PENDING_MOST = timedelta(days=5 * 366)
TIME_UNITS_MOST = Decimal(10_000)
FILES_MOST = 20


def same_form_once(action: Callable[P, Article]) -> Callable[P, Article]:
    """Give the first result to a form that comes twice, also when both come at the same moment.

    The form is known by `submission`, an argument of the action or of its `answer`. The one that comes second
    may be refused for what the first has done (the ticket is closed now): it gets the first result, too.
    """

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> Article:
        given = kwargs.get("submission") or getattr(kwargs.get("answer"), "submission", None)
        actor = kwargs.get("actor")
        if not isinstance(given, UUID) or not isinstance(actor, Actor):
            raise TypeError("a composing action needs the form's submission and an actor")
        if (first := made_by(given, agent=actor.agent)) is not None:
            return first
        try:
            return action(*args, **kwargs)
        except (IntegrityError, Refusal):
            first = None if connection.needs_rollback else made_by(given, agent=actor.agent)
            if first is None:
                raise
            return first

    return run


def made_by(submission: UUID, *, agent: Agent | None) -> Article | None:
    """What this form of the agent's has made already; raises `BadInput` for the form of somebody else."""
    made = Article.objects.filter(submission=submission).select_related("ticket").first()
    if made is not None and made.agent_id != (agent.pk if agent else None):
        raise BadInput("submission", _("This form belongs to somebody else. Open it again."))
    return made


def write_down(
    changes: Changes,
    *,
    kind: Kind,
    actor: Actor,
    new: NewArticle,
    outbound: OutboundMessage | None = None,
    now: datetime,
) -> Article:
    """The end of each: article, ticket and event are written; the form's files are the article's now."""
    made = insert_article(ticket=changes.ticket, new=new, now=now, outbound=outbound)
    note_in_overview(changes, new=new, article=made)
    changes.save()
    if new.submission is not None:
        Upload.objects.filter(agent=actor.agent, submission=new.submission).delete()
    record(ticket=changes.ticket, kind=kind, actor=actor, now=now, article=made, changes=changes.told)
    return made


def last_agent(ticket: Ticket) -> Agent | None:
    """The agent who did the last thing that an agent did here, to be named to one who came second."""
    last = ticket.events.filter(agent__isnull=False).select_related("agent").order_by("-pk").first()
    return last.agent if last else None


def require_free(actor: Actor, ticket: Ticket) -> None:
    """Raise `LockedByOther` if a colleague holds the lock; having every right does not help (OTRS 3.8)."""
    if ticket.locked and ticket.owner is not None and ticket.owner != actor.agent:
        raise LockedByOther(ticket.owner)


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


def checked_uploads(
    *, uploads: Sequence[Upload], agent: Agent | None, submission: UUID
) -> tuple[Upload, ...]:
    """The agent's own uploads of this form, at most twenty."""
    if any(
        upload.agent_id != (agent.pk if agent else None) or upload.submission != submission
        for upload in uploads
    ):
        raise BadInput("uploads", _("An attachment belongs to another form. Add it again."))
    if len(uploads) > FILES_MOST:
        raise BadInput(
            "uploads", _("At most %(n)s attachments can be sent. Remove some.") % {"n": FILES_MOST}
        )
    return tuple(uploads)


def stored(uploads: Sequence[Upload]) -> tuple[StoredFile, ...]:
    """Uploads as files of an article."""
    return tuple(
        StoredFile(
            blob=upload.blob,
            name=upload.name,
            content_type=upload.content_type,
            size=upload.size,
            content_id=upload.content_id,
            is_inline=upload.is_inline,
        )
        for upload in uploads
    )


def note_article(
    *,
    agent: Agent | None,
    submission: UUID,
    subject: str,
    html: str,
    uploads: Sequence[Upload],
    time_units: Decimal | None,
) -> NewArticle:
    """An internal note: only agents see it, and nothing of it ever leaves."""

    clean = clean_html(html)
    name = str(agent or "")
    return NewArticle(
        sender_type=Article.SenderType.AGENT,
        channel=Article.Channel.NOTE,
        direction=Article.Direction.INTERNAL,
        is_visible=False,
        from_header=name,
        from_address="",
        sender_name=name,
        subject=subject.strip(),
        text=html_to_text(clean),
        html=clean,
        time_units=checked_time_units(time_units),
        files=stored(checked_uploads(uploads=uploads, agent=agent, submission=submission)),
        agent=agent,
        submission=submission,
    )
