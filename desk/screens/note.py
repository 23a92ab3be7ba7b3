"""Notitie: a note in the ticket."""

from django.utils.translation import gettext_lazy as _

from desk.writing.forms import WritingForm
from desk.writing.screen import Deed, Group, Screen, Words
from queues.models import QueuePermission
from tickets.actions.note import add_note
from tickets.changing.once import Done


class NoteForm(WritingForm):
    """A subject, a text, files and time."""

    first_subject = _("Note")
    needs_subject = False


def act(deed: Deed, form: NoteForm) -> Done:
    """Add the note."""
    return add_note(actor=deed.actor, ticket=deed.about.ticket, note=form.written(deed.uploads), now=deed.now)


screen = Screen(
    name="note",
    path="notitie",
    group=Group.FIRST,
    right=QueuePermission.Right.NOTE,
    takes_lock=False,
    words=Words(
        action=_("Note"),
        title=_("Add a note to ticket"),
        button=_("Save"),
        hint=_("The customer does not see this."),
        notice=_("The note in {ticket} has been saved. The customer does not see it."),
        icon="note",
    ),
    form=NoteForm,
    act=act,
)
