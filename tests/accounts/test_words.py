"""The words that a customer is found by: folded alike in Python and in the database."""

import unicodedata

import pytest
from django.db import connection

from accounts.models import Customer, CustomerAddress, CustomerWord
from accounts.words import TYPED_MOST, WORD_MOST, fold, typed_words

pytestmark = pytest.mark.django_db


def words_of(customer: Customer) -> set[str]:
    """All but '', which each has."""
    words = set(CustomerWord.objects.filter(customer=customer).values_list("word", flat=True))
    assert "" in words
    return words - {""}


def test_python_and_the_database_fold_every_character_alike() -> None:
    known = [
        chr(code)
        for code in (*range(1, 0xD800), *range(0xE000, 0x1F000))
        if unicodedata.category(chr(code)) not in ("Cn", "Co")
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT accounts_fold(c) FROM unnest(%s) WITH ORDINALITY AS t (c, n) ORDER BY n", [known]
        )
        theirs = [text for (text,) in cursor.fetchall()]
    assert [(c, text) for c, text in zip(known, theirs, strict=True) if fold(c) != text] == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  JÉRÔME   O’Brien ", ["jerome", "o'brien"]),
        ("Łukasz Łukasz ĐØ", ["lukasz", "do"]),
        ("ΣΊΣΥΦΟΣ Йод", ["σισυφοσ", "иод"]),
        ("a\tb\0c\u00a0d", ["a", "b", "c", "d"]),
        ("x" * 500, ["x" * WORD_MOST]),
        (" ".join("abcdefghijkl"), list("abcdefghijkl")[:TYPED_MOST]),
        ("\u0301 ", []),
    ],
)
def test_what_is_typed_becomes_words(typed: str, words: list[str]) -> None:
    assert typed_words(typed) == words


def test_a_customer_has_the_words_of_name_addresses_and_code_and_no_other() -> None:
    customer = Customer.objects.create(code="K-12 A", first_name="Jan-Willem (JW)", last_name="d’Été")
    assert words_of(customer) == {
        "jan-willem",
        "(jw)",
        "d'ete",
        "jan",
        "willem",
        "jw",
        "d",
        "ete",
        "k-12",
        "a",
    }
    Customer.objects.filter(pk=customer.pk).update(first_name="", last_name="Bos", code="")
    assert words_of(customer) == {"bos"}
    address = CustomerAddress.objects.create(customer=customer, address=f"{'b' * 200}@post.example")
    assert words_of(customer) == {"bos", "b" * WORD_MOST}
    other = Customer.objects.create()
    CustomerAddress.objects.filter(pk=address.pk).update(customer=other)
    assert (words_of(customer), words_of(other)) == ({"bos"}, {"b" * WORD_MOST})
    other.delete()
    customer.delete()
    assert not CustomerWord.objects.exists()
