"""What a text asks for, as a table: the text, and the tree of it, written with brackets.

A word is itself, a phrase stands in quotation marks, a place before a colon; 'kamp & -tent' is both.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.hints import Hint
from search.language import (
    DEPTH_MOST,
    LENGTH_MOST,
    TERMS_MOST,
    And,
    Has,
    Not,
    Or,
    Phrase,
    Tree,
    Word,
    read_search,
)


def told(tree: Tree | None) -> str:
    """A tree as a line."""
    match tree:
        case None:
            return ""
        case Word(text, where, is_beginning):
            return f"{where.value}:{text}{'*' * is_beginning}".removeprefix(":")
        case Phrase(text, where):
            return f"{where.value}:'{text}'".removeprefix(":")
        case Has(attribute, text, is_beginning):
            return f"{attribute.value}={text}{'*' * is_beginning}"
        case Not(part):
            return f"-{told(part)}"
        case And(parts) | Or(parts):
            return f"({(' & ' if isinstance(tree, And) else ' | ').join(map(told, parts))})"


ASKED = {
    # Words and phrases
    "kamp factuur": "(kamp & factuur)",
    "'grote tent' \"tent huren\"": "('grote tent' & 'tent huren')",
    "“een 2” „drie 4” ‘vijf 6’ «zeven 8»": "('een 2' & 'drie 4' & 'vijf 6' & 'zeven 8')",
    "foto's 's avonds in 't Gooi": "(foto's & 's & avonds & in & 't & Gooi)",
    "'foto's van het kamp'": "'foto's van het kamp'",
    "verzeker* factu* a*": "(verzeker* & factu* & a)",
    "https://kvv.example/x?y=1": "https://kvv.example/x?y=1",
    "12:30 re: iets onbekend:woord": "(12:30 & re: & iets & onbekend:woord)",
    "file:///tmp/x van://y": "(file:///tmp/x & van://y)",
    "Jansen & Zonen - wat ? !": "(Jansen & Zonen & wat)",
    "AB-12-C tussen-door --force": "(AB-12-C & tussen-door & --force)",
    "bel 06 12345678 en NL91 ABNA 0417 1643 00": "(bel & 06 12345678 & en & NL91 ABNA 0417 1643 00)",
    "(06 12345678) -06 87654321 +31 6 1": "(06 12345678 & -06 87654321 & +31 & 6 & 1)",
    # AND, OR, NOT
    "kamp EN tent AND stok && touw": "(kamp & tent & stok & touw)",
    "kamp OF tent OR stok || touw": "(kamp | tent | stok | touw)",
    "kamp NIET tent NOT stok !touw -haring": "(kamp & -tent & -stok & -touw & -haring)",
    "en of niet and or not": "(en & of & niet & and & or & not)",
    "a OF b c OF d": "(a | (b & c) | d)",
    "(a OF b) (c OF d)": "((a | b) & (c | d))",
    "a&&b||c": "((a & b) | c)",
    "-(a b) !'c d'": "(-(a & b) & -'c d')",
    "-tent": "-tent",
    "NIET NIET a": "a",
    # Places
    "onderwerp:kamp subject:tent": "(subject:kamp & subject:tent)",
    "Van: jan aan:piet from:x to:y": "(from:jan & to:piet & from:x & to:y)",
    "tekst:(kamp OF 'grote tent')": "(text:kamp | text:'grote tent')",
    "bijlage:plan.pdf file:a attachment:b*c": "(file:plan.pdf & file:a & file:b*c)",
    "onderwerp:(kamp van:jan) tent": "(subject:kamp & from:jan & tent)",
    "-van:jan aan:-piet": "(-from:jan & -to:piet)",
    # Attributes
    "nummer:20261124* status:open kamp": "(kamp & number=20261124* & state=open)",
    "wachtrij:Kennis::Spel wachtrij:'Grote tenten'": "(queue=Kennis::Spel | queue=Grote tenten)",
    "klant:(a b) -status:nieuw": "((customer=a | customer=b) & -state=nieuw)",
    "status:open OF kamp": "(state=open | kamp)",
    # Nothing at all
    "": "",
    "  ?! * - ( ) ": "",
    "()": "",
}


@pytest.mark.parametrize(("text", "tree"), ASKED.items())
def test_what_a_text_asks_for(text: str, tree: str) -> None:
    assert told(read_search(text).tree) == tree


REMARKS = {
    "a || && b": ("(a | b)", Hint.NOTHING_TO_JOIN, "&&"),
    "OF a": ("a", Hint.NOTHING_TO_JOIN, "OF"),
    "a EN": ("a", Hint.NOTHING_TO_JOIN, "EN"),
    "a || || b": ("(a | b)", Hint.NOTHING_TO_JOIN, "||"),
    "NIET": ("", Hint.NOTHING_TO_JOIN, "NIET"),
    "(a NIET) b": ("(a & b)", Hint.NOTHING_TO_JOIN, "NIET"),
    "((a) b": ("(a & b)", Hint.UNCLOSED_BRACKET, "("),
    "a) OF b": ("(a | b)", Hint.UNOPENED_BRACKET, ")"),
    'kamp "tent': ("(kamp & tent)", Hint.UNCLOSED_QUOTE, '"'),
    "kamp van:": ("(kamp & van)", Hint.NOTHING_IN_PLACE, "van:"),
    "onderwerp:(van:)": ("subject:van", Hint.NOTHING_IN_PLACE, "van:"),
    "*tent": ("*tent", Hint.STAR, "*tent"),
    "AB*12": ("AB*12", Hint.STAR, "AB*12"),
    "KAN NIET INLOGGEN": ("(KAN & -INLOGGEN)", Hint.CAPITALS, "NIET"),
    "Antw: RE: de tent": ("(de & tent)", Hint.REPLY_WORD, "Antw: RE:"),
    "🎉 ?! *": ("", Hint.NO_WORD, "🎉 ?! *"),
    "(" * 12 + "a" + ")" * 12: ("a", Hint.TOO_DEEP, "("),
}


@pytest.mark.parametrize(("text", "expected"), REMARKS.items())
def test_what_cannot_be_read_is_told(text: str, expected: tuple[str, Hint, str]) -> None:
    tree, hint, piece = expected
    asked = read_search(text)
    assert told(asked.tree) == tree
    assert asked.remarks == ((hint, piece),)


def test_a_long_text_is_read_to_its_limits() -> None:
    many = read_search(" ".join(f"w{n}" for n in range(TERMS_MOST + 2)))
    assert isinstance(many.tree, And)
    assert len(many.tree.parts) == TERMS_MOST
    assert many.remarks == ((Hint.TOO_MANY, f"w{TERMS_MOST}"),)
    assert told(read_search("kamp " + "a" * LENGTH_MOST).tree) == "kamp"
    assert read_search("kamp " + "a" * LENGTH_MOST).remarks == ((Hint.TOO_LONG, "kamp"),)


NUMBERS = {
    "Re: [Ticket#2026112410000313] Vraag (kamp)": ("2026112410000313", False),
    "Ticket#: 2026112410000313": ("2026112410000313", True),
    "[Ticket#2026112410000313]": ("2026112410000313", True),
    " 2026112410000313 ": ("2026112410000313", True),
    "20261124": ("20261124", True),
    "#2026112410000313 over de tent": ("2026112410000313", False),
    "zie Case#12345, graag": ("12345", False),
    "2026": ("", False),
    "order 12345678": ("", False),
    "kamp -2026112410000313": ("", False),
    "NL20261124100003133": ("", False),
}


@pytest.mark.parametrize(("text", "number"), NUMBERS.items())
def test_a_pasted_number_is_seen(text: str, number: tuple[str, bool]) -> None:
    asked = read_search(text)
    assert (asked.number, asked.number_alone) == number


SIGNS = st.sampled_from(
    [
        *("kamp", "é", "20261124", "\0", "\ud800", " ", "\n", "'", '"', "”", "‘", "(", ")", "[", "#", "::"),
        *("-", "!", "*", "&&", "||", "EN", "OF", "NIET", "van:", "status:", "re:"),
    ]
)
ANY_TEXT = st.text(max_size=60) | st.lists(SIGNS, max_size=60).map("".join) | st.lists(SIGNS).map(" ".join)


@given(ANY_TEXT)
def test_any_text_gives_a_tree_within_the_limits(text: str) -> None:
    asked = read_search(text)
    terms = list(leaves(asked.tree))
    assert len(terms) <= TERMS_MOST
    assert depth(asked.tree) <= 3 * (DEPTH_MOST + 1)
    assert all(any(sign.isalnum() for sign in term.text) for term in terms)
    assert not any(sign in term.text for term in terms for sign in ("\0", "\ud800"))


def leaves(tree: Tree | None) -> list[Word | Phrase | Has]:
    match tree:
        case None:
            return []
        case Not(part):
            return leaves(part)
        case And(parts) | Or(parts):
            assert len(parts) > 1
            return [leaf for part in parts for leaf in leaves(part)]
        case Word() | Phrase() | Has():
            return [tree]


def depth(tree: Tree | None) -> int:
    match tree:
        case Not(part):
            return 1 + depth(part)
        case And(parts) | Or(parts):
            return 1 + max(map(depth, parts))
    return 0
