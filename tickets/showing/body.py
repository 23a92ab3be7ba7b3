"""How an article's text is shown: folded or open, as text or in a frame."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from django.utils import timezone
from django.utils.html import escape
from django.utils.text import Truncator
from django.utils.translation import ngettext

from richtext.convert import has_remote_content, html_to_text
from richtext.fold import MOST, Earlier, Piece, fold_html, fold_text
from richtext.images import shown_images
from tickets.letters.answering import asked_elsewhere
from tickets.models import Article, Attachment, Ticket

TEXTS_LOOKED_AT = 50
LOOKED_AT = 5
"""Of how many earlier articles the HTML is read, too, where a quotation is looked for."""
BEGINNING_MOST = 90
BEGINNING_READ = 1000
"""Characters of which the beginning is made: more may be but spaces."""


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article with its place in the ticket and how its body is shown.

    `at` and `moment`: when it was made, local, for a machine and in words; each stands in the page twice.
    `as_text`: its plain text was asked for, though it has HTML. `pieces`: of its plain text; none of an open
    one whose HTML is shown instead. `is_later`: it stands below the one that the page is opened for.
    `html`: what stands in the page itself, of an open one that `is_ours`; the page's room knows addresses.
    `elsewhere`: where it asks its answer to be sent, though nobody here knows these addresses.
    """

    article: Article
    number: int
    at: str
    moment: str
    is_open: bool
    files: list[Attachment]
    blocked: bool
    active: bool
    as_text: bool
    pieces: list[Piece]
    elsewhere: Sequence[str] = ()
    is_later: bool = False
    html: str = ""

    @property
    def has_html(self) -> bool:
        """Whether there is more to be shown than plain text."""
        return bool(self.article.html)

    @property
    def is_ours(self) -> bool:
        """Whether its HTML may stand in the page itself: it was written here, and it would load nothing.

        An agent wrote it, or it is a note, which KVV itself may have made, or the copy of a question form,
        which it has. What a quotation in it would load has the frame's policy to be loaded under.
        """
        is_agents = self.article.sender_type == Article.SenderType.AGENT
        is_made_here = self.article.channel in (Article.Channel.NOTE, Article.Channel.WEB)
        return self.has_html and (is_agents or is_made_here) and not (self.blocked or self.active)

    @property
    def framed(self) -> bool:
        """Whether the body is HTML from outside, shown in its own frame."""
        return self.has_html and not self.as_text and not self.html

    @property
    def beginning(self) -> str:
        """The first words of what it says by itself."""
        text = next((piece.text for piece in self.pieces if not piece.lines), "")
        return Truncator(" ".join(text[:BEGINNING_READ].split())).chars(BEGINNING_MOST)

    @property
    def has_warning(self) -> bool:
        """Whether something is said above its text that one should know before one believes it."""
        return bool(self.article.warning or self.article.failed_checks or self.elsewhere)

    @property
    def has_head(self) -> bool:
        """Whether it says from whom it is and to whom: a note is for who reads it."""
        return self.article.channel != Article.Channel.NOTE

    @property
    def has_left(self) -> bool:
        """Whether it went to somebody outside."""
        return self.article.direction == Article.Direction.OUT

    @property
    def is_private(self) -> bool:
        """Whether only agents see it."""
        return not self.article.is_visible


def shown_articles(
    articles: Sequence[Article],
    *,
    ticket: Ticket,
    opened: Article | None,
    active: str,
    as_text: str = "",
    also_open: Collection[int] = (),
) -> list[ShownArticle]:
    """Newest first, but what a machine wrote below what it answers; the opened one and a newer note open.

    `active` is the id of the one whose remote images were asked for, `as_text` of the one whose plain text
    was, `also_open` are ids of others that are open, too.
    """
    elsewhere = asked_elsewhere(articles, ticket=ticket)
    shown = [
        replace(
            _shown_article(
                article,
                number=number,
                is_open=article == opened or article.pk in also_open or _is_newer_note(article, opened),
                active=active,
                as_text=as_text,
                earlier=articles[: number - 1],
            ),
            elsewhere=[address for _name, address in elsewhere.get(article.pk, ())],
        )
        for number, article in enumerate(articles, start=1)
    ]
    return _in_reading_order(shown, opened=opened)


def folded(article: Article, *, earlier: Sequence[Article]) -> str:
    """The article's HTML with the quoted history folded that stands in an earlier article already.

    `earlier`: the articles before it, oldest first; only what the customer saw can be quoted by them.
    """
    if len(article.html) > MOST:
        return article.html
    visible = [before for before in reversed(earlier) if before.is_visible]
    texts = (before.text for before in visible)
    as_html = (html_to_text(before.html) for before in visible[:LOOKED_AT] if 0 < len(before.html) <= MOST)
    return fold_html(article.html, Earlier(chain(texts, as_html)), summary=lambda n: escape(fold_summary(n)))


def listed_files(article: Article) -> list[Attachment]:
    """The files that its HTML does not show: each is in the one place or the other."""
    files = list(article.attachments.all())
    shown = shown_images(article.html, files).values()
    return [file for file in files if file not in shown]


def fold_summary(lines: int) -> str:
    """What a fold says of itself."""
    sentence = ngettext(
        "Show earlier messages (%(lines)s line)", "Show earlier messages (%(lines)s lines)", lines
    )
    return sentence % {"lines": lines}


def _pieces(article: Article, earlier: Sequence[Article]) -> list[Piece]:
    """The article's plain text in pieces, those folded that stand in an earlier article already."""
    visible = (before.text for before in reversed(earlier[-TEXTS_LOOKED_AT:]) if before.is_visible)
    return fold_text(article.text, Earlier(visible))


def _in_reading_order(shown: Sequence[ShownArticle], *, opened: Article | None) -> list[ShownArticle]:
    """Oldest first → newest first, but each automatic answer or report below what it followed."""
    groups: list[list[ShownArticle]] = []
    for each in shown:
        if groups and each.article.sender_type == Article.SenderType.SYSTEM:
            groups[-1].append(each)
        else:
            groups.append([each])
    ordered = list(chain.from_iterable(reversed(groups)))
    place = next((place for place, each in enumerate(ordered) if each.article == opened), 0)
    return [*ordered[: place + 1], *(replace(each, is_later=True) for each in ordered[place + 1 :])]


def _is_newer_note(article: Article, opened: Article | None) -> bool:
    return opened is not None and article.pk > opened.pk and article.channel == Article.Channel.NOTE


def _shown_article(
    article: Article, *, number: int, is_open: bool, active: str, as_text: str, earlier: Sequence[Article]
) -> ShownArticle:
    is_active, local = str(article.pk) == active, timezone.localtime(article.created)
    is_text = str(article.pk) == as_text
    return ShownArticle(
        article=article,
        number=number,
        at=local.isoformat(),
        moment=f"{local:%d-%m-%Y %H:%M}",
        is_open=is_open,
        files=listed_files(article),
        blocked=not is_active and bool(article.html) and has_remote_content(article.html),
        active=is_active,
        as_text=is_text,
        pieces=[] if is_open and article.html and not is_text else _pieces(article, earlier),
    )
