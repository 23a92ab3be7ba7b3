"""The quotation of our answer in the form of each mail program: folded, and nothing else of the mail."""

from dataclasses import dataclass, replace

import pytest

from richtext.clean import clean_html
from richtext.convert import html_to_text, quote_html
from richtext.fold import Earlier, fold_html, fold_text
from tests.richtext.clients import (
    ANSWER,
    EN_OUTLOOK,
    NL_BIRD,
    NL_PHONE,
    OURS,
    PAGES,
    QUESTION,
    QUOTED,
    TEXTS,
    WRITTEN,
    plain,
)

MARK = "vuurplaats"  # a word of our answer
EARLIER = (OURS, html_to_text(QUESTION), html_to_text(ANSWER))


@dataclass(frozen=True, slots=True)
class Mail:
    """The body of a mail."""

    body: str
    is_html: bool

    def with_(self, old: str, new: str) -> "Mail":
        assert old in self.body
        return replace(self, body=self.body.replace(old, new, 1))


MAILS = [
    *(pytest.param(Mail(body, is_html=False), id=f"{name}, text") for name, body in TEXTS.items()),
    *(pytest.param(Mail(body, is_html=True), id=f"{name}, HTML") for name, body in PAGES.items()),
]


def parts(mail: Mail, *earlier: str) -> tuple[str, str]:
    """The text that is shown and that is folded of a mail; together it is all of it."""
    if not mail.is_html:
        pieces = fold_text(mail.body, Earlier(earlier))
        kept = "".join("".join(piece.text for piece in pieces).split())
        assert kept == "".join(mail.body.split())
        shown = "\n".join(piece.text for piece in pieces if not piece.lines)
        return shown, "\n".join(piece.text for piece in pieces if piece.lines)
    html = clean_html(mail.body)
    before, _found, rest = fold_html(html, Earlier(earlier), summary=str).partition(
        '<details class="quoted">'
    )
    inside, _found, after = rest.partition("</details>")
    inside = inside.partition("</summary>")[2]
    assert before + inside + after == html
    assert [part for part in (inside, before + after) if clean_html(part) != part] == []
    return html_to_text(before + after), html_to_text(inside)


every_form = pytest.mark.parametrize("mail", MAILS)


@every_form
def test_what_our_mail_said_is_folded_and_what_the_customer_wrote_is_not(mail: Mail) -> None:
    shown, folded = parts(mail, *EARLIER)
    assert WRITTEN in shown
    assert MARK not in shown
    assert "kleine veld" in folded.replace("*", "")
    assert "Mogen wij op het veld kamperen?" in folded


@every_form
def test_nothing_is_folded_of_what_our_mail_did_not_say(mail: Mail) -> None:
    for earlier in ((), ("Iets heel anders, van iemand anders.",)):
        assert parts(mail, *earlier)[1] == ""
    shown, _folded = parts(mail.with_("vuurplaats", "vuurplaatsen"), *EARLIER)
    assert MARK in shown
    assert WRITTEN in shown


@every_form
@pytest.mark.parametrize("answer", ["Ja.", "Die tenten hebben wij al."])
@pytest.mark.parametrize(
    "place", ["Neem zelf tenten mee.", "Mogen wij op het veld kamperen?", "Groet, Karin"]
)
def test_what_is_written_between_its_lines_stays_in_view(mail: Mail, place: str, answer: str) -> None:
    between = mail.with_(place, f"{place}<br>{answer}<br>" if mail.is_html else f"{place}\n{answer}\n")
    shown, folded = parts(between, *EARLIER)
    assert answer in [line.strip("> ") for line in shown.split("\n")]
    assert answer not in [line.strip("> ") for line in folded.split("\n")]


@every_form
def test_a_mail_without_words_of_its_own_shows_what_it_quotes(mail: Mail) -> None:
    assert MARK in parts(mail.with_(WRITTEN, ""), *EARLIER)[0]


@pytest.mark.parametrize("own", ["Op zaterdag 3 mei graag", "2 tenten dan", "Mijn adres: jan@post.example"])
def test_words_that_look_like_the_beginning_of_a_quotation_are_words(own: str) -> None:
    for said in (NL_BIRD, NL_PHONE.replace("Demo <", "Demo\n<"), plain(EN_OUTLOOK)):
        shown, folded = parts(Mail(f"{own}\n\n{said}\n{QUOTED}", is_html=False), *EARLIER)
        assert shown.startswith(own)
        assert MARK in folded
    html = f"<div>{own}</div><div>{NL_BIRD}</div>{quote_html(ANSWER)}"
    shown, folded = parts(Mail(html, is_html=True), *EARLIER)
    assert shown.startswith(own)
    assert MARK in folded


@pytest.mark.parametrize(
    "above", ["", "Verstuurd vanaf mijn iPhone\n", "Outlook voor Android downloaden\n____\n"]
)
@pytest.mark.parametrize(
    "said", [NL_PHONE, plain(EN_OUTLOOK), "El vie, 1 may 2026, Demo (<spel@kvv.example>):"]
)
def test_a_mail_that_only_quotes_is_not_folded_empty(above: str, said: str) -> None:
    text = "Beste Karin, het kleine veld is dan nog vrij."
    mail = Mail(f"{above}\n{said}\n> {text}\n", is_html=False)
    assert parts(mail, text)[1] == ""
    lines = "".join(f"<div>{line}</div>" for line in f"{above}{said}".replace("<", "&lt;").split("\n"))
    assert parts(Mail(f"{lines}<blockquote>{text}</blockquote>", is_html=True), text)[1] == ""


def test_a_forwarded_mail_of_others_is_shown_whatever_stands_above_it() -> None:
    others = "Beste allemaal,\n\nWie heeft er nog tenten voor zaterdag?\n\nGroet, Piet"
    for above in ("", "Zie onder.\n\n", "---------- Forwarded message ---------\n"):
        mail = Mail(f"{above}{plain(EN_OUTLOOK)}\n\n{others}\n", is_html=False)
        assert parts(mail, *EARLIER)[1] == ""
