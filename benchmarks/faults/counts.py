"""Counting afterwards: what the other side remembers against what is in the database and in the catcher."""

from collections import Counter
from collections.abc import Collection
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from django.db.models import Count

from accounts.models import Agent
from benchmarks.faults.asked import asked, files_of, forgotten, written
from benchmarks.faults.found import found
from benchmarks.faults.ledger import Ledger
from benchmarks.faults.told import told
from mailgate.models import InboundMessage
from outbox.models import OutboundMessage
from tickets.kinds import EventKind
from tickets.models import Article, BulkTicket, Event, TicketMerge
from tickets.tally import wrong_findings, wrong_tallies

SHOWN, ENOUGH, MANY = 20, 5, 40
"""How many are shown of what is wrong; of how many refused, or sent, answers on it is no accident that none
was sent, or that of a kind there is none."""
Sent, Doubtful = OutboundMessage.SENT, OutboundMessage.DOUBTFUL
SENT_BY = {EventKind.ANSWERED, EventKind.FORWARDED, EventKind.REDIRECTED}


def count(ledger: Ledger, *, outbox: Path) -> dict[str, Any]:
    """All figures; `wrong_figures` names those that must be nothing and are not."""
    copies, to_agents = _copies(outbox, agents=set(Agent.objects.values_list("email", flat=True)))
    groups = {
        "mails": _mails(ledger),
        "answers": _answers(ledger, copies=copies),
        "together": _together(ledger),
        "told": told(copies=to_agents),
        "forms": asked(ledger, copies=copies),
        "pages": written(ledger),
        "search": found(),
        "forgotten": forgotten(ledger),
        "files": files_of(ledger),
    }
    tallies = wrong_tallies() + wrong_findings()
    wrong = [
        f"{group}.{name}"
        for group, figures in groups.items()
        for name, figure in figures.items()
        if name.startswith("wrong_") and figure
    ]
    merges = TicketMerge.objects.count()
    if len(ledger.sent) > MANY and not merges:
        wrong.append("merges")
    return {
        **groups,
        "merges": merges,
        "wrong_tallies": tallies,
        "wrong_figures": wrong + (["wrong_tallies"] if tallies else []),
    }


def _mails(ledger: Ledger) -> dict[str, object]:
    """Each accepted mail is one article, with the bytes that came, and there is no other."""
    incoming = Article.objects.filter(direction=Article.Direction.IN, channel=Article.Channel.EMAIL)
    articles: Counter[str] = Counter()
    for message_id in incoming.values_list("message_id", flat=True):
        articles[message_id] += 1
    digests = set(InboundMessage.objects.values_list("digest", flat=True))
    rows = InboundMessage.objects.values_list("state").annotate(n=Count("pk")).order_by("state")
    accepted = ledger.accepted
    return {
        "accepted": len(accepted),
        "by_way": dict(Counter(ledger.way_of.values())),
        "articles": sum(articles.values()),
        "rows": dict(rows),
        "wrong_lost": [message_id for message_id in accepted if not articles[message_id]][:SHOWN],
        "wrong_doubled": [message_id for message_id in accepted if articles[message_id] > 1][:SHOWN],
        "wrong_unknown": [message_id for message_id in articles if message_id not in accepted][:SHOWN],
        "wrong_bytes": [
            message_id for message_id, letter in accepted.items() if letter.digest not in digests
        ][:SHOWN],
    }


def _answers(ledger: Ledger, *, copies: Counter[str]) -> dict[str, object]:
    """Each answer that was said to be sent left once, or is shown as doubtful; a refused one is nowhere.

    So is what was forwarded or bounced. Where everything is refused, the agents fill in their forms wrongly.
    """
    mailed = Event.objects.filter(submission__isnull=False, article__outbound__isnull=False)
    events = mailed.select_related("article__outbound")
    made = {str(event.submission): event.article for event in events if event.article is not None}
    rows = {form: made[form].outbound for form in ledger.sent if form in made}
    state = {form: row.state for form, row in rows.items() if row is not None}
    left = {form: copies[made[form].message_id] for form in ledger.sent if form in made}
    kinds = Counter(event.kind for event in events if str(event.submission) in ledger.sent)
    return {
        "sent": len(ledger.sent),
        "refused": len(ledger.refused),
        "articles": len(made),
        "kinds": dict(kinds),
        "states": dict(Counter(state.values())),
        "copies": sum(copies.values()),
        "doubtful_by_copies": dict(Counter(str(left[form]) for form in state if state[form] == Doubtful)),
        "wrong_all_refused": sorted(ledger.refused)[ENOUGH:][:SHOWN] if not ledger.sent else [],
        "wrong_never": sorted(SENT_BY - kinds.keys()) if len(ledger.sent) > MANY else [],
        "wrong_lost": [form for form in ledger.sent if form not in state][:SHOWN],
        "wrong_state": [form for form in state if state[form] not in {Sent, Doubtful}][:SHOWN],
        "wrong_sent_but_not_left": [form for form in state if state[form] == Sent and not left[form]][:SHOWN],
        "wrong_doubled": [form for form in state if state[form] == Sent and left[form] > 1][:SHOWN],
        "wrong_refused_but_made": [form for form in ledger.refused if form in made][:SHOWN],
        "wrong_unknown": [form for form in made if form not in ledger.sent | ledger.refused][:SHOWN],
    }


def _together(ledger: Ledger) -> dict[str, object]:
    """Each ticket of a bulk action was changed once, by one note, or says why not."""
    rows = BulkTicket.objects.filter(bulk__submission__in=ledger.together).select_related("bulk")
    states: dict[str, Counter[str]] = {form: Counter() for form in ledger.together}
    for row in rows:
        states[str(row.bulk)][row.state] += 1
    subjects = Article.objects.filter(subject__startswith="Samen ").values_list("subject", flat=True)
    notes = Counter(subject.partition(" ")[2] for subject in subjects)
    ended = {BulkTicket.DONE, BulkTicket.REFUSED, BulkTicket.FAILED}
    return {
        "asked": len(ledger.together),
        "states": dict(sum(states.values(), Counter[str]())),
        "wrong_lost": [form for form, each in states.items() if not each or each.keys() - ended],
        "wrong_notes": [form for form, each in states.items() if notes[form] != each[BulkTicket.DONE]],
    }


def _copies(outbox: Path, *, agents: Collection[str]) -> tuple[Counter[str], Counter[str]]:
    """Message-ID → how many times it reached the catcher; those to these addresses apart."""
    copies, to_agents = Counter[str](), Counter[str]()
    for file in outbox.glob("*.eml"):
        with file.open("rb") as mail:
            head = BytesHeaderParser().parse(mail)
        message_id = str(head["Resent-Message-ID"] or head["Message-ID"]).strip("<>")
        (to_agents if str(head["To"]) in agents else copies)[message_id] += 1
    return copies, to_agents
