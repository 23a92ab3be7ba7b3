"""A stranger learns nothing: foreign ids of every kind, also combined wrongly, in addresses and in forms.

What may not be seen answers like what is not there, byte for byte; or it is passed over.
"""

import uuid
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent, Customer
from blobs.store import read_bytes, store_bytes
from desk.dashboard.boxes import BOXES
from desk.dashboard.tickets import Tab, TicketBox, list_address, show_of
from outbox.models import OutboundMessage
from queues.models import Queue, QueueSubscription
from tests.desk.reading import untokened
from tests.factories import customer_mail, make_ticket, stored_file
from tests.house.hidden import SECRET, Hidden, hide
from tests.house.screens import PRESSES, SCREENS, address_of
from tickets.access import find_article, find_attachment
from tickets.models import Article, Attachment, Event, Ticket, TicketWatcher, Upload
from tickets.queries.counted import CustomerCounts
from tickets.queries.zoom import newest_event
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db

MISSING = 999_999_999
NOWHERE = "2013070410000731"
NO_WORD = "nergensgezegd"
CUSTOMERS_PAGES = ("customer_page", "edit_customer", "merge_customer")
ABOUT_TICKETS = [name for name, row in SCREENS.items() if row.get.stranger == 404]


@pytest.fixture
def hidden(other_queue: Queue, customer: Customer, stranger: Agent) -> Hidden:
    return hide(queue=other_queue, known=customer, agent=stranger)


@pytest.fixture
def mine(queue: Queue, customer: Customer, hidden: Hidden) -> Ticket:
    """A ticket that the owner may see, newer than all that is hidden."""
    mail = customer_mail(html="<p>Hallo</p>", files=(stored_file(),), raw=store_bytes(b"Subject: Hallo"))
    return make_ticket(queue, customer=customer, article=mail)


@pytest.fixture
def desk(client: Client, owner: Agent) -> Client:
    client.force_login(owner)
    return client


def parts(ticket: Ticket) -> dict[str, Any]:
    article = ticket.articles.order_by("pk")[0]
    return {
        "number": ticket.number,
        "article_id": article.pk,
        "attachment_id": article.attachments.order_by("pk")[0].pk,
    }


def foreign_addresses(mine: Ticket, hidden: Hidden) -> list[tuple[str, str]]:
    """Each hidden address beside one of the same shape that leads nowhere."""
    own, theirs = parts(mine), parts(hidden.ticket)
    nowhere = {"number": NOWHERE, "article_id": MISSING, "attachment_id": MISSING}

    def both(name: str, **used: str) -> tuple[str, str]:
        """`used`: which id of the address comes from whom."""
        sources = {"own": own, "theirs": theirs}
        existing = {key: sources[source][key] for key, source in used.items()}
        lost = {key: nowhere[key] if source == "theirs" else own[key] for key, source in used.items()}
        return reverse(f"desk:{name}", kwargs=existing), reverse(f"desk:{name}", kwargs=lost)

    about_ticket = ("zoom", "history", "paper", "earlier")
    frames = ("article_frame", "active_frame", "source")
    return [
        *[both(name, number="theirs") for name in about_ticket],
        *[_screen(name, hidden.ticket) for name in ABOUT_TICKETS],
        *[both(name, number="own", article_id="theirs") for name in frames],
        *[both(name, number="theirs", article_id="theirs") for name in frames],
        *[both(name, number="theirs", article_id="own") for name in frames],
        both("keep_answer", number="theirs", article_id="theirs"),
        both("earlier_text", number="theirs", article_id="theirs"),
        both("earlier_text", number="own", article_id="theirs"),
        *[_text("antwoord", mine, hidden.template.pk), _text("antwoord", hidden.ticket, hidden.template.pk)],
        both("attachment", number="own", attachment_id="theirs"),
        both("attachment", number="theirs", attachment_id="theirs"),
        both("attachment", number="theirs", attachment_id="own"),
        _one("queue", hidden.queue.pk),
        *[_one("upload", upload.pk) for upload in hidden.uploads],
        *[_one("customer_tickets", hidden.customer.pk, which) for which in ("open", "gesloten")],
        *[_one(name, hidden.customer.pk) for name in CUSTOMERS_PAGES],
    ]


def _one(name: str, theirs: int, *more: str) -> tuple[str, str]:
    return reverse(f"desk:{name}", args=[theirs, *more]), reverse(f"desk:{name}", args=[MISSING, *more])


def _text(screen: str, ticket: Ticket, theirs: int) -> tuple[str, str]:
    there, missing = (reverse("desk:text", args=[ticket.number, screen, pk]) for pk in (theirs, MISSING))
    return there, missing


def _screen(name: str, theirs: Ticket) -> tuple[str, str]:
    """The address of a screen or a press."""
    return address_of(name, theirs), address_of(name, Ticket(number=NOWHERE))


def _posted(theirs: Ticket) -> list[tuple[str, str]]:
    """What takes a POST about a ticket, beside what leads nowhere."""
    named = [("take", "antwoord"), ("cancel",), ("not_useful", NOWHERE)]
    pairs = [
        (reverse(f"desk:{name}", args=[theirs.number, *more]), reverse(f"desk:{name}", args=[NOWHERE, *more]))
        for name, *more in named
    ]
    return [*pairs, *[_screen(name, theirs) for name in (*PRESSES, *ABOUT_TICKETS)]]


def _same_each_time(answer: HttpResponse) -> dict[str, str]:
    """The headers, without the name that each request has for itself."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


@pytest.mark.parametrize("method", ["get", "head"])
def test_what_is_hidden_answers_like_what_is_not_there_byte_for_byte(
    desk: Client, mine: Ticket, hidden: Hidden, method: str
) -> None:
    for theirs, nowhere in foreign_addresses(mine, hidden):
        hidden_answer, missing = getattr(desk, method)(theirs), getattr(desk, method)(nowhere)
        assert (hidden_answer.status_code, missing.status_code) == (404, 404), theirs
        assert untokened(hidden_answer) == untokened(missing), theirs
        assert _same_each_time(hidden_answer) == _same_each_time(missing), theirs


def test_the_same_addresses_open_for_those_who_may(client: Client, stranger: Agent, hidden: Hidden) -> None:
    """The control: with the right, the word is there to be found."""
    client.force_login(stranger)
    theirs = parts(hidden.ticket)
    zoom = client.get(reverse("desk:zoom", args=[theirs["number"]]))
    assert SECRET in zoom.content.decode()
    file = client.get(reverse("desk:attachment", args=[theirs["number"], theirs["attachment_id"]]))
    assert b"".join(file) == SECRET.encode()


def test_a_post_to_what_is_hidden_answers_like_one_to_what_is_not_there(
    desk: Client, mine: Ticket, hidden: Hidden
) -> None:
    before = Article.objects.count()
    for theirs, nowhere in _posted(hidden.ticket):
        there, missing = desk.post(theirs, answer(mine)), desk.post(nowhere, answer(mine))
        assert (there.status_code, untokened(there)) == (404, untokened(missing)), theirs
    hidden.ticket.refresh_from_db()
    assert (hidden.ticket.locked, hidden.ticket.owner, Article.objects.count()) == (False, None, before)


def answer(ticket: Ticket, **changes: object) -> dict[str, object]:
    newest = ticket.articles.latest("pk").pk
    values: dict[str, object] = {
        "submission": str(uuid.uuid4()),
        "seen_event": newest_event(ticket).event,
        "answered": newest,
        "rich": "1",
        "html": "<p>Dat gaat zo.</p>",
        "to": "karin@post.example",
        "subject": "Re: Vraag",
        "kind": "external",
        "state": state_by_key("open").pk,
    }
    return values | changes


def sent() -> bytes:
    return b"".join(read_bytes(mail.mime_id) for mail in OutboundMessage.objects.all())


def test_ids_of_others_in_an_answer_are_passed_over(desk: Client, mine: Ticket, hidden: Hidden) -> None:
    """Its text names their file and image, and it answers their mail; with their form's id it is refused."""
    image = hidden.article.attachments.get(is_inline=True)
    html = (
        f'<p>Zo.</p><img data-attachment="{image.pk}" src="/x"><img data-attachment="{hidden.attachment.pk}">'
        f'<img data-upload="{hidden.uploads[1].pk}"><img src="cid:foto@post.example">'
    )
    form = answer(mine, html=html, answered=hidden.article.pk)
    address, theirs = reverse("desk:reply", args=[mine.number]), str(hidden.uploads[0].draft.submission)
    refused = desk.post(address, form | {"submission": theirs})
    assert (refused.status_code, SECRET in refused.content.decode(), sent()) == (422, False, b"")
    assert desk.post(address, form).status_code == 302
    made = mine.articles.latest("pk")
    assert (made.attachments.count(), made.references) == (0, "")
    assert hidden.article.message_id.encode() not in sent()
    assert SECRET.encode() not in sent()
    assert b"PNG" not in sent()
    assert Upload.objects.count() == 2  # theirs are still there


def test_a_foreign_standard_answer_or_mail_gives_no_text(desk: Client, mine: Ticket, hidden: Hidden) -> None:
    address = reverse("desk:reply", args=[mine.number])
    pages = [
        desk.get(address, {"template": hidden.template.pk, "article": hidden.article.pk, "all": 1}),
        desk.post(address, answer(mine, template=hidden.template.pk)),
        desk.post(
            address,
            answer(mine, template=hidden.template.pk, answered=hidden.article.pk, choose_template="1"),
        ),
    ]
    assert [page.status_code for page in pages] == [200, 422, 200]
    assert [SECRET in page.content.decode() for page in pages] == [False] * 3
    zoom = desk.get(
        reverse("desk:zoom", args=[mine.number]), {"article": hidden.article.pk, "active": hidden.article.pk}
    )
    assert SECRET not in zoom.content.decode()


def test_a_newer_mail_in_another_ticket_is_not_shown_with_a_refusal(
    desk: Client, mine: Ticket, hidden: Hidden
) -> None:
    """An answer that claims to have seen nothing is shown what is new in its own ticket, and nothing else."""
    page = desk.post(reverse("desk:reply", args=[mine.number]), answer(mine, seen_event="", anyway=""))
    assert page.status_code == 422
    assert "Hoe gaat dat?" in page.content.decode()
    assert SECRET not in page.content.decode()


def test_a_queue_or_colleague_that_one_may_not_choose_is_refused(
    desk: Client, mine: Ticket, hidden: Hidden, stranger: Agent
) -> None:
    address = reverse("desk:move", args=[mine.number])
    for chosen in ({"queue": hidden.queue.pk}, {"queue": mine.queue_id, "new_owner": stranger.pk}):
        page = desk.post(address, answer(mine, state="", **chosen))
        assert page.status_code == 422
        assert hidden.queue.name not in page.content.decode()
        assert str(stranger) not in page.content.decode()
    mine.refresh_from_db()
    assert mine.queue.name == "Spel"


def test_another_agents_form_gives_nothing_and_takes_nothing(
    desk: Client, mine: Ticket, hidden: Hidden
) -> None:
    """Not even by its identity, which nobody can guess."""
    done = Event.objects.get(ticket=hidden.ticket, submission__isnull=False)
    for name in SCREENS:
        page = desk.post(address_of(name, mine), answer(mine, submission=str(done.submission)))
        assert page.status_code == 400
    form = str(hidden.uploads[0].draft.submission)
    uploads = reverse("desk:reply_files", args=[mine.number])
    for address in (uploads, reverse("desk:remove_upload", args=[hidden.uploads[0].pk])):
        page = desk.post(address, {"submission": form, "remove_upload": hidden.uploads[0].pk})
        assert (page.status_code, SECRET in page.content.decode()) == (200, False)
    assert mine.articles.count() == 1
    assert Upload.objects.count() == 2


def test_another_ticket_that_a_form_names_out_of_sight_answers_like_none(
    desk: Client, mine: Ticket, hidden: Hidden
) -> None:
    """To be linked or merged with: by its number, or by words of its title."""
    form = {"submission": str(uuid.uuid4()), "kind": "normal"}
    for theirs, nowhere in ((hidden.ticket.number, NOWHERE), (SECRET, NO_WORD)):
        for screen, field, press in product(("link", "merge"), ("ticket", "chosen"), ("look", "send")):
            there, missing = (
                desk.post(address_of(screen, mine), {**form, field: typed, press: "1"})
                for typed in (theirs, nowhere)
            )
            assert there.status_code == missing.status_code == (200 if press == "look" else 422)
            shown = untokened(there).replace(theirs.encode(), nowhere.encode())
            assert shown == untokened(missing), (screen, field, press)


def test_a_customer_who_is_looked_for_out_of_sight_answers_like_nobody(desk: Client, hidden: Hidden) -> None:
    """By a part of their address, as the whole of it is known to who types it; and by their id."""

    def answers(word: str, pk: int) -> list[bytes]:
        chosen = {"customer": word, "customer_for": word, "customer_id": str(pk)}
        asked = (
            ("complete", {"q": word}),
            ("complete", {"q": word, "for": "mail", "new": "name"}),
            ("book", {"q": word}),
            ("customers", {"q": word}),
            ("who", chosen),
        )
        pages = [untokened(desk.get(reverse(f"desk:{name}"), query)) for name, query in asked]
        return [page.replace(word.encode(), b"") for page in pages]

    assert answers(SECRET, hidden.customer.pk) == answers(NO_WORD, MISSING)


def test_my_queues_are_queues_that_i_may_see(desk: Client, owner: Agent, hidden: Hidden) -> None:
    page = desk.post(reverse("desk:keep_queues"), {"queues": [hidden.queue.pk]})
    assert page.status_code == 422
    assert hidden.queue.name not in page.content.decode()


def test_no_count_includes_what_may_not_be_seen(
    desk: Client, owner: Agent, mine: Ticket, hidden: Hidden, customer: Customer
) -> None:
    """Not even tickets that the agent owned and locked when they still could see them."""
    Ticket.objects.filter(pk=hidden.shared.pk).update(
        owner=owner, locked=True, locked_at=hidden.shared.created
    )
    TicketWatcher.objects.create(ticket=hidden.shared, agent=owner)
    zoom = desk.get(reverse("desk:zoom", args=[mine.number]))
    assert zoom.context["counts"] == CustomerCounts(open=1, closed=0)
    assert (zoom.context["counters"].locked, zoom.context["counters"].owned) == (0, 0)
    for path in (
        "/wachtrijen/",
        "/status/open/",
        "/status/gesloten/",
        "/mijn/vergrendeld/",
        "/mijn/eigenaar/",
        "/mijn/gevraagd/",
        "/mijn/gevolgd/",
    ):
        page = desk.get(path)
        assert SECRET not in page.content.decode()
        assert hidden.queue.name not in page.content.decode()
        assert {str(segment.count) for segment in page.context["listing"].segments} <= {"0", "1"}
    for which, count in (("open", 1), ("gesloten", 0)):
        page = desk.get(reverse("desk:customer_tickets", args=[customer.pk, which]))
        assert page.context["listing"].total == len(page.context["listing"].rows) == count


def test_a_moved_tickets_history_names_the_queue_it_came_from_and_leads_nowhere(
    desk: Client, client: Client, mine: Ticket, hidden: Hidden, owner: Agent
) -> None:
    """As in OTRS: who may read a ticket reads all of its own story. A name is all there is, no link."""
    here = {"id": mine.queue_id, "label": mine.queue.name}
    hidden_queue = {"id": hidden.queue.pk, "label": hidden.queue.name}
    old = {"id": hidden.ticket.pk, "label": hidden.ticket.number}
    changes = {"queue": [hidden_queue, here], "instead_of": [{"id": None, "label": ""}, old]}
    mine.events.create(kind="moved", actor_kind="agent", agent=owner, at=mine.created, changes=changes)
    page = desk.get(reverse("desk:history", args=[mine.number])).content.decode()
    assert hidden.queue.name in page
    assert hidden.ticket.number in page
    assert reverse("desk:queue", args=[hidden.queue.pk]) not in page
    assert reverse("desk:zoom", args=[hidden.ticket.number]) not in page
    assert SECRET not in page


def test_the_dashboard_of_who_may_not_see_it_says_nothing_of_it(
    desk: Client, mine: Ticket, hidden: Hidden, owner: Agent
) -> None:
    """Not even of tickets that are theirs, in a queue that was once theirs to watch."""
    QueueSubscription.objects.create(agent=owner, queue=hidden.queue)
    moment = timezone.now() - timedelta(hours=1)
    waits = state_by_key("pending_reminder")
    theirs = Ticket.objects.filter(queue=hidden.queue, closed_at=None)
    theirs.update(owner=owner, locked=True, escalates_at=moment, first_response_due=moment)
    Ticket.objects.filter(pk=hidden.shared.pk).update(
        state=waits, state_type=waits.type, pending_until=moment
    )
    tabs = [(box, tab) for box in BOXES if isinstance(box, TicketBox) for tab in Tab]
    for asked in [*(f"/?show={show_of(*tab)}" for tab in tabs), *(list_address(*tab) for tab in tabs)]:
        page = desk.get(asked).content.decode()
        assert SECRET not in page, asked
        assert hidden.ticket.number not in page, asked
    assert "(0)" in desk.get("/?show=herinnering:alle").content.decode()
    theirs.update(escalates_at=timezone.now() + timedelta(hours=1))
    assert SECRET not in desk.get(reverse("desk:dashboard_beside")).content.decode()


def test_the_doors_themselves_are_shut(mine: Ticket, hidden: Hidden) -> None:
    """An article and a file are looked for in a ticket that was found, never by themselves."""
    with pytest.raises(Article.DoesNotExist):
        find_article(ticket=mine, article_id=hidden.article.pk)
    with pytest.raises(Attachment.DoesNotExist):
        find_attachment(ticket=mine, attachment_id=hidden.attachment.pk)
