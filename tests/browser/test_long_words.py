"""Words of strangers that have no end: no page gets wider by them, and nothing else is broken."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from accounts.models import Agent, Customer, Organisation, Preferences
from queues.models import Queue
from tests.browser.conftest import NARROW, NARROWEST, WIDE, sign_in
from tests.browser.test_screens import SQUEEZED, TOO_WIDE
from tests.factories import NOW, customer_mail, make_free_field, make_ticket, stored_file
from tests.house.screens import SCREENS, address_of
from tickets.actions.follow_up import add_follow_up
from tickets.actor import Actor
from tickets.free_values import Filled, Value
from tickets.models import Ticket
from tickets.states import state_by_key

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

ADDRESS = f"{'inschrijvingen' * 4}@{'vereniging' * 6}.example"
NAME = "Penningmeesterschapsoverdracht" * 4
URL = f"https://post.example/{'aanmeldingsformulier' * 5}"
WORD = "Kampeerterreinreserveringsbevestiging" * 5
FILE = f"{'aansprakelijkheidsverzekering' * 3}.pdf"
# What is not anybody's words, and stays on one line.
WHOLE = ".c-nr, .c-age .age, .a-nr, .a-time, .files__size, time, .act, .btn, dt, th, .page__nr, .state, .lock"
BROKEN = """whole => [...document.querySelectorAll(whole)].filter(each => {
    const range = document.createRange();
    const isWord = node => node.nodeType === 3 && /^\\s*\\S+\\s*$/.test(node.data);
    return [...each.childNodes].filter(isWord).some(node => {
        range.selectNodeContents(node);
        return new Set([...range.getClientRects()].map(line => Math.round(line.top))).size > 1;
    });
}).map(each => each.outerHTML.slice(0, 160))"""
# Letters of twice their size. With the setting of a browser the breaks move, too, so wide pages turn narrow.
LARGE = "document.documentElement.style.fontSize = '200%'"
# What stands beside the page, and in no box that scrolls it or says by dots that there is more.
OUTSIDE = """() => {
    const held = each => each && (getComputedStyle(each).overflowX !== 'visible' || held(each.parentElement));
    return [...document.querySelectorAll('header *, main *, dialog *')].filter(each => {
        const { left, right } = each.getBoundingClientRect();
        return (left < -1 || right > innerWidth + 1) && each.checkVisibility() && !held(each.parentElement);
    }).map(each => each.outerHTML.slice(0, 160));
}"""

FOLD = "document.querySelectorAll('details[data-open-wide]').forEach(box => { box.open = false; })"
LOOK = f"""whole => ({{
    'too wide': {TOO_WIDE}, outside: ({OUTSIDE})(), squeezed: {SQUEEZED}, broken: ({BROKEN})(whole)
}})"""


@pytest.fixture
def wordy(queue: Queue) -> Ticket:
    """A ticket of which each word that a stranger chose is a long one; we are late with it."""
    queue.first_response_minutes = 10
    queue.save(update_fields=["first_response_minutes"])
    customer = Customer.objects.create(
        code=ADDRESS,
        first_name=NAME,
        last_name=NAME,
        username=NAME,
        phone="0" * 50,
        organisation=Organisation.objects.create(name=WORD),
    )
    customer.addresses.create(address=ADDRESS)
    mail = customer_mail(
        subject=URL,
        from_header=f"{NAME} <{ADDRESS}>",
        from_address=ADDRESS,
        sender_name=NAME,
        to=f"{ADDRESS}, {NAME} <{ADDRESS}>",
        cc=ADDRESS,
        reply_to=f"elders{ADDRESS}",
        text=f"{URL} {WORD}",
        authentication="dmarc=fail",
        warning="unknown_sender",
        files=(stored_file(name=FILE), stored_file(name=f"kort {FILE}")),
    )
    ticket = make_ticket(queue, customer=customer, title=URL, article=mail, filled=wordy_fields())
    second = replace(mail, subject=WORD, message_id="tweede@post.example", sender_name="")
    add_follow_up(actor=Actor.mail(), ticket=ticket, article=second, now=NOW)
    make_ticket(
        queue, customer=customer, title=WORD, article=replace(second, message_id="ander@post.example")
    )
    make_ticket(queue, state=state_by_key("merged"))
    return ticket


def wordy_fields() -> Filled:
    """Words of an administrator, and what agents typed into their fields, on each form that asks for any."""
    values: dict[int, Value] = {}
    for kind in ("short", "long", "choice", "several"):
        name = f"{WORD[:60]} {WORD[:30]}"
        field = make_free_field(
            kind, WORD[:100], name_nl=name, help_nl=WORD, on_answer="shown", on_close="shown"
        )
        values[field.pk] = (field.choices.get().pk,) if field.has_choices else f"{WORD} {kind}"
    return Filled(values)


def screens(ticket: Ticket, *, reader: Agent) -> Iterator[str]:
    """The addresses of what shows such words; lists in the three ways in which they can be shown."""
    yield from (reverse("desk:home"), reverse("desk:status", args=["gesloten"]))
    for view in Preferences.View.values:
        Preferences.objects.update_or_create(agent=reader, defaults={"view": view})
        yield reverse("desk:queue", args=[ticket.queue_id])
        yield reverse("desk:customer_tickets", args=[ticket.customer_id, "open"])
    zoom = reverse("desk:zoom", args=[ticket.number])
    yield from (
        reverse("desk:customers"),
        zoom,
        f"{zoom}geschiedenis/",
        f"{zoom}afdrukken/",
        *(address_of(name, ticket) for name in SCREENS),
    )


def test_a_long_word_of_a_stranger_is_broken_and_nothing_else_is(
    context: BrowserContext, page: Page, owner: Agent, wordy: Ticket
) -> None:
    """Each screen is loaded once, wide; what has no room on a telephone is folded before it gets narrow."""
    sign_in(context, owner)
    faults: dict[str, object] = {}
    for number, path in enumerate(screens(wordy, reader=owner)):
        page.set_viewport_size(WIDE)
        page.goto(path)
        for size in (WIDE, NARROW, NARROWEST):
            if size == NARROW:
                page.evaluate(FOLD)
            page.set_viewport_size(size)
            seen = page.evaluate(LOOK, WHOLE)
            where = f"{number} {path} at {size['width']}"
            faults |= {f"{where} {fault}": what for fault, what in seen.items() if what}
        page.set_viewport_size(NARROW)
        page.evaluate(LARGE)
        faults |= {f"{path} in large letters": what for what in [page.evaluate(OUTSIDE)] if what}
    assert faults == {}
