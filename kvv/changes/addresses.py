"""An address of ours that is changed, goes out of use or is deleted: where its mail goes from then on."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kvv.changes.words import names
from mailgate.delivery.route import read_address_book
from queues.admin import MailAddressAdmin
from queues.models import MailAddress, Queue
from queues.ours import takes_mail_for


@admin.register(MailAddress)
class AddressAdmin(MailAddressAdmin):
    """An address of ours, which says what becomes of mail to one that is not ours any more."""

    def save_model(self, request: HttpRequest, obj: MailAddress, form: Any, change: Any) -> None:
        """Say what a change means for mail that comes in and for answers that leave."""
        super().save_model(request, obj, form, change)
        changed = set(form.changed_data) if change else set()
        if "address" in changed:
            self._tell(request, [form.initial["address"]], obj)
        elif "is_active" in changed and not obj.is_active:
            self._tell(request, [obj.address], obj)

    def delete_model(self, request: HttpRequest, obj: MailAddress) -> None:
        """Say what the deletion means; what a queue sends from can't be deleted."""
        super().delete_model(request, obj)
        self._tell(request, [obj.address], None)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[MailAddress]) -> None:
        """The same, of several."""
        addresses = list(queryset.values_list("address", flat=True))
        super().delete_queryset(request, queryset)
        self._tell(request, addresses, None)

    def _tell(self, request: HttpRequest, gone: Sequence[str], address: MailAddress | None) -> None:
        sentences = list(_fates(gone))
        senders = names(Queue.objects.filter(sender=address)) if address else ""
        if address and senders:
            sentences.append(
                _("Answers still leave with %(address)s as their sender in: %(queues)s.")
                % {"address": address.address, "queues": senders}
            )
        self.message_user(request, " ".join(sentences), messages.WARNING)


def _fates(gone: Iterable[str]) -> Iterator[str]:
    """A sentence for each way that mail to these addresses goes from now on."""
    book = read_address_book()
    ways: dict[tuple[str, Queue], list[str]] = {}
    for address in gone:
        queue = book.leads_to(address)
        if queue is not None:
            sentence = _("Mail to %(addresses)s still comes in, and goes to '%(queue)s' from now on.")
        elif settings.LISTENER_KNOWN_ONLY and not takes_mail_for(address):
            sentence = _(
                "From now on mail to %(addresses)s is refused where it comes by SMTP or LMTP: only "
                "recipients that are here are taken (KVV_MAIL_KNOWN_RECIPIENTS). What a mailbox or `ingest` "
                "brings becomes tickets in '%(queue)s'."
            )
        else:
            sentence = _("Mail to %(addresses)s is not lost: from now on it becomes tickets in '%(queue)s'.")
        ways.setdefault((sentence, queue or book.last_resort), []).append(address)
    for (sentence, queue), addresses in ways.items():
        yield sentence % {"addresses": names(addresses), "queue": queue}
