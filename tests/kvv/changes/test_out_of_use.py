"""What goes out of use names what hangs on it; no mail gets lost, and no lock stays."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Agent
from mailgate.tasks import deliver_waiting
from queues.models import MailAddress, Queue, QueueSubscription
from tests.factories import actor, make_inbound, make_queue, make_ticket
from tests.kvv.watch.situations import make_mailbox, make_transport, waiting_mail
from tests.signed_in import gave_password
from tickets.actions.lock import lock_ticket
from tickets.models import Event, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]


@pytest.fixture
def office(client: Client, superuser: Agent) -> Client:
    client.force_login(superuser)
    gave_password(client)
    return client


def change(office: Client, row: models.Model, **values: Any) -> str:
    """Save the row's page with these values (None: nothing is ticked); gives what is said then."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    address = reverse(name, args=[row.pk])
    page = office.get(address)
    form = page.context["adminform"].form
    given = {field: form.initial[field] for field in form.fields if form.initial.get(field) is not None}
    for formset in page.context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        given |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    given |= {"groups": [group.pk for group in form.initial.get("groups", ())]}
    given |= {key: value for key, value in values.items() if value is not None}
    for gone in (key for key, value in values.items() if value is None):
        given.pop(gone, None)
    answer = office.post(address, given)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def mail_to(address: str) -> Ticket:
    """The ticket that a mail to this address becomes."""
    make_inbound(f"From: k@post.example\r\nTo: {address}\r\nSubject: Vraag\r\n\r\nHoi\r\n".encode())
    deliver_waiting()
    return Ticket.objects.latest("pk")


def test_a_queue_out_of_use_names_what_hangs_on_it_and_gets_its_mail_all_the_same(
    office: Client, queue: Queue, owner: Agent
) -> None:
    make_queue(f"{queue.name}::Buiten")
    make_mailbox("bus", queue=queue)
    QueueSubscription.objects.create(agent=owner, queue=queue)
    make_ticket(queue)
    lock_ticket(actor=actor(owner), ticket=make_ticket(queue), now=timezone.now())
    said = change(office, queue, is_active=None)
    for part in ("2 open tickets", "1 daarvan vergrendeld", "queue", "bus", "1 medewerker", "Spel::Buiten"):
        assert part in said, part
    assert queue.sender is not None
    assert mail_to(queue.sender.address).queue == queue
    assert "niet meer in gebruik" in change(office, make_queue("Leeg"), is_active=None)


def test_mail_to_an_address_that_is_gone_goes_where_it_says(office: Client, queue: Queue) -> None:
    address = queue.sender
    assert address is not None
    said = change(office, address, is_active=None)
    assert "'Postmaster'" in said
    assert queue.name in said
    assert mail_to(address.address).queue.name == "Postmaster"
    old, other = address.address, MailAddress.objects.create(address="los@kvv.example", queue=queue)
    assert old in change(office, address, is_active="on", address="nieuw@kvv.example")
    assert mail_to(old).queue.name == "Postmaster"
    delete = reverse("admin:queues_mailaddress_delete", args=[other.pk])
    answer = office.post(delete, {"post": "yes"}, follow=True)
    assert "los@kvv.example" in " ".join(str(message) for message in answer.context["messages"])
    assert mail_to("los@kvv.example").queue.name == "Postmaster"


def test_of_several_addresses_that_go_each_says_where_its_mail_goes(
    office: Client, queue: Queue, settings: Settings
) -> None:
    for address in ("kamp@kvv.example", "kamp+2026@kvv.example", "los@kvv.example", "ook@kvv.example"):
        MailAddress.objects.create(address=address, queue=queue)
    tagged = MailAddress.objects.get(address="kamp+2026@kvv.example")
    said = change(office, tagged, is_active=None)
    assert f"gaat vanaf nu naar '{queue.name}'" in said
    assert mail_to(tagged.address).queue == queue
    settings.LISTENER_KNOWN_ONLY = True
    gone = MailAddress.objects.filter(address__in=[tagged.address, "los@kvv.example", "ook@kvv.example"])
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in gone], "post": "yes"}
    answer = office.post(reverse("admin:queues_mailaddress_changelist"), chosen)
    said = " ".join(str(message) for message in get_messages(answer.wsgi_request))
    assert f"kamp+2026@kvv.example komt nog steeds binnen, en gaat vanaf nu naar '{queue.name}'" in said
    assert "E-mail aan los@kvv.example, ook@kvv.example die via SMTP of LMTP komt, wordt" in said
    assert "niet verloren" not in said


def test_an_agent_who_leaves_gives_back_the_locks_and_stays_the_owner(
    office: Client, queue: Queue, owner: Agent, superuser: Agent
) -> None:
    ticket = lock_ticket(actor=actor(owner), ticket=make_ticket(queue), now=timezone.now())
    said = change(office, owner, is_active=None)
    ticket.refresh_from_db()
    assert (ticket.locked, ticket.owner) == (False, owner)
    assert "1 ticket dat Owner had vergrendeld" in said
    assert "eigenaar van 1 open ticket" in said
    assert Event.objects.filter(ticket=ticket).latest("pk").agent == superuser
    Ticket.objects.update(owner=superuser)
    change(office, owner, is_active="on")
    said = change(office, owner, is_active=None)
    assert "ticket" not in said


def test_a_server_out_of_use_says_what_waits_for_it(office: Client) -> None:
    assert "blijft op de mailserver" in change(office, make_mailbox("bus"), is_active=None)
    make_transport("standaard", is_default=True)
    other = make_transport("ander")
    waiting_mail(transport=other)
    assert "1 e-mail wacht op deze mailserver" in change(office, other, is_active=None)
