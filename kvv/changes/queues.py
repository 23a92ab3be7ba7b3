"""A queue that goes out of use: what still hangs on it, and what becomes of that."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kvv.changes.words import names
from mailgate.models import Mailbox
from queues import admin as queues_admin
from queues.access import Right, Rights
from queues.models import SEPARATOR, MailAddress, Queue, QueueSubscription
from tickets.queries.counts import queue_counts


def attached_to(queue: Queue) -> list[str]:
    """What hangs on the queue, a part of a sentence each; nothing of what is not there."""
    return [str(part) for part in _parts(queue) if part]


@admin.register(Queue)
class QueueAdmin(queues_admin.QueueAdmin):
    """A queue; who takes it out of use sees what hangs on it, before and after."""

    fieldsets = (
        (None, {"fields": (*queues_admin.QueueAdmin.fieldsets[0][1]["fields"], "attached")}),
        *queues_admin.QueueAdmin.fieldsets[1:],
    )
    readonly_fields = (*queues_admin.QueueAdmin.readonly_fields, "attached")

    @admin.display(description=gettext_lazy("what hangs on it"))
    def attached(self, queue: Queue) -> str:
        """All of it, in a line."""
        return ", ".join(attached_to(queue)) if queue.pk else ""

    def save_model(self, request: HttpRequest, obj: Queue, form: Any, change: Any) -> None:
        """Say what is still there of a queue that goes out of use."""
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            self.message_user(request, _sentence(obj), messages.WARNING)


def _parts(queue: Queue) -> Iterator[str]:
    counts = queue_counts(rights=Rights(agent_id=0, queues={Right.READ: frozenset({queue.pk})})).of(queue.pk)
    locked = counts.open - counts.available
    yield _count(counts.open, ngettext("%(n)s open ticket", "%(n)s open tickets", counts.open))
    yield _count(locked, ngettext("%(n)s of them locked", "%(n)s of them locked", locked))
    yield _named(_("addresses"), MailAddress.objects.filter(queue=queue, is_active=True))
    yield _named(_("mailboxes"), Mailbox.objects.filter(queue=queue, is_active=True))
    mine = QueueSubscription.objects.filter(queue=queue).count()
    yield _count(mine, ngettext("'My queues' of %(n)s agent", "'My queues' of %(n)s agents", mine))
    yield _named(_("queues below it"), Queue.objects.filter(name__startswith=queue.name + SEPARATOR))


def _count(n: int, words: str) -> str:
    return words % {"n": n} if n else ""


def _named(what: str, rows: Iterable[object]) -> str:
    shown = names(rows)
    return f"{what}: {shown}" if shown else ""


def _sentence(queue: Queue) -> str:
    parts = attached_to(queue)
    if not parts:
        return _("'%(queue)s' is out of use, and nothing hangs on it.") % {"queue": queue}
    return _(
        "'%(queue)s' is out of use. Still there: %(parts)s. No mail is lost: what comes for it still becomes "
        "tickets in it, and who may see them finds the queue in the tree while it has open ones. Lead its "
        "addresses and mailboxes to another queue, and its tickets, if nobody is to answer there."
    ) % {"queue": queue, "parts": ", ".join(parts)}
