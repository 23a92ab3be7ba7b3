"""The texts that go with a queue."""

from collections.abc import Collection

from django.db.models import Q

from queues.models import AutoResponse, Queue, ResponseTemplate, Text


def templates_of(queue: Queue) -> list[ResponseTemplate]:
    """The standard answers of a queue by name: its own, and those that are linked to no queue at all.

    The empty answer is not among them: it is always offered first and has no text.
    """
    offered = ResponseTemplate.objects.filter(Q(queues=queue) | Q(queues=None))
    return list(offered.distinct().order_by("name").defer("html"))


def template_of(queue: Queue, *, template_id: int) -> ResponseTemplate | None:
    """A standard answer with its text, if it is offered in this queue."""
    offered = {template.pk for template in templates_of(queue)}
    return ResponseTemplate.objects.get(pk=template_id) if template_id in offered else None


def auto_responses_of(queue_ids: Collection[int]) -> dict[tuple[int, str], AutoResponse]:
    """What these queues answer by themselves, by queue and kind of mail, where a text is linked (OTRS 6)."""
    links = AutoResponse.queues.through.objects.filter(queue_id__in=queue_ids)
    links = links.select_related("autoresponse").order_by("-autoresponse_id")
    return {(link.queue_id, link.autoresponse.kind): link.autoresponse for link in links}


def answering_already(*, kind: str, queue_ids: Collection[int], but: Text) -> list[tuple[str, str]]:
    """Which of these queues have another text of this kind, as the names of both; `but`: the one in hand."""
    same_kind = AutoResponse.objects.filter(kind=kind, queues__in=queue_ids).exclude(pk=but.pk)
    return sorted(same_kind.values_list("queues__name", "name"))


def queue_to_show(chosen: Collection[int]) -> Queue | None:
    """A queue to show a text in, with its other texts: the first of these by name, else of those with any."""
    queues = Queue.objects.select_related("salutation", "signature", "sender").order_by("name")
    with_texts = queues.filter(is_active=True).exclude(salutation=None, signature=None)
    return queues.filter(pk__in=chosen).first() or with_texts.first()
