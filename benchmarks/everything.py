"""Mail with everything on: answered by the queue itself, and three agents told of each.

By the programs that an installation has for it: a worker of two processes, and beat. There is no mail server
to send by, so what is measured ends in the outbox.
"""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from accounts.models import Agent, Group, Preferences
from benchmarks.fill import PASSWORD
from benchmarks.mails import BATCH, as_mailbox, plain_of
from kvv.embedded.places import BASE
from kvv.embedded.services import service_arguments
from mailgate.models import InboundMessage
from notify.models import Notification
from notify.reasons import SETTINGS
from queues.models import AutoResponse, Queue, QueuePermission, QueueSubscription
from tickets.kinds import EventKind
from tickets.models import Article, Event, EventTask, Ticket
from work.rows import WorkRow

MAILS, AGENTS = 1_200, 3
FIRST_CUSTOMER = 1_000
"""Of this part; those of others have got as many automatic answers today as an address gets."""
DEADLINE_SECONDS, LOOK_SECONDS = 600, 0.05
NO_LIMIT = "1000000"
OPEN = (WorkRow.QUEUED, WorkRow.CLAIMED)


def measure_everything(queue: Queue) -> dict[str, float]:
    """Mails a second, of MAILS (1,200), every second of them in a ticket that is there.

    From the first raw mail until all are tickets, all automatic answers are in the outbox, and each mail to
    an agent is there, too, or waits for a summary. Ends the program where any of it is missing then.
    """
    half = int(os.environ.get("MAILS") or MAILS) // 2
    answer = AutoResponse.objects.create(
        kind=AutoResponse.Kind.FOLLOW_UP, name="Bench again", subject="Ontvangen", html="<p>Dank je.</p>"
    )
    answer.queues.set([queue])
    names = [f"{uuid.uuid4().hex}@bench.example" for _n in range(half)]
    with _programs():
        _take_in([plain_of(n, message_id=name) for n, name in enumerate(names, FIRST_CUSTOMER)])
        _wait_until_done()
        _agents(queue)
        mails = [mail for n, name in enumerate(names) for mail in _pair(n, name, customers=half)]
        before = _counts()
        began = time.perf_counter()
        _take_in(mails)
        _wait_until_done()
        taken = time.perf_counter() - began
    made = {name: n - before[name] for name, n in _counts().items()}
    wanted = {"tickets": half, "mails": 2 * half, "answers": 2 * half, "told": 2 * half * AGENTS}
    if made != wanted:
        raise SystemExit(f"of {wanted} there are {made}")
    return {
        "mails_per_s": round(2 * half / taken, 1),
        **made,
        "told_later": Notification.objects.filter(waits=True, state__in=OPEN).count(),
    }


def _pair(n: int, name: str, *, customers: int) -> tuple[bytes, bytes]:
    """A new question, and more about an earlier one, by who asked that."""
    new = plain_of(FIRST_CUSTOMER + customers + n, message_id=f"{uuid.uuid4().hex}@bench.example")
    return new, plain_of(FIRST_CUSTOMER + n, message_id=f"{uuid.uuid4().hex}@bench.example", answers=name)


def _take_in(mails: Sequence[bytes]) -> None:
    for start in range(0, len(mails), BATCH):
        as_mailbox(mails[start : start + BATCH])


def _agents(queue: Queue) -> None:
    """Who want every mail that there is about the queue."""
    agents = [
        Agent.objects.create_user(f"told-{n}", f"told-{n}@kvv.example", PASSWORD) for n in range(AGENTS)
    ]
    group = Group.objects.create(name="told")
    group.agents.set(agents)
    QueuePermission.objects.create(group=group, queue=queue, right=QueuePermission.Right.ALL)
    QueueSubscription.objects.bulk_create(QueueSubscription(agent=agent, queue=queue) for agent in agents)
    wishes = dict.fromkeys(SETTINGS.values(), True)
    Preferences.objects.bulk_create(Preferences(agent=agent, **wishes) for agent in agents)


def _counts() -> dict[str, int]:
    return {
        "tickets": Ticket.objects.count(),
        "mails": Article.objects.filter(direction=Article.Direction.IN).count(),
        "answers": Event.objects.filter(kind=EventKind.AUTO_RESPONDED).count(),
        "told": Notification.objects.count(),
    }


def _wait_until_done() -> None:
    """Until no mail, and nothing that comes of one, waits for a worker."""
    left: tuple[Callable[[], bool], ...] = (
        InboundMessage.objects.filter(state__in=OPEN).exists,
        EventTask.objects.filter(state__in=OPEN).exists,
        Notification.objects.filter(state__in=OPEN, waits=False).exists,
    )
    end = time.monotonic() + DEADLINE_SECONDS
    while any(is_left() for is_left in left):
        if time.monotonic() > end:
            raise SystemExit(f"the mails were not done within {DEADLINE_SECONDS} s")
        time.sleep(LOOK_SECONDS)


@contextmanager
def _programs() -> Iterator[None]:
    """The worker and beat, which may answer as often as they like; stdout is the document's alone."""
    env = os.environ | {"KVV_DEMO": "0", "KVV_PORT": "0", "KVV_AUTO_RESPONSES_PER_HOUR": NO_LIMIT}
    arguments = service_arguments(env=env, var=Path(env["KVV_VAR"]))
    running = [
        subprocess.Popen([sys.executable, *arguments[name]], env=env, cwd=BASE, stdout=sys.stderr)
        for name in ("worker", "beat")
    ]
    try:
        yield
    finally:
        for program in running:
            program.terminate()
        for program in running:
            program.wait()
