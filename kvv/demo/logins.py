"""Who can sign in to the demo; read without Django, for what `make run` says at the end."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Login:
    """A name to sign in by, and what its agent does, in words that follow the name."""

    name: str
    does: str


def logins() -> list[Login]:
    """All agents of the demo, in the order of its file."""
    plan = _plan()
    return [Login(agent["username"], _does(agent, groups=plan["groups"])) for agent in plan["agents"]]


def password() -> str:
    """The one that all of them have."""
    return str(_plan()["password"])


def an_address() -> str:
    """Where a customer of the demo may write to."""
    return str(_plan()["queues"][_plan()["agents"][0]["queues"][0]]["address"])


def _does(agent: dict[str, Any], *, groups: dict[str, Any]) -> str:
    writes = {queue for group in agent["groups"] for queue in groups[group].get("rw", ())}
    answers = [_short(queue) for queue in agent["queues"] if queue in writes]
    reads = [_short(queue) for queue in agent["queues"] if queue not in writes]
    words = ["is administrator (Beheer in the menu)"] if agent.get("superuser") else []
    words += [f"answers in {', '.join(answers)}"] if answers else []
    words += [f"only reads {', '.join(reads)}"] if reads else []
    return ", ".join(words)


def _short(queue: str) -> str:
    """'Spel' of 'Kennisnetwerk::Spel'."""
    return queue.rpartition("::")[2]


def _plan() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "data" / "house.toml").read_text(encoding="utf-8"))
