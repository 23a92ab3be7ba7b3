"""How an article's text is shown: folded or open, as text or in a frame."""

from dataclasses import dataclass

from richtext.convert import has_remote_content
from tickets.models import Article, Attachment

OPEN_MOST = 2


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article with its place in the ticket and how its body is shown."""

    article: Article
    number: int
    is_open: bool
    files: list[Attachment]
    blocked: bool
    active: bool

    @property
    def framed(self) -> bool:
        """Whether the body is HTML from outside or from the editor, shown in its own frame."""
        return bool(self.article.html)

    @property
    def is_note(self) -> bool:
        """Whether only agents see it."""
        return not self.article.is_visible


def shown_articles(articles: list[Article], *, opened: Article | None, active: str) -> list[ShownArticle]:
    """Newest first, the opened one and a newer note open; `active` is the id of the one whose remote images
    were asked for."""
    shown = [
        _shown(article, number=number, opened=opened, active=active)
        for number, article in enumerate(articles, start=1)
    ]
    return shown[::-1]


def _shown(article: Article, *, number: int, opened: Article | None, active: str) -> ShownArticle:
    is_active = str(article.pk) == active
    newer_note = opened is not None and article.pk > opened.pk and article.channel == Article.Channel.NOTE
    return ShownArticle(
        article=article,
        number=number,
        is_open=article == opened or newer_note,
        files=[file for file in article.attachments.all() if not file.is_inline],
        blocked=not is_active and bool(article.html) and has_remote_content(article.html),
        active=is_active,
    )
