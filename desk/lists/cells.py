"""Cells that say the same in many rows of a list: made once for each thing that they say.

A template pays for every condition and every look-up, and a list has fifty rows of them.
"""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.words import PRIORITY_ICONS, icon
from tickets.models import Priority

NOTHING = mark_safe('<span class="none">–</span>')  # a constant


def row_classes(priority: int, ground: str = "", *, is_unread: bool) -> SafeString:
    """What the row's look follows from; `ground`: the class of a term that presses."""
    said = f"prio-{priority}", "is-unread" if is_unread else "", ground
    return SafeString(" ".join(filter(None, said)))


def unread_dot() -> SafeString:
    """The dot of a row that something came in of which its reader has not seen."""
    return format_html(
        '<span class="dot" title="{0}"><span class="visually-hidden">{0}</span></span>', _("unread")
    )


def marks(priority: int, files: int, *, is_undelivered: bool) -> SafeString:
    """What stands behind the sender: an answer that failed, a priority that is not the normal one, files."""
    said = []
    if is_undelivered:
        said.append(format_html('<span class="a-bad">{}{}</span>', icon("alert"), _("answer not delivered")))
    if priority in PRIORITY_ICONS:
        said.append(
            format_html(
                '<span class="prio prio--{}">{}<span class="visually-hidden">{}</span> '
                "<span>{}</span></span>",
                priority,
                icon(PRIORITY_ICONS[priority]),
                _("priority"),
                str(Priority(priority).label).partition(" ")[2],
            )
        )
    if files:
        words = ngettext("%(n)s attachment", "%(n)s attachments", files) % {"n": files}
        said.append(
            format_html(
                '<span class="clip" title="{0}">{1}<span aria-hidden="true">{2}</span>'
                '<span class="visually-hidden">{0}</span></span>',
                words,
                icon("clip"),
                files,
            )
        )
    return format_html_join(" ", "{}", ((mark,) for mark in said))


def age_cell(age: str, mark: str) -> SafeString:
    """How old it is, on the ground that its term gives it."""
    return format_html('<td class="c-age"><span class="age {}">{}</span></td>', mark, age)


def when_cell(when: str) -> SafeString:
    """When it was closed."""
    return format_html('<td class="c-when">{}</td>', when)


def state_cell(state: str, mark: str, title: str, term: str = "", *, got_mail: bool) -> SafeString:
    """The state with its shape, and the term that presses; `title` says what for where it is too short."""
    said = format_html('<span class="state {}">{}</span>', mark, state)
    if title:
        said = format_html(
            '<span class="state {0}" title="{1}">{2} <span class="visually-hidden">({1})</span></span>',
            mark,
            title,
            state,
        )
    more = format_html('<span class="sub">{}</span>', _("new mail")) if got_mail else ""
    return format_html('<td class="c-state">{}{}{}</td>', said, term, more)


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


def queue_cell(queue: str) -> SafeString:
    """Where it is."""
    return format_html('<td class="c-queue">{}</td>', queue)


def customer_cell(address: str, customer: str, code: str) -> SafeString:
    """Who asks, by code or name, which leads to all tickets of theirs; '' where nobody is known."""
    if not customer:
        return format_html('<td class="c-cust">{}</td>', NOTHING)
    return format_html('<td class="c-cust"><a href="{}" title="{}">{}</a></td>', address, code, customer)
