"""Cells that say the same in many rows of a list: made once for each thing that they say.

A template pays for every condition and every look-up, and a list has fifty rows of them.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from desk.words import icon

NOTHING = mark_safe('<span class="none">–</span>')  # a constant


def tick_cell(tick: str) -> SafeString:
    """The box of a row."""
    return format_html('<td class="c-pick">{}</td>', tick)


def age_cell(age: str, mark: str) -> SafeString:
    """How old it is, on the ground that its term gives it."""
    return format_html('<td class="c-age"><span class="age {}">{}</span></td>', mark, age)


def when_cell(when: str) -> SafeString:
    """When it was closed."""
    return format_html('<td class="c-when">{}</td>', when)


def state_cell(state: str, mark: str, title: str, *, got_mail: bool) -> SafeString:
    """The state with its shape; `title` says what for where the state is too short for it."""
    said = format_html('<span class="state {}">{}</span>', mark, state)
    if title:
        said = format_html(
            '<span class="state {0}" title="{1}">{2} <span class="visually-hidden">({1})</span></span>',
            mark,
            title,
            state,
        )
    more = format_html('<span class="sub">{}</span>', _("new mail")) if got_mail else ""
    return format_html('<td class="c-state">{}{}</td>', said, more)


def lock_cell(lock: str, *, is_mine: bool) -> SafeString:
    """Who holds it; '' where nobody does."""
    if not lock:
        free = _("not locked")
        return format_html('<td class="c-lock"><span class="visually-hidden">{}</span></td>', free)
    return format_html(
        '<td class="c-lock"><span class="lock lock--on{0}" title="{1}">{2}'
        '<span class="visually-hidden">{1}</span></span></td>',
        " lock--mine" if is_mine else "",
        lock,
        icon("lock"),
    )


def owner_cell(owner: str) -> SafeString:
    """Whose it is."""
    return format_html('<td class="c-owner">{}</td>', owner or NOTHING)
