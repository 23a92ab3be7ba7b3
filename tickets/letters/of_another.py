"""What a text that was written to one customer still says of them, when it is used to answer another.

What of a text is about somebody can't be known; what is looked for is what the ticket that it was taken from
knows of its customer: names, mail addresses, numbers. Whether any of it stands in a letter is decided of the
letter's words, whatever its form says of them.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from accounts.models import Agent, CustomerAddress
from outbox.addresses import read_addresses
from queues.keeping import ADDRESS, NUMBER
from queues.ours import ours_among
from richtext.admin_texts import blocks_of
from richtext.convert import html_to_text
from richtext.marks import with_marks
from richtext.own_words import unquoted
from tickets.letters.answering import prefill
from tickets.letters.kept_answer import to_say_again
from tickets.models import Article, Ticket

NAME_LEAST: Final = 3
NUMBER_LEAST: Final = 5
ARTICLES_MOST, TEXT_MOST = 20, 20_000
"""Of how many articles of the customer, and of how much of each, the addresses and numbers are known."""
LEFT_MOST: Final = 10
TAKEN_MOST: Final = 10
"""From how many tickets an answer may take something, as far as that is looked at."""

_PARTICLES: Final = frozenset(
    {"aan", "bij", "den", "der", "des", "het", "ten", "ter", "tot", "uit", "van", "von", "voor"}
)
_SAID = r"(?<![\w@]){}(?!\w|@)"
_DIGITS = re.compile(r"\D")


def of_others(tickets: Iterable[Ticket], *, ticket: Ticket) -> list[Ticket]:
    """Those of these tickets that are not this one's customer's, as far as they are looked at."""
    theirs = [each for each in tickets if each.customer_id is None or each.customer_id != ticket.customer_id]
    return [each for each in theirs if each.pk != ticket.pk][:TAKEN_MOST]


def traces_of(tickets: Collection[Ticket]) -> set[str]:
    """What these tickets know of their customers, as a text may say it; three statements, none for none."""
    if not tickets:
        return set()
    customers = {ticket.customer for ticket in tickets if ticket.customer}
    rows = CustomerAddress.objects.filter(customer__in=customers).values_list("address", flat=True)
    said, addresses = {ticket.number for ticket in tickets}, set(rows[: 10 * TAKEN_MOST])
    for customer in customers:
        said |= {customer.first_name, customer.last_name, customer.full_name, customer.code, customer.phone}
    for article in _customers_articles(tickets):
        names = [name for name, _address in read_addresses(article.from_header)]
        said |= {part for name in names for part in (name, *name.split())}
        addresses |= {article.from_address.lower(), *map(str.lower, ADDRESS.findall(article.text))}
        said |= set(NUMBER.findall(article.text))
    return {word for word in said if _is_telling(word)} | (addresses - ours_among(addresses) - {""})


def traces_in(text: str, traces: Iterable[str]) -> list[str]:
    """Those of them that stand in a plain text, as whole words, in the order in which they stand there."""
    pattern = _pattern(text, traces)
    return list(dict.fromkeys(match[0] for match in pattern.finditer(text))) if pattern else []


def left_of_another(html: str, *, begun: str, taken_from: Collection[Ticket]) -> list[str]:
    """What a letter's own words say of the customers of these tickets, and the letter did not when it was
    begun: names of who writes, of who is written to, and of what they asked."""
    traces = strange_traces(taken_from, begun=begun)
    return traces_in(html_to_text("".join(unquoted(blocks_of(html)))), traces)[:LEFT_MOST] if traces else []


def strange_traces(tickets: Collection[Ticket], *, begun: str) -> set[str]:
    """The traces of tickets that mean nobody here, where this is what an answer begins with."""
    text = html_to_text(begun) if tickets else ""
    return {trace for trace in traces_of(tickets) if not traces_in(text, [trace])}


def marked(html: str, traces: Iterable[str]) -> str:
    """A letter that is being written, with each of them marked in its own words, and nothing else."""
    return with_marks(html, _pattern(html_to_text(html), traces))


def to_say_to(ticket: Ticket, *, answer: Article, answered: Article | None, agent: Agent | None) -> str:
    """What an answer to somebody else said, for an answer in this ticket: with marks where it names them."""
    begun = prefill(ticket=ticket, article=answered, template=None, agent=agent)
    others = of_others([answer.ticket], ticket=ticket)
    return marked(to_say_again(answer), strange_traces(others, begun=begun.html))


def _customers_articles(tickets: Collection[Ticket]) -> Iterator[Article]:
    """What the customers wrote, the newest first."""
    theirs = Article.objects.filter(ticket__in=tickets, sender_type=Article.SenderType.CUSTOMER)
    for article in theirs.order_by("-pk").only("from_header", "from_address", "text")[:ARTICLES_MOST]:
        article.text = article.text[:TEXT_MOST]
        yield article


def _is_telling(word: str) -> bool:
    """Whether it says who is meant, and is no initial, particle or figure that stands anywhere."""
    if len(_DIGITS.sub("", word)) >= NUMBER_LEAST:
        return True
    bare = word.strip(" .,-'\"()")
    return len(bare) >= NAME_LEAST and not bare.isdigit() and bare.lower() not in _PARTICLES


def _pattern(text: str, traces: Iterable[str]) -> re.Pattern[str] | None:
    """What finds them as they are written; names by their capitals, numbers however they are parted."""
    lowered, digits = text.lower(), _DIGITS.sub("", text)
    found = []
    for trace in sorted(set(traces), key=len, reverse=True):
        own = _DIGITS.sub("", trace)
        if len(own) >= NUMBER_LEAST and not any(map(str.isalpha, trace)):
            if own in digits:
                found.append(rf"(?<![\d+])\+?\(?{'[ ()./-]{0,2}'.join(own)}(?!\d)")
        elif trace.lower() in lowered:
            found.append(_SAID.format(re.escape(trace)) if "@" not in trace else rf"(?i:{re.escape(trace)})")
    return re.compile("|".join(found)) if found else None
