"""Escalation terms as sentences: what happened in a ticket, and when its terms end.

A story is told by the minute: '9:00 customer, 9:40 answer'. Numbers are those of OTRS's rules, 'as OTRS' the
queue's two ways in which it does not follow them by itself.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from queues.worktime import ALWAYS, read_calendar
from tickets.facts import Entered, Happened, Wrote, facts_after
from tickets.models import StateType
from tickets.models.ticket import PENDING_TYPES
from tickets.terms import NO_TERMS, Facts, TermRules, Terms, terms_of

DAY = datetime(2026, 11, 24, tzinfo=UTC)
AS_OTRS = {"update_only_while_waiting": False, "solution_restarts_on_reopen": False}
HOUR_EACH = TermRules(first_response_minutes=60, update_minutes=60, solution_minutes=60)

ARTICLES = {
    "customer": ("customer", True, True),
    "holiday notice": ("customer", True, False),
    "stranger": ("customer", False, True),
    "answer": ("agent", True, True),
    "note": ("agent", False, True),
    "automatic answer": ("system", True, True),
}
STATES = {
    "open": StateType.OPEN,
    "reminder": StateType.PENDING_REMINDER,
    "auto close": StateType.PENDING_AUTO,
    "closed": StateType.CLOSED,
    "merged": StateType.MERGED,
    "removed": StateType.REMOVED,
}


def clock(text: str) -> datetime:
    hour, minute = text.split(":")
    return DAY + timedelta(hours=int(hour), minutes=int(minute))


def facts(story: str) -> Facts:
    """The facts after a story; it is created at its first moment."""
    parts = [part.strip().split(" ", 1) for part in story.split(",")]
    happened: list[Happened] = []
    state = StateType.NEW
    for when, what in parts:
        if what in STATES:
            happened.append(Entered(before=state, after=STATES[what], at=clock(when)))
            state = STATES[what]
        else:
            sender_type, is_visible, waits = ARTICLES[what]
            happened.append(
                Wrote(sender_type=sender_type, is_visible=is_visible, waits=waits, at=clock(when))
            )
    begun = Facts(created=clock(parts[0][0]), is_pending=state in PENDING_TYPES)
    return facts_after(begun, happened)


def shown(moment: datetime | None) -> str:
    return "none" if moment is None else f"{moment:%-H:%M}"


FIRST_RESPONSE = [
    pytest.param("9:00 customer", "10:00", id="9.4 it starts when the ticket is made"),
    pytest.param("9:00 customer, 9:30 customer", "10:00", id="9.4 later mails do not move it"),
    pytest.param("9:00 customer, 9:40 answer", "none", id="9.5 the first answer ends it"),
    pytest.param("9:00 customer, 9:40 note", "10:00", id="9.5 a note does not"),
    pytest.param("9:00 customer, 9:01 automatic answer", "10:00", id="9.5 an automatic answer does not"),
    pytest.param("9:00 answer", "none", id="9.6 a ticket that an agent begins by mail has had its answer"),
    pytest.param("9:00 customer, 9:05 note", "10:00", id="9.6 one that an agent took by phone has not"),
    pytest.param(
        "9:00 customer, 9:10 answer, 9:20 closed, 9:30 open, 9:30 customer",
        "none",
        id="9.7 it never comes back",
    ),
    pytest.param(
        "9:00 customer, 9:10 closed, 9:20 open", "10:00", id="9.7 unanswered it goes on when opened"
    ),
    pytest.param("9:00 customer, 9:10 reminder", "10:00", id="9.13 it runs on while the ticket waits"),
]
UPDATE_AS_OTRS = [
    pytest.param("9:00 customer", "10:00", id="9.10 it starts with the customer's mail"),
    pytest.param("9:00 customer, 9:30 customer", "10:00", id="9.10 a second mail gives no more time"),
    pytest.param(
        "9:00 customer, 9:30 customer, 9:40 answer", "10:40", id="9.10 it runs after our answer, too"
    ),
    pytest.param("9:00 customer, 9:40 answer, 9:50 note", "10:40", id="9.10 a note does not move it"),
    pytest.param(
        "9:00 customer, 9:40 answer, 9:50 note, 11:00 customer",
        "12:00",
        id="9.10 the next mail starts it anew",
    ),
    pytest.param(
        "9:00 customer, 9:10 answer, 9:20 answer", "10:20", id="9.9 the newest of our answers counts"
    ),
    pytest.param("9:00 customer, 9:01 automatic answer", "10:00", id="9.9 an automatic answer is nobody's"),
    pytest.param("9:00 note, 9:20 note", "10:20", id="9.9 among ourselves the newest note starts it"),
    pytest.param("9:00 note, 9:20 customer, 9:40 note", "10:20", id="9.9 but not once the customer wrote"),
    pytest.param("9:00 customer, 9:10 answer, 9:30 stranger", "10:10", id="9.9 unseen mail does not count"),
    pytest.param("9:00 customer, 9:20 reminder", "none", id="9.8 there is none while we wait for a date"),
    pytest.param("9:00 customer, 9:20 auto close", "none", id="9.8 nor while it is about to close"),
    pytest.param("9:00 customer, 9:20 reminder, 11:00 open", "10:00", id="9.8 it comes back as it was"),
    pytest.param(
        "9:00 customer, 9:20 reminder, 9:30 answer, 12:00 open",
        "10:30",
        id="9.11 it may come back in the past",
    ),
]
UPDATE = [
    pytest.param("9:00 customer", "10:00", id="it starts with the customer's mail"),
    pytest.param("9:00 customer, 9:30 customer", "10:00", id="a second mail gives no more time"),
    pytest.param("9:00 customer, 9:40 answer", "none", id="after our answer nobody waits for us"),
    pytest.param("9:00 customer, 9:40 answer, 9:50 note", "none", id="a note changes nothing of that"),
    pytest.param("9:00 customer, 9:40 note", "10:00", id="a note is no answer"),
    pytest.param("9:00 customer, 9:01 automatic answer", "10:00", id="an automatic answer is none either"),
    pytest.param("9:00 customer, 9:40 answer, 11:00 customer", "12:00", id="the next mail starts it"),
    pytest.param(
        "9:00 customer, 9:40 answer, 9:41 holiday notice", "none", id="a machine does not wait for us"
    ),
    pytest.param("9:00 customer, 9:40 answer, 9:50 stranger", "none", id="unseen mail does not count"),
    pytest.param("9:00 note", "none", id="nobody waits where only we spoke"),
    pytest.param("9:00 answer", "none", id="nor where we began"),
    pytest.param("9:00 customer, 9:20 reminder", "none", id="there is none while we wait for a date"),
    pytest.param("9:00 customer, 9:20 reminder, 11:00 open", "10:00", id="it comes back as it was"),
    pytest.param(
        "9:00 customer, 9:20 closed, 11:00 open, 11:00 customer", "10:00", id="unanswered it goes on"
    ),
]
SOLUTION_AS_OTRS = [
    pytest.param(
        "9:00 customer, 9:30 customer, 9:40 answer", "10:00", id="9.12 it starts when the ticket is made"
    ),
    pytest.param("9:00 customer, 9:30 closed, 11:00 open", "none", id="9.12 once closed it never comes back"),
    pytest.param("9:00 closed, 9:30 open", "none", id="9.12 nor when the ticket was made closed"),
    pytest.param("9:00 customer, 9:30 removed, 11:00 open", "10:00", id="9.12 removed is not closed"),
    pytest.param("9:00 customer, 9:10 reminder", "10:00", id="9.13 it runs on while the ticket waits"),
]
SOLUTION = [
    pytest.param("9:00 customer, 9:40 answer", "10:00", id="it starts when the ticket is made"),
    pytest.param("9:00 customer, 9:30 closed, 11:00 open", "12:00", id="it starts anew when it opens again"),
    pytest.param(
        "9:00 customer, 9:30 closed, 11:00 open, 11:10 closed, 12:00 open",
        "13:00",
        id="and each time after that",
    ),
    pytest.param(
        "9:00 customer, 9:30 closed, 11:00 open, 11:30 reminder", "12:00", id="waiting does not stop it"
    ),
]


@pytest.mark.parametrize(("story", "due"), FIRST_RESPONSE)
@pytest.mark.parametrize("ways", [{}, AS_OTRS], ids=["by default", "as OTRS"])
def test_first_response(story: str, due: str, ways: dict[str, bool]) -> None:
    rules = TermRules(first_response_minutes=60, **ways)

    assert shown(terms_of(facts(story), rules, ALWAYS).first_response_due) == due


@pytest.mark.parametrize(("story", "due"), UPDATE_AS_OTRS)
def test_update_as_otrs(story: str, due: str) -> None:
    rules = TermRules(update_minutes=60, update_only_while_waiting=False)

    assert shown(terms_of(facts(story), rules, ALWAYS).update_due) == due


@pytest.mark.parametrize(("story", "due"), UPDATE)
def test_update_runs_only_while_the_customer_waits_for_us(story: str, due: str) -> None:
    assert shown(terms_of(facts(story), TermRules(update_minutes=60), ALWAYS).update_due) == due


@pytest.mark.parametrize(("story", "due"), SOLUTION_AS_OTRS)
def test_solution_as_otrs(story: str, due: str) -> None:
    rules = TermRules(solution_minutes=60, solution_restarts_on_reopen=False)

    assert shown(terms_of(facts(story), rules, ALWAYS).solution_due) == due


@pytest.mark.parametrize(("story", "due"), SOLUTION)
def test_solution_starts_anew_when_a_ticket_opens_again(story: str, due: str) -> None:
    assert shown(terms_of(facts(story), TermRules(solution_minutes=60), ALWAYS).solution_due) == due


@pytest.mark.parametrize("state", ["closed", "merged", "removed"])
@pytest.mark.parametrize("ways", [{}, AS_OTRS], ids=["by default", "as OTRS"])
def test_a_ticket_that_is_not_open_has_no_terms(state: str, ways: dict[str, bool]) -> None:
    """OTRS 9.3."""
    rules = replace(HOUR_EACH, **ways)

    assert terms_of(facts(f"9:00 customer, 9:10 {state}"), rules, ALWAYS) == NO_TERMS


def test_the_first_answer_ends_the_first_response_term_at_once_not_the_second() -> None:
    rules = TermRules(first_response_minutes=60)

    ends = [
        shown(terms_of(facts(story), rules, ALWAYS).first_response_due)
        for story in (
            "9:00 customer",
            "9:00 customer, 9:40 answer",
            "9:00 customer, 9:40 answer, 9:41 answer",
        )
    ]
    assert ends == ["10:00", "none", "none"]


def test_while_we_wait_for_the_customer_no_update_term_runs() -> None:
    rules = TermRules(update_minutes=60)

    for story in ("9:00 customer, 9:40 answer", "9:00 customer, 9:40 answer, 9:41 reminder"):
        assert terms_of(facts(story), rules, ALWAYS) == NO_TERMS


def test_a_shorter_update_term_does_not_replace_the_first_response_term() -> None:
    """The first that ends is the ticket's, and each stays what it is."""
    rules = TermRules(first_response_minutes=120, update_minutes=60, solution_minutes=600)

    terms = terms_of(facts("9:00 customer"), rules, ALWAYS)
    assert terms == Terms(
        first_response_due=clock("11:00"),
        update_due=clock("10:00"),
        solution_due=clock("19:00"),
        escalates_at=clock("10:00"),
        warns_at=clock("9:48"),
    )


def test_the_first_warning_need_not_be_of_the_term_that_ends_first() -> None:
    rules = TermRules(update_minutes=60, solution_minutes=66, notify_percent=50)

    terms = terms_of(facts("9:00 customer, 9:10 answer, 9:20 customer"), rules, ALWAYS)
    assert (shown(terms.escalates_at), shown(terms.warns_at)) == ("10:06", "9:33")


@pytest.mark.parametrize(("percent", "warns"), [(0, "none"), (1, "9:01"), (50, "10:00"), (100, "11:00")])
def test_a_warning_comes_after_a_part_of_the_term(percent: int, warns: str) -> None:
    rules = TermRules(solution_minutes=120, notify_percent=percent)

    assert shown(terms_of(facts("9:00 customer"), rules, ALWAYS).warns_at) == warns


@pytest.mark.parametrize("minutes", [None, 0])
def test_what_is_not_promised_does_not_run(minutes: int | None) -> None:
    rules = TermRules(first_response_minutes=minutes, update_minutes=minutes, solution_minutes=minutes)

    assert terms_of(facts("9:00 customer"), rules, ALWAYS) == NO_TERMS


def test_without_hours_nothing_ever_ends() -> None:
    empty = read_calendar(hours={}, holidays=[], time_zone="UTC", default_zone="UTC")

    assert terms_of(facts("9:00 customer"), HOUR_EACH, empty) == NO_TERMS


def test_a_term_that_goes_over_two_working_periods_ends_inside_one_its_warning_too_never_at_00_00() -> None:
    office = {str(day): [["08:00", "17:00"]] for day in range(5)}
    calendar = read_calendar(hours=office, holidays=[], time_zone="Europe/Amsterdam", default_zone="UTC")
    friday = datetime(2026, 11, 27, 16, tzinfo=ZoneInfo("Europe/Amsterdam"))
    rules = TermRules(first_response_minutes=180, notify_percent=40)

    terms = terms_of(Facts(created=friday), rules, calendar)
    assert terms.first_response_due == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert terms.warns_at == datetime(2026, 11, 30, 7, 12, tzinfo=UTC)


def test_other_minutes_keep_the_time_that_was_waited() -> None:
    waited = facts("9:00 customer, 9:30 customer")

    assert shown(terms_of(waited, TermRules(update_minutes=240), ALWAYS).update_due) == "13:00"
    assert shown(terms_of(waited, TermRules(update_minutes=15), ALWAYS).update_due) == "9:15"
