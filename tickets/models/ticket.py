"""The ticket: one question and all that came of it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Agent, Customer
from queues.access import Rights
from queues.models import Queue


class StateType(models.TextChoices):
    """What a state means to the rules. Build on the type; admins may add states to it (OTRS 2.1)."""

    NEW = "new", _("new")
    OPEN = "open", _("open")
    PENDING_REMINDER = "pending_reminder", _("pending reminder")
    PENDING_AUTO = "pending_auto", _("pending auto close")
    CLOSED = "closed", _("closed")
    MERGED = "merged", _("merged")
    REMOVED = "removed", _("removed")


OPEN_TYPES = (StateType.NEW, StateType.OPEN, StateType.PENDING_REMINDER, StateType.PENDING_AUTO)
PENDING_TYPES = (StateType.PENDING_REMINDER, StateType.PENDING_AUTO)
CLOSED_TYPES = (StateType.CLOSED, StateType.REMOVED)


class Priority(models.IntegerChoices):
    """How urgent; 3 is the rule and has no colour."""

    VERY_LOW = 1, _("1 very low")
    LOW = 2, _("2 low")
    NORMAL = 3, _("3 normal")
    HIGH = 4, _("4 high")
    VERY_HIGH = 5, _("5 very high")


class State(models.Model):
    """A ticket's state. The nine that ship are named in English and shown translated; `key` never changes."""

    key = models.SlugField(_("key"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=100, unique=True)
    type = models.CharField(_("type"), max_length=20, choices=StateType.choices)
    closes_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closes into"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("state")
        verbose_name_plural = _("states")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return gettext(self.name)


class TicketQuerySet(models.QuerySet["Ticket"]):
    """The only door to tickets."""

    def visible_to(self, rights: Rights) -> Self:
        """The tickets that an agent with these rights may see."""
        return self.filter(queue_id__in=sorted(rights.visible))

    def open(self) -> Self:
        """The tickets that still ask for something (OTRS 2.2)."""
        return self.filter(state_type__in=OPEN_TYPES)


class Ticket(models.Model):
    """A question. Only `tickets.actions` write to it, under its lock.

    `state_type` repeats the state's type because the indexes of the lists need it in the row. The part
    'for the overviews' keeps what a row of a list shows of its articles: `undelivered_article` is an answer
    that did not arrive, until somebody has dealt with that. No relation has an index of its own:
    those below serve the lists, one on all tickets of a queue misleads the planner, and each one more is
    written at most changes of a ticket. `number` has two: where the database sorts by a language, only the
    second (`varchar_pattern_ops`) finds a number by its beginning.
    """

    number = models.CharField(_("number"), max_length=50, unique=True)
    title = models.CharField(_("title"), max_length=255, blank=True, default="")
    queue = models.ForeignKey(
        Queue, on_delete=models.PROTECT, related_name="+", verbose_name=_("queue"), db_index=False
    )
    state = models.ForeignKey(
        State, on_delete=models.PROTECT, related_name="+", verbose_name=_("state"), db_index=False
    )
    state_type = models.CharField(max_length=20, choices=StateType.choices)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    locked = models.BooleanField(_("locked"), default=False)
    locked_at = models.DateTimeField(_("locked at"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        db_index=False,
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible"),
        db_index=False,
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
        db_index=False,
    )
    created = models.DateTimeField(_("created"), db_default=Now())
    changed = models.DateTimeField(_("changed"), db_default=Now())
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    pending_until = models.DateTimeField(_("pending until"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    escalates_at = models.DateTimeField(null=True, blank=True)
    first_response_due = models.DateTimeField(null=True, blank=True)
    update_due = models.DateTimeField(null=True, blank=True)
    solution_due = models.DateTimeField(null=True, blank=True)
    warns_at = models.DateTimeField(null=True, blank=True)
    alarm_at = models.DateTimeField(null=True, blank=True)
    terms_version = models.PositiveIntegerField(default=0)

    # What the terms follow from (`tickets.terms.Facts`); without `internal_until` nobody has read them yet.
    first_answer_at = models.DateTimeField(null=True, blank=True)
    last_answer_at = models.DateTimeField(null=True, blank=True)
    waits_since = models.DateTimeField(null=True, blank=True)
    internal_until = models.DateTimeField(null=True, blank=True)
    first_closed_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)

    # For the overviews.
    sender_name = models.CharField(max_length=320, blank=True, default="")
    last_contact = models.DateTimeField(null=True, blank=True)
    article_count = models.PositiveIntegerField(default=0)
    attachment_count = models.PositiveIntegerField(default=0)
    undelivered_article = models.BigIntegerField(null=True, blank=True)
    latest_customer_article = models.BigIntegerField(null=True, blank=True)
    time_units = models.DecimalField(max_digits=10, decimal_places=2, default=0)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [
            models.Index(
                fields=["queue", "created", "id"],
                condition=Q(state_type__in=["new", "open", "pending_reminder", "pending_auto"]),
                name="ticket_open_queue",
            ),
            models.Index(
                fields=["queue", "-priority", "created", "id"],
                condition=Q(state_type__in=["new", "open", "pending_reminder", "pending_auto"]),
                name="ticket_open_priority",
            ),
            models.Index(
                fields=["queue", "-closed_at", "-id"],
                condition=Q(closed_at__isnull=False),
                name="ticket_closed_queue",
            ),
            models.Index(
                fields=["owner"],
                condition=Q(state_type__in=["new", "open", "pending_reminder", "pending_auto"]),
                name="ticket_open_owner",
            ),
            models.Index(
                fields=["queue", "-number", "-id"],
                condition=Q(closed_at__isnull=False),
                name="ticket_closed_number",
            ),
            models.Index(
                fields=["customer", "queue", "-closed_at", "-id"],
                condition=Q(closed_at__isnull=False),
                name="ticket_closed_customer",
            ),
            models.Index(
                fields=["customer"],
                condition=Q(state_type__in=["new", "open", "pending_reminder", "pending_auto"]),
                name="ticket_open_customer",
            ),
            models.Index(fields=["customer", "-id"], name="ticket_customer"),
            models.Index(
                fields=["pending_until"], condition=Q(pending_until__isnull=False), name="ticket_pending"
            ),
            models.Index(
                fields=["escalates_at"], condition=Q(escalates_at__isnull=False), name="ticket_escalates"
            ),
            models.Index(
                fields=["-closed_at", "-id"],
                condition=Q(internal_until__isnull=True),
                name="ticket_without_facts",
            ),
            models.Index(
                fields=["undelivered_article"],
                condition=Q(closed_at__isnull=True, undelivered_article__isnull=False),
                name="ticket_undelivered",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    closed_at__isnull=True,
                    state_type__in=["new", "open", "pending_reminder", "pending_auto"],
                )
                | Q(closed_at__isnull=False, state_type__in=["closed", "merged", "removed"]),
                name="ticket_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def is_held_by_another(self, agent: Agent | None) -> bool:
        """Whether somebody else than this agent holds the lock; a lock without an owner holds nobody off."""
        return self.locked and self.owner_id is not None and self.owner_id != (agent.pk if agent else None)

    @property
    def is_open(self) -> bool:
        """Whether it still asks for something."""
        return self.state_type in OPEN_TYPES
