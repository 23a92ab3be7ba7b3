"""What a mail server's words say of a mail: that it failed, and whether for good, whatever server wrote them.

A failure that is taken for a delay is told to nobody; a delay that is taken for a failure makes somebody
write again. The plainest words come first: who says that it is tried again, tries again, whatever else
stands there; then a permanent code (RFC 5321, 4.2.1; RFC 3463, 2) or words of giving up; then words of
delay. What the report repeats of our own mail says nothing: neither its subject, nor a line that gives it.
"""

import re
from collections.abc import Iterable

# So much of a server's words is looked at.
MAX_LOOKED_AT = 5000

# Neither a part of an IP address, a version or a time, nor a number of things.
_NO_NUMBER_OF = (
    r"(?![ -](?:more )?(?:hour|minute|second|day|attempt|message|recipient|byte|[kmg]i?b\b|uur|uren|min"
    r"|sec|dag|poging|bericht|ontvanger))"
)


def _code(classes: str) -> str:
    return (
        rf"(?<![\w./+-])[{classes}][0-5][0-9](?!\w|[./]\d){_NO_NUMBER_OF}"
        rf"|(?<![\w.])[{classes}]\.[0-7]\.[0-9]{{1,3}}(?!\w|\.\d)"
    )


CODE = re.compile(_code("45"), re.IGNORECASE)
_FINAL_CODE = re.compile(_code("5"), re.IGNORECASE)

_IN_DUTCH = (
    r"niet (?:kan |kon |kunnen |worden |te ){0,3}(?:afgeleverd|bezorgd|aangekomen|afleveren|bezorgen)"
    r"|onbestelbaar|niet[ -]bestelbaar"
)
_FAILED = (
    rf"{_IN_DUTCH}|unzustellbar|"
    r"undeliver|(?:not|n't)(?: be(?:en)?)? delivered|failure notice|mail[^.\n]{0,20}error"
    r"|deliver(?:y|ing)[^.\n]{0,40}(?:fail|error|problem)|fail(?:ed|ure)[^.\n]{0,40}deliver"
    r"|return(?:ed|ing) (?:mail|message|to sender)"
    r"|(?:user|recipient|address|mailbox)[^.\n]{0,40}(?:unknown|not found|not exist|n't exist|full|rejected)"
    r"|(?:unknown|no such|invalid) (?:user|recipient|address|mailbox)"
)
_FAILED_WORDS = re.compile(_FAILED, re.IGNORECASE)
_FAILURE = re.compile(rf"{_FAILED}|delivery status notification", re.IGNORECASE)

_TRIED_AGAIN = re.compile(
    r"will be (?:retried|attempted again|re-?sent)|still being retried|(?<!you )will (?:re)?try"
    r"|(?<!not )(?<!n't )(?<!never )(?:keep|continues?|still) (?:on )?(?:trying|to try)"
    r"|attempts will continue|(?<!not a )warning (?:message )?only|not need to re-?send"
    r"|not yet (?:been )?delivered|(?<!not a )temporary failure report"
    r"|nog niet (?:kunnen )?(?:worden )?(?:afgeleverd|bezorgd)"
    r"|(?:wordt|worden|zal|zullen)\b(?:(?!\bniet\b|\bnooit\b)[^.\n]){0,40}opnieuw"
    r" (?:worden )?(?:geprobeerd|proberen)"
    r"|opnieuw geprobeerd (?:wordt|zal)|(?<!het )blij(?:ft|ven)\b(?:(?!\bniet\b)[^.\n]){0,30} proberen"
    r"|(?:probeert|\bwij? proberen) het (?:nog\b|(?:later )?opnieuw)",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"(?<!not )(?<!not a )(?<!non-)permanent|(?<!non-)fatal|(?<!not )giv(?:en|ing) up|gave up"
    r"|no (?:further |more )?(?:delivery )?(?:attempt|retr)|not be (?:retried|attempted again)"
    r"|not (?:retry|try again)|(?:stopped|no longer) (?:be(?:ing)? )?(?:try|retr)"
    r"|(?:will not|won't|will never) (?:be )?(?:retr|tr(?:y|ied)|attempt|re-?sen)"
    r"|(?:too|for) long\b"
    r"|(?:message|mail|envelope|queue|delivery|time|retries|bericht)\W{0,3}(?:(?:has|is|was) )?expired"
    r"|definitief|geven het op|niet (?:meer |langer )?opnieuw",
    re.IGNORECASE,
)
# What would happen, or will in the end.
_CONDITION = re.compile(
    r"\b(?:if|unless|until|als|indien|mocht(?:en)?|zodra|totdat)\b[^.\n]{0,100}", re.IGNORECASE
)
_DELAYED = re.compile(r"(?<!not )\bdelayed\b|delivery delay\b|(?<!niet )vertraagd", re.IGNORECASE)
_DELAYED_SUBJECT = re.compile(
    rf"{_TRIED_AGAIN.pattern}|{_DELAYED.pattern}|\bdelay\b|\bwarning\b|waarschuwing", re.IGNORECASE
)
_FINALLY = re.compile(
    r"(?:could|can) ?not be delivered|(?:was|were) not delivered|undeliverable"
    r"|delivery failed|(?:delivery|it) has failed"
    rf"|{_IN_DUTCH}",
    re.IGNORECASE,
)
# No answering machine of a person says so, except of what would be.
_SURELY_FAILED = re.compile(
    rf"{_FINALLY.pattern}|not yet (?:been )?delivered|failed to deliver"
    r"|(?:unknown|no such) user|user unknown",
    re.IGNORECASE,
)
_SUBJECT_LINE = re.compile(r"[>|*\s]{0,20}(?:subject|onderwerp|betreft|betreff)\s{0,3}:", re.IGNORECASE)
_LEAST_SUBJECT = 4


def says_failure(subject: str, lines: Iterable[str]) -> bool:
    """Whether a subject or a server's lines have words of a failure, for good or not."""
    return bool(_FAILURE.search(f"{subject}\n{_flat(lines)}"))


def surely_tells_of_failure(lines: Iterable[str]) -> bool:
    """Whether lines tell of a failure, or of a delay, in words that are not said of anything else."""
    return bool(_SURELY_FAILED.search(_CONDITION.sub("", _flat(lines))))


def has_failed_words(lines: Iterable[str]) -> bool:
    """Whether lines say that a mail failed, or give a server's code."""
    words = _flat(lines)
    return bool(_FAILED_WORDS.search(words) or CODE.search(words))


def is_delay(subject: str, lines: Iterable[str], *, ours: str) -> bool:
    """Whether a server goes on trying. `ours`: the subject of the mail that came back, '' if not known."""
    words = _flat(line for line in lines if not _SUBJECT_LINE.match(line))
    if len(ours) >= _LEAST_SUBJECT:
        words = words.replace(" ".join(ours.split()), " ")
    if _TRIED_AGAIN.search(words):
        return True
    said = _CONDITION.sub("", words)
    if _FINAL_CODE.search(words) or _GIVEN_UP.search(said) or _FINALLY.search(said):
        return False
    return bool(_DELAYED.search(said)) or _is_delay_by_subject(_without(ours, subject))


def _is_delay_by_subject(subject: str) -> bool:
    """What comes first is the server's own word; our subject stands behind it."""
    delayed = _DELAYED_SUBJECT.search(subject)
    return delayed is not None and not _FAILED_WORDS.search(subject, 0, delayed.start())


def _without(ours: str, subject: str) -> str:
    """A report's subject without ours, which it repeats at its end, or as a whole."""
    before = subject.removesuffix(ours) if ours else subject
    return before if not before.strip() or before.rstrip()[-1:] in ":-\"'([" else subject


def _flat(lines: Iterable[str]) -> str:
    """Paragraphs as lines: what servers say is broken into lines anywhere."""
    text = "\n".join(lines)[:MAX_LOOKED_AT]
    return "\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
