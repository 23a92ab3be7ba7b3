"""The admin as a whole: its menu in the order of work, its way back to the desk, Dutch on all its pages."""

import re
from collections.abc import Iterator
from gettext import NullTranslations

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import trans_real

from accounts.models import Agent, Customer, Group
from kvv.site import MENU
from queues.models import Calendar, MailAddress, Queue, QueuePermission
from tests.factories import make_auto_response, make_free_field, make_inbound
from tests.kvv.watch.situations import make_mailbox, make_transport, waiting_mail
from tests.search.exported import asked_for
from tests.signed_in import gave_password
from tests.webforms.factories import make_form, published
from tickets.models import EventTask, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]

LABELS = [label for _key, _heading, _help, labels in MENU for label in labels]
NAMES = {"Message-ID"}
"""What has the same name in every language."""


@pytest.fixture
def office(client: Client, superuser: Agent) -> Client:
    client.force_login(superuser)
    gave_password(client)
    return client


def test_every_model_of_the_admin_stands_in_the_menu_once() -> None:
    assert sorted(LABELS) == sorted(model._meta.label for model in admin.site._registry)


def test_the_menu_has_the_order_in_which_a_new_installation_needs_it(office: Client) -> None:
    models = {model._meta.label: model for model in admin.site._registry}
    lists = [changelist(models[label]) for label in LABELS]
    for page in ("/admin/", reverse("admin:queues_queue_changelist")):
        html = office.get(page).content.decode()
        at = [html.index(f'<a href="{address}"', html.index('<section class="group"')) for address in lists]
        assert at == sorted(at)


def test_the_bar_leads_back_to_the_tickets_and_names_who_is_signed_in(
    office: Client, superuser: Agent
) -> None:
    html = office.get(reverse("admin:queues_queue_changelist")).content.decode()
    bar = html[html.index('<header class="bar">') : html.index("</header>")]
    assert f'href="{reverse("desk:queues")}"' in bar
    assert "Terug naar de tickets" in bar
    assert str(superuser) in bar
    assert "Website bekijken" not in html


def test_the_look_is_that_of_the_system_as_on_the_desk(office: Client) -> None:
    """Django's own switch would be a second one, and the colours are those of the desk."""
    html = office.get("/admin/").content.decode()
    assert "theme.js" not in html
    assert html.index("css/tokens.css") < html.index("admin/css/responsive.css") < html.index("css/admin.css")


def test_a_room_of_the_house_has_no_page_of_its_own(office: Client) -> None:
    assert office.get("/admin/queues/").headers["Location"] == reverse("admin:index")


class Missed(NullTranslations):
    """Is asked for what has no Dutch."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def gettext(self, message: str) -> str:
        self.texts.append(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.texts.append(msgid1)
        return msgid2


@pytest.fixture
def missed(monkeypatch: pytest.MonkeyPatch) -> Missed:
    missed = Missed()
    monkeypatch.setattr(trans_real.translation("nl"), "_fallback", missed)
    return missed


def changelist(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def something_of_each(queue: Queue, ticket: Ticket) -> None:
    """A row or more of whatever has a page."""
    QueuePermission.objects.create(
        queue=queue, group=Group.objects.create(name="Spel"), right=QueuePermission.Right.ALL
    )
    Calendar.objects.create(name="Kantoor")
    make_mailbox(is_confirmed=False)
    make_transport()
    make_auto_response(queue)
    make_inbound(b"From: a@post.example\r\n\r\nHallo\r\n")
    waiting_mail()
    make_free_field("choice", "Schade")
    published(make_form(queue))
    EventTask.objects.create(event=ticket.events.latest("pk"), consumer="other")
    asked_for(Agent.objects.earliest("pk"))


def pages(model: type[Model]) -> Iterator[str]:
    """A model's list and forms; of one that stands for all also its history, and what deleting it asks."""
    base = changelist(model)
    yield from (base, f"{base}add/")
    if (first := model._default_manager.first()) is not None:
        more = ("history", "delete") if model is MailAddress else ()
        yield from (f"{base}{first.pk}/{page}/" for page in ("change", *more))


def test_every_page_is_in_dutch(office: Client, missed: Missed, queue: Queue, ticket: Ticket) -> None:
    something_of_each(queue, ticket)
    for page in ["/admin/", *(page for model in admin.site._registry for page in pages(model))]:
        missed.texts.clear()
        answer = office.get(page)
        assert answer.status_code in (200, 403), page
        assert [text for text in missed.texts if text] == [], page


def test_a_text_without_dutch_would_be_seen(office: Client, missed: Missed) -> None:
    trans_real.gettext("Nobody has put this into Dutch.")
    assert missed.texts == ["Nobody has put this into Dutch."]


def unnamed(page: "admin.ModelAdmin[Model]", user: Agent) -> Iterator[str]:
    """Fields that a page shows with words that nobody translates, as their name in the code."""
    request = RequestFactory().get("/")
    request.user = user
    for name in {*page.get_list_display(request), *flatten_fieldsets(page.get_fieldsets(request))}:
        try:
            field = page.opts.get_field(str(name))
        except FieldDoesNotExist:
            continue
        words = {getattr(field, "verbose_name", ""), getattr(field, "help_text", "")} - NAMES - {""}
        if not hasattr(page, str(name)) and not all(isinstance(each, Promise) for each in words):
            yield f"{page.opts.label}.{name}"


def test_every_field_that_is_shown_has_words_of_ours(superuser: Agent) -> None:
    shown = [name for page in admin.site._registry.values() for name in unnamed(page, superuser)]
    assert shown == []


def test_filters_and_columns_say_states_in_words(office: Client) -> None:
    make_inbound(b"From: a@post.example\r\n\r\nHallo\r\n")
    html = office.get(reverse("admin:mailgate_inboundmessage_changelist")).content.decode()
    words = {text.strip() for text in re.findall(r">([^<>]+)<", html)}
    assert {"bezorgd", "in quarantaine", "wacht"} <= words
    assert not {"delivered", "quarantined", "queued"} & words
    none = office.get(f"{reverse('admin:mailgate_inboundmessage_changelist')}?state__exact=delivered")
    assert none.context["cl"].result_count == 0


def test_a_right_is_a_sentence() -> None:
    group, queue = Group(name="Spel"), Queue(name="Kamp")
    right = QueuePermission(group=group, queue=queue, right=QueuePermission.Right.ALL)
    assert str(right) == "Spel mag alles in Kamp"
    right.right = "of a newer version"
    assert "of a newer version" in str(right)
    assert all(
        str(QueuePermission(group=group, queue=queue, right=one)).count("Kamp") == 1
        for one in QueuePermission.Right
    )


def faults_of(html: str) -> str:
    """The summary of what is wrong, the first thing under the heading; nothing is no summary."""
    assert html.count('class="faults" role="alert" tabindex="-1" autofocus') == 1
    return html[html.index('class="faults"') : html.index('id="content-main"')]


def test_a_refused_form_says_all_at_once_with_a_link_to_each_field_and_has_the_focus_there(
    office: Client,
) -> None:
    forms = {"permissions-TOTAL_FORMS": "1", "permissions-INITIAL_FORMS": "0", "permissions-0-right": "rw"}
    asked = {"name": "", "unlock_minutes": "veel", **forms}
    answer = office.post(reverse("admin:queues_queue_add"), asked)
    assert answer.status_code == 200
    html = answer.content.decode()
    linked = re.findall(r'<a href="#([^"]+)">([^<]+)</a>: ([^<]+)</li>', faults_of(html))
    assert {"id_name", "id_unlock_minutes", "id_permissions-0-group"} <= {at for at, _label, _why in linked}
    assert ("id_name", "Naam", "Dit veld is verplicht.") in linked
    assert all(f'id="{at}"' in html for at, _label, _why in linked)
    assert "change_form.js" not in html
    empty = office.get(reverse("admin:queues_queue_add")).content.decode()
    assert "change_form.js" in empty
    assert "faults" not in empty


def test_a_password_that_an_administrator_may_not_set_is_said_in_the_same_way(
    office: Client, owner: Agent
) -> None:
    address = reverse("admin:auth_user_password_change", args=[owner.pk])
    html = office.post(address, {"password1": "kort", "password2": "lang"}).content.decode()
    assert '<a href="#id_password2">' in faults_of(html)


def test_hours_and_holidays_that_are_none_are_linked_to_where_they_stand(office: Client) -> None:
    asked = {"name": "x", "time_zone": "Europe/Amsterdam", "hours_0": "laat", "holidays_1": "nooit"}
    html = office.post(reverse("admin:queues_calendar_add"), asked).content.decode()
    linked = re.findall(r'href="#([^"]+)"', faults_of(html))
    assert len(linked) == 2
    endless = office.post(reverse("admin:queues_calendar_add"), {**asked, "hours_0": "x" * 9_000}).content
    assert "x" * 100 not in faults_of(endless.decode())
    assert all(f'id="{at}"' in html for at in linked)


def test_after_saving_the_focus_is_on_what_was_done(office: Client) -> None:
    html = office.post(reverse("admin:accounts_group_add"), {"name": "Kamp"}, follow=True).content.decode()
    assert re.search(r'<li class="success" role="status"\s+tabindex="-1" autofocus>Toegevoegd: groep', html)


def test_pictures_of_yes_and_no_say_so_in_dutch(office: Client, queue: Queue) -> None:
    html = office.get(reverse("admin:queues_queue_changelist")).content.decode()
    assert 'alt="Ja"' in html
    assert not re.search('alt="(True|False|None)"', html)


def test_states_are_listed_by_their_dutch_names(office: Client) -> None:
    html = office.get(reverse("admin:tickets_state_changelist")).content.decode()
    assert "succesvol gesloten" in html
    assert "closed successful" not in html


def test_what_is_deleted_is_told_without_rows_that_have_no_name(office: Client, owner: Agent) -> None:
    group = Group.objects.create(name="Kamp")
    owner.groups.add(group)
    html = office.get(reverse("admin:accounts_group_delete", args=[group.pk])).content.decode()
    assert "Groepen: 1" in html
    assert "relatie" not in html
    assert "object (" not in html


def test_a_customer_is_made_with_something_to_call_them_by(office: Client) -> None:
    add, none = (
        reverse("admin:accounts_customer_add"),
        {"addresses-TOTAL_FORMS": "0", "addresses-INITIAL_FORMS": "0"},
    )
    assert "object at" not in office.get(add).content.decode()
    assert '<a href="#id_code">' in faults_of(office.post(add, none).content.decode())
    assert office.post(add, {**none, "last_name": "Klant"}).status_code == 302
    made = Customer.objects.get()
    assert (
        "Aangemaakt" in office.get(reverse("admin:accounts_customer_change", args=[made.pk])).content.decode()
    )


@pytest.mark.parametrize("page", ["admin:outbox_transport_add", "admin:mailgate_mailbox_add"])
def test_a_port_that_no_server_can_have_is_refused(office: Client, page: str) -> None:
    html = office.post(reverse(page), {"port": "65536"}).content.decode()
    assert "Dit mag hoogstens 65535 zijn." in faults_of(html)


def test_a_form_that_says_it_has_a_hundred_million_rows_is_refused_at_once(
    office: Client, rf: RequestFactory, superuser: Agent, queue: Queue
) -> None:
    request = rf.post("/")
    request.user = superuser
    for model, page in admin.site._registry.items():
        for inline in page.get_inline_instances(request):
            assert inline.get_formset(request).absolute_max == 200, (model, inline)
    address = reverse("admin:queues_queue_change", args=[queue.pk])
    given = {"permissions-TOTAL_FORMS": "99999999", "permissions-INITIAL_FORMS": "0"}
    shown = office.post(address, given).content.decode()
    assert (re.findall(r'name="permissions-(\d+)-id"', shown), "errorlist" in shown) == ([], True)
