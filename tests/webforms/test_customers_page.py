"""The customer's own page: what the bare link shows, what a code opens, and whose words are on it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Agent, Customer
from outbox.models import OutboundMessage
from queues.models import Queue
from tests.factories import customer_mail, make_ticket, stored_file
from tests.tickets.actions.merged import merge
from tests.webforms.customers import KARIN, answered, code_in, mailed, opened, page_of, said, send
from tests.webforms.visiting import filled, make_form
from tests.webforms.visiting import send as sent
from tickets.customer_link import PATH, address_of_page, read_token
from tickets.models import PENDING_TYPES, Article, StateType, Ticket
from tickets.states import state_by_key
from webforms.customer import limits
from webforms.customer.visit import OPEN_FOR
from webforms.models import PageCode

pytestmark = pytest.mark.django_db

SECRET = "kanarie"


@pytest.fixture
def question(queue: Queue, customer: Customer) -> Ticket:
    mail = customer_mail(subject="Tent lenen", text="Mag dat?", files=(stored_file(b"plan"),))
    ticket = make_ticket(queue, customer=customer, article=mail)
    Article.objects.update(created=timezone.now())
    return ticket


def enter(ticket: Ticket, key: str) -> None:
    state, now = state_by_key(key), timezone.now()
    is_closed, waits = state.type == StateType.CLOSED, state.type in PENDING_TYPES
    Ticket.objects.filter(pk=ticket.pk).update(
        state=state,
        state_type=state.type,
        closed_at=now if is_closed else None,
        pending_until=now + timedelta(days=3) if waits else None,
    )


def test_the_bare_link_shows_number_and_state_and_nothing_happens_by_looking(
    client: Client, question: Ticket, owner: Agent
) -> None:
    answered(question, owner, html=f"<p>{SECRET}</p>")
    page = page_of(question)
    for state, words in (
        ("new", "ontvangen"),
        ("open", "in behandeling"),
        ("pending_auto_close_success", "beantwoord"),
        ("closed_successful", "gesloten"),
    ):
        enter(question, state)
        shown = client.get(page)
        assert (shown.status_code, words in said(shown), question.number in said(shown)) == (200, True, True)
        for hidden in ("Tent lenen", "Mag dat", SECRET, KARIN, "Karin", "Owner", "Spel"):
            assert hidden not in said(shown)
    enter(question, "pending_reminder")
    assert "wacht op jou tot" in said(client.get(page))
    assert not client.cookies
    assert (mailed()[1:], PageCode.objects.count()) == ([], 0)
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in shown.headers["X-Robots-Tag"]
    assert "no-store" in shown.headers["Cache-Control"]


def test_a_code_by_mail_opens_it_to_this_browser_for_thirty_days(client: Client, question: Ticket) -> None:
    page = page_of(question)
    assert client.post(f"{page}code/").status_code == 302
    ((to, text),) = mailed()
    code = code_in(text)
    assert (to, "Tent lenen" in text, "Mag dat" in text) == (KARIN, False, False)
    assert code.replace(" ", "") not in str(PageCode.objects.values())
    wrong = client.post(f"{page}open/", {"code": "000000" if code != "000 000" else "000001"})
    assert (wrong.status_code, "Deze code klopt niet" in said(wrong)) == (422, True)
    right = client.post(f"{page}open/", {"code": code})
    (cookie,) = right.cookies.values()
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/{PATH}", True, "Lax")
    assert (cookie["max-age"], KARIN in cookie.value) == (OPEN_FOR.total_seconds(), False)
    shown = client.get(right.headers["Location"])
    assert ("Mag dat?" in said(shown), "Tent lenen" in said(shown)) == (True, True)
    assert client.post(f"{page}open/", {"code": code}).status_code == 422  # it is spent
    assert "Mag dat?" not in said(Client().get(page))
    other = page_of(make_ticket(question.queue, article=customer_mail(text=SECRET)))
    Article.objects.update(created=timezone.now())
    cookie_of_other = client.cookies[cookie.key]
    client.cookies[f"kvv_vraag_{'0' * 16}"] = cookie_of_other.value
    assert SECRET not in said(client.get(other))


def test_five_tries_three_codes_an_hour_and_a_quarter_of_an_hour(
    client: Client, question: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(question)
    client.post(f"{page}code/")
    code = code_in(mailed()[-1][1])
    for typed in ("", "12", "٣٣٣٣٣٣", "a\0bcde", "9" * 300):  # none of these is a try
        assert client.post(f"{page}open/", {"code": typed}).status_code == 422
    PageCode.objects.update(expires=timezone.now())
    assert client.post(f"{page}open/", {"code": code}).status_code == 422
    client.post(f"{page}code/")
    code = code_in(mailed()[-1][1])
    for number in range(5):
        wrong = f"{(int(code.replace(' ', '')) + number + 1) % 1_000_000:06}"
        assert client.post(f"{page}open/", {"code": wrong}).status_code == 422
    assert client.post(f"{page}open/", {"code": code}).status_code == 422
    assert client.post(f"{page}code/").status_code == 302
    too_many = client.post(f"{page}code/")
    assert (too_many.status_code, "vaak genoeg" in said(too_many), len(mailed())) == (429, True, 3)
    later = timezone.now() + timedelta(hours=1, minutes=1)
    monkeypatch.setattr("webforms.customer.acts.timezone.now", lambda: later)
    assert client.post(f"{page}code/").status_code == 302


def test_one_network_asks_for_no_more_than_so_many_codes(
    client: Client, question: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "NETWORK", replace(limits.NETWORK, free=2))
    pages = [page_of(question, f"klant{number}@post.example") for number in range(3)]
    assert [client.post(f"{page}code/").status_code for page in pages] == [302, 302, 429]
    assert client.post(f"{pages[2]}code/", REMOTE_ADDR="203.0.113.9").status_code == 302


def test_a_queue_may_let_the_link_be_enough_but_not_for_an_agent_who_follows_it(
    client: Client, question: Ticket, owner: Agent
) -> None:
    Queue.objects.update(link_suffices=True)
    page = page_of(question)
    assert "Mag dat?" in said(client.get(page))
    client.force_login(owner)
    assert "Mag dat?" not in said(client.get(page))
    assert send(client, page, close="1").status_code == 404


def test_only_what_this_address_wrote_or_got_is_there_and_only_once_it_leaves(
    question: Ticket, owner: Agent, colleague: Agent
) -> None:
    """To others of the same ticket, internal, not sent yet, taken back: none of it; nor its files."""
    karin = opened(page_of(question))
    waiting = answered(question, owner, html="<p>Dat mag wel.</p>", state=OutboundMessage.QUEUED)
    assert "Dat mag wel." not in said(karin.get(page_of(question)))
    for state in (OutboundMessage.CLAIMED, OutboundMessage.CANCELLED, OutboundMessage.HELD):
        OutboundMessage.objects.filter(message_id=waiting.message_id).update(state=state)
        assert "Dat mag wel." not in said(karin.get(page_of(question)))
    OutboundMessage.objects.filter(message_id=waiting.message_id).update(state=OutboundMessage.SENDING)
    others = answered(question, owner, html=f"<p>{SECRET} 1</p>", to=("Els <els@post.example>",))
    copied = answered(
        question, owner, html="<p>Ook aan jou.</p>", to=("els@post.example",), cc=("KARIN@Post.example",)
    )
    els = "els@post.example"
    hidden = customer_mail(text=f"{SECRET} 2", is_visible=False, files=(stored_file(),))
    by_els = customer_mail(text=f"{SECRET} 3", from_address=els, from_header=els)
    note = customer_mail(text=f"{SECRET} 4", channel="note", direction="internal", sender_type="agent")
    for article in (hidden, by_els, note):
        made = make_ticket(question.queue, article=article).articles.get()
        Article.objects.filter(pk=made.pk).update(ticket=question)
    shown = said(karin.get(page_of(question)))
    assert [words in shown for words in ("Dat mag wel.", "Ook aan jou.", "Mag dat?")] == [True] * 3
    assert SECRET not in shown
    (own,) = question.articles.order_by("pk")[0].attachments.all()
    theirs = Article.objects.get(text=f"{SECRET} 2").attachments.get()
    page = page_of(question)
    got = karin.get(f"{page}bestand/{own.pk}/")
    assert b"".join(got.streaming_content) == b"plan"  # type: ignore[attr-defined]  # a stream
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert "no-store" in got.headers["Cache-Control"]
    assert karin.get(f"{page}bestand/{theirs.pk}/").status_code == 404
    assert Client().get(f"{page}bestand/{own.pk}/").status_code == 404
    seen = said(opened(page_of(question, els)).get(page_of(question, els)))
    assert ("Mag dat?" in seen, f"{SECRET} 1" in seen, "Ook aan jou." in seen) == (False, True, True)
    assert (others.ticket, copied.ticket) == (question, question)


def test_what_an_answer_quotes_is_folded_though_a_link_stands_in_it(queue: Queue, owner: Agent) -> None:
    """Also a form's copy, which is a table where it is quoted."""
    Queue.objects.update(links_answers=True)
    sent(make_form(queue), filled(f_mail=KARIN))
    ticket = Ticket.objects.select_related("queue__sender").get()
    page = page_of(ticket)
    copy = ticket.articles.get().html
    quoted = f'<p>Femke schreef:</p><blockquote type="cite">{copy}</blockquote>'
    answered(ticket, owner, html=f"<p>Zo gaat dat.</p>{quoted}", to=(KARIN,))
    shown = said(opened(page).get(page))
    answer = shown[shown.index("Zo gaat dat.") :]
    assert answer.index(page) < answer.index("<summary>") < answer.index("Onderwerp | Gastlid op kamp")


@pytest.mark.parametrize(
    ("called", "name"), [("first_name", "Owner"), ("full_name", "Owner Jansen"), ("queue", "Spel")]
)
def test_agents_are_called_as_their_queue_wants(
    question: Ticket, owner: Agent, called: str, name: str
) -> None:
    Agent.objects.filter(pk=owner.pk).update(last_name="Jansen")
    Queue.objects.update(agents_called=called)
    answered(question, owner)
    shown = said(opened(page_of(question)).get(page_of(question)))
    assert f"<b>{name}</b>" in shown
    assert ("Jansen" in shown) == (called == "full_name")


def test_a_merged_ticket_s_link_leads_to_where_its_articles_are(
    question: Ticket, owner: Agent, queue: Queue, customer: Customer
) -> None:
    page, main = page_of(question), make_ticket(queue, customer=customer)
    karin = opened(page)
    Article.objects.filter(ticket=main).update(created=timezone.now())
    merge(owner, question, main)
    shown = said(karin.get(page))
    assert (main.number in shown, "Mag dat?" in shown, "Hoe gaat dat?" in shown) == (True, True, True)


def test_what_is_no_link_is_one_page_that_says_what_to_do(
    client: Client, question: Ticket, other_queue: Queue
) -> None:
    page = page_of(question)
    other = page_of(make_ticket(other_queue))
    words, _dot, _signature = page.rstrip("/").rpartition(".")
    forged = [f"{words}.{other.rstrip('/').rpartition('.')[2]}/", f"{page[:-5]}/", f"/{PATH}niets/"]
    answers = [client.get(address) for address in (*forged, other)]
    assert {answer.status_code for answer in answers[:-1]} == {404}
    assert len({answer.content for answer in answers[:-1]}) == 1
    assert "Open hem nog eens" in said(answers[0])
    for what in ("code", "open", "nieuwe-link", "schrijf", "opnieuw", "oordeel"):
        assert client.get(f"{page}{what}/").headers["Location"] == page
        assert client.post(f"{forged[0]}{what}/").status_code == 404
        from_elsewhere = client.post(f"{page}{what}/", headers={"Sec-Fetch-Site": "cross-site"})
        assert from_elsewhere.status_code == 403
    strict = Client(enforce_csrf_checks=True)  # a browser that tells no page where it comes from
    assert strict.post(f"{page}code/", headers={"Origin": "null"}).status_code == 302
    OutboundMessage.objects.all().delete()
    for what in ("schrijf", "opnieuw", "oordeel"):  # a browser that no code has opened
        assert client.post(f"{page}{what}/", {"text": SECRET}).status_code == 404
    assert (mailed(), Article.objects.filter(text=SECRET).count()) == ([], 0)


def test_a_link_that_is_too_old_says_so_and_a_new_one_is_mailed(client: Client, question: Ticket) -> None:
    page = page_of(question)
    Article.objects.update(created=timezone.now() - timedelta(days=91))
    shown = client.get(page)
    assert (shown.status_code, question.number in said(shown)) == (410, False)
    assert "te oud" in said(shown)
    assert client.post(f"{page}code/").status_code == 410
    renewed = [client.post(f"{page}nieuwe-link/").status_code for _time in range(4)]
    assert renewed == [200, 200, 200, 429]
    to, text = mailed()[0]
    (address,) = [line for line in text.splitlines() if "mijn-vraag" in line]
    token = address.rstrip("/").rpartition("/")[2]
    assert (to, client.get(f"/{PATH}{token}/").status_code) == (KARIN, 200)
    assert read_token(token, now=timezone.now() + timedelta(days=89)).ticket == question
    assert address_of_page(ticket=question, address=KARIN).rpartition("/mijn")[2] != address


def test_the_page_asks_the_same_of_the_database_for_two_articles_and_for_twenty(
    question: Ticket, owner: Agent
) -> None:
    page = page_of(question)
    karin = opened(page)
    answered(question, owner)
    karin.get(page)  # from here on the process knows how pages look
    counts = []
    for more in (0, 18):
        for _number in range(more):
            mail = customer_mail(files=(stored_file(),))
            made = make_ticket(question.queue, article=mail).articles.get()
            Article.objects.filter(pk=made.pk).update(ticket=question)
        with CaptureQueriesContext(connection) as asked:
            karin.get(page)
        counts.append(len(asked))
    assert counts == [7, 7]
