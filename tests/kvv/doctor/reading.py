"""Reading what a check found."""

from collections.abc import Iterator

from kvv.doctor.finding import Finding


def levels(findings: Iterator[Finding]) -> list[tuple[str, str]]:
    return [(finding.name, finding.level.value) for finding in findings]


def text(findings: Iterator[Finding]) -> str:
    return " ".join(finding.text for finding in findings)
