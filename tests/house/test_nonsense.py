"""Whatever comes in, nothing breaks: every parameter of every address with nonsense in it, and no 500.

Every address gets the nonsense that pierces most; one of each shape, for all that are like it, gets a third
of the rest, so that each kind of it is tried on a third of the shapes.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import resolve, reverse

from accounts.models import Agent, Customer
from desk.bulk.screen import BulkForm
from desk.dashboard.settings import ArrangementForm
from desk.screens.registry import SCREENS as REGISTRY
from desk.search.dialog import StepsForm
from desk.search.exports import ExportForm
from desk.search.saved import NewForm
from desk.writing.typed import SEEN
from queues.models import Queue, QueuePermission
from search.filters import TicketFilter
from tests.desk.reading import HTMX
from tests.factories import NOW, grant
from tests.house.addresses import MATRIX, POSTED
from tests.house.matrix import ONLY_POST, Row
from tests.house.screens import SCREENS, WRITING, address_of, filled_in
from tickets.models import Event, StateType, Ticket, TicketMerge
from webforms import asking
from webforms.customer.forms import MessageForm, RatingForm
from webforms.framing import LANGUAGE
from webforms.pages import LOOK
from webforms.received import TOKEN

pytestmark = pytest.mark.django_db

BASE = Path(__file__).resolve().parent.parent.parent
MODELS = list(admin.site._registry)
ASKED = re.compile(r"""\.(?:GET|POST|FILES|query|data)(?:\.get|\.getlist)?[(\[]["']([a-z_]+)["']""")

QUERY = {
    "counters",
    "since",
    "customer",
    "customer_id",
    "customer_for",
    "sort",
    "way",
    "page",
    "show",
    "until",
    "article",
    "template",
    "all",
    "active",
    "notes",
    "kind",
    "download",
    "next",
    "q",
    "begin",
    "new",
    "for",
    "do",
    "bulk",
    "looks",
    "organisation",
    "p",
    "o",
    SEEN,
    *(name for screen in REGISTRY.values() for name in screen.asks),
    *(each for name, kind in TicketFilter.base_filters.items() for each in kind.names(name)),
    *("shown", "step", "remove", *StepsForm.base_fields),
    *("field_1", "done", LANGUAGE),
}
FIELDS = {
    *(SEEN, *(name for screen in REGISTRY.values() for name in screen.asks)),
    *("language", "queues", "view", "back", "oldpassword", "password1", "password2", "name", "address"),
    *("attachments", "image", "article", "all", "login", "password", "email", "username"),
    *("first_name", "last_name", "add", "phone", "code", "username", "organisation", "remove"),
    *(step for screen in REGISTRY.values() for step in screen.form.steps),
    *(asking.ASKED, asking.CONSENT, asking.TRAP, TOKEN, LOOK, LANGUAGE),
    *("t", "elsewhere", "free_shown", "bulk", "do", "again", *BulkForm.base_fields),
    *("show", "folded", *ArrangementForm.base_fields, *NewForm.base_fields, *ExportForm.base_fields),
    *(field for screen in REGISTRY.values() for field in screen.form.base_fields),
    *("close", *MessageForm.base_fields, *RatingForm.base_fields),
}
BUTTONS = {step for screen in REGISTRY.values() for step in screen.form.steps}

NONSENSE = {
    "nothing": b"",
    "a NUL": b"a\0b",
    "a lone surrogate": b"\xed\xa0\x80<p>x</p>",
    "no UTF-8": b"\xff\xfe\x80",
    "a minus": b"-1",
    "zero": b"0",
    "a number beyond all columns": b"9" * 30,
    "a number at the edge": b"9223372036854775808",
    "a number for a float": b"1e400",
    "no number": b"NaN",
    "digits of another script": "١٢³".encode(),
    "a date that is none": b"2026-13-45T99:99",
    "the last day of all": b"9999-12-31T23:59",
    "the first day of all": b"0001-01-01T00:00",
    "a line break": b"x\r\nBcc: iemand@post.example",
    "very long": b"x" * 11_000,
    "markup": b"<img src=x data-attachment=99999999999999999999 data-upload=\"-1\"><p>&#99999999999;",
    "a list": b"[1, {\"a\": null}]",
    "a cursor": b"WyJuZXh0IiwgIlx1MDAwMCIsIDFd",
}  # fmt: skip
PATHS = {
    "a NUL": "%00",
    "a lone surrogate": "%ED%A0%80",
    "no UTF-8": "%FF%FE",
    "very long": "9" * 3000,
    "a number beyond all columns": "9" * 30,
    "a number at the edge": "9223372036854775808",
    "a minus": "-1",
    "digits of another script": quote("١٢"),
    "dots": "%2e%2e",
    "a slash": "a%2Fb",
}


PIERCING = ("a NUL", "a number at the edge")
"""What got through to the database where something broke; what is read as these are is left to each shape."""

FORM = "application/x-www-form-urlencoded"
BODIES: dict[str, tuple[str, str | bytes]] = {
    "another charset": (f"{FORM}; charset=utf-16", b"html=%ff%fe"),
    "no charset": (f"{FORM}; charset=nonsense", b"html=x"),
    "no boundary": ("multipart/form-data", b"--x\r\n\r\n"),
    "no end": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=html\r\n\r\na",
    ),
    "an odd boundary": ("multipart/form-data; boundary=\xff", b"--x\r\n"),
    "no form": ("application/json", b'{"submission": []}'),
    "too many fields": (FORM, b"submission=1&" * 1200),
    "an odd name": (FORM, b"\xff\xfe\x00=%"),
}
QUERIES = {"some twice": "sort[]=1&sort=a&sort=b&page=1&page=2&=&&;%", "an odd name": "%ff=%ff"}
FOR_ALL = {*PIERCING, "some twice"}


def shape(name: str, path: str) -> tuple[object, ...]:
    """What makes addresses alike: the parts of their path, the room of their view, and what a GET gives."""
    match = resolve(path)
    parts = tuple(re.findall("<[^>]+>", match.route))
    return parts, match.func.__module__.rpartition(".")[0], MATRIX[name], name in POSTED


def firsts(addresses: dict[str, str]) -> set[str]:
    """The names of those that stand for their shape: the first of each in the matrix."""
    first: dict[object, str] = {}
    for name, path in addresses.items():
        first.setdefault(shape(name, path), name)
    return set(first.values())


def its_turn(kind: str, names: Collection[str], *, kinds: Collection[str]) -> set[str]:
    """One name of three, others for each kind: each name gets a third of the kinds."""
    place = list(kinds).index(kind)
    return {name for at, name in enumerate(sorted(names)) if (at + place) % 3 == 0}


def names_for(
    kind: str, addresses: dict[str, str], rows: Mapping[str, Row], *, kinds: Collection[str]
) -> list[str]:
    """Which of the addresses of these rows get this kind of nonsense.

    Where nothing but a POST is answered, a GET gets no further than that, whatever it asks for.
    """
    chosen = firsts(addresses) & set(rows)
    if kind not in FOR_ALL:
        return sorted(its_turn(kind, chosen, kinds=kinds))
    return sorted(chosen | {name for name, row in rows.items() if name in addresses and row != ONLY_POST})


def broken(client: Client, method: str, path: str, **request: object) -> list[str]:
    answer = client.generic(method, path, **request)  # type: ignore[arg-type]  # passed on as they came
    return [f"{method} {path[:120]}: {answer.status_code}"] if answer.status_code >= 500 else []


def pairs(names: set[str], value: bytes) -> str:
    return "&".join(f"{name}={quote(value)}" for name in sorted(names))


@pytest.fixture
def agent(owner: Agent) -> Client:
    """Does not raise: a broken page is counted like a browser would see it."""
    client = Client(raise_request_exception=False)
    client.force_login(owner)
    return client


@pytest.fixture
def administrator(superuser: Agent, foreign_templates: None) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(superuser)
    return client


def test_every_parameter_that_a_view_asks_for_is_tried_here() -> None:
    rooms = (BASE / "desk", BASE / "webforms", BASE / "kvv" / "demo")
    sources = [file for room in rooms for file in room.rglob("*.py")]
    asked = {name for file in sources for name in ASKED.findall(file.read_text(encoding="utf-8"))}
    assert "article" in asked
    assert asked - QUERY - FIELDS == set()


def test_one_of_each_shape_stands_for_all_that_are_like_it(addresses: dict[str, str]) -> None:
    chosen = firsts(addresses)
    assert {shape(name, addresses[name]) for name in chosen} == {shape(*each) for each in addresses.items()}
    assert {"desk:home", "desk:status", "desk:zoom", "desk:reply", "desk:upload", "demo:write"} <= chosen
    assert chosen.isdisjoint({"desk:my_owned", "desk:history", "desk:note", "desk:close", "desk:unlock"})


@pytest.mark.parametrize("kind", [*NONSENSE, *QUERIES])
def test_nonsense_in_the_address_breaks_no_page(kind: str, agent: Client, addresses: dict[str, str]) -> None:
    query = QUERIES.get(kind) or pairs(QUERY, NONSENSE[kind])
    names = names_for(kind, addresses, MATRIX, kinds=[*NONSENSE, *QUERIES])
    names = [name for name in names if name != "healthz"]  # that says 503 here
    assert [line for name in names for line in broken(agent, "GET", f"{addresses[name]}?{query}")] == []


@pytest.mark.parametrize("kind", [*NONSENSE, *BODIES])
def test_nonsense_in_a_form_breaks_no_page(kind: str, agent: Client, addresses: dict[str, str]) -> None:
    encoded, data = BODIES.get(kind) or (FORM, pairs(FIELDS - BUTTONS, NONSENSE[kind]))
    headers = {} if kind == "nothing" else HTMX  # the page behind a form is the same for all
    failures = []
    for name in names_for(kind, addresses, POSTED, kinds=[*NONSENSE, *BODIES]):
        failures += broken(agent, "POST", addresses[name], data=data, content_type=encoded, headers=headers)
    assert failures == []


def tried(name: str) -> set[str]:
    """A form's own fields; what all that write have in common, on the first of each sort."""
    row, common = SCREENS[name], SCREENS[name].common_fields
    firsts_of_sorts = {(each.sends, each.makes_ticket): first for first, each in reversed(WRITING.items())}
    if row.writes and name not in firsts_of_sorts.values():
        common = common & {"html", "subject"}
    return {*common, *row.own_fields} - {"files"}


@dataclass(frozen=True, slots=True)
class Among:
    """Forms of one screen that are in order but for the nonsense in some of their fields.

    Sent as htmx does: what is refused comes back without the page behind it, which is the same for all.
    """

    name: str
    client: Client
    ticket: Ticket
    target: Queue
    sent: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def send(self, kind: str, fields: Collection[str]) -> set[str] | None:
        """Which fields were found wrong; None where it was done. Each finds the ticket as it was."""
        form = filled_in(self.name, ticket=self.ticket, target=self.target)
        if "html" in form:  # another text each time: what the conversation holds already is no answer
            form["html"] = f"<p>Antwoord {len(self.sent)}.</p>"
        pieces = [f"{key}={quote(str(text))}" for key, text in form.items() if key not in fields]
        pieces += [f"{key}={quote(NONSENSE[kind])}" for key in sorted(fields)]
        Ticket.objects.filter(pk=self.ticket.pk).update(
            queue=self.ticket.queue, state_type=StateType.NEW, closed_at=None, locked=False, merged_into=None
        )
        TicketMerge.objects.update(undone_at=NOW)
        answer = self.client.post(
            address_of(self.name, self.ticket), "&".join(pieces), content_type=FORM, headers=HTMX
        )
        self.sent.append(f"{kind} in {', '.join(sorted(fields))}: {answer.status_code}")
        if answer.status_code >= 500:
            self.broken.append(self.sent[-1])
        return set(answer.context["form"].errors) if answer.status_code == 422 else None

    def try_all(self, kind: str, *, alone: set[str]) -> None:
        """Nonsense of one kind in each field. `alone`: those that were refused by themselves before.

        What the form lets through goes on together, as far as the action, the mail and the database; one by
        one where that is refused. What it does not let through is missing once among what is right. A button,
        and the form's own id, without which nothing is done, are tried by themselves.
        """
        fields = tried(self.name) - {"submission"}
        wrong = fields & (self.send(kind, fields) or set())
        alone_now = wrong - alone
        if self.send(kind, fields - wrong) is not None:
            alone_now |= fields - wrong
        for name in sorted(alone_now):
            if self.send(kind, {name}) is not None:
                alone.add(name)
        for name in ("submission", *sorted(REGISTRY[self.name].form.steps)):
            self.send(kind, {name})


@pytest.mark.parametrize("name", sorted(SCREENS))
def test_one_nonsense_among_what_is_right_breaks_no_page(
    name: str,
    agent: Client,
    full_ticket: Ticket,
    other_queue: Queue,
    owner: Agent,
) -> None:
    grant(owner, other_queue, QueuePermission.Right.ALL)
    among, alone = Among(name, client=agent, ticket=full_ticket, target=other_queue), set[str]()
    in_order = [among.send("nothing", ())]
    for kind in PIERCING:
        among.try_all(kind, alone=alone)
    in_order.append(among.send("nothing", ()))
    assert among.broken == []
    assert in_order == [None, None], f"does `fill` of {name} give what the ticket has already?"
    assert Event.objects.filter(kind=SCREENS[name].kind, agent=owner).count() > len(in_order)


def test_nonsense_in_each_part_of_a_path_is_not_there(
    agent: Client,
    addresses: dict[str, str],
    full_ticket: Ticket,
    queue: Queue,
    customer: Customer,
) -> None:
    failures, chosen = [], firsts(addresses)
    for name, path in addresses.items():
        kinds = set(PIERCING)
        if name in chosen:
            kinds |= {kind for kind in PATHS if name in its_turn(kind, chosen, kinds=PATHS)}
        pieces = path.strip("/").split("/")
        for place, piece in enumerate(pieces):
            if not any(sign.isdigit() for sign in piece) and piece not in ("open", "antwoord"):
                continue
            for kind in sorted(kinds):
                asked = "/" + "/".join([*pieces[:place], PATHS[kind], *pieces[place + 1 :]]) + "/"
                failures += broken(agent, "POST" if name in POSTED else "GET", asked)
    assert failures == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_nonsense_breaks_no_page_of_the_admin(administrator: Client, model: type) -> None:
    """Only what differs in how far it gets: the pages are slow, and their forms are Django's."""
    meta = model._meta  # type: ignore[attr-defined]  # a model
    base = f"admin:{meta.app_label}_{meta.model_name}"
    listed, added = reverse(f"{base}_changelist"), reverse(f"{base}_add")
    names = {field.name for field in meta.get_fields()}
    failures = []
    for kind in (*PIERCING, "no number", "a list"):
        value = NONSENSE[kind]
        failures += broken(administrator, "GET", f"{listed}?{pairs({'q', 'p', 'o', 'e'}, value)}")
        failures += broken(
            administrator, "GET", f"{listed}?{pairs({f'{name}__exact' for name in names}, value)}"
        )
        failures += broken(administrator, "POST", added, data=pairs(names, value), content_type=FORM)
        data = pairs({"action", "_selected_action", "select_across", "index"}, value)
        failures += broken(administrator, "POST", listed, data=data, content_type=FORM)
    for kind in PATHS if model is MODELS[0] else PIERCING:
        failures += broken(administrator, "GET", f"{listed}{PATHS[kind]}/change/")
    assert failures == []


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/nergens/", "/%ff%00/"])
def test_nonsense_breaks_no_page_before_signing_in(path: str) -> None:
    client = Client(raise_request_exception=False)
    failures = []
    for value in NONSENSE.values():
        failures += broken(client, "GET", f"{path}?{pairs(QUERY, value)}")
        failures += broken(client, "POST", path, data=pairs(FIELDS, value), content_type=FORM)
    assert failures == []


def test_a_broken_page_would_be_seen(agent: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr("desk.lists.queues.tree_of", None)
    assert broken(agent, "GET", "/wachtrijen/") == ["GET /wachtrijen/: 500"]
