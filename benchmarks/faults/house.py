"""The installation that is tormented: a queue, agents who are signed in and want every mail there is about
it, mailboxes, and where mail goes."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from accounts.models import Agent, Group, Preferences
from benchmarks.faults.ledger import ADDRESS
from mailgate.models import Mailbox
from notify.reasons import FOLLOWED_SETTING, SETTINGS
from outbox.models import Transport
from queues.models import MailAddress, Queue, QueuePermission, QueueSubscription
from tests.dovecot import PASSWORD, USER, Dovecot

AGENTS = 2
MARKED = "Marked"


def build(*, catcher_port: int, dovecot: Dovecot | None) -> list[str]:
    """Make it, and give a session's key for each agent."""
    queue = Queue.objects.create(name="Faults")
    queue.sender = MailAddress.objects.create(address=ADDRESS, name="Faults", queue=queue)
    queue.save(update_fields=["sender"])
    group = Group.objects.create(name="faults")
    QueuePermission.objects.create(group=group, queue=queue, right=QueuePermission.Right.ALL)
    Transport.objects.create(
        name="catcher",
        host="127.0.0.1",
        port=catcher_port,
        security=Transport.Security.PLAIN,
        timeout_seconds=5,
        is_default=True,
    )
    if dovecot is not None:
        _mailbox(dovecot, "inbox", folder="INBOX", after=Mailbox.After.DELETE)
        _mailbox(dovecot, "marked", folder=MARKED, after=Mailbox.After.MARK)
    agents = [Agent.objects.create_user(f"agent{n}", f"agent{n}@faults.example") for n in range(AGENTS)]
    group.agents.add(*agents)
    QueueSubscription.objects.bulk_create(QueueSubscription(agent=agent, queue=queue) for agent in agents)
    wishes = dict.fromkeys((*SETTINGS.values(), FOLLOWED_SETTING), True)
    Preferences.objects.bulk_create(Preferences(agent=agent, **wishes) for agent in agents)
    return [_session(agent) for agent in agents]


def _mailbox(dovecot: Dovecot, name: str, *, folder: str, after: str) -> None:
    Mailbox.objects.create(
        name=name,
        host="127.0.0.1",
        port=dovecot.port,
        security=Mailbox.Security.PLAIN,
        username=USER,
        password=PASSWORD,
        folder=folder,
        interval_seconds=1,
        after=after,
    )


def _session(agent: Agent) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(agent.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = agent.get_session_auth_hash()
    store.save()
    return str(store.session_key)
