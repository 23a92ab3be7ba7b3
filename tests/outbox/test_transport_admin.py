"""Outgoing mail servers in the admin: exactly one is the default, and a test mail says whether one works."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Agent
from outbox.models import OutboundMessage, Transport
from outbox.transports import default_transport, use_catcher
from outbox.trial import STEP_SECONDS_MOST, TrialError, send_test_mail
from tests.kvv.watch.situations import make_transport, waiting_mail
from tests.smtp_server import Server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]


@pytest.fixture
def office(client: Client, superuser: Agent) -> Client:
    client.force_login(superuser)
    return client


def save(office: Client, transport: Transport | None, **values: str | None) -> str:
    """Save a server's page; gives what is said, or why it was not saved."""
    name = "admin:outbox_transport_change" if transport else "admin:outbox_transport_add"
    address = reverse(name, args=[transport.pk] if transport else [])
    fields = office.get(address).context["adminform"].form
    given = {field.name: field.initial for field in fields if field.name != "password"} | values
    answer = office.post(address, {key: value for key, value in given.items() if value not in (None, False)})
    if answer.status_code == 200:
        return str(answer.context["adminform"].form.errors)
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def default() -> str:
    return Transport.objects.get(is_default=True).name


def test_exactly_one_server_is_the_default_and_choosing_another_switches(office: Client) -> None:
    assert "'een'" in save(office, None, name="een", host="127.0.0.1", is_default=None)
    assert default() == "een"
    said = save(office, None, name="twee", host="127.0.0.1", is_default="on")
    assert ("'een'" in said, "'twee'" in said, default()) == (True, True, "twee")
    one, two = Transport.objects.order_by("pk")
    assert "Precies één" in save(office, two, is_default=None)
    assert "in gebruik" in save(office, two, is_active=None)
    assert default() == "twee"
    assert "'twee'" in save(office, one, is_default="on")
    assert default() == "een"
    office.post(reverse("admin:outbox_transport_delete", args=[one.pk]), {"post": "yes"})
    assert default() == "twee"
    assert use_catcher(host="127.0.0.1", port=25).name == default() == "Demo"


def test_the_only_server_can_go_out_of_use(office: Client) -> None:
    only = make_transport("een", is_default=True)
    waiting_mail()
    assert "1 e-mail wacht op een mailserver" in save(office, only, is_active=None)
    assert not Transport.objects.get().is_active
    assert "'twee'" in save(office, None, name="twee", host="127.0.0.1", is_default=None)
    save(office, None, name="drie", host="127.0.0.1", is_default=None)
    server = default_transport()
    assert (server and server.name, default()) == ("twee", "twee")
    Transport.objects.filter(is_active=True).delete()
    Transport.objects.update(name="Demo", is_default=True)
    assert use_catcher(host="127.0.0.1", port=25) == default_transport()


def send(office: Client, transport: Transport) -> str:
    answer = office.post(reverse("admin:outbox_transport_test", args=[transport.pk]))
    assert answer.status_code == 302
    said = str(list(get_messages(answer.wsgi_request))[-1])
    assert said.endswith(".")
    assert not said.endswith("..")
    return said


def test_a_test_mail_goes_to_who_asks_and_one_sentence_says_what_became_of_it(
    office: Client, server: Server, superuser: Agent
) -> None:
    transport = Transport.objects.get()
    assert superuser.email in send(office, transport)
    (taken,) = server.taken
    assert (taken.rcpt_tos, b"Auto-Submitted" in (taken.original_content or b"")) == ([superuser.email], True)
    server.answers[superuser.email] = "550 no such user"
    assert "550 no such user" in send(office, transport)
    server.answers.clear()
    server.after_data = "hang up"
    assert "niet aangenomen" in send(office, transport)
    Transport.objects.update(port=1)
    assert "op poort 1" in send(office, transport)
    Agent.objects.update(email="")
    assert "geen e-mailadres" in send(office, transport)
    assert not OutboundMessage.objects.exists()


def test_a_test_mail_is_sent_by_a_press_of_an_administrator_alone(
    office: Client, owner: Agent, server: Server
) -> None:
    address = reverse("admin:outbox_transport_test", args=[Transport.objects.get().pk])
    assert office.get(address).status_code == 405
    office.force_login(owner)
    assert office.post(address, follow=True).status_code == 403
    office.logout()
    assert office.post(address).status_code == 302
    assert server.taken == []


@contextmanager
def silent() -> Iterator[int]:
    """A port where one is let in, and hears nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize("security", [Transport.Security.PLAIN, Transport.Security.TLS])
def test_a_server_that_says_nothing_does_not_keep_the_administrator_waiting(db: None, security: str) -> None:
    """Nor a thread, also where the line is not there yet for want of a greeting or of a handshake."""
    with silent() as port:
        transport = make_transport("stil", security=security)
        transport.port = port
        with pytest.raises(TrialError, match=r"0\.2"):
            send_test_mail(transport, to="a@post.example", seconds=0.2)
        for thread in threading.enumerate():
            if thread.name == "test mail":
                thread.join(STEP_SECONDS_MOST / 2)
                assert not thread.is_alive()


@pytest.mark.parametrize(("language", "why"), [("en", "refuses connections"), ("nl", "weigert verbindingen")])
def test_why_a_test_mail_was_not_taken_is_said_in_the_language_of_who_asks(language: str, why: str) -> None:
    transport = make_transport("dicht", security=Transport.Security.PLAIN)
    transport.port = 1
    with override(language), pytest.raises(TrialError, match=why):
        send_test_mail(transport, to="a@post.example")
