"""Queues, the addresses that lead to them, who may do what there, and the texts that go with them."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrPromise

from accounts.models import Group

SEPARATOR = "::"


class Calendar(models.Model):
    """Working hours and holidays, read by `queues.worktime.read_calendar`.

    `hours`: weekday '0' (Monday) to '6' → list of ['08:00', '17:00'] pairs; '24:00' ends a day, and a pair
    like ['22:00', '06:00'] goes on into the next. `holidays`: a list of dates ('2026-12-31'), days of each
    year ('12-31') and Dutch holidays by their keys in `queues.worktime.DUTCH_HOLIDAYS` ('nl:kings_day').
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default=settings.TIME_ZONE)
    hours = models.JSONField(_("hours"), default=dict, blank=True)
    holidays = models.JSONField(_("holidays"), default=list, blank=True)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Text(models.Model):
    """A text an admin writes once: HTML with placeholders, links made when it was saved."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    html = models.TextField(_("text"), max_length=10_000, blank=True, default="")

    class Meta:
        abstract = True
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Salutation(Text):
    """The words an answer begins with."""

    class Meta(Text.Meta):
        verbose_name = _("salutation")
        verbose_name_plural = _("salutations")


class Signature(Text):
    """The words an answer ends with."""

    class Meta(Text.Meta):
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")


class MailAddress(models.Model):
    """An address of ours. Mail to it goes to `queue`; a queue's sender address may be another one."""

    address = models.CharField(_("address"), max_length=320, unique=True, help_text=_("In lower case."))
    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    queue = models.ForeignKey(
        "Queue", on_delete=models.PROTECT, related_name="addresses", verbose_name=_("queue"), null=True
    )
    is_form = models.BooleanField(
        _("sends forms"),
        default=False,
        help_text=_("A web form mails from this address: the customer is in Reply-To."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("mail address")
        verbose_name_plural = _("mail addresses")
        ordering = ("address",)

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


class Queue(models.Model):
    """A subject that a team answers questions about. The tree is in the name: 'Parent::Child'."""

    class FollowUp(models.TextChoices):
        POSSIBLE = "possible", _("possible: the ticket opens again")
        REJECT = "reject", _("not possible: the sender is told so")
        NEW_TICKET = "new_ticket", _("a new ticket is made")

    class Called(models.TextChoices):
        """What agents are called on the customer's own page."""

        FIRST_NAME = "first_name", _("their first name")
        FULL_NAME = "full_name", _("their full name")
        QUEUE = "queue", _("the name of the queue")

    name = models.CharField(
        _("name"), max_length=200, unique=True, help_text=_("A queue below another: Parent::Child.")
    )
    sender = models.ForeignKey(
        MailAddress,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("sender address"),
    )
    calendar = models.ForeignKey(
        Calendar,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("calendar"),
        help_text=_("Without a calendar every minute counts, at night and on holidays, too."),
    )
    salutation = models.ForeignKey(
        Salutation,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("salutation"),
    )
    signature = models.ForeignKey(
        Signature,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("signature"),
    )
    first_response_minutes = models.PositiveIntegerField(
        _("first response within (working minutes)"), null=True, blank=True
    )
    update_minutes = models.PositiveIntegerField(_("update within (working minutes)"), null=True, blank=True)
    solution_minutes = models.PositiveIntegerField(
        _("solution within (working minutes)"), null=True, blank=True
    )
    notify_percent = models.PositiveSmallIntegerField(
        _("warn at (percent of the term)"), default=80, validators=[MaxValueValidator(100)]
    )
    update_only_while_waiting = models.BooleanField(
        _("the update term runs only while the customer waits"),
        default=True,
        db_default=True,
        help_text=_("Otherwise it runs after our own answers, too."),
    )
    solution_restarts_on_reopen = models.BooleanField(
        _("reopening starts the solution term anew"),
        default=True,
        db_default=True,
        help_text=_("Otherwise a ticket that was closed once has no solution term any more."),
    )
    terms_version = models.PositiveIntegerField(default=0, editable=False)
    unlock_minutes = models.PositiveIntegerField(
        _("unlock after (working minutes)"), default=0, help_text=_("0: never.")
    )
    follow_up = models.CharField(
        _("follow-up on a closed ticket"), max_length=20, choices=FollowUp.choices, default=FollowUp.POSSIBLE
    )
    lock_on_follow_up = models.BooleanField(_("lock for the old owner on a follow-up"), default=False)
    closes_after_answer = models.BooleanField(
        _("close after an answer"),
        default=True,
        help_text=_("What the answer screen proposes: successfully closed, or open."),
    )
    mails_without_text = models.BooleanField(
        _("e-mail to agents without text"),
        default=False,
        db_default=False,
        help_text=_(
            "What agents are mailed of its tickets names the number and a link, and nothing of the question."
        ),
    )
    links_answers = models.BooleanField(
        _("link under answers"),
        default=False,
        db_default=False,
        help_text=_("To the customer's own page, under an answer that goes to one address alone."),
    )
    link_suffices = models.BooleanField(
        _("the link is enough"),
        default=False,
        db_default=False,
        help_text=_(
            "Whoever has the link reads the conversation. Otherwise they need a code that is mailed to the "
            "address which the link was for."
        ),
    )
    agents_called = models.CharField(
        _("agents are called by"),
        max_length=20,
        choices=Called.choices,
        default=Called.FIRST_NAME,
        db_default=Called.FIRST_NAME,
    )
    asks_rating = models.BooleanField(_("asks how the customer was helped"), default=True, db_default=True)
    is_active = models.BooleanField(_("active"), default=True)
    comment = models.CharField(_("comment"), max_length=250, blank=True, default="")

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class QueuePermission(models.Model):
    """What the agents of a group may do in a queue. `rw` contains all others; no other contains another.

    `Right` is the closed list; the column does not repeat it, so that a new right is no migration.
    """

    class Right(models.TextChoices):
        READ = "ro", _("read")
        MOVE_INTO = "move_into", _("move into")
        CREATE = "create", _("create")
        NOTE = "note", _("note")
        OWNER = "owner", _("owner")
        PRIORITY = "priority", _("priority")
        ALL = "rw", _("everything")

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="permissions", verbose_name=_("group"), db_index=False
    )
    queue = models.ForeignKey(
        Queue, on_delete=models.CASCADE, related_name="permissions", verbose_name=_("queue")
    )
    right = models.CharField(_("right"), max_length=20)

    class Meta:
        verbose_name = _("permission")
        verbose_name_plural = _("permissions")
        constraints = [
            models.UniqueConstraint(fields=["group", "queue", "right"], name="queue_permission_once")
        ]

    def __str__(self) -> str:
        if self.right not in RIGHTS_IN_WORDS:  # of a newer version
            return f"{self.group}, {self.queue}: {self.right}"
        return RIGHTS_IN_WORDS[self.right] % {"group": self.group, "queue": self.queue}


RIGHTS_IN_WORDS: dict[str, StrPromise] = {
    QueuePermission.Right.READ: _("%(group)s may read in %(queue)s"),
    QueuePermission.Right.MOVE_INTO: _("%(group)s may move tickets into %(queue)s"),
    QueuePermission.Right.CREATE: _("%(group)s may create tickets in %(queue)s"),
    QueuePermission.Right.NOTE: _("%(group)s may write notes in %(queue)s"),
    QueuePermission.Right.OWNER: _("%(group)s may choose the owner in %(queue)s"),
    QueuePermission.Right.PRIORITY: _("%(group)s may choose the priority in %(queue)s"),
    QueuePermission.Right.ALL: _("%(group)s may do everything in %(queue)s"),
}
"""Each right as a sentence."""


class QueueSubscription(models.Model):
    """One of an agent's 'Mijn wachtrijen'."""

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions", db_index=False
    )
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="subscriptions")

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("my queues")
        constraints = [models.UniqueConstraint(fields=["agent", "queue"], name="queue_subscription_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} · {self.queue_id}"


class ResponseTemplate(Text):
    """A standard answer, or what is usually noted: offered in the queues that it is linked to.

    One that is linked to none is offered in all.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer", pgettext_lazy("kind of text", "answer")
        NOTE = "note", pgettext_lazy("kind of text", "note")
        PHONE = "phone", pgettext_lazy("kind of text", "phone call")

    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=Kind.choices,
        default=Kind.ANSWER,
        db_default=Kind.ANSWER,
        help_text=_("Where it is offered: beside an answer, beside a note or a closing, or beside a call."),
    )
    queues = models.ManyToManyField(Queue, verbose_name=_("queues"), blank=True, related_name="templates")
    is_public = models.BooleanField(
        _("public"),
        default=False,
        db_default=False,
        help_text=_(
            "Anybody may read it: who types a question on a form of these queues is offered it, with its "
            "name, where it may be the answer. Only for an answer in which KVV fills in nothing."
        ),
    )

    class Meta(Text.Meta):
        verbose_name = _("standard answer")
        verbose_name_plural = _("standard answers")


class AutoResponse(Text):
    """A text that a queue answers by itself, of one kind; at most one of a kind for a queue."""

    class Kind(models.TextChoices):
        NEW_TICKET = "new_ticket", _("new ticket")
        FOLLOW_UP = "follow_up", _("follow-up")
        REJECT = "reject", _("follow-up refused")
        NEW_AFTER_CLOSED = "new_after_closed", _("new ticket instead of a closed one")
        MERGED = "merged", _("merged with another ticket")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    subject = models.CharField(_("subject"), max_length=200)
    queues = models.ManyToManyField(
        Queue, verbose_name=_("queues"), blank=True, related_name="auto_responses"
    )

    class Meta(Text.Meta):
        verbose_name = _("automatic answer")
        verbose_name_plural = _("automatic answers")


class PageText(models.Model):
    """What an admin wrote for a page of the agents, in one language: HTML, cleaned when it was saved."""

    class Place(models.TextChoices):
        WELCOME = "welcome", _("Welcome! (on the dashboard)")
        HELP = "help", _("Help")

    place = models.CharField(_("place"), max_length=20, choices=Place.choices)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    html = models.TextField(_("text"), max_length=10_000)

    class Meta:
        verbose_name = _("text for agents")
        verbose_name_plural = _("texts for agents")
        ordering = ("place", "language")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "language"],
                name="page_text_once",
                violation_error_message=_("There is a text for this place in this language already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()} ({self.get_language_display()})"
