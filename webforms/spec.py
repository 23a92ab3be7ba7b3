"""What a question form asks, as plain values: made of an administrator's rows, kept with each version.

A form that a visitor sees is always made of a `FormSpec`, whether its rows were saved just now (the preview)
or a year ago (the ticket's copy). `to_json` and `from_json` are each other's opposite.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from hashlib import blake2b
from json import dumps
from typing import Any, Self


class Kind(StrEnum):
    """What is filled in."""

    SHORT = "short"
    LONG = "long"
    EMAIL = "email"
    PHONE = "phone"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    SEVERAL = "several"
    TICK = "tick"
    FILE = "file"


class Meaning(StrEnum):
    """What an answer is, beyond a line of the form's copy; a free field is told by its id instead."""

    NOTHING = ""
    ADDRESS = "address"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    ORGANISATION = "organisation"
    CODE = "code"
    PHONE = "phone"
    SUBJECT = "subject"
    QUESTION = "question"


ABOUT_CUSTOMER = frozenset(
    {
        Meaning.ADDRESS,
        Meaning.FIRST_NAME,
        Meaning.LAST_NAME,
        Meaning.ORGANISATION,
        Meaning.CODE,
        Meaning.PHONE,
    }
)
"""What says who asks."""
ASKED_ALWAYS = (Meaning.ADDRESS, Meaning.SUBJECT, Meaning.QUESTION)
"""What each form asks, once, of everybody."""
CHOICE_KINDS = frozenset({Kind.CHOICE, Kind.SEVERAL})
TICKED = "1"
"""What stands in a box that is ticked, for who is asked only then."""


@dataclass(frozen=True, slots=True)
class Text:
    """What is read, in both languages; the Dutch where there is no English."""

    nl: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.nl)

    def in_language(self, language: str) -> str:
        """What a reader of this language gets."""
        return self.en if self.en and language.startswith("en") else self.nl


@dataclass(frozen=True, slots=True)
class ChoiceSpec:
    """What can be chosen; `queue`: the id of the one that a form leads to by it, instead of its own."""

    key: str
    name: Text
    queue: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field.

    `least`, `most`: of a number, of the characters of a text, of how many are chosen. `pattern`: a regular
    expression that a text must match as a whole, and the sentence that says so. `shown_when`, `shown_value`:
    the key of a field above, and the key of its choice (or `TICKED`) with which alone this one is asked.
    `free_field`: the id of a free field that the ticket gets the answer in.
    """

    key: str
    kind: Kind
    label: Text
    help: Text = Text()
    is_required: bool = False
    pattern: str = ""
    pattern_said: Text = Text()
    least: Decimal | None = None
    most: Decimal | None = None
    shown_when: str = ""
    shown_value: str = ""
    meaning: Meaning = Meaning.NOTHING
    free_field: int | None = None
    choices: tuple[ChoiceSpec, ...] = ()

    @property
    def is_conditional(self) -> bool:
        """Whether it is asked only of who gave a certain answer above it."""
        return bool(self.shown_when)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSpec:
    """A whole form; `files_most`: of all its files together, in bytes."""

    name: Text
    queue: int
    introduction: Text = Text()
    consent: Text = Text()
    thanks: Text = Text()
    files_most: int = 0
    fields: tuple[FieldSpec, ...] = field(default=())

    @property
    def has_files(self) -> bool:
        """Whether files can be sent with it."""
        return any(each.kind is Kind.FILE for each in self.fields)

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self, dict_factory=_plain)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Of what `to_json` gave."""
        texts = {name: Text(**kept[name]) for name in ("name", "introduction", "consent", "thanks")}
        return cls(
            **texts,
            queue=kept["queue"],
            files_most=kept["files_most"],
            fields=tuple(_field(each) for each in kept["fields"]),
        )

    @property
    def digest(self) -> str:
        """The same for the same form."""
        return blake2b(dumps(self.to_json(), sort_keys=True).encode(), digest_size=16).hexdigest()


def _plain(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal | StrEnum) else value for name, value in pairs}


def _field(kept: Mapping[str, Any]) -> FieldSpec:
    texts = {name: Text(**kept[name]) for name in ("label", "help", "pattern_said")}
    limits = {name: None if kept[name] is None else Decimal(kept[name]) for name in ("least", "most")}
    choices = tuple(ChoiceSpec(each["key"], Text(**each["name"]), each["queue"]) for each in kept["choices"])
    enums = {"kind": Kind(kept["kind"]), "meaning": Meaning(kept["meaning"])}
    return FieldSpec(**{**kept, **texts, **limits, **enums, "choices": choices})
