"""What tickets are found by, and how far that is for the tickets of before."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Group
from blobs.models import Blob
from tickets.models import Ticket
from work.rows import Traced, WorkRow

NAME_MOST, QUERY_MOST = 100, 4_000
"""Characters of a saved search: its name, and its query string."""
WORDS_MOST = 200
"""Characters of what an export was asked for, in words."""


class TicketText(models.Model):
    """The words of one ticket: each a lexeme or more at its place, as `search.stems` has them.

    `everything` has the weights A (number, title, subjects), B (people), C (names of files, and what stands
    in them) and D (bodies); `people` has A (from whom), B (to whom), C (who got a copy) and D (the customer,
    as they are called when the row is made). `is_cut`: text was left out that went beyond the limits of
    `search.texts`, or words stand beyond the last place (`search.vectors`). `version`: of the rules and stems
    it was made by. What it is made of is all kept elsewhere, so that a row can be made anew at any time.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, primary_key=True, related_name="+")
    everything = SearchVectorField()
    subjects = SearchVectorField()
    people = SearchVectorField()
    is_cut = models.BooleanField(default=False)
    version = models.IntegerField()

    class Meta:
        indexes = [
            # Not gathered in a list first: whoever asks would read through that list, and the one who fills
            # it up would pay for all.
            GinIndex(fields=["everything"], fastupdate=False, name="ticket_text_everything"),
            GinIndex(fields=["subjects"], fastupdate=False, name="ticket_text_subjects"),
            GinIndex(fields=["people"], fastupdate=False, name="ticket_text_people"),
        ]

    def __str__(self) -> str:
        return str(self.ticket_id)


class AnsweredQuestion(models.Model):
    """The words of a question that was answered, as `search.questions` has them: each once, in no order.

    Of the first thing that the ticket's customer said. Whether the ticket is closed, and who may see it, is
    asked of the ticket. Made with its `TicketText`, by the same rules, so that the version of that is this
    one's, too; none where nobody asked, or nobody answered.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, primary_key=True, related_name="+")
    words = ArrayField(models.TextField())

    class Meta:
        indexes = [GinIndex(fields=["words"], fastupdate=False, name="answered_question_words")]

    def __str__(self) -> str:
        return str(self.ticket_id)


class NotUseful(models.Model):
    """Somebody who answers said that one ticket's answer is of no use for another: nobody is shown it there.

    It is about the two questions, and not about who reads them: a colleague who takes over need not look at
    it once more.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "other"], name="not_useful_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.other_id}"


class Pass(models.Model):
    """The one going through all tickets, from the newest to the oldest, to make rows that are missing or old.

    `below`: the tickets with a lower id are still to be looked at; None when it is through. `is_whole`: rows
    that are in order are made anew, too. `rules` and `stems`: by what it makes them.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    rules = models.PositiveSmallIntegerField()
    stems = models.CharField(max_length=32)
    below = models.BigIntegerField(null=True)
    is_whole = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="search_pass_one")]

    def __str__(self) -> str:
        return f"below {self.below}"


class SavedSearch(models.Model):
    """A search that an agent kept under a name: the query string of a `TicketFilter`.

    `group`: whose members may use it, too; only its owner changes it. What it asks for is read anew by the
    rights of whoever uses it.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    name = models.CharField(_("name"), max_length=NAME_MOST)
    query = models.CharField(max_length=QUERY_MOST)
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="saved_search_name_once")]

    def __str__(self) -> str:
        return self.name


class Export(Traced, WorkRow):
    """What an agent searched for, to be made into a file of its own, which is theirs for a day.

    `submission` is the identity of the form that asked for it, `query` what it asks, `words` that in words,
    `language` that of the file. `total`: how many tickets were found, None until that is known; `written`: of
    how many the file has a row by now; `is_cut`: there were more than an export has. Once it is `made` it has
    its bytes: of a page for printing the rows alone.
    """

    class Kind(models.TextChoices):
        """What is made of it."""

        PRINT = "print", pgettext_lazy("carried out to", "Print")
        EXCEL = "excel", "Excel"

    DONE = "done"
    STATES = (
        (WorkRow.QUEUED, _("waiting")),
        (WorkRow.CLAIMED, _("being done")),
        (DONE, _("done")),
        (WorkRow.FAILED, _("failed")),
    )
    UNFINISHED = (WorkRow.QUEUED, WorkRow.CLAIMED, WorkRow.FAILED)

    submission = models.UUIDField()
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    query = models.CharField(max_length=QUERY_MOST)
    words = models.CharField(max_length=WORDS_MOST, blank=True)
    language = models.CharField(max_length=10)
    asked = models.DateTimeField(db_default=Now())
    total = models.PositiveIntegerField(null=True)
    written = models.PositiveIntegerField(default=0)
    is_cut = models.BooleanField(default=False)
    made = models.DateTimeField(null=True)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = [models.UniqueConstraint(fields=["agent", "submission", "kind"], name="export_once")]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=models.Q(state__in=("queued", "claimed", "failed")),
                name="export_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.query}"


class FileText(models.Model):
    """What an attached file says: read once, in however many tickets it is, and gone with its bytes.

    `is_cut`: it says more. `reason`: why it says nothing; it is tried again, after `tries`, until `is_final`.
    """

    REASON_MOST = 300

    blob = models.OneToOneField(Blob, on_delete=models.CASCADE, primary_key=True, related_name="+")
    text = models.TextField(blank=True, default="")
    is_cut = models.BooleanField(default=False)
    reason = models.CharField(max_length=REASON_MOST, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    is_final = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.blob_id)


class UnreadFiles(WorkRow):
    """A ticket of which a file has not been read yet; once it is, the ticket's row is made anew.

    `is_late`: its files are of long ago, and come after those of today. A ticket may have several.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    is_late = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["is_late", "not_before", "id"],
                condition=models.Q(state__in=["queued", "claimed"]),
                name="unread_files_due",
            )
        ]

    def __str__(self) -> str:
        return str(self.ticket_id)
