"""Question forms: what administrators make, the versions of it that were used, and what came in by them."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from blobs.models import Blob
from queues.models import Queue
from tickets.models import FreeField, Ticket
from tickets.models.free_field import HELP_MOST, Named, in_language
from webforms.page_models import PageCode
from webforms.skin_models import Skin
from webforms.spec import FormSpec, Kind, Meaning

__all__ = [
    "Category",
    "FormChoice",
    "FormField",
    "FormVersion",
    "PageCode",
    "Skin",
    "Submission",
    "SubmissionFile",
]

MB = 1024 * 1024
TEXT_MOST, SUMMARY_MOST = 3_000, 200
FILES_MB = 5
PATTERN_MOST = 200
ANSWER_MOST = 20_000
ORIGIN_MOST = 200

KIND_NAMES = {
    Kind.SHORT: _("short text"),
    Kind.LONG: _("long text"),
    Kind.EMAIL: _("e-mail address"),
    Kind.PHONE: _("phone number"),
    Kind.NUMBER: pgettext_lazy("kind of field", "number"),
    Kind.DATE: _("date"),
    Kind.CHOICE: _("one choice"),
    Kind.SEVERAL: _("several choices"),
    Kind.TICK: _("tick"),
    Kind.FILE: _("file"),
}
MEANING_NAMES = {
    Meaning.ADDRESS: _("customer: e-mail address"),
    Meaning.FIRST_NAME: _("customer: first name"),
    Meaning.LAST_NAME: _("customer: last name"),
    Meaning.ORGANISATION: _("customer: organisation"),
    Meaning.CODE: _("customer: customer code"),
    Meaning.PHONE: _("customer: phone number"),
    Meaning.SUBJECT: _("subject of the ticket"),
    Meaning.QUESTION: _("the question itself"),
}


def files_mb_most() -> int:
    """MB that the files of a form may have at most: no more than an agent's, which the proxy lets through."""
    return int(settings.UPLOAD_TOTAL_BYTES) // MB


class Category(Named):
    """What a question can be about. One with a queue has a form; one without is a heading for those below.

    `slug` is its address, also where a page elsewhere shows the form in a frame: it stays.
    """

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="below",
        verbose_name=_("stands below"),
        null=True,
        blank=True,
    )
    queue = models.ForeignKey(
        Queue,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("queue"),
        null=True,
        blank=True,
        help_text=_("Without one there is no form: it is a heading for the categories below it."),
    )
    summary_nl = models.CharField(
        _("in a few words, in Dutch"), max_length=SUMMARY_MOST, blank=True, default=""
    )
    summary_en = models.CharField(
        _("in a few words, in English"), max_length=SUMMARY_MOST, blank=True, default=""
    )
    introduction_nl = models.TextField(
        _("introduction in Dutch"), max_length=TEXT_MOST, blank=True, default=""
    )
    introduction_en = models.TextField(
        _("introduction in English"), max_length=TEXT_MOST, blank=True, default=""
    )
    consent_nl = models.TextField(
        _("consent in Dutch"),
        max_length=TEXT_MOST,
        blank=True,
        default="",
        help_text=_("Who sends the form ticks this first. Without it nothing is to be ticked."),
    )
    consent_en = models.TextField(_("consent in English"), max_length=TEXT_MOST, blank=True, default="")
    thanks_nl = models.TextField(
        _("thanks in Dutch"),
        max_length=TEXT_MOST,
        blank=True,
        default="",
        help_text=_("What is read once the question was sent, below its number."),
    )
    thanks_en = models.TextField(_("thanks in English"), max_length=TEXT_MOST, blank=True, default="")
    files_mb = models.PositiveSmallIntegerField(
        _("files, in MB"),
        default=FILES_MB,
        validators=[MinValueValidator(1), MaxValueValidator(files_mb_most)],
        help_text=_("What the files of one question may be together."),
    )
    confirms_address = models.BooleanField(
        _("confirm the address first"),
        default=False,
        help_text=_("There is a ticket only once the visitor has opened the link that was mailed to them."),
    )
    origins = models.TextField(
        _("shown on other sites"),
        max_length=2_000,
        blank=True,
        default="",
        help_text=_("One site on each line, as https://www.example.org. Only these may show it in a frame."),
    )
    per_hour = models.PositiveSmallIntegerField(
        _("questions an hour"), default=100, help_text=_("By this form, from everybody together.")
    )
    address_per_hour = models.PositiveSmallIntegerField(_("questions an hour from one address"), default=5)
    network_per_hour = models.PositiveSmallIntegerField(_("questions an hour from one network"), default=20)
    links_most = models.PositiveSmallIntegerField(
        _("links in a question"),
        default=5,
        help_text=_("A question with more goes to the queue for junk."),
    )
    junk_queue = models.ForeignKey(
        Queue,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("queue for junk"),
        null=True,
        blank=True,
        help_text=_("Without one, who put too many links into a question is asked to take some out."),
    )

    class Meta:
        verbose_name = _("question form")
        verbose_name_plural = _("question forms")
        ordering = ("position", "id")

    @property
    def summary(self) -> str:
        """In a few words what it is about, for the reader."""
        return in_language(self.summary_nl, self.summary_en)


class FormField(Named):
    """A field of a form, in the order of positions.

    `key` names it in addresses, answers and versions, and stays when its label is written anew.
    """

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="fields")
    key = models.SlugField(max_length=40, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=list(KIND_NAMES.items()), default=Kind.SHORT)
    help_nl = models.CharField(_("explanation in Dutch"), max_length=HELP_MOST, blank=True, default="")
    help_en = models.CharField(_("explanation in English"), max_length=HELP_MOST, blank=True, default="")
    is_required = models.BooleanField(_("must be filled in"), default=False)
    meaning = models.CharField(
        _("is"),
        max_length=20,
        choices=list(MEANING_NAMES.items()),
        blank=True,
        default=Meaning.NOTHING,
    )
    free_field = models.ForeignKey(
        FreeField,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("free field"),
        null=True,
        blank=True,
        help_text=_("The ticket gets the answer in it, too."),
    )
    pattern = models.CharField(
        _("pattern"),
        max_length=PATTERN_MOST,
        blank=True,
        default="",
        help_text=_("A regular expression that the whole text must match, such as [0-9]{4} ?[A-Z]{2}."),
    )
    pattern_said_nl = models.CharField(
        _("what is said of another text, in Dutch"), max_length=HELP_MOST, blank=True, default=""
    )
    pattern_said_en = models.CharField(
        _("what is said of another text, in English"), max_length=HELP_MOST, blank=True, default=""
    )
    least = models.DecimalField(_("least"), max_digits=15, decimal_places=4, null=True, blank=True)
    most = models.DecimalField(_("most"), max_digits=15, decimal_places=4, null=True, blank=True)
    shown_when = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("asked only when"),
        null=True,
        blank=True,
    )
    shown_value = models.CharField(
        _("has this answer"), max_length=100, blank=True, default="", help_text=_("As it is called in Dutch.")
    )

    class Meta:
        verbose_name = _("field of a form")
        verbose_name_plural = _("fields of a form")
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=["category", "key"], name="form_field_key_once"),
            models.UniqueConstraint(
                fields=["category", "meaning"],
                condition=~Q(meaning=""),
                name="form_field_means_it_once",
                violation_error_message=_("Two fields of the form are the same. Change one of them."),
            ),
        ]


class FormChoice(Named):
    """What can be chosen in a field of a form, and the queue that a question goes to by it."""

    field = models.ForeignKey(FormField, on_delete=models.CASCADE, related_name="choices")
    key = models.SlugField(max_length=40, editable=False)
    queue = models.ForeignKey(
        Queue,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("leads to the queue"),
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("choice of a form")
        verbose_name_plural = _("choices of a form")
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=["field", "key"], name="form_choice_key_once")]


class FormVersion(models.Model):
    """A form as it was at a time: the newest is what visitors get. Once something was sent by it, it stays.

    `content` is `FormSpec.to_json`; `digest` is its digest.
    """

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField()
    digest = models.CharField(max_length=32)
    created = models.DateTimeField(_("made"), db_default=Now())

    class Meta:
        verbose_name = _("version of a form")
        verbose_name_plural = _("versions of a form")
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["category", "number"], name="form_version_once")]

    def __str__(self) -> str:
        return f"{self.category} · {self.number}"

    @property
    def spec(self) -> FormSpec:
        """The form."""
        return FormSpec.from_json(self.content)


class Submission(models.Model):
    """A form that was sent: once for each token, whatever is pressed twice.

    `token` is the form's identity, made when the page was. `answers`: the key of each field that was asked →
    what was answered, as text (of choices a list of keys). `network`: the visitor's, for limits alone, and
    taken away after a day. Until its address is confirmed it is no ticket, and is forgotten after seven days
    with its files.
    """

    token = models.UUIDField(unique=True)
    version = models.ForeignKey(
        FormVersion, on_delete=models.PROTECT, related_name="submissions", db_index=False
    )
    address = models.CharField(max_length=320)
    answers = models.JSONField(default=dict)
    language = models.CharField(max_length=10, default="nl")
    network = models.GenericIPAddressField(null=True, blank=True)
    created = models.DateTimeField(db_default=Now())
    confirmed = models.DateTimeField(null=True, blank=True)
    ticket = models.OneToOneField(
        Ticket, on_delete=models.CASCADE, related_name="submission", null=True, blank=True
    )

    class Meta:
        verbose_name = _("question by a form")
        verbose_name_plural = _("questions by a form")
        indexes = [
            models.Index(fields=["version", "created"], name="submission_of_version"),
            models.Index(fields=["address", "created"], name="submission_of_address"),
            models.Index(
                fields=["network", "created"],
                condition=Q(network__isnull=False),
                name="submission_of_network",
            ),
            models.Index(fields=["created"], condition=Q(ticket__isnull=True), name="submission_unconfirmed"),
        ]

    def __str__(self) -> str:
        return str(self.token)


class SubmissionFile(models.Model):
    """A file that came with a form, kept by its token from the first time that it was sent.

    So a form that comes back with a complaint keeps its files, and one that is sent twice has them once.
    `field` is the key of the field; `size` in bytes. A day after that it is forgotten, if nothing came of it.
    """

    token = models.UUIDField(db_index=True)
    field = models.SlugField(max_length=40)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=255)
    size = models.PositiveIntegerField()
    created = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "field", "name", "blob"], name="submission_file_once")
        ]
        indexes = [models.Index(fields=["created"], name="submission_file_old")]

    def __str__(self) -> str:
        return self.name
