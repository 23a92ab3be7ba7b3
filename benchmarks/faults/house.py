"""The installation that is tormented: a queue, and one for questions by forms; agents who are signed in and
want every mail there is about them; two forms, a receipt, mailboxes, and where mail goes."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from accounts.models import Agent, Group, Preferences
from benchmarks.faults.ledger import ADDRESS
from benchmarks.faults.visitors import CONFIRMING_FORM, FORM
from mailgate.models import Mailbox
from notify.reasons import FOLLOWED_SETTING, SETTINGS
from outbox.models import Transport
from queues.models import AutoResponse, MailAddress, Queue, QueuePermission, QueueSubscription
from tests.dovecot import PASSWORD, USER, Dovecot
from webforms.models import Category, FormField
from webforms.spec import Kind, Meaning
from webforms.versions import publish

AGENTS = 2
MARKED = "Marked"
MOST_AN_HOUR = 32_000
FIELDS = (
    ("mail", Kind.EMAIL, Meaning.ADDRESS),
    ("onderwerp", Kind.SHORT, Meaning.SUBJECT),
    ("vraag", Kind.LONG, Meaning.QUESTION),
    ("bijlage", Kind.FILE, Meaning.NOTHING),
)


def build(*, catcher_port: int, dovecot: Dovecot | None) -> list[str]:
    """Make it, and give a session's key for each agent."""
    by_mail, by_form = _queue("Faults", ADDRESS), _queue("Forms", f"forms-{ADDRESS}")
    group = Group.objects.create(name="faults")
    right = QueuePermission.Right.ALL
    QueuePermission.objects.bulk_create(
        QueuePermission(group=group, queue=queue, right=right) for queue in (by_mail, by_form)
    )
    make_form(by_form, FORM)
    make_form(by_form, CONFIRMING_FORM, confirms_address=True)
    receipt = AutoResponse.objects.create(
        kind=AutoResponse.Kind.NEW_TICKET,
        name="Receipt",
        subject="We have your question",
        html="<p>Your page: <KVV_CUSTOMER_PAGE></p>",
    )
    receipt.queues.add(by_form)
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
    QueueSubscription.objects.bulk_create(
        QueueSubscription(agent=agent, queue=queue) for agent in agents for queue in (by_mail, by_form)
    )
    wishes = dict.fromkeys((*SETTINGS.values(), FOLLOWED_SETTING), True)
    Preferences.objects.bulk_create(Preferences(agent=agent, **wishes) for agent in agents)
    return [_session(agent) for agent in agents]


def make_form(queue: Queue, slug: str, *, confirms_address: bool = False) -> Category:
    """A form that takes as many questions as come; one address, or one network, keeps to the limits."""
    category = Category.objects.create(
        name_nl=slug, slug=slug, queue=queue, confirms_address=confirms_address, per_hour=MOST_AN_HOUR
    )
    for position, (key, kind, meaning) in enumerate(FIELDS):
        FormField.objects.create(
            category=category, key=key, name_nl=key, kind=kind, meaning=meaning, position=position
        )
    publish(category)
    return category


def _queue(name: str, address: str) -> Queue:
    """With an address of its own; customers need no code to see their page."""
    queue = Queue.objects.create(name=name, link_suffices=True)
    queue.sender = MailAddress.objects.create(address=address, name=name, queue=queue)
    queue.save(update_fields=["sender"])
    return queue


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
