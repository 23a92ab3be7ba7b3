"""What a form that comes twice has come to: a double click, a connection that broke, the browser's 'back'."""

from desk.frame import AgentRequest
from desk.writing.forms import read_id
from desk.writing.unsaved import ForeignForm
from tickets.changing.once import Done, made_by
from tickets.errors import BadInput


def sent_before(request: AgentRequest) -> Done | None:
    """What this very form has come to already; raises `ForeignForm` for the form of somebody else."""
    submission = read_id(request.POST.get("submission", ""))
    try:
        return made_by(submission, agent=request.user) if submission else None
    except BadInput as error:
        raise ForeignForm(error.message) from error
