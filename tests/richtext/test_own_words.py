"""What a message says for itself, and marks in what is being written."""

import re

import pytest

from richtext.marks import with_marks, without_marks
from richtext.own_words import above_quotation, is_closing, is_salutation, own_blocks, own_text


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Beste Femke,",
            "Hallo allemaal",
            "Hoi!",
            "Geachte heer Van Dijk,",
            "Goedemiddag,",
            "Goede morgen Jan",
        ),
        *("Dear Sir or Madam:", "Good evening,", "L.S.,", "Lieve mensen van de ledenadministratie,"),
    ],
)
def test_a_line_that_greets_is_a_salutation(line: str) -> None:
    assert is_salutation(line)


@pytest.mark.parametrize(
    "line",
    [
        *("Beste is om het formulier in te vullen.", "Hoi! In januari gaan wij weg", "Ja, dat mag.", ""),
        "Dag van het kind: wat doen jullie dan?",
    ],
)
def test_one_that_says_something_is_none(line: str) -> None:
    assert not is_salutation(line)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Met vriendelijke groet,",
            "met vriendelijke groeten",
            "Vriendelijke groet",
            "Groetjes Femke",
            "MVG",
        ),
        *("Hartelijke groet, Hand Leiding", "Met vriendelijke scoutinggroet,", "Hoogachtend,", "-- "),
        *("Kind regards,", "Best regards, Jane", "Yours sincerely", "Cheers!", "Met een stevige linkerpoot,"),
        *("Verzonden vanaf mijn iPhone", "Met vriendelijke en sportieve groet"),
    ],
)
def test_a_line_that_says_goodbye_is_a_closing(line: str) -> None:
    assert is_closing(line)


@pytest.mark.parametrize(
    "line", ["Doe de groep de groeten en vraag het ook aan de leiding van de welpen.", "De groep groeit.", ""]
)
def test_one_that_only_has_such_a_word_is_none(line: str) -> None:
    assert not is_closing(line)


def test_of_a_text_its_own_words_are_left() -> None:
    said = "Beste Karin,\n\nJa, dat mag.\n\nVul het in.\n\nMet vriendelijke groet,\nHand\nSpel\n\n> Mag dat?"
    assert own_text(said) == "Ja, dat mag.\n\nVul het in."
    assert own_text("Hoi,\nGroet,\nJan") == "Hoi,\nGroet,\nJan"
    assert own_text("Ja.\n\nOp 1 mei 2026 schreef Karin:\nMag dat?") == "Ja."


@pytest.mark.parametrize(
    ("blocks", "own"),
    [
        (
            ["<p>Beste Karin,</p>", "<p>Ja.</p>", "<p></p>", "<p>Echt.</p>", "<p>Groet,</p>", "<p>Hand</p>"],
            ["<p>Ja.</p>", "<p>Echt.</p>"],
        ),
        (["<p>Beste Karin,<br>Ja.<br>Echt.<br>Groet,<br>Hand</p>"], ["<p>Ja.<br>Echt.</p>"]),
        (["<p>Hoi</p>", "<ul><li>Ja</li></ul>", "<p>MVG</p>"], ["<ul><li>Ja</li></ul>"]),
        (
            ["<p>Ja.</p>", "<p>Karin schreef:</p>", '<blockquote type="cite">Mag dat?</blockquote>'],
            ["<p>Ja.</p>"],
        ),
        (["<p>Beste Karin,</p>", "<p>Groet,</p>"], []),
        ([], []),
    ],
)
def test_of_blocks_likewise_a_paragraph_by_its_lines(blocks: list[str], own: list[str]) -> None:
    assert own_blocks(blocks) == own


def test_what_is_found_is_marked_and_nothing_else() -> None:
    name = re.compile("Karin|&")
    quoted = '<blockquote type="cite">Karin <mark>hier</mark></blockquote>'
    html = f"<p>Dag <b>Karin</b> &amp; <mark>Jan</mark></p>{quoted}<p>Karin</p>"
    marked = with_marks(html, name)
    assert marked == (
        f"<p>Dag <b><mark>Karin</mark></b> <mark>&amp;</mark> Jan</p>{quoted}<p><mark>Karin</mark></p>"
    )
    assert without_marks(marked) == f"<p>Dag <b>Karin</b> &amp; Jan</p>{quoted}<p>Karin</p>"
    assert without_marks("<p>5 < 6</p>") == "<p>5 < 6</p>"


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        (
            "<p>Ja.</p><p>Groet,<br>Els</p>",
            '<p>Jo schreef:</p>\n<blockquote type="cite">x</blockquote> ',
        ),
        ("<p>Ja.</p>", "<blockquote><p>x</p><blockquote>y</blockquote></blockquote>"),
        ("<p>Ja: dit.</p><p>Dag</p>", "<blockquote>x</blockquote>"),
        ("<blockquote>x</blockquote><p>Ja.</p>", ""),
        ("<p>Ja.</p>", ""),
    ],
)
def test_what_is_put_below_stands_above_a_quotation_at_the_end(written: str, quoted: str) -> None:
    assert above_quotation(written + quoted, "<p>meer</p>") == f"{written}<p>meer</p>{quoted}"
