"""What somebody wrote, as the editor shows it in a quotation."""

from desk.zoom.attachments import file_addresses
from tickets.letters.inline_images import for_editor
from tickets.models import Article, Ticket


def quoted_html(ticket: Ticket, article: Article | None) -> str:
    """The article's HTML with its own images shown in the editor; '' where it has none."""
    if article is None or not article.html:
        return ""
    return for_editor(article, address=file_addresses(ticket))
