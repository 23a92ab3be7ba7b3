"""What a word is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.words import LONGEST, folded, in_one, read_words, whole_address, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Vraag over het Kamp!", "vraag over het kamp"),
        ("cliënten naïef café ÉÉN", "clienten naief cafe een"),
        ("Jeanne d'Arc, foto's en auto’s", "jeanne d arc foto s en auto s"),
        ("AB-1234/b nr. 2026112410000313", "ab 1234 b nr 2026112410000313"),
        ("kamp_brief-2026.PDF", "kamp brief 2026 pdf"),
        ("€ 12,50 op 01-12-2026", "12 50 op 01 12 2026"),
        ("<jan@voorbeeld.nl>", "jan voorbeeld nl"),
        ("ﬁets Straße ２０２６ m²", "fiets strasse 2026 m2"),
        ("een\N{SOFT HYPHEN}voudig ver\N{ZERO WIDTH SPACE}borgen", "eenvoudig verborgen"),
        ("Ελλάς Москва 日本語", "ελλασ москва 日本語"),
        ("een\0twee \ud800drie", "een twee drie"),
        ("… -- ' \t\n", ""),
    ],
)
def test_capitals_accents_and_signs_make_no_difference(text: str, words: str) -> None:
    assert words_of(text) == words.split()


def test_a_mail_address_is_one_word_and_the_words_it_is_made_of() -> None:
    read = read_words("Mail naar 'Jan.de.Vries+kamp@Voorbeeld.nl', of bel: piet@b.example.")
    assert " ".join(read.words) == "mail naar jan de vries kamp voorbeeld nl of bel piet b example"
    assert read.wholes == [(2, "jan.de.vries+kamp@voorbeeld.nl"), (10, "piet@b.example")]


@pytest.mark.parametrize("text", ["jan@", "@voorbeeld.nl", "jan@voorbeeld", "a@b.c@d.e", "-@-.-", "j @b.nl"])
def test_what_only_looks_like_an_address_is_its_words(text: str) -> None:
    assert read_words(text).wholes == []
    assert whole_address(text) is None


def test_a_text_that_is_just_an_address_is_sought_as_one_word() -> None:
    assert whole_address(" José@Voorbeeld.nl ") == "jose@voorbeeld.nl"
    assert whole_address("jose@voorbeeld.nl en piet@voorbeeld.nl") is None


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("e-mail", "email"),
        ("Kant-en-klaar", "kantenklaar"),
        ("06-12345678", "0612345678"),
        ("06 12 34 56 78", "0612345678"),
        ("(036) 534 12 34", "0365341234"),
        ("+31 (0)6-12345678", "0612345678"),
        ("+31612345678", "0612345678"),
        ("0032 475 12 34 56", "0475123456"),
        ("NL91 ABNA 0417 1643 00", "nl91abna0417164300"),
        ("0612345678", ""),
        ("01-12-2026 12:30", ""),
        ("F-2026-0417", ""),
        ("a-b-c-d-e", ""),
        ("--", ""),
    ],
)
def test_what_some_write_in_pieces_is_one_word_too(text: str, whole: str) -> None:
    found = read_words(f"Zie {text}, 12 mei")
    assert found.wholes == ([(1, whole)] if whole else [])
    assert in_one(text) == (whole if text[0] != "(" else "")
    assert " ".join(found.words) == " ".join(words_of(f"Zie {text}, 12 mei"))


def test_of_a_long_word_its_beginning_counts() -> None:
    assert words_of("x" * 500) == ["x" * LONGEST]
    assert whole_address("x" * 500 + "@voorbeeld.nl") == "x" * LONGEST


@given(st.text())
def test_words_are_found_by_themselves(text: str) -> None:
    read = read_words(text)
    assert folded(folded(text)) == folded(text)
    assert words_of(" ".join(read.words)) == read.words == words_of(text)
    assert all(0 <= at < len(read.words) for at, _whole in read.wholes)
    "".join([*read.words, *(whole for _at, whole in read.wholes)]).encode()


@pytest.mark.parametrize(
    "piece", ["a", "@", "a@", "é", "a@b.", ".'", "日", "\u0301", "a@b.c@", "a-", "0 ", "é-"]
)
def test_hostile_texts_take_no_longer_than_others(piece: str) -> None:
    begun = time.process_time()
    read_words(piece * (200_000 // len(piece)))
    assert time.process_time() - begun < 2
