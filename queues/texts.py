"""The texts that go with a queue."""

from collections.abc import Collection

from django.db.models import Q

from queues.models import AutoResponse, Queue, ResponseTemplate


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
