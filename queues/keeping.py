"""Keeping what an agent wrote as a standard answer: who may, for which queues, and what must not go along."""

import re
from collections.abc import Collection, Iterator, Mapping
from html import escape

from django.contrib.admin.models import ADDITION, LogEntry
from django.db import IntegrityError, transaction

from accounts.models import Agent
from queues.access import Rights
from queues.models import Queue, ResponseTemplate
from richtext.admin_texts import linkify_admin_text
from richtext.tokens import START, TEXT, tokens, unescape

ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
NUMBER = re.compile(r"(?<![\w+])(?!\d{1,2}-\d{1,2}-\d{4})\+?\(?\d(?:[ ()./-]{0,2}\d){8,20}(?!\w)")
"""A telephone number, or any other that is long enough to be somebody's."""
GREETED = re.compile(
    r"\b(?:Beste|Hallo|Hoi|Dag|Geachte|Lieve|Dear|Hello|Hi)\s+(?:(?:heer|mevrouw|meneer|Mr\.?|Mrs\.?|Ms\.?)\s+)?"
    r"([^\W\d_a-z][\w'’-]{1,60})"
)
LEFT_MOST = 20


class NotTheirsError(Exception):
    """Standard answers of one of these queues are not for this agent to keep."""


class TakenNameError(Exception):
    """There is a standard answer of this name."""


def queues_kept_for(rights: Rights) -> list[tuple[int, str]]:
    """The queues, by name, for which an agent of these rights may keep standard answers."""
    queues = Queue.objects.filter(pk__in=sorted(rights.keeps_texts))
    return list(queues.order_by("name").values_list("pk", "name"))


@transaction.atomic
def keep_text(
    *, agent: Agent, rights: Rights, name: str, queue_ids: Collection[int], html: str
) -> ResponseTemplate:
    """Keep an answer as a standard answer of these queues; the administration's history says who did it.

    Raises `NotTheirsError`, also for no queue at all, which would mean all; `TakenNameError`; and, for a text
    that is too long, `AdminTextTooLong`.
    """
    if not queue_ids or not rights.keeps_texts.issuperset(queue_ids):
        raise NotTheirsError
    text = ResponseTemplate(name=name, html=linkify_admin_text(html))
    try:
        with transaction.atomic():
            text.save()
    except IntegrityError as error:
        raise TakenNameError(name) from error
    text.queues.set(queue_ids)
    LogEntry.objects.log_actions(
        agent.pk, ResponseTemplate.objects.filter(pk=text.pk), ADDITION, change_message="", single_object=True
    )
    return text


def with_placeholders(html: str, said: Mapping[str, str]) -> str:
    """Cleaned HTML without its images, and with placeholders where its texts say what they stand for.

    `said`: what may stand there → the placeholder's name. The longest counts, and only as whole words.
    """
    words = sorted((word for word in said if word.strip()), key=len, reverse=True)
    if not words:
        return "".join(_written(html, None, said))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in words)})(?!\w)")
    return "".join(_written(html, pattern, said))


def _written(html: str, pattern: re.Pattern[str] | None, said: Mapping[str, str]) -> Iterator[str]:
    for kind, written, attributes in tokens(html):
        if kind == TEXT:
            text = unescape(written)
            yield escape(pattern.sub(lambda match: f"<{said[match[0]]}>", text) if pattern else text)
        elif written != "img":
            yield f"<{'' if kind == START else '/'}{written}{attributes}>"


def left_in(text: str, *, names: Collection[str]) -> list[str]:
    """What of a plain text looks as if it were about somebody, each once: addresses, numbers, and names.

    `names` are those that are known; who is greeted by a name is found without.
    """
    known = [name for name in names if len(name) > 1 and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    found = (*ADDRESS.findall(text), *NUMBER.findall(text), *known, *GREETED.findall(text))
    return list(dict.fromkeys(word.strip() for word in found))[:LEFT_MOST]
