"""`/metrics` for Prometheus: figures that are computed from the database when they are asked for.

So they are the same whichever of several web processes answers, and right after a restart. Every figure is an
index look-up or a small table; finished mail is not counted (an archive has a million).
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from kvv.token import brings_token
from kvv.watch.kinds import KINDS
from kvv.watch.look import look_everywhere
from mailgate.models import InboundMessage, Mailbox
from outbox.models import OutboundMessage
from queues.access import Rights
from queues.models import Queue, QueuePermission
from search.models import Export
from tickets.models import BulkTicket
from tickets.queries.counts import queue_counts
from work.heartbeat import BEAT, WORKER, last_heartbeat
from work.models import TaskTime
from work.rows import WorkRow

WAITING_IN = (WorkRow.QUEUED, WorkRow.CLAIMED)
WAITING_OUT = (*WAITING_IN, OutboundMessage.SENDING)
UNFINISHED: dict[type[WorkRow], tuple[tuple[str, ...], ...]] = {
    InboundMessage: (WAITING_IN, (InboundMessage.QUARANTINED,)),
    OutboundMessage: (
        WAITING_OUT,
        (WorkRow.FAILED, OutboundMessage.DOUBTFUL, OutboundMessage.REFUSED),
        (WorkRow.HELD,),
    ),
    BulkTicket: (BulkTicket.UNFINISHED,),
    Export: (Export.UNFINISHED,),
}
"""The states that still want something, each group as an index has it; other tables forget what is done."""

OLDEST = """
SELECT (SELECT COALESCE(max(extract(epoch FROM %(now)s - COALESCE(last_success, next_poll))), 0)
        FROM mailgate_mailbox WHERE is_active AND next_poll <= %(now)s),
       (SELECT COALESCE(extract(epoch FROM %(now)s - min(received)), 0)
        FROM mailgate_inboundmessage WHERE state IN ('queued', 'claimed')),
       (SELECT COALESCE(extract(epoch FROM %(now)s - min(created)), 0)
        FROM outbox_outboundmessage WHERE state IN ('queued', 'claimed', 'sending'))
"""


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures for who brings KVV_METRICS_TOKEN as a bearer token; 404 for all while that is empty."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not brings_token(request):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    registry.register(House())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class House(Collector):
    """What Prometheus is told of this installation."""

    def collect(self) -> Iterator[Metric]:
        """Every figure as it is now."""
        yield from _oldest()
        yield _mailboxes()
        yield _depths()
        yield from _tasks()
        yield _tickets()
        yield _heartbeats()
        yield _troubles()


def _oldest() -> Iterator[Metric]:
    with connection.cursor() as cursor:
        cursor.execute(OLDEST, {"now": timezone.now()})
        unfetched, undelivered, unsent = cursor.fetchone()
    yield GaugeMetricFamily(
        "kvv_oldest_unfetched_seconds",
        "Of the mailboxes that are due, seconds since the longest ago worked; 0: none is due.",
        value=float(unfetched),
    )
    yield GaugeMetricFamily(
        "kvv_oldest_undelivered_seconds",
        "Age of the oldest mail that came in and is not a ticket's yet.",
        value=float(undelivered),
    )
    yield GaugeMetricFamily(
        "kvv_oldest_unsent_seconds", "Age of the oldest mail that waits to be sent.", value=float(unsent)
    )


def _mailboxes() -> Metric:
    now = timezone.now()
    family = GaugeMetricFamily(
        "kvv_mailbox_last_success_seconds", "Seconds since this mailbox last worked.", labels=["mailbox"]
    )
    boxes = Mailbox.objects.filter(is_active=True, last_success__isnull=False)
    for name, last in boxes.values_list("name", "last_success"):
        if last is not None:
            family.add_metric([name], (now - last).total_seconds())
    return family


def _depths() -> Metric:
    family = GaugeMetricFamily(
        "kvv_work_rows", "Rows of work that are not finished.", labels=["table", "state"]
    )
    for model in apps.get_models():
        if issubclass(model, WorkRow):
            for state, n in _states(model):
                family.add_metric([model._meta.label_lower, state], n)
    return family


def _states(model: type[WorkRow]) -> Iterable[tuple[str, int]]:
    """State → rows; states that are always told are told as 0, too."""
    rows = model._default_manager.order_by()
    groups = UNFINISHED.get(model)
    if groups is None:
        per_state = dict(rows.values_list("state").annotate(n=Count("pk")))
        return (dict.fromkeys((*WAITING_IN, WorkRow.FAILED), 0) | per_state).items()
    counts: dict[str, int] = {}
    for states in groups:
        per_state = dict(rows.filter(state__in=states).values_list("state").annotate(n=Count("pk")))
        counts |= dict.fromkeys(states, 0) | per_state
    return counts.items()


def _tasks() -> Iterator[Metric]:
    runs = CounterMetricFamily("kvv_task_runs", "Tasks that the workers ran.", labels=["task"])
    failures = CounterMetricFamily("kvv_task_failures", "Of these, those that failed.", labels=["task"])
    seconds = CounterMetricFamily("kvv_task_seconds", "Seconds that they took together.", labels=["task"])
    for time in TaskTime.objects.order_by("name"):
        runs.add_metric([time.name], time.runs)
        failures.add_metric([time.name], time.failures)
        seconds.add_metric([time.name], time.seconds)
    yield from (runs, failures, seconds)


def _tickets() -> Metric:
    """By the tallies: the cost does not grow with the archive."""
    names = dict(Queue.objects.order_by("name").values_list("pk", "name"))
    everything = Rights(agent_id=0, queues={QueuePermission.Right.ALL: frozenset(names)})
    counts = queue_counts(rights=everything)
    family = GaugeMetricFamily(
        "kvv_tickets", "Tickets that are not closed: all, new, and not locked.", labels=["queue", "which"]
    )
    for pk, name in names.items():
        of_queue = counts.of(pk)
        family.add_metric([name, "open"], of_queue.open)
        family.add_metric([name, "new"], of_queue.new)
        family.add_metric([name, "available"], of_queue.available)
    return family


def _heartbeats() -> Metric:
    now = timezone.now()
    family = GaugeMetricFamily(
        "kvv_heartbeat_age_seconds", "Seconds since the last sign of life.", labels=["of"]
    )
    for name, who in (("worker", WORKER), ("beat", BEAT)):
        if (last := last_heartbeat(who)) is not None:
            family.add_metric([name], (now - last).total_seconds())
    return family


def _troubles() -> Metric:
    family = GaugeMetricFamily("kvv_troubles", "What the notices on the pages tell of.", labels=["kind"])
    counts = Counter(trouble.kind.name for trouble in look_everywhere(now=timezone.now()))
    for kind in KINDS:
        family.add_metric([kind.name], counts[kind.name])
    return family
