"""The load as a whole: two servers that send, two mailboxes that fill, the agents, and visitors at forms."""

import grp
import os
import pwd

from benchmarks.faults.agents import Browser, agent_at_work
from benchmarks.faults.ledger import Ledger
from benchmarks.faults.load import Load, delivery_agent, sending_server
from benchmarks.faults.stack import Stack
from benchmarks.faults.visitors import Postbox, reader_of_mail, visitor
from tests.dovecot import USER

SENDERS, VISITORS, READERS = 2, 6, 2
MAILBOXES = {"inbox": "", "marked": ".Marked"}


def begin_load(stack: Stack, ledger: Ledger, *, sessions: list[str], seed: int) -> Load:
    """Begin; each of them has luck of its own."""
    load = Load()
    for number in range(SENDERS):
        load.add(sending_server(ledger, port=stack.ports["listener"], seed=seed + number))
    if stack.dovecot is not None:
        home = stack.dovecot.folder / "mail" / USER
        for number, (way, folder) in enumerate(MAILBOXES.items()):
            maildir = home / folder
            load.add(
                delivery_agent(ledger, maildir=maildir, way=way, owner=_owner(), seed=seed + 10 + number)
            )
    for number, session in enumerate(sessions):
        browser = Browser(f"http://127.0.0.1:{stack.ports['web']}", session, ledger)
        load.add(agent_at_work(browser, seed=seed + 20 + number))
    port, postbox = stack.ports["web"], Postbox(stack.outbox)
    for number in range(VISITORS):
        load.add(visitor(ledger, port=port, seed=seed + 30 + number))
    for number in range(READERS):
        load.add(reader_of_mail(ledger, postbox, port=port, seed=seed + 40 + number))
    return load


def _owner() -> tuple[int, int]:
    """Whose mail the test's Dovecot serves: root's it does not."""
    if os.geteuid() == 0:
        return pwd.getpwnam("nobody").pw_uid, grp.getgrnam("nogroup").gr_gid
    return os.geteuid(), os.getegid()
