"""What stands behind a dialog that is asked for by its own address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from desk.frame import AgentRequest
from desk.writing.about import About


@dataclass(frozen=True, slots=True)
class Behind:
    """The page behind a dialog: its template, which has a block `dialog`, and what it needs to know."""

    template: str
    context: Callable[[AgentRequest, About], Mapping[str, object]]
