"""People: the agents who answer and the groups that give them rights; the customers who ask."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Concat, Lower, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Group(models.Model):
    """Agents who together answer certain queues; what they may do there is a `queues.QueuePermission`."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    comment = models.CharField(_("comment"), max_length=250, blank=True, default="")
    keeps_texts = models.BooleanField(
        _("may keep standard answers"),
        default=False,
        db_default=False,
        help_text=_(
            "Its agents may keep an answer that was sent as a standard answer, for the queues in which this "
            "group may do everything."
        ),
    )

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Agent(AbstractUser):
    """Somebody who signs in and answers. `is_active` false: may not sign in, but keeps name and history.

    `email`, in lower case, is theirs alone: a way in, and where a lost password is asked for.
    """

    groups = models.ManyToManyField(Group, verbose_name=_("groups"), blank=True, related_name="agents")  # type: ignore[assignment]  # our own groups replace those of Django
    password_given = models.BooleanField(
        _("password given"),
        default=False,
        db_default=False,
        editable=False,
        help_text="Whether an administrator knows it: the next sign-in by it asks for a new one.",
    )
    times_signed_out = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="How often the agent has signed out everywhere."
    )
    user_permissions = None  # type: ignore[assignment]  # rights come from our groups alone

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="agent_username_any_case_once",
                violation_error_message=_("Another agent has this user name."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="agent_email_any_case_once",
                violation_error_message=_("Another agent has this e-mail address."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the address in one spelling: people write it in any."""
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    def get_session_auth_hash(self) -> str:
        """What a session has to know to be this agent's: it ends with the password, and at each signing out
        everywhere."""
        return self._since_signed_out(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same by former keys (SECRET_KEY_FALLBACKS)."""
        return map(self._since_signed_out, super().get_session_auth_fallback_hash())

    def _since_signed_out(self, digest: str) -> str:
        return f"{digest}.{self.times_signed_out}" if self.times_signed_out else digest


class Preferences(models.Model):
    """How one agent likes to see KVV, and what they are mailed about.

    `mail_stopped_for`: the address from which mails about tickets came back, so that no more are sent there;
    another address of the agent's is mailed to as before. `mail_stopped_at`: when they were stopped, or when
    they were let go on.
    """

    class View(models.TextChoices):
        SMALL = "s", _("Small")
        MEDIUM = "m", _("Medium")
        LARGE = "l", _("Large")

    class ListKind(models.TextChoices):
        QUEUES = "queues"
        OPEN = "open"
        CLOSED = "closed"
        MINE = "mine"
        ESCALATION = "escalation"
        REMINDER = "reminder"

    class After(models.TextChoices):
        """Where one goes after an answer, or whatever else ends one's work at a ticket."""

        LIST = "list", _("The list, if the ticket is done")
        NEXT = "next", _("The next ticket of the list")
        TICKET = "ticket", _("The ticket")

    class AfterNew(models.TextChoices):
        """Where one goes after a new ticket."""

        FORM = "form", _("Another new ticket")
        TICKET = "ticket", _("The new ticket")
        QUEUE = "queue", _("The queue of the new ticket")

    class Skin(models.TextChoices):
        """What everything looks like; the words are those of `data-skin` in tokens.css."""

        STANDARD = "standard", pgettext_lazy("skin", "Standard")
        DARK = "dark", _("Dark")
        CONTRAST = "contrast", _("High contrast")
        SLIM = "slim", _("Slim")

    class Theme(models.TextChoices):
        """How much room there is around it; the words are those of `data-theme` in tokens.css."""

        DENSE = "dense", _("Dense")
        ROOMY = "roomy", _("Roomy")

    PAGE_SIZES = (10, 25, 50, 100, 200)
    REFRESH_MINUTES = (2, 5, 7, 10, 15)
    CLOSING_MOST = 200
    BOX_ROWS = (5, 10, 15, 25)

    agent = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences", primary_key=True
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="nl")
    view = models.CharField(_("view"), max_length=1, choices=View.choices, default=View.MEDIUM)
    page_size = models.PositiveSmallIntegerField(_("tickets per page"), default=50)
    after_answer = models.CharField(
        _("after an answer"), max_length=6, choices=After.choices, default=After.LIST, db_default=After.LIST
    )
    after_new_ticket = models.CharField(
        _("after a new ticket"),
        max_length=6,
        choices=AfterNew.choices,
        default=AfterNew.FORM,
        db_default=AfterNew.FORM,
    )
    has_keys = models.BooleanField(_("keyboard shortcuts"), default=True, db_default=True)
    skin = models.CharField(
        _("skin"), max_length=8, choices=Skin.choices, default=Skin.STANDARD, db_default=Skin.STANDARD
    )
    theme = models.CharField(
        _("theme"), max_length=5, choices=Theme.choices, default=Theme.DENSE, db_default=Theme.DENSE
    )
    refresh_minutes = models.PositiveSmallIntegerField(
        _("refresh interval of the overviews"), default=0, db_default=0, help_text="Minutes; 0 is never."
    )
    closing = models.CharField(
        _("own closing line"), max_length=CLOSING_MOST, blank=True, default="", db_default=""
    )
    away_from = models.DateField(_("out of office from"), null=True, blank=True)
    away_until = models.DateField(_("out of office until"), null=True, blank=True)
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("stand-in"),
    )
    mails_new = models.BooleanField(_("e-mail on a new ticket"), default=False, db_default=False)
    mails_follow_up = models.BooleanField(_("e-mail on new reactions"), default=False, db_default=False)
    mails_time_out = models.BooleanField(_("e-mail on a lock time-out"), default=False, db_default=False)
    mails_moved = models.BooleanField(_("e-mail on a moved ticket"), default=False, db_default=False)
    mails_followed = models.BooleanField(_("e-mail on followed tickets"), default=False, db_default=False)
    mail_stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    mail_stopped_for = models.CharField(max_length=320, blank=True, default="", db_default="", editable=False)
    orders = models.JSONField(
        default=dict,
        db_default=models.Value({}, output_field=models.JSONField()),
        blank=True,
        editable=False,
        help_text="ListKind → 'column:up' or 'column:down'.",
    )
    box_tabs = models.JSONField(
        default=dict,
        db_default=models.Value({}, output_field=models.JSONField()),
        blank=True,
        editable=False,
        help_text="Name of a box of the dashboard → name of its tab.",
    )
    box_order = models.JSONField(
        default=list,
        db_default=models.Value([], output_field=models.JSONField()),
        blank=True,
        editable=False,
        help_text="Names of the boxes of the dashboard; one that came later is not among them.",
    )
    hidden_boxes = models.JSONField(
        default=list,
        db_default=models.Value([], output_field=models.JSONField()),
        blank=True,
        editable=False,
        help_text="Names of the boxes of the dashboard that are not shown.",
    )
    box_rows = models.PositiveSmallIntegerField(_("tickets per box"), default=10, db_default=10)
    welcome_is_folded = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        verbose_name = _("preferences")
        verbose_name_plural = _("preferences")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(away_from=None, away_until=None)
                | models.Q(away_from__lte=models.F("away_until")),
                name="preferences_away_in_order",
            )
        ]

    def __str__(self) -> str:
        return str(self.agent_id)


class Organisation(models.Model):
    """A customer's group, company or club.

    `folded` is what it is searched by (`accounts.words`); to fold those of a thousand takes 25 ms.
    """

    name = models.CharField(_("name"), max_length=200)
    code = models.CharField(_("customer code"), max_length=100, blank=True, default="", db_index=True)
    folded = models.GeneratedField(
        verbose_name=_("name and code, folded"),
        expression=models.Func(Concat("name", models.Value(" "), "code"), function="accounts_fold"),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


COMMENT_MOST = 1_000
"""Characters of what agents tell each other of a customer."""
COMMENT_HELP = _("For agents only. Write nothing that the customer must not read: who asks gets to see it.")


class Customer(models.Model):
    """Somebody who asks. A sender's address is a claim, never an identity: nothing is shown on its word."""

    code = models.CharField(_("customer code"), max_length=200, blank=True, default="", db_index=True)
    first_name = models.CharField(_("first name"), max_length=150, blank=True, default="")
    last_name = models.CharField(_("last name"), max_length=150, blank=True, default="")
    username = models.CharField(_("username"), max_length=150, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=50, blank=True, default="")
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="customers",
        verbose_name=_("organisation"),
    )
    comment = models.TextField(
        _("comment"), max_length=COMMENT_MOST, blank=True, default="", db_default="", help_text=COMMENT_HELP
    )
    created = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")

    def __str__(self) -> str:
        return self.full_name or self.code

    @property
    def full_name(self) -> str:
        """First and last name, or nothing where neither is known."""
        return f"{self.first_name} {self.last_name}".strip()


class CustomerAddress(models.Model):
    """One of a customer's mail addresses, in lower case."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="addresses", verbose_name=_("customer")
    )
    address = models.CharField(_("address"), max_length=320, unique=True)

    class Meta:
        verbose_name = _("customer's address")
        verbose_name_plural = _("customers' addresses")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(address=Lower("address")),
                name="customer_address_lower",
                violation_error_message=_("An address is kept in lower case."),
            )
        ]

    def __str__(self) -> str:
        return self.address


class CustomerWord(models.Model):
    """A word that a customer is found by: of the name, an address, or the code, folded (`accounts.words`).

    Each has the word '', too, by which all are found.

    Triggers keep them with each change of a customer or an address, and nothing else writes them: so there
    is no constraint that would look at the customer once more. In the order of their code points (collation
    C), so that an index gives all that begin alike.
    """

    pk = models.CompositePrimaryKey("word", "customer")
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="words"
    )
    word = models.CharField(max_length=100, db_collation="C")

    class Meta:
        indexes = [models.Index(fields=["customer", "word"], name="customer_word")]

    def __str__(self) -> str:
        return f"{self.word} · {self.customer_id}"


class CacheEntry(models.Model):
    """Django's shared cache, which knows the codes of second factors that were used (see the setting CACHES).

    Only Django's `DatabaseCache` writes here, and the columns are as it wants them.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key


class Tally(models.Model):
    """How often something was tried that is slowed down when it is tried often; see `accounts.limits`.

    `key` is a digest of what is counted; none is taken before `free_at`, and all is forgotten at `expires`.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.FloatField(default=0)
    free_at = models.DateTimeField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
