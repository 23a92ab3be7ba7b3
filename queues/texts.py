"""The texts that go with a queue."""

from queues.models import AutoResponse, Queue, ResponseTemplate


def templates_of(queue: Queue) -> list[ResponseTemplate]:
    """The standard answers of a queue by name: its own, and those that are linked to no queue at all.

    The empty answer is not among them: it is always offered first and has no text.
    """
    own = ResponseTemplate.objects.filter(queues=queue)
    everywhere = ResponseTemplate.objects.filter(queues=None)
    return list((own | everywhere).distinct().order_by("name").defer("html"))


def template_of(queue: Queue, *, template_id: int) -> ResponseTemplate | None:
    """A standard answer with its text, if it is offered in this queue."""
    offered = {template.pk for template in templates_of(queue)}
    return ResponseTemplate.objects.get(pk=template_id) if template_id in offered else None


def auto_response_of(queue: Queue, *, kind: str) -> AutoResponse | None:
    """What the queue answers by itself to this kind of mail; None where nothing is linked (OTRS 6.2)."""
    return AutoResponse.objects.filter(queues=queue, kind=kind).order_by("pk").first()
