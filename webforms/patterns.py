"""Patterns of administrators: regular expressions that never take long, whatever a stranger types.

A pattern is looked at once, when it is saved; what it allows is a small part of the language, which browsers
read as Python does. How often it can go another way with one text is counted, and what is too often refused.
"""

import re
import warnings
from re import _parser  # type: ignore[attr-defined]  # how Python itself reads one: nothing else knows as well
from typing import Any

TEXT_MOST = 200
"""Characters of what is matched: a pattern goes with texts of one line alone."""
WAYS_MOST = (TEXT_MOST + 1) ** 3
"""Three parts of any length; a text of 200 characters then takes Python some milliseconds at worst."""
SPECIAL_GROUP = re.compile(r"(?<!\\)\(\?(?!:)")
PLAIN = frozenset({"LITERAL", "NOT_LITERAL", "ANY", "IN", "AT", "CATEGORY"})
REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT"})


class NoPatternError(ValueError):
    """It is no regular expression, or has something in it that browsers read otherwise."""


class SlowPatternError(ValueError):
    """There are too many ways to match it with one text."""


def check_pattern(pattern: str) -> None:
    """Raise `NoPatternError` or `SlowPatternError` of what can't be used."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
            parsed = _parser.parse(pattern)
    except (re.error, Warning, OverflowError, RecursionError) as error:
        raise NoPatternError(pattern) from error
    if SPECIAL_GROUP.search(pattern):
        raise NoPatternError(pattern)
    if _ways(parsed) > WAYS_MOST:
        raise SlowPatternError(pattern)


def _ways(parsed: Any) -> int:
    """How many ways there are at most to match it with one text; counting ends when it is too many."""
    ways = 1
    for operation, given in parsed:
        ways = min(ways * _ways_of(str(operation), given), WAYS_MOST + 1)
    return ways


def _ways_of(operation: str, given: Any) -> int:
    if operation in PLAIN:
        return 1
    if operation == "SUBPATTERN":
        return _ways(given[-1])
    if operation == "BRANCH":
        return sum(_ways(branch) for branch in given[1])
    if operation in REPEATS:
        least, most, repeated = int(given[0]), min(int(given[1]), TEXT_MOST), _ways(given[2])
        times = 1 if repeated == 1 else repeated ** min(most, 64)
        return max(most - least + 1, 1) * times
    raise NoPatternError(operation)
