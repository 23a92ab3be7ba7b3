"""Free fields ('Vrije invulvelden'): what administrators let be filled in, and what tickets hold of it."""

from collections.abc import Callable
from enum import StrEnum

from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Lower
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from queues.models import Queue
from tickets.models.ticket import Ticket

NAME_MOST, HELP_MOST = 100, 250
SHORT_MOST, LONG_MOST = 200, 10_000
NUMBER_DIGITS, NUMBER_PLACES = 15, 4


def in_language(dutch: str, english: str) -> str:
    """What the reader gets of two texts: their own, or the Dutch one where there is no English."""
    return english if english and (get_language() or "").startswith("en") else dutch


class Named(models.Model):
    """What has a Dutch name, and perhaps an English one."""

    name_nl = models.CharField(_("name in Dutch"), max_length=NAME_MOST)
    name_en = models.CharField(
        _("name in English"),
        max_length=NAME_MOST,
        blank=True,
        default="",
        help_text=_("Without one, the Dutch name is shown."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=100, help_text=_("The lowest comes first.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return in_language(self.name_nl, self.name_en)


class FieldPlace(StrEnum):
    """Where a free field is asked for, as the column that says how."""

    TICKET = "on_ticket"
    NEW = "on_new_ticket"
    ANSWER = "on_answer"
    CLOSE = "on_close"
    WEB_FORM = "on_web_form"


class FreeField(Named):
    """A field that an administrator has defined, for some queues or for all.

    Its kind stays once a ticket has a value: `FreeValue` refers to both. One put out of use keeps its values.
    """

    class Kind(models.TextChoices):
        SHORT = "short", _("short text")
        LONG = "long", _("long text")
        NUMBER = "number", pgettext_lazy("kind of field", "number")
        DATE = "date", _("date")
        MOMENT = "moment", _("date and time")
        CHOICE = "choice", _("one choice")
        SEVERAL = "several", _("several choices")
        TICK = "tick", _("tick")

    class Use(models.TextChoices):
        """How a field is asked for at a place."""

        HIDDEN = "", _("not shown")
        SHOWN = "shown", _("shown")
        REQUIRED = "required", _("required")

    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=Kind.choices,
        help_text=_("It can't be changed any more once a ticket has a value."),
    )
    help_nl = models.CharField(_("explanation in Dutch"), max_length=HELP_MOST, blank=True, default="")
    help_en = models.CharField(_("explanation in English"), max_length=HELP_MOST, blank=True, default="")
    queues = models.ManyToManyField(
        Queue,
        verbose_name=_("queues"),
        blank=True,
        related_name="+",
        help_text=_("Without any, the field is for all queues."),
    )
    on_ticket = models.CharField(
        _("on the ticket's own screen"),
        max_length=10,
        choices=[choice for choice in Use.choices if choice[0]],
        default=Use.SHOWN,
    )
    on_new_ticket = models.CharField(
        _("on a new ticket"), max_length=10, choices=Use.choices, blank=True, default=Use.HIDDEN
    )
    on_answer = models.CharField(
        _("on an answer"), max_length=10, choices=Use.choices, blank=True, default=Use.HIDDEN
    )
    on_close = models.CharField(
        _("on closing"), max_length=10, choices=Use.choices, blank=True, default=Use.HIDDEN
    )
    on_web_form = models.CharField(
        _("on a web form"), max_length=10, choices=Use.choices, blank=True, default=Use.HIDDEN
    )

    class Meta:
        verbose_name = _("free field")
        verbose_name_plural = _("free fields")
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=["id", "kind"], name="free_field_of_kind")]

    @property
    def help(self) -> str:
        """Its explanation, for the reader."""
        return in_language(self.help_nl, self.help_en)

    @property
    def has_choices(self) -> bool:
        """Whether one chooses among rows."""
        return self.kind in CHOICE_KINDS

    def is_required(self, place: FieldPlace) -> bool:
        """Whether it may not stay empty there."""
        return bool(getattr(self, place) == self.Use.REQUIRED)


CHOICE_KINDS = (FreeField.Kind.CHOICE, FreeField.Kind.SEVERAL)


class FreeChoice(Named):
    """What can be chosen in a field. Once a ticket has it, it is put out of use and not deleted."""

    field = models.ForeignKey(FreeField, on_delete=models.CASCADE, related_name="choices", db_index=False)

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=["field", "name_nl"], name="free_choice_once"),
            models.UniqueConstraint(fields=["id", "field"], name="free_choice_of_field"),
        ]


COLUMNS: dict[str, str] = {
    FreeField.Kind.SHORT: "short",
    FreeField.Kind.LONG: "long",
    FreeField.Kind.NUMBER: "number",
    FreeField.Kind.DATE: "date",
    FreeField.Kind.MOMENT: "moment",
    FreeField.Kind.CHOICE: "choice",
    FreeField.Kind.SEVERAL: "choice",
    FreeField.Kind.TICK: "tick",
}
"""Kind → the one column of `FreeValue` that is filled."""


def _only(kind: str) -> Q:
    """That a value of this kind fills its own column, with something, and no other."""
    column = COLUMNS[kind]
    others = {f"{other}__isnull": True for other in set(COLUMNS.values()) - {column}}
    says_something = {"short": ~Q(short=""), "long": ~Q(long=""), "tick": Q(tick=True)}
    filled = Q(kind=kind, **{f"{column}__isnull": False}, **others)
    return filled & says_something[column] if column in says_something else filled


def _any_of(condition: Callable[[str], Q]) -> Q:
    first, *others = (condition(kind) for kind in COLUMNS)
    for other in others:
        first |= other
    return first


class FreeValue(models.Model):
    """What a ticket holds in a free field: a row, of several choices a row each; no row is nothing.

    `kind` repeats the field's, so that the database can see that the right column is filled. That kind and
    choice are the field's own, two keys say which a migration writes, so these relations have none of theirs.
    The first index finds what a ticket holds; the others what a search asks for.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="free_values", db_index=False)
    field = models.ForeignKey(
        FreeField, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=20)
    short = models.CharField(max_length=SHORT_MOST, null=True, blank=True)  # noqa: DJ001  (NULL: another kind's)
    long = models.TextField(max_length=LONG_MOST, null=True, blank=True)  # noqa: DJ001  (NULL: another kind's)
    number = models.DecimalField(
        max_digits=NUMBER_DIGITS, decimal_places=NUMBER_PLACES, null=True, blank=True
    )
    date = models.DateField(null=True, blank=True)
    moment = models.DateTimeField(null=True, blank=True)
    choice = models.ForeignKey(
        FreeChoice,
        on_delete=models.DO_NOTHING,  # the database refuses it; Django would read all values first
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    tick = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("ticket"),
                F("field"),
                Case(When(kind="several", then=F("choice"))),
                nulls_distinct=False,
                name="free_value_once",
            ),
            models.CheckConstraint(condition=_any_of(_only), name="free_value_of_its_kind"),
        ]
        indexes = [
            models.Index(
                F("field"), Lower("short"), condition=Q(short__isnull=False), name="free_value_short"
            ),
            models.Index(
                fields=["field", "number"], condition=Q(number__isnull=False), name="free_value_number"
            ),
            models.Index(fields=["field", "date"], condition=Q(date__isnull=False), name="free_value_date"),
            models.Index(
                fields=["field", "moment"], condition=Q(moment__isnull=False), name="free_value_moment"
            ),
            models.Index(fields=["choice"], condition=Q(choice__isnull=False), name="free_value_choice"),
            models.Index(fields=["field"], condition=Q(tick__isnull=False), name="free_value_tick"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} · {self.field_id}"
