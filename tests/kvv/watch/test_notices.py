"""What agents and admins read on top of their pages."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Agent
from kvv.watch import disk
from mailgate.models import InboundMessage
from outbox.models import OutboundMessage
from tests.factories import make_inbound
from tests.kvv.watch.situations import MINUTE, failing_mailbox, failing_transport, waiting_mail
from tickets.kinds import AUTORESPONSE
from tickets.models import EventTask, Ticket

pytestmark = pytest.mark.django_db


def page(client: Client, agent: Agent, path: str = "/") -> str:
    client.force_login(agent)
    return client.get(path).content.decode()


def test_without_trouble_nothing_is_shown(client: Client, owner: Agent) -> None:
    assert "storingen" not in page(client, owner)


def test_every_agent_reads_what_a_failing_mailbox_means_for_them(client: Client, owner: Agent) -> None:
    now = timezone.now()
    failing_mailbox(now=now)
    html = page(client, owner, "/voorkeuren/")
    assert "E-mail aan spel@kvv.example komt nu niet binnen, sinds" in html
    assert "Er gaat niets verloren" in html
    assert "/admin/mailgate/mailbox/" not in html


def test_every_agent_reads_that_mail_which_came_in_is_no_ticket_yet(client: Client, owner: Agent) -> None:
    InboundMessage.objects.filter(pk=make_inbound().pk).update(received=timezone.now() - 10 * MINUTE)
    assert "1 e-mail is binnengekomen en nog geen ticket geworden, sinds" in page(client, owner)


def test_an_admin_gets_a_link_to_where_it_is_mended(client: Client, superuser: Agent) -> None:
    now = timezone.now()
    box = failing_mailbox(now=now)
    way = failing_transport(now=now)
    waiting_mail()
    html = page(client, superuser)
    for address in (f"/admin/mailgate/mailbox/{box.pk}/change/", f"/admin/outbox/transport/{way.pk}/change/"):
        assert f'href="{address}"' in html


def test_only_admins_read_of_the_quarantine_of_stuck_mail_and_of_the_disk(
    client: Client, owner: Agent, superuser: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_inbound()
    InboundMessage.objects.update(state=InboundMessage.QUARANTINED)
    waiting_mail(state=OutboundMessage.DOUBTFUL)
    monkeypatch.setattr(disk, "FREE_PERCENT_LEAST", 101)
    monkeypatch.setattr(disk, "FREE_BYTES_ENOUGH", 2**62)
    assert "storingen" not in page(client, owner)
    html = page(client, superuser)
    assert "in quarantaine" in html
    assert "bijna vol" in html
    assert html.count("hint--warn") == 3


@pytest.mark.usefixtures("foreign_templates")
def test_the_links_of_quarantine_and_stuck_mail_lead_to_just_those(client: Client, superuser: Agent) -> None:
    make_inbound()
    InboundMessage.objects.update(state=InboundMessage.QUARANTINED)
    make_inbound()
    waiting_mail("een", state=OutboundMessage.DOUBTFUL)
    waiting_mail("twee")
    client.force_login(superuser)
    for path in (
        "/admin/mailgate/inboundmessage/?state__in=queued,claimed",
        "/admin/mailgate/inboundmessage/?state__exact=quarantined",
        "/admin/outbox/outboundmessage/?state__in=failed,doubtful",
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert len(answer.context["cl"].result_list) == 1


@pytest.mark.usefixtures("foreign_templates")
def test_admins_are_led_to_the_reactions_that_failed(
    client: Client, owner: Agent, superuser: Agent, ticket: Ticket
) -> None:
    EventTask.objects.filter(consumer=AUTORESPONSE).update(state=EventTask.FAILED)
    assert "is mislukt" not in page(client, owner)
    assert "1 reactie op een e-mail is mislukt" in page(client, superuser)
    answer = client.get("/admin/tickets/eventtask/?state__exact=failed")
    assert len(answer.context["cl"].result_list) == 1


def test_many_troubles_are_three_sentences_and_a_number(client: Client, owner: Agent) -> None:
    now = timezone.now()
    for n in range(5):
        failing_mailbox(now=now, name=f"postvak {n}")
    html = page(client, owner)
    assert html.count("komt nu niet binnen") == 3
    assert "Er zijn nog 2 storingen." in html


def test_a_look_serves_the_pages_of_some_seconds(client: Client, owner: Agent) -> None:
    page(client, owner)
    with CaptureQueriesContext(connection) as again:
        client.get("/")
    assert not [query for query in again if "mailgate_mailbox" in query["sql"]]


def test_a_part_of_a_page_costs_no_look(client: Client, owner: Agent) -> None:
    client.force_login(owner)
    with CaptureQueriesContext(connection) as asked:
        client.get("/healthz")
    assert not [query for query in asked if "mailgate_mailbox" in query["sql"]]
