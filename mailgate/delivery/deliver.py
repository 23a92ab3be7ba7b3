"""From claimed rows to articles: read without a transaction, then delivered in one for each group of them.

A row turns delivered in the transaction of its article: a crash leaves a row whose lease runs out, and a
second run changes nothing.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Customer
from mailgate.delivery.articles import Files, article_of, store_files
from mailgate.delivery.canary import came_back
from mailgate.delivery.customers import customers_of
from mailgate.delivery.follow_up import FollowUp
from mailgate.delivery.leads import Leads
from mailgate.delivery.plan import Becomes, Plan, Planner
from mailgate.delivery.turns import Waiting, in_turn, lock
from mailgate.models import InboundMessage
from mailgate.outcome import Settled, record_settled, try_later
from mailgate.reading.incoming import IncomingMail
from mailgate.reading.read import groups, read_mails
from notify.aftercare import note_returned
from tickets.actions.also_received import link_same_mail, note_also_received
from tickets.actions.create import create_ticket
from tickets.actions.follow_up import add_follow_up
from tickets.actions.undelivered import note_undelivered
from tickets.actor import Actor
from tickets.changing.articles import NewArticle
from tickets.changing.locking import savepoint_of_action
from tickets.errors import TicketBusy
from tickets.models import Article, Ticket
from tickets.models.article import MAY_FOLLOW
from tickets.numbers import NewIds, new_ids
from work.away import AWAY, put_back
from work.child import NoChild
from work.claim import held, postpone
from work.trace import traced

logger = logging.getLogger(__name__)

Broken = tuple[InboundMessage, Exception]

NO_CHILD_DELAY = timedelta(seconds=5)


def deliver(rows: Sequence[InboundMessage]) -> None:
    """Deliver claimed rows, all of one lease, and record on each what became of it.

    They go by groups (see `groups`), each read and committed before the next is begun. Raises what the
    database raises when it is away, and `NoChild`: then the groups before that one are delivered and stay so,
    of that one nothing happened, and the rows that are still claimed are taken up again.
    """
    try:
        for group in groups(rows):
            _deliver_group(read_mails(group))
    except AWAY:
        put_back(InboundMessage, rows=rows)
        raise
    except NoChild:
        postpone(InboundMessage, rows=rows, until=timezone.now() + NO_CHILD_DELAY)
        raise


def _deliver_group(group: list[IncomingMail]) -> None:
    """All at once; if that fails by an error of ours, each alone, so that none suffers for another."""
    if not group:
        return
    try:
        broken = _deliver_together(group)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001  (recorded on the row below, or tried again alone)
        if len(group) > 1:
            for mail in group:
                _deliver_group([mail])
            return
        broken = [(group[0].row, error)]
    for row, trouble in broken:
        try_later(row, reason=f"{type(trouble).__name__}: {trouble}")
        with traced(row.trace):
            logger.error("mail %s could not be delivered", row.pk, exc_info=trouble)


@transaction.atomic
def _deliver_together(batch: list[IncomingMail]) -> list[Broken]:
    """All mails planned, what they share made, then a savepoint for each; gives those that failed."""
    now, waiting = timezone.now(), Waiting()
    batch = _in_hand(batch, waiting=waiting, now=now)
    if not batch:
        waiting.postpone(now=now)
        return []
    leads = Leads(batch)
    batch = lock(leads, batch, waiting=waiting)
    planner = Planner(leads, batch)
    plans = [planner.plan(mail) for mail in batch]
    supplies = _supplies(plans, now=now)
    broken: list[Broken] = []
    settled: list[Settled] = []
    for first_plan in plans:
        mail = first_plan.mail
        if waiting.holds(mail):
            continue
        try:
            with traced(mail.row.trace), savepoint_of_action():
                plan = planner.again(first_plan)
                made = _carry_out(plan, supplies, now=now)
        except AWAY:
            raise
        except TicketBusy:
            waiting.put_back(mail)
        except Exception as error:  # noqa: BLE001  (logged and recorded on the row, once the others are safe)
            broken.append((mail.row, error))
            waiting.hold_back_answers(mail)
        else:
            planner.remember(made)
            action, state = plan.becomes.value
            article = made[0] if made else plan.stands
            settled.append(Settled(row=mail.row, state=state, action=action, article=article))
    waiting.postpone(now=now)
    record_settled(settled)
    return broken


def _in_hand(batch: list[IncomingMail], *, waiting: Waiting, now: datetime) -> list[IncomingMail]:
    """Those that are still leased to us, and whose turn it is, in the order in which they came in.

    Not in the one of the claim: what failed is due later than an answer to it that waited a second.
    """
    rows = held(InboundMessage, rows=[mail.row for mail in batch], now=now)
    by_id = {mail.row.pk: mail for mail in batch}
    batch = in_turn([by_id[pk] for pk in sorted(row.pk for row in rows)], waiting=waiting)
    prefetch_related_objects([mail.row for mail in batch], "queue", "mailbox__queue")
    return batch


@dataclass(frozen=True, slots=True)
class _Supplies:
    """What the plans of a batch need, made for all of them at once: customers by address, files by row."""

    customers: dict[str, Customer]
    files: Files
    ids: list[NewIds]


def _supplies(plans: Sequence[Plan], *, now: datetime) -> _Supplies:
    count = sum(len(plan.opens) for plan in plans)
    return _Supplies(
        customers=customers_of(plan.asker for plan in plans if plan.asker is not None and plan.opens),
        files=store_files([plan.mail for plan in plans]),
        ids=new_ids(count=count, now=now) if count else [],
    )


def _carry_out(plan: Plan, supplies: _Supplies, *, now: datetime) -> list[Article]:
    """Do what was decided of one mail; gives the articles that it became."""
    if plan.becomes is Becomes.CANARY:
        came_back(plan.mail, now=now)
    if plan.returned is not None and plan.mail.report is not None:
        note_returned(plan.returned, failures=plan.mail.report.failed, now=now)
    made = _write(plan, supplies, now=now)
    for queue in plan.also_received:
        note_also_received(actor=Actor.mail(), article=plan.stands or made[0], queue=queue, now=now)
    if made:
        link_same_mail(actor=Actor.mail(), made=made, copies=plan.copies, now=now)
    return made


def _write(plan: Plan, supplies: _Supplies, *, now: datetime) -> list[Article]:
    """The articles that a mail becomes: one in its ticket, or one in a new ticket for each queue, or none."""
    mail, follow_up = plan.mail, plan.follow_up
    if plan.becomes not in (Becomes.NEW, Becomes.FOLLOW_UP):
        return []
    article = article_of(
        mail,
        files=supplies.files.get(mail.row.pk, ()),
        writer=plan.writer,
        is_visible=follow_up is None or follow_up.is_visible,
        warning=follow_up.warning if follow_up is not None else MAY_FOLLOW if plan.by_stranger else "",
        takes_place=follow_up is None and plan.ticket is not None,
    )
    if follow_up is not None and plan.ticket is not None:
        return [_join(follow_up, article, ticket=plan.ticket, mail=mail, now=now)]
    return [
        create_ticket(
            actor=Actor.mail(),
            queue=queue,
            title=article.subject or _("(no subject)"),
            customer=supplies.customers.get(plan.asker.address) if plan.asker is not None else None,
            article=article,
            instead_of=plan.ticket if queue == plan.queue and not plan.by_stranger else None,
            may_follow=plan.ticket if plan.by_stranger else None,
            now=now,
            ids=supplies.ids.pop(0) if supplies.ids else None,
            quiet=mail.row.is_old,
        ).written
        for queue in plan.opens
    ]


def _join(
    follow_up: FollowUp, article: NewArticle, *, ticket: Ticket, mail: IncomingMail, now: datetime
) -> Article:
    made = add_follow_up(
        actor=Actor.mail(),
        ticket=ticket,
        article=article,
        now=now,
        reopen=follow_up.reopens,
        asks=follow_up.asks,
        quiet=mail.row.is_old,
    ).written
    if follow_up.failed is not None and mail.report is not None:
        changed = note_undelivered(
            actor=Actor.mail(),
            answer=follow_up.failed,
            report=made,
            failures=mail.report.failed,
            now=now,
        )
        if changed == made.ticket:
            made.ticket = changed  # open by now: who writes later in this batch joins it as that
    return made
