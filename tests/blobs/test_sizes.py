"""Sizes as people say them."""

import pytest
from django.utils import translation

from blobs.sizes import size_in_words

MB = 2**20


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (40_038, "39 kB"),
        (1023 * 1024, "1 MB"),
        (MB, "1 MB"),
        (2 * MB + MB // 2, "2,5 MB"),
        (5_000_000, "4,8 MB"),
        (20 * MB, "20 MB"),
        (3 * 2**30, "3 GB"),
        (5 * 2**50, "5120 TB"),
    ],
)
def test_a_size_has_no_more_digits_than_one_asks_for(size: int, words: str) -> None:
    with translation.override("nl"):
        assert size_in_words(size) == words
    with translation.override("en"):
        assert size_in_words(size) == words.replace(",", ".")
