"""The form by which a deed is asked for, and the draft that goes with it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from tickets.actor import Actor
from tickets.changing.locking import refused_when_busy
from tickets.errors import BadInput
from tickets.models import Draft, Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form that was sent: its identity makes the deed once.

    `seen_event` is the newest event that its page had shown, `anyway` the keys of what was asked and is to be
    done all the same (see `tickets.errors.Ask`). `digest`, at most 32 characters, stands for what it said, so
    that one that comes back changed is not taken for the same. `uploads` are its files, `draft` is the form
    that they hang on, where that is not this one: of one about many tickets, whose deeds have one each.
    """

    submission: UUID
    digest: str = ""
    seen_event: int | None = None
    anyway: Collection[str] = ()
    uploads: tuple[Upload, ...] = ()
    draft: UUID | None = None

    @property
    def draft_submission(self) -> UUID:
        """The identity of the form that its files hang on."""
        return self.draft or self.submission

    def shown_up_to(self, asked: str, *, seen: int | None) -> int:
        """The id up to which the agent has seen: with the form, or with what it was asked about since."""
        keys = (re.fullmatch(rf"{asked}:([0-9]{{1,18}})", key) for key in self.anyway)
        return max([seen or 0, *(int(key[1]) for key in keys if key)])


def lock_draft(submission: UUID) -> Draft | None:
    """The form's draft, if it has one, locked until the transaction ends; raises `TicketBusy`."""
    with refused_when_busy():
        drafts = Draft.objects.select_for_update(no_key=True, of=("self",))
        return drafts.filter(submission=submission).first()


def claim_draft(form: Form, *, actor: Actor) -> Draft | None:
    """The form's draft, locked after its ticket: nothing is added to it any more, and it goes with the deed.

    None where it has none, or shares that of a form about many tickets. Raises `BadInput` where somebody else
    holds it by now, or a file was added that is not among the form's; `TicketBusy` while one is being kept.
    """
    if form.draft is not None:
        return None
    draft = lock_draft(form.submission)
    if draft is None:
        return None
    if draft.holder_id != (actor.agent.pk if actor.agent else None):
        raise BadInput("submission", _("This form belongs to somebody else. Open it again."))
    if set(draft.uploads.values_list("pk", flat=True)) != {upload.pk for upload in form.uploads}:
        raise BadInput("uploads", _("A file was added or removed meanwhile. Look at them and send again."))
    return draft
