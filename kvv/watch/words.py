"""What is wrong, in one sentence that says what it means for whoever reads it, and where to mend it."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from kvv.watch.look import Kind, Trouble

RECENT = timedelta(hours=20)

SENTENCES = {
    Kind.MAILBOX: gettext_lazy(
        "Mail to %(name)s does not come in at the moment, since %(since)s. "
        "Nothing gets lost: it waits on the mail server."
    ),
    Kind.TRANSPORT: gettext_lazy(
        "Mail by %(name)s does not leave at the moment, since %(since)s. "
        "Nothing gets lost: your answers wait here and leave as soon as they can."
    ),
    Kind.NO_TRANSPORT: gettext_lazy(
        "No mail leaves at the moment, since %(since)s: no outgoing mail server is set up for it. "
        "Nothing gets lost: your answers wait here."
    ),
    Kind.WORKER: gettext_lazy(
        "KVV's background work has stood still since %(since)s: new mail does not become a ticket yet, "
        "and answers wait. Nothing gets lost."
    ),
    Kind.BEAT: gettext_lazy(
        "KVV's clock has stood still since %(since)s: mailboxes are not read, and some mail waits. "
        "Nothing gets lost."
    ),
    Kind.CANARY: gettext_lazy(
        "A test mail to %(name)s of %(since)s has not come in: mail from customers may be late, too."
    ),
    Kind.DISK: gettext_lazy("The disk with KVV's files is nearly full. Make room before mail can't be kept."),
    Kind.STUCK: ngettext_lazy(
        "%(n)s mail could not be sent or may not have arrived: decide whether to send it again.",
        "%(n)s mails could not be sent or may not have arrived: decide whether to send them again.",
        "n",
    ),
    Kind.REACTION: ngettext_lazy(
        "%(n)s reaction to a mail failed, such as an automatic answer: have it tried again.",
        "%(n)s reactions to mails failed, such as automatic answers: have them tried again.",
        "n",
    ),
    Kind.QUARANTINE: ngettext_lazy(
        "%(n)s mail could not be read and is in quarantine: does somebody wait for an answer?",
        "%(n)s mails could not be read and are in quarantine: does somebody wait for an answer?",
        "n",
    ),
}

OVER = {
    Kind.MAILBOX: gettext_lazy("Mail to %(name)s comes in again (it did not from %(since)s to %(until)s)."),
    Kind.TRANSPORT: gettext_lazy("Mail by %(name)s leaves again (it did not from %(since)s to %(until)s)."),
    Kind.NO_TRANSPORT: gettext_lazy("No mail waits for an outgoing mail server any more."),
    Kind.CANARY: gettext_lazy(
        "The test mail to %(name)s has come in after all, or is not waited for any more."
    ),
    Kind.DISK: gettext_lazy("There is room again on the disk with KVV's files."),
}

# Kind → the table in the admin that shows them, and which of its rows.
LISTS = {
    Kind.NO_TRANSPORT: ("outbox_transport", ""),
    Kind.STUCK: ("outbox_outboundmessage", "?state__in=failed,doubtful"),
    Kind.REACTION: ("tickets_eventtask", "?state__exact=failed"),
    Kind.QUARANTINE: ("mailgate_inboundmessage", "?state__exact=quarantined"),
}


def sentence(trouble: Trouble, *, now: datetime) -> str:
    """The sentence, in the language of the moment."""
    words = {"name": trouble.name, "since": when(trouble.since, now=now), "n": trouble.n}
    return str(SENTENCES[trouble.kind] % words)


def over_sentence(trouble: Trouble, *, now: datetime) -> str:
    """That it is over, in the language of the moment."""
    since, until = when(trouble.since, now=now), when(now, now=now)
    return str(OVER[trouble.kind] % {"name": trouble.name, "since": since, "until": until})


def place(trouble: Trouble) -> str:
    """Where an admin can look at it and mend it; '' where that is not in the browser."""
    match trouble.kind:
        case Kind.MAILBOX | Kind.CANARY:
            return reverse("admin:mailgate_mailbox_change", args=[trouble.key])
        case Kind.TRANSPORT:
            return reverse("admin:outbox_transport_change", args=[trouble.key])
    table, those = LISTS.get(trouble.kind, ("", ""))
    return f"{reverse(f'admin:{table}_changelist')}{those}" if table else ""


def when(moment: datetime, *, now: datetime) -> str:
    """'10:32', with its day where that is not clear."""
    local = timezone.localtime(moment)
    clock = f"{local:%H:%M}"
    if now - moment < RECENT:
        return clock
    return _("%(day)s, %(clock)s") % {"day": date_format(local, "j F"), "clock": clock}
