"""Who can sign in to the demo, and as what: for the sign-in page, and for what `make run` prints."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """One of the invented agents, and what anybody may know of them: it stands in the source, too.

    `does`: in English words that follow the name.
    """

    username: str
    name: str
    groups: str
    is_admin: bool
    does: str
    password: str


@cache
def demo_logins() -> tuple[DemoLogin, ...]:
    """All of them, in the order of the demo's plan."""
    plan = _plan()
    return tuple(
        DemoLogin(
            username=agent["username"],
            name=f"{agent['first_name']} {agent['last_name']}".removesuffix(" (demo)"),
            groups=", ".join(agent["groups"]),
            is_admin=agent.get("superuser", False),
            does=_does(agent, groups=plan["groups"]),
            password=plan["password"],
        )
        for agent in plan["agents"]
    )


def an_address() -> str:
    """Where a customer of the demo may write to."""
    plan = _plan()
    return str(plan["queues"][plan["agents"][0]["queues"][0]]["address"])


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
