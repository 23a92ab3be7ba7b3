"""Voorkeuren: each thing has its own form, and saving one leaves the others as they are."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent, Preferences
from queues.models import Queue, QueuePermission, QueueSubscription
from tests.desk.reading import HTMX, text
from tests.factories import PASSWORD, grant, make_queue

pytestmark = pytest.mark.django_db

PAGE = "/voorkeuren/"
NEW = "nog-een-lang-wachtwoord-9"
CHOSEN: dict[str, dict[str, object]] = {
    "keep_language": {"language": "en"},
    "keep_view": {"view": "l"},
    "keep_page_size": {"page_size": "25"},
    "keep_skin": {"skin": "contrast"},
    "keep_theme": {"theme": "roomy"},
    "keep_closing": {"closing": "Op maandag ben ik er <altijd>."},
    "keep_refresh": {"refresh_minutes": "5"},
    "keep_queues": {"queues": []},
    "keep_mails_new": {"mails_new": "True"},
    "keep_mails_follow_up": {"mails_follow_up": "True"},
    "keep_mails_time_out": {"mails_time_out": "True"},
    "keep_mails_moved": {"mails_moved": "True"},
    "keep_mails_followed": {"mails_followed": "True"},
}
MAILS = [name.removeprefix("keep_") for name in CHOSEN if "mails" in name]


def kept(agent: Agent) -> dict[str, object]:
    """All that is kept, by the name of what keeps it."""
    mine = Preferences.objects.get(agent=agent)
    queues = list(QueueSubscription.objects.filter(agent=agent).values_list("queue_id", flat=True))
    return {
        "keep_language": {"language": mine.language},
        "keep_view": {"view": mine.view},
        "keep_page_size": {"page_size": str(mine.page_size)},
        "keep_skin": {"skin": mine.skin},
        "keep_theme": {"theme": mine.theme},
        "keep_closing": {"closing": mine.closing},
        "keep_refresh": {"refresh_minutes": str(mine.refresh_minutes)},
        "keep_queues": {"queues": queues},
        **{f"keep_{name}": {name: str(getattr(mine, name))} for name in MAILS},
    }


def change_password(desk: Client, **given: str) -> Any:
    values = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    return desk.post(reverse("desk:password"), values | given)


@pytest.mark.parametrize("name", CHOSEN)
def test_saving_one_setting_changes_that_alone(desk: Client, owner: Agent, name: str) -> None:
    """Also where another tab has sent more than belongs to it."""
    Preferences.objects.create(agent=owner, language="nl", view="s", page_size=100, orders={"open": "age:up"})
    before = kept(owner)
    everything = {key: value for chosen in CHOSEN.values() for key, value in chosen.items()}
    answer = desk.post(reverse(f"desk:{name}"), everything)
    assert answer.headers["Location"] == "/voorkeuren/#meldingen"
    assert kept(owner) == before | {name: CHOSEN[name]}
    assert Preferences.objects.get(agent=owner).orders == {"open": "age:up"}


@pytest.mark.parametrize("name", CHOSEN)
def test_it_says_what_was_saved_where_the_focus_goes(desk: Client, name: str) -> None:
    page = text(desk.post(reverse(f"desk:{name}"), CHOSEN[name], follow=True))
    said = page.partition('id="meldingen" tabindex="-1"')[2].partition("</div>")[0]
    assert ("Saved: Language." if name == "keep_language" else "Opgeslagen: ") in said


def test_by_htmx_one_comes_alone_as_it_is_kept_now_or_with_what_is_wrong(desk: Client, owner: Agent) -> None:
    Preferences.objects.create(agent=owner)
    kept = desk.post(reverse("desk:keep_page_size"), {"page_size": "25"}, headers=HTMX)
    assert text(kept).startswith('<form class="setting"')
    assert '<option value="25" selected>' in text(kept)
    assert "data-kept" in text(kept)
    wrong = desk.post(reverse("desk:keep_closing"), {"closing": "x" * 3000}, headers=HTMX)
    assert wrong.status_code == 422
    assert text(wrong).count("<form") == 1
    assert 'data-refused hx-post="/voorkeuren/slotregel/"' in text(wrong)
    assert "Opgeslagen:" not in text(desk.get(PAGE))


@pytest.mark.parametrize("name", sorted(CHOSEN.keys() - {"keep_queues", "keep_closing"}))
def test_what_is_not_on_offer_is_refused_and_changes_nothing(desk: Client, owner: Agent, name: str) -> None:
    Preferences.objects.create(agent=owner)
    before = kept(owner)
    answer = desk.post(reverse(f"desk:{name}"), dict.fromkeys(CHOSEN[name], "x"))
    assert answer.status_code == 422
    assert 'role="alert" tabindex="-1" autofocus' in text(answer)
    assert kept(owner) == before


def test_a_queue_that_may_not_be_seen_is_refused(desk: Client, owner: Agent, other_queue: Queue) -> None:
    assert desk.post(reverse("desk:keep_queues"), {"queues": [other_queue.pk]}).status_code == 422
    assert not QueueSubscription.objects.filter(agent=owner, queue=other_queue).exists()


def test_what_is_kept_is_what_is_chosen_on_the_page(desk: Client, owner: Agent, queue: Queue) -> None:
    Preferences.objects.create(agent=owner, view="l", page_size=25)
    page = text(desk.get(PAGE))
    for chosen in ("nl", "l", "25"):
        assert f'<option value="{chosen}" selected>' in page
    assert f'name="queues" value="{queue.pk}" id="id_queues_0" checked' in page
    assert "placeholder" not in page.partition("<main")[2]
    assert page.count("Opslaan<") == 18


def test_a_choice_with_a_number_is_in_the_language_of_its_reader(desk: Client, owner: Agent) -> None:
    assert ">5 minuten<" in text(desk.get(PAGE))
    Preferences.objects.create(agent=owner, language="en")
    assert ">5 minutes<" in text(desk.get(PAGE))


def test_the_page_looks_as_its_agent_likes_it(desk: Client, owner: Agent) -> None:
    """From the first byte, so that nothing flashes."""
    assert text(desk.get(PAGE)).startswith('<!doctype html> <html lang="nl" data-skin="standard"')
    Preferences.objects.create(agent=owner, skin="dark", theme="roomy")
    page = text(desk.get(PAGE))
    assert page.startswith('<!doctype html> <html lang="nl" data-skin="dark" data-theme="roomy">')
    assert '<meta name="color-scheme" content="dark">' in page
    owner.is_superuser = owner.is_staff = True
    owner.save()
    assert '<body class="skin-dark theme-roomy' in text(desk.get("/admin/"))
    assert 'data-skin="standard" data-theme="dense"' in text(Client().get("/accounts/login/"))


def test_a_queue_stands_below_the_one_it_belongs_to(desk: Client, owner: Agent) -> None:
    for name in ("Nawaka", "Nawaka::Helpdesk", "Zand::Alleen"):
        grant(owner, make_queue(name), QueuePermission.Right.READ)
    page = text(desk.get(PAGE))
    assert '<span class="visually-hidden">Nawaka::</span>Helpdesk</span>' in page
    assert '<span class="visually-hidden"></span>Zand::Alleen</span>' in page


def test_all_that_is_wrong_with_a_new_password_is_said_at_once(desk: Client) -> None:
    answer = change_password(desk, oldpassword="onjuist", password1="1234", password2="4321")
    page = text(answer)
    assert answer.status_code == 422
    summary = page.partition('role="alert" tabindex="-1" autofocus')[2].partition("</ul>")[0]
    for field, times in (("oldpassword", 1), ("password1", 3), ("password2", 1)):
        assert summary.count(f'href="#id_{field}"') == times
    assert "De twee nieuwe wachtwoorden zijn niet hetzelfde." in summary
    assert "4321" not in page


def test_after_a_new_password_the_focus_goes_to_what_is_said(desk: Client) -> None:
    assert change_password(desk).headers["Location"] == "/voorkeuren/#meldingen"
    assert desk.get(PAGE).status_code == 200


def test_it_says_since_when_there_is_a_second_factor(desk: Client, owner: Agent) -> None:
    assert "Uit: je logt in met alleen je wachtwoord." in text(desk.get(PAGE))
    factor = Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert f"Aan sinds {timezone.localtime(factor.created_at):%d-%m-%Y}." in text(desk.get(PAGE))


def test_the_name_that_a_password_manager_sends_along_is_called_by_a_dutch_word_too(desk: Client) -> None:
    asked = {"username": "a\0b", "oldpassword": "x", "password1": "x", "password2": "x"}
    page = desk.post(reverse("desk:password"), asked).content.decode()
    assert "Gebruikersnaam" in page
    assert "Username" not in page


def test_every_mail_is_off_until_it_is_switched_on(desk: Client, owner: Agent) -> None:
    page = text(desk.get(PAGE))
    assert page.count('<option value="False" selected>Nee</option>') == len(MAILS) == 5
    always = page.partition("krijg je altijd e-mail: ")[2].partition("</p>")[0]
    for told in ("van jou wordt", "vraag van een collega", "herinnering", "termijnen in je wachtrijen"):
        assert told in always


def test_who_is_mailed_no_more_reads_so_on_every_page_and_can_have_it_tried_again(
    desk: Client, owner: Agent
) -> None:
    said = "Je krijgt geen e-mail meer over tickets: de laatste e-mails aan owner@kvv.example kwamen terug."
    Preferences.objects.create(agent=owner, mail_stopped_for="elders@kvv.example")
    assert said not in text(desk.get(PAGE))
    Preferences.objects.update(mail_stopped_for=owner.email)
    assert said in text(desk.get(reverse("desk:queues")))
    page = text(desk.get(PAGE))
    assert "De laatste drie e-mails aan owner@kvv.example kwamen terug." in page
    assert "Meldingen weer versturen" in page
    desk.post(reverse("desk:keep_mails_again"))
    mine = Preferences.objects.get()
    assert (mine.mail_stopped_for, mine.mail_stopped_at is None) == ("", False)
    assert said not in text(desk.get(PAGE))
