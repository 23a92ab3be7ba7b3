"""A customer at their own page."""

import re
import uuid
from email import message_from_bytes
from email.policy import default
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import Agent
from blobs.store import read_bytes
from outbox.models import OutboundMessage
from tests.factories import actor, answer
from tickets.actions.reply import reply_to_ticket
from tickets.customer_link import PATH, make_token
from tickets.models import Article, Ticket

KARIN = "karin@post.example"


def page_of(ticket: Ticket, address: str = KARIN) -> str:
    return f"/{PATH}{make_token(ticket=ticket, address=address)}/"


def mailed() -> list[tuple[str, str]]:
    """To whom mails wait to leave, and their text, the oldest first."""
    mails = [
        message_from_bytes(read_bytes(row.mime_id), policy=default)
        for row in OutboundMessage.objects.order_by("pk")
    ]
    return [(mail["To"], mail.get_body(("plain",)).get_content().replace("\r\n", "\n")) for mail in mails]  # type: ignore[union-attr]  # ours has one


def code_in(text: str) -> str:
    (code,) = re.findall(r"^([0-9]{3} [0-9]{3})$", text, re.MULTILINE)
    return str(code)


def opened(page: str) -> Client:
    """A browser to which the page was opened by a code."""
    client = Client()
    assert client.post(f"{page}code/").status_code == 302
    _to, text = mailed()[-1]
    assert client.post(f"{page}open/", {"code": code_in(text)}).status_code == 302
    return client


def said(answer: Any) -> str:
    """The page that came."""
    text: str = answer.content.decode()
    return text


def send(client: Client, page: str, what: str = "schrijf", **filled: Any) -> HttpResponse:
    form = {"submission": str(uuid.uuid4()), **filled}
    sent = client.post(f"{page}{what}/", form)
    assert isinstance(sent, HttpResponse)
    return sent


def answered(ticket: Ticket, agent: Agent, *, state: str = OutboundMessage.SENT, **changes: Any) -> Article:
    """An agent's answer, whose mail has got so far."""
    now = timezone.now()
    article = reply_to_ticket(
        actor=actor(agent),
        ticket=ticket,
        answer=answer(ticket, **changes),
        now=now,
    ).written
    OutboundMessage.objects.filter(message_id=article.message_id).update(state=state)
    return article
