"""Beantwoord: what the form shows first, what sending does, and what comes back when it can't be sent."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent
from outbox.models import OutboundMessage
from queues.models import Queue, QueuePermission, ResponseTemplate, Salutation, Signature
from richtext.convert import html_to_text
from tests.desk.reading import HTMX
from tests.factories import actor, customer_mail, make_customer, make_ticket, make_upload, stored_file
from tickets.actions.follow_up import add_follow_up
from tickets.actions.lock import take_ticket
from tickets.actor import Actor
from tickets.kinds import EventKind
from tickets.letters.answering import prefill
from tickets.models import Article, Event, Ticket, Upload
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key


def address_of(ticket: Ticket) -> str:
    return reverse("desk:reply", args=[ticket.number])


def filled_in(ticket: Ticket, **changes: object) -> dict[str, object]:
    """A form as a browser sends it."""
    values: dict[str, object] = {
        "submission": str(uuid.uuid4()),
        "seen_event": newest_event(ticket).event,
        "answered": ticket.latest_customer_article,
        "kind": "external",
        "rich": "1",
        "html": "<p>Dat gaat zo.</p>",
        "to": "Karin Klant <karin@post.example>",
        "cc": "",
        "bcc": "",
        "subject": "Re: Vraag",
        "template": "",
        "state": state_by_key("closed_successful").pk,
        "pending_until": "",
        "time_units": "",
    }
    return values | changes


@pytest.fixture
def desk(client: Client, owner: Agent, ticket: Ticket) -> Client:
    """The owner's browser, at a ticket they have taken."""
    client.force_login(owner)
    take_ticket(actor=actor(owner), ticket=ticket, right=QueuePermission.Right.ALL, now=timezone.now())
    return client


def test_the_form_begins_with_recipient_subject_greeting_and_quotation(
    desk: Client, ticket: Ticket, queue: Queue
) -> None:
    queue.salutation = Salutation.objects.create(name="Beste", html="<p>Beste <KVV_CUSTOMER_NAME>,</p>")
    queue.signature = Signature.objects.create(name="Groet", html="<p>Met vriendelijke groet</p>")
    queue.save(update_fields=["salutation", "signature"])
    page = desk.get(address_of(ticket), headers=HTMX).content.decode()
    assert 'value="Karin Klant &lt;karin@post.example&gt;"' in page
    assert f"Re: [Ticket#{ticket.number}]" in page
    text = page.partition('name="html"')[2]
    assert text.index("Met vriendelijke groet") < text.index("Hoe gaat dat?")


def test_an_answer_is_kept_sent_and_told(desk: Client, ticket: Ticket, owner: Agent) -> None:
    answer = desk.post(address_of(ticket), filled_in(ticket, time_units="1,5"))
    assert answer.headers["Location"] == reverse("desk:queue", args=[ticket.queue_id])
    article = Article.objects.get(ticket=ticket, sender_type=Article.SenderType.AGENT)
    assert (article.text.strip(), str(article.time_units)) == ("Dat gaat zo.", "1.50")
    assert OutboundMessage.objects.filter(pk=article.outbound_id or 0).exists()
    assert Event.objects.filter(ticket=ticket, kind=EventKind.ANSWERED, agent=owner).count() == 1
    ticket.refresh_from_db()
    assert (ticket.state.key, ticket.locked, ticket.owner) == ("closed_successful", False, owner)


def test_an_answer_that_leaves_the_ticket_open_leads_back_to_it(desk: Client, ticket: Ticket) -> None:
    answer = desk.post(address_of(ticket), filled_in(ticket, state=state_by_key("open").pk))
    assert answer.headers["Location"] == reverse("desk:zoom", args=[ticket.number])


@pytest.mark.parametrize("rich", ["1", ""])
@pytest.mark.parametrize("kept", ["all", "no quotation"])
def test_what_only_stood_there_already_is_asked_about_before_it_is_sent(
    desk: Client, ticket: Ticket, queue: Queue, owner: Agent, rich: str, kept: str
) -> None:
    queue.salutation = Salutation.objects.create(name="Beste", html="<p>Beste <KVV_CUSTOMER_NAME>,</p>")
    link = '<p>Groet, <a href="https://www.kvv.example/spel?a=1">www.kvv.example</a> & co</p>'
    queue.signature = Signature.objects.create(name="Groet", html=link)
    queue.save(update_fields=["salutation", "signature"])
    question = ticket.articles.get()
    begun = prefill(ticket=ticket, article=question, template=None, agent=owner).html
    if kept != "all":
        begun = begun.partition('<p class="quoteline">')[0]
    form = filled_in(ticket, rich=rich, html=begun, text=html_to_text(begun))
    make_upload(owner, uuid.UUID(str(form["submission"])))
    asked = desk.post(address_of(ticket), form)
    assert asked.status_code == 422
    assert "Je hebt nog niets geschreven" in asked.content.decode()
    assert 'name="anyway" value="nothing_written"' in asked.content.decode()
    assert not OutboundMessage.objects.exists()
    assert desk.post(address_of(ticket), form | {"anyway": "nothing_written"}).status_code == 302
    assert OutboundMessage.objects.count() == 1


@pytest.mark.parametrize("how", ["a word", "a standard answer", "a picture"])
def test_one_word_a_standard_answer_or_a_picture_is_an_answer(
    desk: Client, ticket: Ticket, owner: Agent, how: str
) -> None:
    template = ResponseTemplate.objects.create(name="Ja", html="<p>Dat kan.</p>")
    article = ticket.articles.get()
    begun = prefill(
        ticket=ticket,
        article=article,
        template=template if how == "a standard answer" else None,
        agent=owner,
    ).html
    form = filled_in(ticket, html=f"<p>Ja.</p>{begun}" if how == "a word" else begun)
    if how == "a picture":
        image = make_upload(
            owner, uuid.UUID(str(form["submission"])), is_inline=True, content_type="image/png"
        )
        form["html"] = f'<p><img data-upload="{image.pk}" src="/x"></p>{begun}'
    assert desk.post(address_of(ticket), form).status_code == 302


def test_the_same_form_twice_makes_one_answer(desk: Client, ticket: Ticket) -> None:
    form = filled_in(ticket)
    first, second = desk.post(address_of(ticket), form), desk.post(address_of(ticket), form)
    assert first.headers["Location"] == second.headers["Location"]
    assert Article.objects.filter(ticket=ticket, sender_type=Article.SenderType.AGENT).count() == 1
    assert OutboundMessage.objects.count() == 1


def test_plain_text_without_script_becomes_html(desk: Client, ticket: Ticket) -> None:
    desk.post(address_of(ticket), filled_in(ticket, rich="", html="", text="Een & twee\n\nDrie"))
    article = Article.objects.get(ticket=ticket, sender_type=Article.SenderType.AGENT)
    assert "<p>Een &amp; twee</p>" in article.html


def test_a_newer_message_of_the_customer_is_shown_before_anything_is_sent(
    desk: Client, ticket: Ticket
) -> None:
    form = filled_in(ticket)
    newer = add_follow_up(
        actor=Actor.mail(),
        ticket=ticket,
        article=customer_mail(text="O wacht, nog iets."),
        now=timezone.now(),
    )
    answer = desk.post(address_of(ticket), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "O wacht, nog iets." in page
    assert f'name="anyway" value="unseen:{newer.event.pk}"' in page
    assert "Dat gaat zo." in page
    assert not OutboundMessage.objects.exists()
    assert desk.post(address_of(ticket), form | {"anyway": f"unseen:{newer.event.pk}"}).status_code == 302
    assert OutboundMessage.objects.count() == 1


def test_sending_all_the_same_covers_only_what_was_shown(desk: Client, ticket: Ticket) -> None:
    form = filled_in(ticket)
    shown, _unseen = (
        add_follow_up(actor=Actor.mail(), ticket=ticket, article=customer_mail(), now=timezone.now())
        for _each in range(2)
    )
    assert desk.post(address_of(ticket), form | {"anyway": f"unseen:{shown.event.pk}"}).status_code == 422


def test_an_error_keeps_what_was_typed_and_the_files(desk: Client, ticket: Ticket, owner: Agent) -> None:
    form = filled_in(ticket, to="", bcc="geheim@post.example", html="<p>Lang <b>verhaal</b></p>")
    make_upload(owner, uuid.UUID(str(form["submission"])), name="polis.pdf")
    answer = desk.post(address_of(ticket), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_to"' in page
    for kept in (
        "geheim@post.example",
        "Lang &lt;b&gt;verhaal&lt;/b&gt;",
        "polis.pdf",
        str(form["submission"]),
    ):
        assert kept in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": "geen adres"}, "id_to"),
        ({"cc": "ook niet@"}, "id_cc"),
        ({"subject": ""}, "id_subject"),
        ({"subject": "x" * 301}, "id_subject"),
        ({"html": "<p> </p>"}, "id_text"),
        ({"time_units": "anderhalf"}, "id_time_units"),
        ({"time_units": "-1"}, "id_time_units"),
        ({"state": "999999"}, "id_state"),
        ({"state": "pending_reminder", "pending_until": "morgen"}, "id_pending_until"),
    ],
)
def test_each_wrong_field_is_named_and_nothing_is_sent(
    desk: Client, ticket: Ticket, changes: dict[str, object], field: str
) -> None:
    if "pending_until" in changes:
        changes = changes | {"state": state_by_key(str(changes["state"])).pk}
    answer = desk.post(address_of(ticket), filled_in(ticket, **changes))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.content.decode()
    assert not OutboundMessage.objects.exists()


def test_an_address_of_our_own_is_refused_with_the_way_out(
    desk: Client, ticket: Ticket, queue: Queue
) -> None:
    assert queue.sender is not None
    answer = desk.post(address_of(ticket), filled_in(ticket, cc=queue.sender.address))
    assert answer.status_code == 422
    assert queue.sender.address in answer.content.decode().partition('href="#id_cc"')[2][:200]


def test_a_pending_state_needs_a_time_that_is_to_come(desk: Client, ticket: Ticket) -> None:
    form = filled_in(ticket, state=state_by_key("pending_reminder").pk)
    assert desk.post(address_of(ticket), form | {"pending_until": "2020-01-01T10:00"}).status_code == 422
    until = timezone.localtime(timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert desk.post(address_of(ticket), form | {"pending_until": until}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.state.key == "pending_reminder"


def test_another_standard_answer_replaces_the_text_and_nothing_else(
    desk: Client, ticket: Ticket, queue: Queue, owner: Agent
) -> None:
    template = ResponseTemplate.objects.create(name="Polis", html="<p>De polis dekt dit.</p>")
    template.queues.add(queue)
    form = filled_in(ticket, template=template.pk, cc="mede@post.example", choose_template="1")
    make_upload(owner, uuid.UUID(str(form["submission"])), name="polis.pdf")
    answer = desk.post(address_of(ticket), form)
    page = answer.content.decode()
    assert answer.status_code == 200
    for kept in ("De polis dekt dit.", "mede@post.example", "polis.pdf", "Hoe gaat dat?", "selected>Polis"):
        assert kept in page
    assert "Dat gaat zo." not in page


def test_a_template_of_another_queue_is_not_offered(desk: Client, ticket: Ticket, other_queue: Queue) -> None:
    template = ResponseTemplate.objects.create(name="Elders", html="<p>Elders</p>")
    template.queues.add(other_queue)
    page = desk.get(address_of(ticket), {"template": template.pk}).content.decode()
    assert "Elders" not in page


def test_files_leave_with_the_answer(desk: Client, ticket: Ticket, owner: Agent) -> None:
    form = filled_in(ticket)
    make_upload(owner, uuid.UUID(str(form["submission"])), name="polis.pdf")
    desk.post(address_of(ticket), form)
    article = Article.objects.get(ticket=ticket, sender_type=Article.SenderType.AGENT)
    assert [file.name for file in article.attachments.all()] == ["polis.pdf"]
    assert not Upload.objects.exists()


def test_a_colleague_who_took_the_ticket_meanwhile_does_not_cost_the_text(
    desk: Client, ticket: Ticket, colleague: Agent
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague)
    answer = desk.post(address_of(ticket), filled_in(ticket))
    assert answer.status_code == 422
    assert "Dat gaat zo." in answer.content.decode()
    assert str(colleague) in answer.content.decode()


def test_a_ticket_locked_by_a_colleague_leads_back_with_their_name(
    desk: Client, ticket: Ticket, colleague: Agent
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(owner=colleague)
    answer = desk.get(address_of(ticket), follow=True)
    assert answer.redirect_chain == [(reverse("desk:zoom", args=[ticket.number]), 302)]
    assert str(colleague) in answer.content.decode()


def test_the_policy_allows_inline_styles_where_an_editor_can_be_and_nowhere_else(
    desk: Client, ticket: Ticket, reader: Agent
) -> None:
    zoom = reverse("desk:zoom", args=[ticket.number])
    for address in (address_of(ticket), zoom):
        assert "style-src-attr 'unsafe-inline'" in desk.get(address).headers["Content-Security-Policy"]
    history = desk.get(reverse("desk:history", args=[ticket.number]))
    desk.force_login(reader)
    for page in (history, desk.get(zoom)):
        assert "unsafe-inline" not in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("name", "status"), [("reader", 403), ("stranger", 404)])
def test_who_may_not_answer_gets_no_form(
    client: Client, ticket: Ticket, request: pytest.FixtureRequest, name: str, status: int
) -> None:
    client.force_login(request.getfixturevalue(name))
    assert client.get(address_of(ticket)).status_code == status
    assert client.post(address_of(ticket), filled_in(ticket)).status_code == status
    assert not OutboundMessage.objects.exists()


def test_nobody_signed_in_is_sent_to_sign_in(client: Client, ticket: Ticket) -> None:
    assert reverse("account_login") in client.post(address_of(ticket)).headers["Location"]


def test_a_quoted_mail_shows_its_own_images(desk: Client, queue: Queue) -> None:
    mail = customer_mail(
        html='<p><img src="cid:foto@post.example"></p>',
        files=(stored_file(content_id="foto@post.example", is_inline=True, content_type="image/png"),),
    )
    ticket = make_ticket(queue, article=mail)
    assert "data-attachment" in desk.get(address_of(ticket)).content.decode()


def test_the_address_book_is_searched_and_fills_the_fields_without_script(
    desk: Client, ticket: Ticket, other_queue: Queue
) -> None:
    page = desk.post(address_of(ticket), filled_in(ticket, book="karin", find_in_book="1")).content.decode()
    assert 'name="book_cc" value="Karin Klant &lt;karin@post.example&gt;"' in page
    assert "Dat gaat zo." in page
    added = filled_in(
        ticket, cc="An <an@post.example>", book="karin", book_cc="Karin Klant <karin@post.example>"
    )
    page = desk.post(address_of(ticket), added).content.decode()
    assert 'name="cc" value="An &lt;an@post.example&gt;, Karin Klant &lt;karin@post.example&gt;"' in page
    assert not OutboundMessage.objects.exists()


def test_the_address_book_has_nobody_whose_tickets_one_may_not_see(
    desk: Client, ticket: Ticket, other_queue: Queue
) -> None:
    make_ticket(other_queue, customer=make_customer("vera@elders.example"))
    lines = desk.get(reverse("desk:book"), {"q": "vera"}).content.decode()
    assert "Er is niemand gevonden" in lines
    assert (
        "vera@elders.example" in desk.get(reverse("desk:book"), {"q": "vera@elders.example"}).content.decode()
    )
    assert desk.get(reverse("desk:book"), {"q": ""}).content.decode().strip() == ""
