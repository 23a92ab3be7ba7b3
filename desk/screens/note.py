"""Notitie: a note in the ticket."""

from crispy_forms.layout import Layout
from django.utils.translation import gettext_lazy as _

from desk.writing.ask import Ask, AskFields
from desk.writing.kinds import NoteKind
from desk.writing.layout import Editor, Files, Row
from desk.writing.screen import Deed, Group, Screen, Words
from desk.writing.standard import StandardTexts
from queues.models import QueuePermission
from tickets.actions.note import add_note
from tickets.changing.once import Done


class NoteForm(StandardTexts, AskFields, NoteKind):
    """A subject, a text, whom to ask, files, who may read it, and time."""

    first_subject = _("Note")
    needs_subject = False
    layout = Layout("subject", Editor(), Ask(), Files(), Row("kind", "time_units"))


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
        hint_internal=_("The customer does not see this."),
        hint_external=_("The customer can read this, but gets no e-mail."),
        notice=_("The note in {ticket} has been saved. {readers}"),
        icon="note",
        key="n",
    ),
    form=NoteForm,
    act=act,
)
