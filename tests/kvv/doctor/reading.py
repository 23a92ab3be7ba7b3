"""Reading what a check found."""

from collections.abc import Iterator

from kvv.doctor.finding import Finding


def levels(found: Iterator[Finding]) -> list[tuple[str, str]]:
    return [(one.name, one.level.value) for one in found]


def text(found: Iterator[Finding]) -> str:
    return " ".join(one.text for one in found)
