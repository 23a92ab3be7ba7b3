"""How soon, and how surely, a question that was answered is found by another in fewer words."""

import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median, quantiles

from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from benchmarks.fill import Filled
from benchmarks.natural import Writer
from queues.access import rights_of
from search.models import AnsweredQuestion
from search.questions import asked_words, lexemes_of
from search.similar import alike
from tickets.models import OPEN_TYPES, Article, StateType, Ticket

WORDS, KEPT = 75, 4
"""Words of a question, and of how many of them one is kept."""
ASKED, REQUESTS = 300, 60
BATCH = 2_000
PAIRS = Path(__file__).with_name("everyday.toml")
SIZES = """
SELECT pg_table_size(c.oid), pg_indexes_size(c.oid) FROM pg_class AS c
WHERE c.relname = 'search_answeredquestion'
"""


def everyday_pairs() -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """Everyday questions, each as two people asked it: subject and text."""
    pairs = tomllib.loads(PAIRS.read_text(encoding="utf-8"))["pairs"]
    return [(tuple(pair["first"]), tuple(pair["again"])) for pair in pairs]


def measure_similar(filled: Filled) -> dict[str, float]:
    """Of all closed tickets each has a question of 75 words.

    `recall`: how often one is among the first five that a quarter of its words find; `found_of_40`: how many
    of the everyday pairs are, among all the others. In ms: of finding alone, and of the whole request by an
    agent of twelve queues and one of two. `table_bytes`, `index_bytes`: of a row.
    """
    writer, random = Writer(seed=7), Random(7)  # noqa: S311  (nothing secret: which ones are asked)
    closed = list(Ticket.objects.filter(state_type=StateType.CLOSED).order_by("pk"))
    pairs = everyday_pairs()
    told = dict(zip((ticket.pk for ticket in random.sample(closed, len(pairs))), pairs, strict=True))
    sample = {ticket.pk for ticket in random.sample(closed, min(ASKED, len(closed)))} - told.keys()
    texts = dict[int, str]()
    for ticket, text in _fill(closed, writer, {pk: " ".join(first) for pk, (first, _again) in told.items()}):
        if ticket in sample:
            texts[ticket] = text
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE search_answeredquestion")
        cursor.execute(SIZES)
        table, index = cursor.fetchone()
    rights, nobody = rights_of(filled.agent), Ticket(pk=0)
    found, times = 0, []
    for ticket, text in texts.items():
        words = text.split()
        few = " ".join(random.sample(words, len(words) // KEPT))
        began = time.perf_counter()
        found += ticket in alike("", few, but=nobody, rights=rights).ids
        times.append(time.perf_counter() - began)
    everyday = sum(pk in alike(*again, but=nobody, rights=rights).ids for pk, (_first, again) in told.items())
    rows = AnsweredQuestion.objects.count()
    return {
        "recall": round(found / len(texts), 3),
        "found_of_40": everyday,
        **_told("find", times),
        **_told("request_12", _requests(filled, filled.agent, writer)),
        **_told("request_2", _requests(filled, filled.agent_of_two, writer)),
        "table_bytes": round(table / rows),
        "index_bytes": round(index / rows),
    }


def _fill(closed: list[Ticket], writer: Writer, told: dict[int, str]) -> Iterator[tuple[int, str]]:
    AnsweredQuestion.objects.all().delete()  # of what was measured before
    for start in range(0, len(closed), BATCH):
        batch = closed[start : start + BATCH]
        texts = [told.get(ticket.pk) or writer.text(WORDS) for ticket in batch]
        words = lexemes_of(asked_words("", text) for text in texts)
        AnsweredQuestion.objects.bulk_create(
            AnsweredQuestion(ticket=ticket, words=each) for ticket, each in zip(batch, words, strict=True)
        )
        yield from ((ticket.pk, text) for ticket, text in zip(batch, texts, strict=True))


def _requests(filled: Filled, agent: Agent, writer: Writer) -> list[float]:
    """What is asked beside open tickets, of which each has a question that nobody asked before."""
    mine = Ticket.objects.filter(queue__in=filled.queues[:2], state_type__in=OPEN_TYPES).order_by("-pk")
    client, times = Client(HTTP_HOST="127.0.0.1"), list[float]()
    client.force_login(agent)
    for ticket in mine[:REQUESTS]:
        Article.objects.filter(pk=ticket.articles.earliest("pk").pk).update(text=writer.text(WORDS))
        began = time.perf_counter()
        answer = client.get(reverse("desk:earlier", args=[ticket.number]), headers={"HX-Request": "true"})
        times.append(time.perf_counter() - began)
        if answer.status_code != 200:
            raise SystemExit(f"beside {ticket.number}: {answer.status_code}")
    return times


def _told(name: str, times: list[float]) -> dict[str, float]:
    return {
        f"{name}_ms": round(median(times) * 1000, 1),
        f"{name}_p95_ms": round(quantiles(times, n=20)[-1] * 1000, 1),
    }
