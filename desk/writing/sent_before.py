"""What a form that comes twice has come to: a double click, a connection that broke, the browser's 'back'."""

from uuid import UUID

from desk.frame import AgentRequest
from desk.writing.unsaved import ForeignForm
from tickets.changing.once import Done, made_by
from tickets.errors import BadInput


def sent_before(request: AgentRequest, identity: UUID | None) -> Done | None:
    """What this very form has come to already; raises `ForeignForm` for the form of somebody else."""
    try:
        return made_by(identity, agent=request.user) if identity else None
    except BadInput as error:
        raise ForeignForm(error.message) from error
