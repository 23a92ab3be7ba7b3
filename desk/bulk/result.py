"""What came of a bulk action: ticket by ticket, as it comes."""

from dataclasses import dataclass
from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from desk.bulk.chosen import bulk_or_404
from desk.frame import AgentRequest, agent_required
from desk.writing.typed import read_number
from tickets.bulks import rows_of
from tickets.errors import NothingToChange
from tickets.history import sentences
from tickets.models import Bulk, BulkTicket, Ticket
from tickets.queries.others import ticket_named

LOOKS_MOST = 300
"""How often a page asks by itself; then something is wrong that asking does not mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A ticket: its number, and its title and address for who still sees it; what was done, or why not."""

    number: str
    title: str
    address: str
    done: str
    refusal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of it up to now. `looks`: how often the page has asked.

    `same`: to how many there was nothing to be done. `into` is what the tickets were merged into or linked
    to, for who still sees it.
    """

    lines: list[Line]
    done: int
    same: int
    refused: int
    waiting: int
    failed: int
    looks: int
    into: Ticket | None

    @property
    def heading(self) -> str:
        """'2 tickets changed, 1 as it was, 1 skipped'."""
        said = [ngettext("%(n)s ticket changed", "%(n)s tickets changed", self.done) % {"n": self.done}]
        if self.same:
            said.append(_("%(n)s as it was") % {"n": self.same})
        if self.refused:
            said.append(_("%(n)s skipped") % {"n": self.refused})
        return ", ".join(said)

    @property
    def goes_on(self) -> bool:
        """Whether the page asks again by itself."""
        return bool(self.waiting) and self.looks < LOOKS_MOST


@require_safe
@agent_required
def result(request: AgentRequest, bulk: UUID) -> HttpResponseBase:
    """The page, or for htmx its list; of one that was not sent yet its screen."""
    found = bulk_or_404(request, bulk)
    if found.asked is None:
        return redirect("desk:bulk", found.submission)
    looks = min(read_number(request.GET.get("looks")) or 0, LOOKS_MOST)
    shown = result_of(request, found, looks=looks)
    template = "desk/bulk/_result.html" if request.headers.get("HX-Request") else "desk/bulk/result.html"
    page = render(request, template, {"bulk": found, "result": shown, "next_look": looks + 1})
    patch_vary_headers(page, ["HX-Request"])
    return page


def result_of(request: AgentRequest, bulk: Bulk, *, looks: int) -> Result:
    """One statement, however many tickets, or two; what waits is only counted."""
    rows = rows_of(bulk)
    states = [row.state for row in rows]
    ended = [row for row in rows if row.state in (BulkTicket.DONE, BulkTicket.REFUSED, BulkTicket.FAILED)]
    same = [row for row in ended if _is_same(row)]
    return Result(
        lines=[_line(request, row) for row in ended],
        done=states.count(BulkTicket.DONE),
        same=len(same),
        refused=states.count(BulkTicket.REFUSED) - len(same),
        failed=states.count(BulkTicket.FAILED),
        waiting=len(rows) - len(ended),
        looks=looks,
        into=ticket_named(bulk.into, rights=request.rights) if bulk.together else None,
    )


def _line(request: AgentRequest, row: BulkTicket) -> Line:
    ticket = row.ticket
    is_visible = ticket.queue_id in request.rights.visible
    done = " · ".join(sentences(row.event)) if row.event else ""
    failed = _("It could not be done. An administrator is told.") if row.state == BulkTicket.FAILED else ""
    return Line(
        number=ticket.number,
        title=(ticket.title or _("(no subject)")) if is_visible else "",
        address=reverse("desk:zoom", args=[ticket.number]) if is_visible else "",
        done=done or _done_without_words(row),
        refusal=row.refusal or failed,
    )


def _is_same(row: BulkTicket) -> bool:
    return row.state == BulkTicket.REFUSED and not row.refusal


def _done_without_words(row: BulkTicket) -> str:
    if _is_same(row):
        return NothingToChange().message
    return _("note added") if row.event else ""
