"""Subjects: the number in one, what is cut from one, how one is built."""

import pytest

from tickets.letters.subjects import build_subject, clean_subject, find_number

NUMBER = "2013070410000731"


@pytest.mark.parametrize(
    "subject",
    [
        f"Re: [Ticket#{NUMBER}] Testvraag",
        f"antw: [ticket#{NUMBER}]",
        f"Ticket#: {NUMBER} zonder haken",
        f"iets Ticket#{NUMBER} iets",
        f"[Ticket#2013070410000799] verkeerd, [Ticket#{NUMBER}] goed",
    ],
)
def test_our_number_is_found_wherever_it_stands(subject: str) -> None:
    assert find_number(subject) == NUMBER


@pytest.mark.parametrize("subject", ["", "Ticket#2013070410000732", "Ticket#20130704", NUMBER])
def test_what_is_not_our_number_is_not_found(subject: str) -> None:
    assert find_number(subject) is None


@pytest.mark.parametrize(
    ("subject", "clean"),
    [
        (f"Re: [Ticket#{NUMBER}] Testvraag", "Testvraag"),
        (f"Antw: RE: re[4]: [Ticket#{NUMBER}] Fwd: Testvraag", "Testvraag"),
        ("Reis naar Rome", "Reis naar Rome"),
        ("Re:zonder spatie", "zonder spatie"),
        ("  veel   wit\t", "veel wit"),
        ("Ref: 2026-118 aanmelding", "Ref: 2026-118 aanmelding"),
        ("Re: Ref: 2026-118 aanmelding", "Ref: 2026-118 aanmelding"),
        ("[Ticket#2026112410000018] ander ticket", "[Ticket#2026112410000018] ander ticket"),
    ],
)
def test_reply_words_and_our_own_mark_go_and_all_else_stays(subject: str, clean: str) -> None:
    assert clean_subject(number=NUMBER, subject=subject) == clean


def test_a_subject_does_not_grow_however_often_it_goes_to_and_fro() -> None:
    subject = build_subject(number=NUMBER, subject="Vraag")
    assert subject == f"Re: [Ticket#{NUMBER}] Vraag"
    for _time in range(3):
        subject = build_subject(number=NUMBER, subject=f"Antw: {subject}")
    assert subject == f"Re: [Ticket#{NUMBER}] Vraag"


def test_a_very_long_subject_is_cut_with_a_mark() -> None:
    assert build_subject(number=NUMBER, subject="x" * 500).endswith(" […]")
