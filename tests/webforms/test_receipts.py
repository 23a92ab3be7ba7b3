"""What leaves by mail after a form: the receipt, the answer, and the mail that asks to confirm."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Agent
from blobs.store import read_bytes
from mailgate.tasks import autoresponse
from outbox.models import OutboundMessage, Recipient
from queues.models import Queue
from tests.factories import actor, answer, make_auto_response
from tests.webforms.customers import page_of
from tests.webforms.visiting import add_field, file, filled, make_form, opened, send
from tickets.actions.reply import reply_to_ticket
from tickets.models import Article, Ticket
from webforms.forgetting import forget
from webforms.models import Category, Submission, SubmissionFile
from webforms.spec import Kind

pytestmark = pytest.mark.django_db

WORDS = ("Zilvervos", "Kwikstaart", "Bosuil", "Roodborst")
ALL_TAGS = (
    "<KVV_CUSTOMER_REALNAME> <KVV_CUSTOMER_NAME> <KVV_TICKET_TITLE> <KVV_CUSTOMER_SUBJECT> "
    "<KVV_CUSTOMER_FROM> <KVV_CUSTOMER_TO> <KVV_CUSTOMER_CC> <KVV_CUSTOMER_EMAIL[20]> <KVV_CUSTOMER_BODY> "
    "<KVV_CUSTOMER_NOTE> <KVV_CUSTOMER_DATA_UserFirstname> <KVV_CUSTOMER_DATA_UserLastname> "
    "<KVV_CUSTOMER_DATA_UserCustomerID> <KVV_TICKET_NUMBER>"
)


@pytest.fixture
def category(queue: Queue) -> Category:
    return make_form(queue)


def strangers_form() -> dict[str, object]:
    first, last, subject, question = WORDS
    return filled(f_voornaam=first, f_achternaam=last, f_onderwerp=subject, f_vraag=question)


def mailed() -> str:
    return read_bytes(OutboundMessage.objects.get().mime_id).decode()


def letters() -> list[str]:
    """All that is to leave, with every part of it decoded."""
    mails = [
        message_from_bytes(read_bytes(row.mime_id), policy=default) for row in OutboundMessage.objects.all()
    ]
    parts = [[str(part.get_content()) for part in mail.walk() if not part.is_multipart()] for mail in mails]
    return [f"{mail.items()} {part}" for mail, part in zip(mails, parts, strict=True)]


def test_text_placed_by_a_stranger_in_a_form_is_never_mailed_to_a_third_party_as_from_us(
    category: Category, queue: Queue, nobody_is_told: None
) -> None:
    make_auto_response(
        queue,
        subject="<KVV_CUSTOMER_SUBJECT> <KVV_CUSTOMER_REALNAME> <KVV_TICKET_TITLE>",
        html=f"<p>{ALL_TAGS}</p>",
    )
    add_field(category, "bewijs", Kind.FILE)
    send(category, strangers_form() | {"f_bewijs": file(f"{WORDS[0]}.png")})
    autoresponse()
    ticket = Ticket.objects.get()
    page = page_of(ticket, "femke@thuis.example")
    assert Client().post(f"{page}code/").status_code == 302
    Article.objects.update(created=timezone.now() - timedelta(days=91))
    Client().post(f"{page}nieuwe-link/")
    sent = letters()
    assert [ticket.number in letter for letter in sent] == [True] * 3
    assert {address.lower() for address in Recipient.objects.values_list("address", flat=True)} == {
        "femke@thuis.example"
    }
    assert [word for letter in sent for word in WORDS if word in letter] == []


def test_the_answer_goes_by_mail_to_the_address_as_usual(
    category: Category, owner: Agent, nobody_is_told: None
) -> None:
    send(category)
    ticket = Ticket.objects.get()
    filled_in = answer(ticket, to=("Femke de Boer <femke@thuis.example>",))
    reply_to_ticket(actor=actor(owner), ticket=ticket, answer=filled_in, now=timezone.now())
    assert "To: Femke de Boer <femke@thuis.example>" in mailed()
    assert Recipient.objects.get().address == "femke@thuis.example"


def test_an_address_is_confirmed_by_a_button_and_not_by_who_opens_the_link(
    category: Category, queue: Queue
) -> None:
    Category.objects.update(confirms_address=True)
    add_field(Category.objects.get(), "bewijs", Kind.FILE)
    token = opened(category)
    sent = send(category, strangers_form() | {"f_bewijs": file()}, token=token)
    again = send(category, strangers_form() | {"f_bewijs": file()}, token=token)
    assert sent["Location"] == again["Location"]
    page = Client().get(sent["Location"]).content.decode()
    assert "Bevestig je e-mailadres" in page
    assert (Ticket.objects.count(), Article.objects.count()) == (0, 0)
    (letter,) = mail.outbox
    assert (letter.to, letter.from_email) == (["femke@thuis.example"], str(queue.sender))
    assert [word for word in WORDS if word in f"{letter.subject} {letter.body}"] == []
    found = re.search(r"https?://[^/\s]+(/formulieren/bevestig/\S+)", str(letter.body))
    assert found is not None
    link = found[1]
    asked = Client().get(link)
    assert asked.status_code == 200
    assert [word for word in WORDS if word in asked.content.decode()] == []
    assert Ticket.objects.count() == 0
    pressed = [Client(enforce_csrf_checks=True).post(link) for _time in range(2)]
    ticket = Ticket.objects.get()
    assert ticket.number in Client().get(pressed[1]["Location"]).content.decode()
    article = ticket.articles.get()
    assert (article.warning, article.attachments.count()) == ("", 1)
    assert Client().get(f"{link[:-3]}/").status_code == 404


def test_what_nobody_confirms_or_sends_is_forgotten_with_its_files(category: Category) -> None:
    Category.objects.update(confirms_address=True)
    add_field(Category.objects.get(), "bewijs", Kind.FILE)
    send(category, filled(f_bewijs=file()))
    send(category, filled(f_vraag="", f_bewijs=file("los.txt", b"los")))
    now = timezone.now()
    forget(now=now + timedelta(days=2))
    assert SubmissionFile.objects.get().name == "pas.png"
    assert Submission.objects.get().network is None
    assert [forget(now=now + timedelta(days=days)) for days in (6, 8, 8)] == [0, 1, 0]
    assert (Submission.objects.count(), SubmissionFile.objects.count()) == (0, 0)
