"""The demo's tickets, from `data/tickets.toml`, made by the product's own actions, the clock set back."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Agent, Customer, CustomerAddress
from kvv.demo.files import demo_file
from kvv.demo.plan import read_plan
from outbox.queueing import mark_sent
from queues.access import rights_of
from queues.models import Queue
from richtext.admin_texts import with_place_to_write
from richtext.clean import clean_html
from richtext.convert import text_to_html
from tickets.actions.create import Start, create_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import lock_ticket, unlock_ticket
from tickets.actions.note import add_note
from tickets.actions.reply import Answer, reply_to_ticket
from tickets.actions.seen import mark_seen
from tickets.actor import Actor
from tickets.changing.articles import NewArticle
from tickets.changing.written import Written
from tickets.free_values import Filled, Value
from tickets.kinds import SILENT
from tickets.letters.answering import prefill
from tickets.models import Article, EventTask, FreeField, Ticket
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key

UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
LOGO = "demo-logo@kvv.example"


@dataclass(slots=True)
class _Conversation:
    """A ticket of the demo while its conversation is made: its plan, and how far it has got."""

    plan: dict[str, Any]
    now: datetime
    agent: Agent
    ticket: Ticket
    article: Article

    @property
    def actor(self) -> Actor:
        return Actor.of(self.agent, rights_of(self.agent))

    def at(self, part: float) -> datetime:
        """A moment in the conversation: 0 is the question, 1 is now; never longer than two days after it."""
        age = self.now - self.ticket.created
        return self.ticket.created + min(age * part, timedelta(days=2) * part)


def make_conversations(*, now: datetime) -> int:
    """Make the demo's tickets, oldest first, so that their numbers count up; gives how many."""
    plans = sorted(read_plan("tickets.toml")["tickets"], key=lambda plan: -span(plan["age"]))
    queues = {
        queue.name: queue for queue in Queue.objects.select_related("sender", "salutation", "signature")
    }
    agents = {agent.username: agent for agent in Agent.objects.all()}
    for plan in plans:
        _make_conversation(plan, queue=queues[plan["queue"]], agents=agents, now=now)
    # What is told with the clock set back is no news to react to.
    EventTask.objects.exclude(consumer__in=SILENT).delete()
    return len(plans)


def span(text: str) -> timedelta:
    """'3d2h' as a length of time."""
    return sum((int(n) * UNITS[unit] for n, unit in re.findall(r"([0-9]+)([dhm])", text)), timedelta())


def _make_conversation(
    plan: dict[str, Any], *, queue: Queue, agents: dict[str, Agent], now: datetime
) -> None:
    agent = agents[plan.get("owner", "handleiding")]
    created = now - span(plan["age"])
    state = state_by_key("new" if plan.get("answer") else plan["state"])
    begun = create_ticket(
        actor=Actor.mail(),
        queue=queue,
        title=plan["subject"],
        customer=_customer(plan),
        article=_customer_mail(plan, queue=queue, text=plan["text"], subject=plan["subject"], when=created),
        start=Start(state=state, priority=plan.get("priority", 3), filled=Filled(_filled(plan))),
        now=created,
    )
    talk = _Conversation(plan=plan, now=now, agent=agent, ticket=begun.ticket, article=begun.written)
    _answer(talk)
    _note(talk)
    _follow_up(talk)
    _lock(talk)
    _mark_read(talk, agents=agents.values())


def _filled(plan: dict[str, Any]) -> dict[int, Value]:
    """What stands in the ticket's free fields, which the plan names in Dutch, as it does choices."""
    filled = dict[int, Value]()
    for name, value in plan.get("fields", {}).items():
        field = FreeField.objects.get(name_nl=name)
        if field.has_choices:
            filled[field.pk] = (field.choices.get(name_nl=value).pk,)
        else:
            filled[field.pk] = Decimal(value) if isinstance(value, int) else value
    return filled


def _answer(talk: _Conversation) -> None:
    plan = talk.plan
    if not plan.get("answer"):
        return
    when = talk.at(0.3)
    key = plan["state"] if not plan.get("follow_up") else "open"
    first = prefill(ticket=talk.ticket, article=talk.article, template=None, agent=talk.agent)
    html = first.html.replace(with_place_to_write(""), text_to_html(plan["answer"]), 1)
    answer = Answer(
        submission=uuid.uuid4(),
        seen_event=newest_event(talk.ticket).event,
        answered=talk.article,
        to=(talk.article.from_header,),
        subject=first.subject,
        html=html,
        state=state_by_key(key),
        pending_until=talk.now + span(plan["pending"]) if plan.get("pending") else None,
    )
    sent = reply_to_ticket(actor=talk.actor, ticket=talk.ticket, answer=answer, now=when)
    if sent.written.outbound is not None:
        mark_sent(sent.written.outbound, at=when)


def _note(talk: _Conversation) -> None:
    if text := talk.plan.get("note"):
        add_note(
            actor=talk.actor,
            ticket=talk.ticket,
            note=_written("Notitie", text_to_html(text)),
            now=talk.at(0.5),
        )


def _written(subject: str, html: str) -> Written:
    return Written(submission=uuid.uuid4(), subject=subject, html=html)


def _follow_up(talk: _Conversation) -> None:
    if text := talk.plan.get("follow_up"):
        when = talk.at(0.8)
        subject = f"Re: [Ticket#{talk.ticket.number}] {talk.plan['subject']}"
        mail = _customer_mail(talk.plan, queue=talk.ticket.queue, text=text, subject=subject, when=when)
        add_follow_up(actor=Actor.mail(), ticket=talk.ticket, article=mail, now=when)


def _lock(talk: _Conversation) -> None:
    talk.ticket.refresh_from_db()
    if talk.plan.get("lock") and not talk.ticket.locked:
        lock_ticket(actor=talk.actor, ticket=talk.ticket, now=talk.at(0.9))
    elif talk.ticket.locked and not talk.plan.get("lock"):
        unlock_ticket(actor=talk.actor, ticket=talk.ticket, now=talk.at(0.9))


def _mark_read(talk: _Conversation, *, agents: Iterable[Agent]) -> None:
    """What is older than a day everybody has read, but for what the customer added since."""
    newest = talk.ticket.articles.order_by("-pk")[0]
    if talk.now - newest.created > UNITS["d"]:
        for agent in agents:
            mark_seen(agent=agent, ticket=talk.ticket, upto=newest.pk)


def _customer(plan: dict[str, Any]) -> Customer:
    address = _address(plan)
    first, _space, last = plan["name"].partition(" ")
    customer, made = Customer.objects.get_or_create(
        code=address, defaults={"first_name": first, "last_name": last}
    )
    if made:
        CustomerAddress.objects.create(customer=customer, address=address)
    return customer


def _address(plan: dict[str, Any]) -> str:
    name = re.sub(r"[^a-z]+", ".", plan["name"].lower().replace("é", "e").replace("ë", "e")).strip(".")
    return f"{name}@demo-post.example"


def _customer_mail(
    plan: dict[str, Any], *, queue: Queue, text: str, subject: str, when: datetime
) -> NewArticle:
    address = _address(plan)
    html, files = "", [demo_file(name) for name in plan.get("files", ()) if text == plan["text"]]
    if plan.get("html") and text == plan["text"]:
        html = clean_html(
            f'{text_to_html(text)}<p><img src="cid:{LOGO}" alt="logo (demo)" width="160" height="48"></p>'
            '<p><img src="https://beeld.demo.example/volg.png" alt="beeld van buiten (demo)"></p>'
        )
        files.append(demo_file("logo-demo.png", content_id=LOGO))
    return NewArticle(
        sender_type=Article.SenderType.CUSTOMER,
        channel=Article.Channel.EMAIL,
        direction=Article.Direction.IN,
        is_visible=True,
        from_header=f"{plan['name']} <{address}>",
        from_address=address,
        sender_name=plan["name"],
        to=str(queue.sender or ""),
        subject=subject,
        text=text,
        html=html,
        message_id=f"{uuid.uuid4().hex}@demo-post.example",
        date=when,
        files=tuple(files),
    )
