"""A page that a mail names as a picture is not opened in the reader's name."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from kvv.fetched_as import PIECES
from queues.models import Queue
from tests.factories import customer_mail, make_ticket, stored_file
from tickets.models import Ticket, TicketSeen

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, owner: Agent) -> Client:
    client.force_login(owner)
    return client


@pytest.mark.parametrize("piece", sorted(PIECES))
def test_a_ticket_that_is_asked_for_as_a_piece_of_a_page_stays_unread(
    desk: Client, ticket: Ticket, piece: str
) -> None:
    answer = desk.get(reverse("desk:zoom", args=[ticket.number]), headers={"Sec-Fetch-Dest": piece})
    assert (answer.status_code, answer.content) == (403, b"")
    assert not TicketSeen.objects.exists()


@pytest.mark.parametrize(
    "wanted", ["image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", "image/webp,*/*"]
)
def test_so_it_does_where_the_browser_does_not_say_for_what_it_asks(
    desk: Client, queue: Queue, wanted: str
) -> None:
    ticket = make_ticket(queue, article=customer_mail(files=(stored_file(),)))
    headers = {"Accept": wanted}
    assert desk.get(reverse("desk:zoom", args=[ticket.number]), headers=headers).status_code == 403
    assert not TicketSeen.objects.exists()
    file = ticket.articles.get().attachments.get()
    shown = desk.get(reverse("desk:attachment", args=[ticket.number, file.pk]), headers=headers)
    assert shown.status_code == 200


@pytest.mark.parametrize(
    "wanted", ["text/html,application/xhtml+xml,image/avif,image/webp,*/*;q=0.8", "*/*", ""]
)
def test_who_asks_for_a_page_without_more_words_gets_it(desk: Client, ticket: Ticket, wanted: str) -> None:
    answer = desk.get(reverse("desk:zoom", args=[ticket.number]), headers={"Accept": wanted})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/admin/", "/accounts/logout/", "/voorkeuren/"])
def test_no_other_page_is_a_piece_either(desk: Client, path: str) -> None:
    assert desk.get(path, headers={"Sec-Fetch-Dest": "image"}).status_code == 403


@pytest.mark.parametrize("asked", ["document", "empty", "iframe", ""])
def test_who_opens_a_page_gets_it(desk: Client, ticket: Ticket, asked: str) -> None:
    answer = desk.get(reverse("desk:zoom", args=[ticket.number]), headers={"Sec-Fetch-Dest": asked})
    assert answer.status_code == 200
    assert TicketSeen.objects.exists()


def test_an_image_of_a_mail_is_shown_in_it(desk: Client, queue: Queue) -> None:
    ticket = make_ticket(queue, article=customer_mail(files=(stored_file(),)))
    file = ticket.articles.get().attachments.get()
    address = reverse("desk:attachment", args=[ticket.number, file.pk])
    assert desk.get(address, headers={"Sec-Fetch-Dest": "image"}).status_code == 200


def test_the_words_of_the_admin_are_a_script(client: Client, superuser: Agent) -> None:
    client.force_login(superuser)
    assert client.get(reverse("admin:jsi18n"), headers={"Sec-Fetch-Dest": "script"}).status_code == 200
