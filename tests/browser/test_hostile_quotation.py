"""Whatever a mail says, it stays in its box: its quotation covers no control, its text no line."""

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Agent
from queues.models import Queue
from tests.browser.conftest import NARROW, WIDE, sign_in
from tests.factories import customer_mail, make_ticket
from tests.house.screens import address_of
from tickets.models import Article

pytestmark = [pytest.mark.browser, pytest.mark.committed, pytest.mark.django_db(transaction=True)]

WHITE = "background:#fff"
HOSTILE = "".join(
    [
        f'<div style="margin-top:-528px;margin-left:-27px;width:940px;height:142px;{WHITE}">Aan: x</div>',
        f'<div style="margin-bottom:-900px;height:600px;{WHITE}">over what comes next</div>',
        '<p style="line-height:1500px;margin-top:-1500px">tall</p>',
        '<p style="text-indent:-500px;letter-spacing:300px;width:3000px">wide apart</p>',
        f'<table style="margin:-400px;width:2000px;height:900px;{WHITE}"><tr><td>table</td></tr></table>',
        f'<div style="float:right;margin-top:-900px;width:1500px;height:1500px;{WHITE}">floats</div>',
        *(
            f'<span style="display:inline-block;vertical-align:{way};width:900px;height:900px">x</span>'
            for way in ("900px", "-900px")
        ),
        f'<blockquote style="margin:-700px;padding:700px;{WHITE}">quoted</blockquote>',
        '<p style="border:900px solid #fff;margin:-900px">border</p>',
    ]
)
# The controls that something foreign lies over, each by its words: foreign is what is not in the control.
COVERED = """() => [...document.querySelectorAll(
    'dialog :is(button, select, textarea, a, summary, input:not([type=hidden])), .editor__bar button'
)].filter(each => each.checkVisibility({ checkVisibilityCSS: true }) && !each.closest('.editor__area'))
  .filter(each => {
    each.scrollIntoView({ block: 'center' });
    const { left, top, width, height } = each.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    return width > 1 && there && !each.contains(there) && !there.closest('label')?.contains(each);
}).map(each => each.outerHTML.slice(0, 120))"""


def test_each_control_beside_a_hostile_quotation_can_be_pressed(
    context: BrowserContext, page: Page, owner: Agent, queue: Queue
) -> None:
    ticket = make_ticket(queue, article=customer_mail(html=HOSTILE))
    sign_in(context, owner)
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        page.goto(address_of("reply", ticket))
        area = page.locator("[contenteditable=true]")
        page.locator(".editor__tail summary").click()
        expect(area).to_contain_text("over what comes next", use_inner_text=True)
        assert page.evaluate(COVERED) == []


TOWER = "wwwwwwww" + "\u0300\u0301\u0302\u0303" * 15  # as many accents on one letter


LINES = [
    ("text", "pre.mailtext", ".mailhead dd:last-child"),
    ("from_header", ".mailhead dd", ".mailhead summary"),
    ("subject", ".article__head h2", ".interactions h2"),
]
"""What a mail says, where that is shown, and the line above it."""


def test_letters_of_a_mail_reach_no_line_above_it(
    context: BrowserContext, page: Page, owner: Agent, queue: Queue
) -> None:
    ticket = make_ticket(queue, article=customer_mail(to="x" * 60, text="x"))
    sign_in(context, owner)
    for field, shown, above in LINES:
        seen = []
        for words in ("x", TOWER):
            Article.objects.filter(ticket=ticket).update(**{field: words})
            page.goto(reverse("desk:zoom", args=[ticket.number]))
            page.locator(".mailhead summary").click()
            assert words in page.locator(shown).first.inner_text()
            seen.append(page.locator(above).first.screenshot())
        assert seen[0] == seen[1], field
        Article.objects.filter(ticket=ticket).update(**{field: "x"})
