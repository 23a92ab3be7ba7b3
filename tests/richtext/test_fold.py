"""What is folded: a quotation that stands word for word in an earlier message, and nothing else."""

import time
from html import escape

import pytest

from richtext.clean import clean_html
from richtext.convert import html_to_text, quote_html, quote_text, text_to_html
from richtext.fold import MOST, Earlier, fold_html, fold_text

QUESTION = (
    "Hallo,\n\nMogen wij op het veld kamperen, en wat kost dat per nacht voor dertig man?\n\nGroet, Karin"
)
QUOTED = quote_text(QUESTION)
QUESTION_HTML = "<p>Hallo,</p><p>Mogen wij op het veld <b>kamperen</b>?</p><p>Groet, Karin</p>"
HEADERS = "Van: KVV\nVerzonden: dinsdag\nAan: Karin\nOnderwerp: Re: Vraag\n"
RULE = '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'

GMAIL = (
    '<div dir="ltr">Dank je!</div><br><div><div>Op 1 mei schreef KVV:<br></div>'
    f'<blockquote style="margin:0 0 0 .8ex;border-left:1px solid #ccc">{QUESTION_HTML}</blockquote></div>'
)
OUTLOOK = (
    f"<div><p>Dank je!</p><div>{RULE}<p><b>Van:</b> KVV<br><b>Verzonden:</b> dinsdag</p></div></div>"
    f"{QUESTION_HTML}</div>"
)


def text_parts(text: str, *earlier: str) -> tuple[str, str]:
    """What is shown and what is folded; together it is all there was."""
    pieces = fold_text(text, Earlier(earlier))
    kept = "".join("".join(piece.text for piece in pieces).split())
    assert kept == "".join(text.split())
    shown = "\n".join(piece.text for piece in pieces if not piece.lines)
    return shown.strip(), "\n".join(piece.text for piece in pieces if piece.lines)


def html_parts(html: str, *earlier: str) -> tuple[str, str]:
    """What is shown and what is folded of HTML, which has to stay well nested."""
    folded = fold_html(html, Earlier(earlier), summary=lambda lines: escape(f"<{lines}>"))
    before, found, rest = folded.partition('<details class="quoted"><summary>')
    if not found:
        assert folded == html
        return html, ""
    _summary, _found, rest = rest.partition("</summary>")
    inside, _found, after = rest.partition("</details>")
    assert before + inside + after == html
    for part in (inside, before + after):
        assert clean_html(part) == part
    return before + after, inside


def test_the_quotation_below_an_answer_is_folded() -> None:
    shown, folded = text_parts(f"Dank je!\n\nOp 1 mei schreef KVV:\n{QUOTED}\n", QUESTION)
    assert shown == "Dank je!\n\nOp 1 mei schreef KVV:"
    assert folded == QUOTED


def test_a_fold_says_how_many_lines_it_has() -> None:
    pieces = fold_text(f"Dank je!\n{QUOTED}", Earlier([QUESTION]))
    assert [piece.lines for piece in pieces] == [0, len(QUOTED.split("\n"))]


def test_the_quotation_above_an_answer_is_folded_too() -> None:
    assert text_parts(f"{QUOTED}\n\nDank je!", QUESTION) == ("Dank je!", QUOTED)


@pytest.mark.parametrize(
    "changed",
    [
        QUOTED.replace("dertig", "twintig"),
        QUOTED.replace("wat", "wat dan"),
        QUOTED.replace("per nacht ", ""),
        QUOTED.replace("Hallo,", "Hallo"),
        QUOTED.replace("Groet", "groet"),
    ],
)
def test_a_quotation_with_one_word_changed_is_not_folded(changed: str) -> None:
    assert text_parts(f"Dank je!\n{changed}", QUESTION)[1] == ""


@pytest.mark.parametrize(
    "wrapped",
    [
        QUOTED.replace("kost dat", "kost\n> dat"),
        quote_text(QUOTED),
        QUOTED.replace("> ", ">"),
        QUOTED.replace("\n", "  \n"),
        QUOTED.replace(" op het", "  op\xa0het"),
    ],
    ids=["wrapped", "quoted twice", "bare marks", "spaces", "hard spaces"],
)
def test_lines_spaces_and_marks_make_no_difference(wrapped: str) -> None:
    assert text_parts(f"Dank je!\n{wrapped}", QUESTION)[1]


def test_answers_between_quoted_lines_stay_in_view_with_what_they_answer() -> None:
    first, second = QUOTED.split("\n")[2], QUOTED.split("\n")[4]
    text = f"{first}\nDat kan.\n{second}\nGroet terug."
    assert text_parts(text, QUESTION) == (text, "")


def test_an_answer_within_the_last_quotation_stays_in_view() -> None:
    lines = QUOTED.split("\n")
    text = "\n".join(["Zie onder.", *lines[:2], "Ja hoor!", *lines[2:]])
    shown, folded = text_parts(text, QUESTION)
    assert "Ja hoor!" in shown
    assert "Ja hoor!" not in folded


def test_if_nothing_would_be_left_nothing_is_folded() -> None:
    assert text_parts(QUOTED, QUESTION) == (QUOTED, "")
    assert text_parts(f">\n{QUOTED}\n>\n", QUESTION)[1] == ""
    html = quote_html(QUESTION_HTML)
    assert html_parts(html, html_to_text(QUESTION_HTML)) == (html, "")


@pytest.mark.parametrize("text", ["", "\n", "> ", ">", "Dank je!", "> ja\nDank je!", "Dank je!\n> Hallo,"])
def test_little_or_nothing_is_no_quotation(text: str) -> None:
    assert text_parts(text, QUESTION)[1] == ""


def test_without_an_earlier_message_nothing_is_folded() -> None:
    assert text_parts(f"Dank je!\n{QUOTED}")[1] == ""


def test_nothing_is_put_together_from_two_messages() -> None:
    half = QUESTION.index("en wat")
    assert text_parts(f"Dank je!\n{QUOTED}", QUESTION[:half], QUESTION[half:])[1] == ""
    assert text_parts(f"Dank je!\n{QUOTED}", QUESTION[half:], QUESTION[:half])[1] == ""


def test_half_a_word_is_no_word() -> None:
    assert text_parts("Dank je!\n> ogen wij op het veld", QUESTION)[1] == ""
    assert text_parts("Dank je!\n> Mogen wij op het vel", QUESTION)[1] == ""


def test_what_stands_below_outlooks_headers_is_folded() -> None:
    shown, folded = text_parts(f"Dank je!\n\n{HEADERS}\n{QUESTION}", QUESTION)
    assert shown.startswith("Dank je!")
    assert shown.endswith("Re: Vraag")
    assert folded.strip() == QUESTION
    assert text_parts(f"Dank je!\n\n{HEADERS}\n{QUESTION}\nP.S. Nog iets.", QUESTION)[1] == ""


@pytest.mark.parametrize(
    "html",
    [
        f"<p>Dank je!</p>{quote_html(QUESTION_HTML)}",
        GMAIL,
        f"<p>Dank je!</p><blockquote><blockquote>{QUESTION_HTML}</blockquote></blockquote><br>",
        f"{quote_html(QUESTION_HTML)}<p>Dank je!</p>",
        OUTLOOK,
        f"<p>Dank je!</p>{RULE}<p><b>From:</b> KVV<br><b>Sent:</b> Tuesday</p></div>{QUESTION_HTML}",
    ],
    ids=["ours", "Gmail", "nested", "above", "Outlook", "Outlook on the web"],
)
def test_the_quotation_of_each_mail_program_is_folded(html: str) -> None:
    shown, folded = html_parts(clean_html(html), html_to_text(QUESTION_HTML))
    assert "Dank je!" in shown
    assert "kamperen" in folded
    assert "kamperen" not in shown
    changed = clean_html(html.replace("veld", "dak"))
    assert html_parts(changed, html_to_text(QUESTION_HTML))[1] == ""


def test_answers_between_quotations_stay_in_view_in_html() -> None:
    first, second = "<p>Mogen wij op het veld kamperen?</p>", "<p>En wat kost dat dan?</p>"
    html = f"{quote_html(first)}<p>Ja.</p>{quote_html(second)}<p>Niets.</p>"
    assert html_parts(html, html_to_text(first + second)) == (html, "")
    inside = f"<p>Zie onder</p><blockquote>{first}<p>Ja.</p>{second}</blockquote>"
    assert html_parts(inside, html_to_text(first + second)) == (inside, "")


def test_a_picture_is_something_that_is_left() -> None:
    html = f'{quote_html(QUESTION_HTML)}<img src="cid:a@b">'
    assert html_parts(html, html_to_text(QUESTION_HTML))[1]
    below = f'<p>Dank je!</p>{quote_html(QUESTION_HTML)}<img src="cid:a@b">'
    assert html_parts(below, html_to_text(QUESTION_HTML))[1] == ""


@pytest.mark.parametrize(
    "html",
    [
        "<blockquote>" * 500,
        "<p>a</p>" + "<blockquote>" * 200 + "wij kamperen op het veld" + "</blockquote>" * 200,
        "</blockquote></blockquote><p>x",
        "<blockquote><table><tr><td><blockquote>x</table>y",
        f"<div>{RULE}Van: x</div>",
        f"{RULE}{RULE}Van: x y z</div></div></div></div>",
        "<details><summary>Show earlier messages</summary>x</details>",
    ],
)
def test_hostile_html_is_shown_as_it_is(html: str) -> None:
    cleaned = clean_html(html)
    assert html_parts(cleaned, QUESTION) == (cleaned, "")


def test_what_is_very_long_is_left_alone_and_the_rest_takes_no_time() -> None:
    line = "woord " * 20
    long = "\n".join(line for _line in range(MOST // len(line)))
    assert text_parts(f"Dank je!\n{quote_text(long)}", long)[1] == ""  # with its marks it is over the limit
    almost = long[: MOST - 20_000]
    began = time.process_time()
    assert text_parts(f"Dank je!\n{quote_text(almost)}", almost)[1]
    html = f"<p>Dank je!</p>{quote_html(text_to_html(almost))}"
    html_parts(html, almost) if len(html) <= MOST else None
    for text in ("> " * 90_000, ">\n" * 90_000, "Van: x\n" * 25_000, "a\n> b\n" * 30_000):
        fold_text(text, Earlier([text] * 5))
    for part in (f"{RULE}a</div>", "<blockquote>a</blockquote>", "<div>", "</div>"):
        fold_html(part * (MOST // len(part)), Earlier([almost]), summary=str)
    assert time.process_time() - began < 10
