"""Uitvoeren naar: what was found as CSV at once, or as a page for printing or an Excel file that is made."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from crispy_forms.layout import Layout
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from blobs.store import read_parts
from desk.frame import UNPROCESSABLE, AgentRequest, agent_required
from desk.search.asked import Search, search_of
from desk.search.found import grouped
from desk.writing.typed import read_number
from search.export_files import csv_of
from search.exporting import cut_in_words
from search.exports import (
    KEPT_MOST,
    WAITING_MOST,
    TooManyKeptError,
    TooManyWaitingError,
    ask_export,
    exports_of,
    find_export,
    find_file,
)
from search.models import Export
from search.saved import TooLongError
from tickets.showing.file import as_file

CSV: Final = "csv"
KINDS: Final = [(CSV, "CSV"), *Export.Kind.choices]
EXCEL_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOOKS_MOST: Final = 300
"""How often a page asks by itself; then something is wrong that asking does not mend."""
STREAMS_MOST: Final = 2
"""So many lists of CSV leave a process at a time: each has one of its threads until it is through."""
ROWS: Final = SafeString("<!-- rows -->")
"""Stands in the page for printing where its rows come."""

_streams = set[object]()


class ExportForm(forms.Form):
    """What is made of what was found; `submission` makes one of a form that comes twice."""

    kind = forms.ChoiceField(label=gettext_lazy("Carry out to"), choices=KINDS)
    submission = forms.UUIDField(widget=forms.HiddenInput)
    layout = Layout("kind", "submission")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an export is. `looks`: how often its page has asked."""

    export: Export
    looks: int

    @property
    def is_made(self) -> bool:
        """Whether there is something to fetch."""
        return self.export.blob_id is not None

    @property
    def has_failed(self) -> bool:
        """Whether nobody works on it any more, and it is not made."""
        return self.export.state == Export.FAILED

    @property
    def goes_on(self) -> bool:
        """Whether the page asks again by itself."""
        return not self.is_made and not self.has_failed and self.looks < LOOKS_MOST

    @property
    def written(self) -> str:
        """How many tickets are in it by now, or were found."""
        return grouped(self.export.written)

    @property
    def total(self) -> str:
        """How many there are to be; '' where that is not known yet."""
        return "" if self.export.total is None else grouped(self.export.total)

    @property
    def address(self) -> str:
        """Where the file is, or the page."""
        name = "export_paper" if self.export.kind == Export.Kind.PRINT else "export_file"
        return reverse(f"desk:{name}", args=[self.export.pk])

    @property
    def cut(self) -> str:
        """That there are more tickets than it has; '' where it has all."""
        return cut_in_words() if self.export.is_cut else ""


@require_http_methods(["GET", "HEAD", "POST"])
@agent_required
def exports(request: AgentRequest) -> HttpResponseBase:
    """Have what the address asks for made into something; and what was made before."""
    search = search_of(request.GET, actor=request.actor)
    if request.method != "POST":
        initial = {"kind": request.GET.get("kind", CSV), "submission": uuid4()}
        return _page(request, search, ExportForm(initial=initial))
    if refused := _refused(search):
        return refused
    form = ExportForm(request.POST)
    if form.is_valid() and form.cleaned_data["kind"] == CSV:
        return HttpResponseRedirect(f"{reverse('desk:export_csv')}?{search.filters.query}")
    if form.is_valid() and (export := _asked(request, search, form)) is not None:
        return redirect("desk:export", export.pk)
    return _page(request, search, form, status=UNPROCESSABLE)


@require_safe
@agent_required
def export_csv(request: AgentRequest) -> HttpResponseBase:
    """All that was found, as lines that leave while they are made."""
    search = search_of(request.GET, actor=request.actor)
    if refused := _refused(search):
        return refused
    if len(_streams) >= STREAMS_MOST:
        messages.warning(request, _("Colleagues are fetching lists at this moment. Try again in a minute."))
        return HttpResponseRedirect(search.at())
    lines = csv_of(search.which, language=get_language() or "")
    return _file(
        _counted(lines) if request.method == "GET" else (), kind="text/csv; charset=utf-8", end="csv"
    )


@require_safe
@agent_required
def export(request: AgentRequest, export_id: int) -> HttpResponseBase:
    """How far it is, or for htmx that alone; and what came of it."""
    looks = min(read_number(request.GET.get("looks")) or 0, LOOKS_MOST)
    try:
        progress = Progress(find_export(export_id, agent=request.user), looks=looks)
    except Export.DoesNotExist as error:
        raise Http404 from error
    template = f"desk/search/{'_export' if request.headers.get('HX-Request') else 'export'}.html"
    page = render(request, template, {"progress": progress, "next_look": looks + 1})
    patch_vary_headers(page, ["HX-Request"])
    return page


@require_safe
@as_file
@agent_required
def export_file(request: AgentRequest, export_id: int) -> HttpResponseBase:
    """The Excel file, to be kept; 404 for what is not made, or is somebody else's."""
    made = _made_or_404(request, export_id, kind=Export.Kind.EXCEL)
    assert made.blob is not None
    response = _file(read_parts(made.blob.pk), kind=EXCEL_TYPE, end="xlsx")
    response["Content-Length"] = str(made.blob.size)
    return response


@require_safe
@agent_required
def export_paper(request: AgentRequest, export_id: int) -> HttpResponseBase:
    """The page for printing: its rows as they were made, in a frame of today."""
    made = _made_or_404(request, export_id, kind=Export.Kind.PRINT)
    context = {"progress": Progress(made, looks=0), "rows": ROWS}
    page = render_to_string("desk/search/paper.html", context, request)
    head, _rows, foot = page.partition(ROWS)
    return StreamingHttpResponse(_framed(head, made, foot))


def _framed(head: str, made: Export, foot: str) -> Iterator[bytes]:
    assert made.blob is not None
    yield head.encode()
    yield from read_parts(made.blob.pk)
    yield foot.encode()


def _counted(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, as one of the lists that leave, until they are through or nobody takes them any more."""
    stream = object()
    _streams.add(stream)
    try:
        yield from pieces
    finally:
        _streams.discard(stream)


def _file(pieces: Any, *, kind: str, end: str) -> HttpResponseBase:
    response = StreamingHttpResponse(pieces, content_type=kind)
    name = f"tickets-{timezone.localtime():%Y-%m-%d-%H%M}.{end}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def _refused(search: Search) -> HttpResponse | None:
    """Away to where it is said, for what can't be read or asks for nothing."""
    if search.is_nothing or search.faults:
        return HttpResponseRedirect(search.at())
    return None


def _made_or_404(request: AgentRequest, export_id: int, *, kind: str) -> Export:
    try:
        return find_file(export_id, agent=request.user, kind=kind)
    except Export.DoesNotExist as error:
        raise Http404 from error


def _asked(request: AgentRequest, search: Search, form: ExportForm) -> Export | None:
    """The export; None for what can't be, which the form says then."""
    words = [search.typed, *(f"{token.label}: {token.words}" for token in search.tokens)]
    try:
        return ask_export(
            agent=request.user,
            query=search.filters.query,
            words=" · ".join(filter(None, words)),
            language=get_language() or "",
            now=timezone.now(),
            **form.cleaned_data,
        )
    except TooManyWaitingError:
        most = _("%(n)s of your files are still being made. Wait until one of them is there.")
        form.add_error(None, most % {"n": WAITING_MOST})
    except TooManyKeptError:
        most = _(
            "You have %(n)s files, which is the most there can be. Each is gone a day after it was made."
        )
        form.add_error(None, most % {"n": KEPT_MOST})
    except TooLongError:
        form.add_error(None, _("This search is too long for that. Take something out of it."))
    return None


def _page(
    request: AgentRequest, search: Search, form: ExportForm, *, status: int | None = None
) -> HttpResponseBase:
    context = {
        "search": search,
        "form": None if search.is_nothing else form,
        "made": [Progress(each, looks=0) for each in exports_of(request.user)],
    }
    return render(request, "desk/search/exports.html", context, status=status)
