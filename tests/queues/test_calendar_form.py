"""Working hours and days off are written in words, and kept as a calendar reads them."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from queues.calendar_form import CalendarForm
from queues.models import Calendar
from queues.worktime import read_calendar

pytestmark = pytest.mark.django_db


def sent(**values: Any) -> CalendarForm:
    fields = ["name", "time_zone", "hours", "holidays"]
    form_class = type(
        "Form", (CalendarForm,), {"Meta": type("Meta", (), {"model": Calendar, "fields": fields})}
    )
    form = form_class({"name": "Kantoor", "time_zone": "Europe/Amsterdam"} | values)
    assert isinstance(form, CalendarForm)
    return form


def test_hours_of_a_weekday_are_a_line() -> None:
    calendar = sent(hours_0="9-12.30, 13:00 – 17:00", hours_4="22:00-24:00").save()
    assert calendar.hours == {"0": [["09:00", "12:30"], ["13:00", "17:00"]], "4": [["22:00", "24:00"]]}
    read = read_calendar(hours=calendar.hours, holidays=[], time_zone="UTC", default_zone="UTC")
    assert read.hours[0] == ((540, 750), (780, 1020))


@pytest.mark.parametrize("hours", ["altijd", "9", "9-25", "9:60-17", "9-9", "9-12-17", "9-12;13-17"])
def test_what_are_no_hours_is_named_in_a_sentence(hours: str) -> None:
    (sentence,) = sent(hours_2=hours).errors["hours"]
    assert f"'{hours}'" in sentence


def test_holidays_are_ticked_and_other_days_are_lines() -> None:
    days = ["nl:kings_day", "2026-12-24", "12-31", "02-29"]
    calendar = sent(holidays_0=["nl:kings_day"], holidays_1="24-12-2026\n31-12\n\n29-2").save()
    assert calendar.holidays == days


@pytest.mark.parametrize("day", ["kerst", "31-2", "30-02-2026", "2026", "1-13"])
def test_what_is_no_day_is_named_in_a_sentence(day: str) -> None:
    (sentence,) = sent(holidays_1=day).errors["holidays"]
    assert f"'{day}'" in sentence


@pytest.mark.usefixtures("foreign_templates")
def test_the_page_shows_what_is_kept_and_keeps_what_it_shows(client: Client, superuser: Agent) -> None:
    hours, holidays = {"1": [["08:00", "17:00"], ["19:00", "21:00"]]}, ["nl:kings_day", "2026-12-24", "12-31"]
    calendar = Calendar.objects.create(name="Kantoor", hours=hours, holidays=holidays)
    client.force_login(superuser)
    address = reverse("admin:queues_calendar_change", args=[calendar.pk])
    html = client.get(address).content.decode()
    shown = [
        'name="hours_1" value="08:00-17:00, 19:00-21:00"',
        "24-12-2026\n31-12</textarea>",
        ">Dinsdag</label>",
    ]
    assert [words for words in shown if words not in html] == []
    assert html.count("checked") == 1
    given = {"name": "Kantoor", "time_zone": "UTC", "hours_1": "08:00-17:00, 19:00-21:00"}
    given |= {"holidays_0": "nl:kings_day", "holidays_1": "24-12-2026\r\n31-12"}
    assert client.post(address, given).status_code == 302
    calendar.refresh_from_db()
    assert (calendar.hours, calendar.holidays) == (hours, holidays)


@pytest.mark.usefixtures("foreign_templates")
@pytest.mark.parametrize("kept", [None, [], "x", {"1": "8"}, {"1": [[8, 17]]}, [3, "nl:carnival"]])
def test_what_makes_no_sense_breaks_no_page(client: Client, superuser: Agent, kept: Any) -> None:
    calendar = Calendar.objects.create(name="Kantoor", hours=kept or {}, holidays=kept or [])
    client.force_login(superuser)
    assert client.get(reverse("admin:queues_calendar_change", args=[calendar.pk])).status_code == 200


@pytest.mark.usefixtures("foreign_templates")
@time_machine.travel(datetime(2026, 12, 23, 11, tzinfo=UTC), tick=False)  # a Wednesday
def test_the_page_shows_what_four_weeks_come_to_with_the_holidays_by_name(
    client: Client, superuser: Agent
) -> None:
    hours = {str(day): [["09:00", "12:30"], ["13:00", "17:00"]] for day in range(5)}
    days = ["nl:christmas_day", "2026-12-28"]
    calendar = Calendar.objects.create(name="Kantoor", hours=hours, holidays=days)
    client.force_login(superuser)
    html = client.get(reverse("admin:queues_calendar_change", args=[calendar.pk])).content.decode()
    cells = re.findall(r"<b>(\d\d-\d\d)</b><br>([^<]*)</td>", html)
    assert len(cells) == 28
    assert cells[0] == ("21-12", "09:00–12:30, 13:00–17:00")
    assert cells[4:8] == [
        ("25-12", "Eerste kerstdag"),
        ("26-12", "gesloten"),
        ("27-12", "gesloten"),
        ("28-12", "vrije dag"),
    ]
    assert "<b>" not in client.get(reverse("admin:queues_calendar_add")).content.decode()
