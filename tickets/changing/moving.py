"""What goes along when a ticket is merged into another, and comes back when that is undone.

Both tickets are locked. Links lead to others that are not, and may be merged at the same moment: so links are
locked, too, by id, and read as the other merge has left them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Now

from tickets.changing.locking import refused_when_busy
from tickets.models import Article, Asked, Draft, Event, Ticket, TicketLink, TicketWatcher

Kind = TicketLink.Kind
Saved = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The ids of what moved, and `beside`, which cannot be found by its ids."""

    articles: list[int]
    drafts: list[int]
    newest_article: int
    beside: Saved


def move_all(away: Ticket, *, to: Ticket) -> Moved:
    """Let the articles go along with their events, and drafts, links, who follows it, who was asked.

    Raises `TicketBusy`.
    """
    articles = list(away.articles.order_by("pk").values_list("pk", flat=True))
    _move_articles(articles, away=away, to=to)
    return Moved(
        articles=articles,
        drafts=_move_drafts(Draft.objects.filter(ticket=away), to=to),
        newest_article=to.articles.aggregate(newest=Max("pk"))["newest"] or 0,
        beside={
            "links": _move_links(away, to=to),
            "watchers": _move_watchers(away, to=to),
            "asked": _move_asked(away, to=to),
        },
    )


def move_back(moved: Moved, *, back: Ticket, main: Ticket) -> None:
    """Let all of it come back that is there still; what was ended meanwhile stays ended."""
    _move_articles(moved.articles, away=main, to=back)
    _move_drafts(Draft.objects.filter(ticket=main, pk__in=moved.drafts), to=back)
    _move_links_back(moved.beside["links"], back=back, main=main)
    _move_watchers_back(moved.beside["watchers"], back=back, main=main)
    _move_asked_back(moved.beside.get("asked", {"moved": [], "doubles": []}), back=back, main=main)


def _move_articles(ids: Sequence[int], *, away: Ticket, to: Ticket) -> None:
    Event.objects.filter(ticket=away, article__in=ids).update(ticket=to)
    Article.objects.filter(ticket=away, pk__in=ids).update(ticket=to)


def _move_drafts(drafts: QuerySet[Draft], *, to: Ticket) -> list[int]:
    """Locked first: a file that is just being added, or a form that is just being sent, ends before."""
    with refused_when_busy():
        locked = drafts.select_for_update(no_key=True, of=("self",)).order_by("pk")
        ids = list(locked.values_list("pk", flat=True))
    Draft.objects.filter(pk__in=ids).update(ticket=to)
    return ids


def _of(ticket: Ticket) -> Q:
    return Q(source=ticket) | Q(target=ticket)


def _locked(links: QuerySet[TicketLink]) -> list[TicketLink]:
    with refused_when_busy():
        return list(links.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _other_end(link: TicketLink, ticket: Ticket) -> int:
    return link.target_id if link.source_id == ticket.pk else link.source_id


def _place(link: TicketLink, ticket: Ticket) -> tuple[object, ...]:
    """Where two tickets have one link at most, as seen from one of them."""
    other = _other_end(link, ticket)
    return (other,) if link.kind != Kind.FOLLOW_UP else (other, link.source_id == ticket.pk)


def _lead(link: TicketLink, *, instead_of: Ticket, to: Ticket) -> None:
    """Give the link another end; a normal one is kept from the lower id."""
    other = _other_end(link, instead_of)
    ends = (to.pk, other) if link.source_id == instead_of.pk else (other, to.pk)
    link.source_id, link.target_id = sorted(ends) if link.kind == Kind.NORMAL else ends
    link.save(update_fields=["source", "target"])


def _move_links(away: Ticket, *, to: Ticket) -> Saved:
    """Doubles, and the link between the two, go."""
    links = _locked(TicketLink.objects.filter(_of(away) | _of(to)))
    taken = {_place(link, to) for link in links if to.pk in (link.source_id, link.target_id)}
    moved: list[int] = []
    gone: list[Saved] = []
    for link in (link for link in links if away.pk in (link.source_id, link.target_id)):
        if _other_end(link, away) == to.pk or _place(link, away) in taken:
            ends = {"source": link.source_id, "target": link.target_id}
            gone.append({**ends, "kind": link.kind, "at": link.at.isoformat()})
            link.delete()
        else:
            _lead(link, instead_of=away, to=to)
            moved.append(link.pk)
    return {"moved": moved, "gone": gone}


def _move_links_back(saved: Saved, *, back: Ticket, main: Ticket) -> None:
    for link in _locked(TicketLink.objects.filter(_of(main), pk__in=saved["moved"])):
        _lead(link, instead_of=main, to=back)
    ends = {end for link in saved["gone"] for end in (link["source"], link["target"])}
    whole = set(Ticket.objects.filter(pk__in=ends, merged_into=None).values_list("pk", flat=True)) | {back.pk}
    TicketLink.objects.bulk_create(
        (
            TicketLink(
                source_id=link["source"],
                target_id=link["target"],
                kind=link["kind"],
                at=datetime.fromisoformat(link["at"]),
            )
            for link in saved["gone"]
            if {link["source"], link["target"]} <= whole
        ),
        ignore_conflicts=True,
    )


def _watchers(ticket: Ticket) -> QuerySet[TicketWatcher]:
    return TicketWatcher.objects.filter(ticket=ticket)


def _move_watchers(away: Ticket, *, to: Ticket) -> Saved:
    """Who follows both, follows the one."""
    all_of_them = list(_watchers(away).order_by("pk").values_list("agent_id", flat=True))
    both = set(_watchers(to).values_list("agent_id", flat=True))
    _watchers(away).filter(agent__in=both).delete()
    _watchers(away).update(ticket=to)
    return {"all": all_of_them, "new": [agent for agent in all_of_them if agent not in both]}


def _move_watchers_back(saved: Saved, *, back: Ticket, main: Ticket) -> None:
    still = set(_watchers(main).filter(agent__in=saved["all"]).values_list("agent_id", flat=True))
    _watchers(main).filter(agent__in=saved["new"]).update(ticket=back)
    both = [agent for agent in saved["all"] if agent in still and agent not in saved["new"]]
    TicketWatcher.objects.bulk_create(TicketWatcher(ticket=back, agent_id=agent) for agent in both)


def _asked(ticket: Ticket) -> QuerySet[Asked]:
    return Asked.objects.filter(ticket=ticket, done_at=None)


def _move_asked(away: Ticket, *, to: Ticket) -> Saved:
    """Who was asked about both, is asked about the one."""
    doubles = _asked(away).filter(agent__in=_asked(to).values("agent"))
    double_ids = list(doubles.order_by("pk").values_list("pk", flat=True))
    Asked.objects.filter(pk__in=double_ids).update(done_at=Now())
    moved = list(_asked(away).order_by("pk").values_list("pk", flat=True))
    _asked(away).update(ticket=to)
    return {"moved": moved, "doubles": double_ids}


def _move_asked_back(saved: Saved, *, back: Ticket, main: Ticket) -> None:
    """What was done meanwhile about the one, is done about both."""
    _asked(main).filter(pk__in=saved["moved"]).update(ticket=back)
    doubles = Asked.objects.filter(pk__in=saved["doubles"], agent__in=_asked(main).values("agent"))
    doubles.update(done_at=None)
