"""A new ticket by its key: who it is is shown as they are chosen, and what follows the queue follows it."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Agent
from queues.models import Queue, QueuePermission, ResponseTemplate, Signature
from tests.factories import grant, make_auto_response, make_queue
from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]


def test_a_phone_ticket_is_made_by_keys_and_choices_that_follow_each_other(
    desk: Page, ticket: Ticket, queue: Queue, owner: Agent
) -> None:
    make_auto_response(queue)
    grant(owner, make_queue("Elders"), QueuePermission.Right.CREATE)
    desk.goto("/")
    desk.keyboard.press("c")
    field = desk.get_by_role("combobox", name="Vraagsteller")
    receipt = desk.get_by_label("Stuur de klant een ontvangstbevestiging")
    expect(receipt).to_be_hidden()
    field.press_sequentially("kar")
    expect(desk.get_by_role("option").first).to_contain_text("Karin Klant")
    field.press("ArrowDown")
    field.press("Enter")
    expect(desk.get_by_role("link", name=ticket.title)).to_be_visible()
    desk.get_by_label("Wachtrij", exact=True).select_option(label="Elders")
    expect(receipt).to_be_hidden()
    desk.get_by_label("Wachtrij", exact=True).select_option(label="Spel")
    expect(receipt).to_be_visible()
    receipt.check()
    expect(desk.get_by_text("De klant krijgt geen e-mail.")).to_be_hidden()
    field.fill("Nina zonder adres")
    desk.get_by_role("option", name="Nieuwe klant").click()
    expect(desk.get_by_text("geen e-mailadres, dus geen antwoord per e-mail")).to_be_visible()
    expect(receipt).to_be_hidden()
    desk.get_by_label("Onderwerp").fill("Tent lenen")
    desk.get_by_role("textbox", name="Tekst").press_sequentially("Kan dat in mei?")
    desk.get_by_role("button", name="Opslaan").click()
    expect(desk.get_by_role("dialog").get_by_text("is aangemaakt in Spel.")).to_be_visible()
    made = Ticket.objects.latest("pk")
    assert (made.title, str(made.customer)) == ("Tent lenen", "Nina zonder adres")


def test_what_stands_below_a_mail_follows_its_queue(desk: Page, queue: Queue) -> None:
    queue.signature = Signature.objects.create(name="Groet", html="<p>Groet van Spel</p>")
    queue.save(update_fields=["signature"])
    desk.goto("/tickets/nieuw/e-mail/")
    expect(desk.get_by_text("Groet van Spel")).to_be_hidden()
    desk.get_by_label("Van (wachtrij)").select_option(index=1)
    expect(desk.get_by_text("Groet van Spel")).to_be_visible()


def test_a_text_of_the_queue_names_whom_the_book_gave_and_the_number_comes_when_the_mail_leaves(
    desk: Page, queue: Queue
) -> None:
    html = "<p>Beste &lt;KVV_CUSTOMER_REALNAME&gt;, dit is &lt;KVV_TICKET_NUMBER&gt;.</p>"
    ResponseTemplate.objects.create(name="Welkom", html=html).queues.add(queue)
    desk.goto("/tickets/nieuw/e-mail/")
    desk.get_by_text("Adresboek").click()
    desk.get_by_role("searchbox", name="Zoek in het adresboek").fill("karin")
    desk.locator("[data-into=cc]").click()
    expect(desk.locator("#id_cc")).to_have_value("Karin Klant <karin@post.example>")
    desk.locator("#id_cc").fill("")
    desk.locator("[data-into=to]").click()
    expect(desk.locator("#id_customer")).to_have_value("Karin Klant <karin@post.example>")
    expect(desk.get_by_text("open ticket")).to_be_visible()
    desk.get_by_label("Van (wachtrij)").select_option(index=1)
    desk.locator("#id_find_text").click()
    desk.get_by_role("option", name="Welkom").click()
    editor = desk.get_by_role("textbox", name="Tekst")
    expect(editor).to_contain_text("Beste Karin Klant, dit is <KVV_TICKET_NUMBER>.")
    desk.get_by_label("Onderwerp").fill("Welkom")
    desk.get_by_role("button", name="Versturen").click()
    expect(desk.get_by_role("dialog").get_by_text("is onderweg")).to_be_visible()
    made = Ticket.objects.latest("pk")
    assert made.articles.get().text.strip() == f"Beste Karin Klant, dit is {made.number}."
