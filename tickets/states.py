"""The states, which hardly ever change, kept in memory for a minute."""

import time
from dataclasses import dataclass

from tickets.models import State

KEEP_SECONDS = 60


@dataclass(slots=True)
class _Kept:
    states: dict[str, State]
    until: float


_kept = _Kept(states={}, until=0)


def state_by_key(key: str) -> State:
    """One of the nine states that ship, by its key."""
    return _all()[key]


def state_by_id(state_id: int) -> State:
    """A state by its id; raises `State.DoesNotExist`."""
    for state in _all().values():
        if state.pk == state_id:
            return state
    raise State.DoesNotExist


def states_of(*types: str) -> list[State]:
    """The active states of these types, in the order in which screens offer them."""
    states = [state for state in _all().values() if state.type in types and state.is_active]
    return sorted(states, key=lambda state: (types.index(state.type), state.position, state.pk))


def forget() -> None:
    """Read the states afresh the next time; the admin calls this after a change."""
    _kept.until = 0


def _all() -> dict[str, State]:
    if time.monotonic() > _kept.until:
        _kept.states = {state.key: state for state in State.objects.all()}
        _kept.until = time.monotonic() + KEEP_SECONDS
    return _kept.states
