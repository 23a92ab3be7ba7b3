"""Articles as they stand on paper: all that was said, nothing folded, nothing loaded from elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from richtext.images import shown_images
from tickets.models import Article, Attachment
from tickets.queries.zoom import Numbered
from tickets.showing.body import listed_files
from tickets.showing.frame import silent


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPaper:
    """An article and its place in the ticket. `html` is safe in a page of ours; '' where only text was sent.

    `files`: those that the text does not show.
    """

    number: int
    article: Article
    html: str
    files: list[Attachment]


def on_paper(articles: Sequence[Numbered], *, address: Callable[[Attachment], str]) -> list[OnPaper]:
    """The articles in their order; `address` is where a file of theirs is found."""
    return [
        OnPaper(
            number=number,
            article=article,
            html=_html(article, address=address),
            files=listed_files(article),
        )
        for number, article in articles
    ]


def _html(article: Article, *, address: Callable[[Attachment], str]) -> str:
    """Cleaned anew, whatever it is: in a page of ours there is no frame around it."""
    if not article.html:
        return ""
    shown = shown_images(article.html, article.attachments.all())
    return silent(article.html, images={key: address(file) for key, file in shown.items()})
