"""An answer that was sent, on its way to a standard answer: without what only its customer was told."""

from collections.abc import Sequence

from outbox.addresses import read_addresses
from queues.keeping import with_placeholders
from queues.models import Text
from richtext.admin_texts import blocks_of
from richtext.clean import clean_html
from richtext.convert import html_to_text, text_to_html
from richtext.own_words import own_blocks, unquoted
from richtext.tokens import IMAGE
from tickets.customer_link import has_token
from tickets.letters.answering import signature_of, standard_text
from tickets.models import Article

NAME, NUMBER = "KVV_CUSTOMER_REALNAME", "KVV_TICKET_NUMBER"


def as_standard_answer(article: Article) -> str:
    """What an answer said, without quotation, salutation and closing, which each answer gets by itself.

    Where it names the customer or the ticket's number stand the placeholders for them.
    """
    ticket = article.ticket
    blocks = _bare_blocks(article)
    customer, names = ticket.customer, [name for name, _address in read_addresses(article.to)]
    if customer is not None:
        names += [customer.full_name, customer.first_name]
    said = {name: NAME for name in names if len(name) > 1} | {ticket.number: NUMBER}
    return with_placeholders("".join(blocks), said)


def to_say_again(article: Article) -> str:
    """What an answer said, likewise, to be put into another letter: cleaned blocks, without images.

    Salutation and closing go by their looks, too, where they are not those of the queue.
    """
    bare = _bare_blocks(article)
    blocks = own_blocks(bare) or bare
    return clean_html(IMAGE.sub("", "".join(blocks)))


def names_near(article: Article) -> set[str]:
    """The names of those whom an answer is from and went to, whole and in their parts."""
    people = (article.ticket.customer, article.agent, article.writer)
    parts = {name for person in people if person for name in (person.first_name, person.last_name)}
    written = {name for line in (article.to, article.cc) for name, _address in read_addresses(line)}
    return (parts | written) - {""}


def _bare_blocks(article: Article) -> list[str]:
    """An answer's blocks but for quotation, link, and its queue's salutation and closing as they are now."""
    ticket = article.ticket
    written = unquoted(blocks_of(article.html or text_to_html(article.text)))
    blocks = [block for block in written if not has_token(block)]
    writer = article.writer or article.agent
    for html in (_as_sent(article, ticket.queue.salutation), signature_of(ticket, agent=writer)):
        blocks = _without(blocks, _words(html))
    return blocks


def _as_sent(article: Article, text: Text | None) -> str:
    if text is None:
        return ""
    return standard_text(ticket=article.ticket, template=text, agent=article.writer or article.agent)


def _words(html: str) -> str:
    return " ".join(html_to_text(html).split())


def _without(blocks: Sequence[str], words: str) -> list[str]:
    """The blocks but for those in a row, the last such, that say these words and nothing else."""
    said = [_words(block) for block in blocks]
    for start in reversed(range(len(said) if words else 0)):
        together = ""
        for end in range(start, len(said)):
            together = f"{together} {said[end]}".strip()
            if together == words:
                return [*blocks[:start], *blocks[end + 1 :]]
            if not words.startswith(together):
                break
    return list(blocks)
