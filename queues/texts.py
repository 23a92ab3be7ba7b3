"""The texts that go with a queue."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Case, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value, When

from accounts.words import typed_words
from queues.access import Rights
from queues.models import AutoResponse, PageText, Queue, QueuePermission, ResponseTemplate, Text
from queues.placeholders import tags_in

Kind = ResponseTemplate.Kind
FOUND_MOST, TYPED_MOST = 10, 100
PUBLIC_MOST = 200
LINKS = ResponseTemplate.queues.through.objects.filter(responsetemplate=OuterRef("pk"))
"""To which queues a standard answer is linked."""


def templates_of(queue: Queue, *, kind: str = Kind.ANSWER) -> list[ResponseTemplate]:
    """The standard answers of a queue by name: its own, and those that are linked to no queue at all.

    The empty answer is not among them: it is always offered first and has no text.
    """
    offered = ResponseTemplate.objects.filter(Q(queues=queue) | Q(queues=None), kind=kind)
    return list(offered.distinct().order_by("name").defer("html"))


def public_answers(queue_id: int) -> list[tuple[str, str]]:
    """Name and HTML of what anybody may read in a queue: its own, and those for all; at most 200, by name.

    What has words that KVV fills in is none of them, however it came to be marked.
    """
    of_queue = Q(Exists(LINKS.filter(queue=queue_id))) | Q(~Exists(LINKS))
    offered = ResponseTemplate.objects.filter(of_queue, kind=Kind.ANSWER, is_public=True).order_by("name")
    rows = offered.values_list("name", "html")[:PUBLIC_MOST]
    return [(name, html) for name, html in rows if not tags_in(name, html)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPlace:
    """Where a standard answer is wanted: by whose rights, in which queue (its id), of which kind.

    Without a queue it is read for itself: what the agent may answer with somewhere.
    """

    rights: Rights
    queue_id: int | None
    kind: str

    def usable(self) -> QuerySet[ResponseTemplate]:
        """What its queue offers, and what other queues do in which the agent may do everything."""
        everything = sorted(self.rights.ids(QueuePermission.Right.ALL))
        if self.queue_id is None and not everything:
            return ResponseTemplate.objects.none()
        elsewhere = Exists(LINKS.filter(queue__in=everything))
        return ResponseTemplate.objects.filter(self._is_own() | elsewhere, kind=self.kind)

    def names(self) -> list[tuple[int, str, bool]]:
        """The id and the name of each by name, and whether the queue itself offers it."""
        usable = self.usable().annotate(is_own=self._is_own())
        return list(usable.order_by("name").values_list("pk", "name", "is_own"))

    def text(self, template_id: int) -> ResponseTemplate | None:
        """The one of this id, if it may be used here."""
        return self.usable().filter(pk=template_id).first()

    def find(self, typed: str) -> list[tuple[ResponseTemplate, bool]]:
        """At most ten that have all the typed words, and whether the queue offers it itself.

        The queue's own come first, and then those that have the words in their name.
        """
        words = typed_words(typed[:TYPED_MOST])
        found = self.usable().annotate(is_own=self._is_own(), folded=_folded("name"), said=_folded("html"))
        for word in words:
            found = found.filter(Q(folded__contains=word) | Q(said__contains=word))
        named = Q(*(("folded__contains", word) for word in words)) if words else Q(pk__isnull=False)
        in_name = Case(When(named, then=1), default=0)
        return [
            (text, text.is_own) for text in found.order_by("-is_own", in_name.desc(), "name")[:FOUND_MOST]
        ]

    def _is_own(self) -> Q:
        return Q(Exists(LINKS.filter(queue=self.queue_id))) | Q(~Exists(LINKS))


def _folded(field: str) -> Func:
    """A column as words are looked for in it: without its tags, in lower case and without accents."""
    bare = Func(F(field), Value("<[^>]*>"), Value(" "), Value("g"), function="regexp_replace")
    return Func(bare, function="accounts_fold", output_field=TextField())


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


def page_text(place: str, *, language: str) -> str:
    """What an admin wrote for this page, in this language or else in another one; '' where nobody did."""
    texts = dict(PageText.objects.filter(place=place).values_list("language", "html"))
    return texts.get(language) or next(iter(texts.values()), "")
