"""How long a search takes: the page of its results, and the counts beside it, by who sees all queues or two.

Each class of search is a figure of its own, with the tickets on its page, whether it says how far it looked
back, and the most that it may take at a million tickets on the machine of reference.
"""

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from benchmarks.fill import OFTEN, SELDOM, Filled
from benchmarks.letters import ARCHIVE, FLUTE, OLD, SHARES, SILVER, SUMMER, TWENTY, WINTER
from benchmarks.progress import tell
from benchmarks.texts import fill_texts
from benchmarks.web import ROW, Agents, Page, serving

NEWEST, INDEX, LONG_PAST, ONE_BY_ONE, COUNTS = 60, 120, 600, 1_200, 250
"""What half of the requests may take, in ms: the newest fill the page, or the index is asked; a word in half
of an archive long past; hits are looked at one by one; counts."""
P95_MOST: Final = 300
FURTHER: Final = b'class="hits__further"'


@dataclass(frozen=True, slots=True)
class Sought:
    """What is typed, and how long its results may take at a million tickets; `is_found`: a ticket says it."""

    typed: str
    bar: int
    is_found: bool = True

    @property
    def p95_most(self) -> int:
        """What 95 of 100 requests may take, in ms."""
        return max(P95_MOST, self.bar)


SOUGHT: Final = {
    **{
        f"in_{share:.1%}".replace(".0%", "%"): Sought(word, NEWEST if share >= 0.1 else INDEX)
        for word, share in SHARES.items()
    },
    "in_twenty": Sought(TWENTY, INDEX),
    "in_old": Sought(OLD, INDEX),
    "in_archive": Sought(ARCHIVE, LONG_PAST),
    "never_together": Sought(f"{SUMMER} {WINTER}", INDEX, is_found=False),
    "prefix_often": Sought("kamp*", NEWEST),
    "prefix_seldom": Sought("taalbrief*", INDEX),
    "from_often": Sought(f"van:{OFTEN}", INDEX),
    "from_seldom": Sought(f"van:{SELDOM}", INDEX),
    "no_hit": Sought("nergensgezegd", INDEX, is_found=False),
    "text_half": Sought("tekst:vergadering", ONE_BY_ONE),
    "text_archive": Sought(f"tekst:{ARCHIVE}", ONE_BY_ONE),
    "phrase_twenty": Sought(f"'{SILVER} {FLUTE}'", ONE_BY_ONE),
}


def measure_search(filled: Filled) -> dict[str, dict[str, object]]:
    """Median and 95th percentile in ms, statements, and tickets on the page, of each; and the same of what
    counts. Ends the program where a page of all queues is empty that must not be, or the other way round."""
    fill_texts(filled)
    agents = Agents(filled)
    asked = {
        f"{name}{'_of_two' if of_two else ''}": (sought, of_two)
        for of_two in (False, True)
        for name, sought in SOUGHT.items()
    }
    facts = {name: _facts(agents, sought, by_agent_of_two=of_two) for name, (sought, of_two) in asked.items()}
    figures: dict[str, dict[str, object]] = {}
    with serving() as server:
        for name, (sought, of_two) in asked.items():
            page, counts = _pages(sought, by_agent_of_two=of_two)
            times = server.times(page, agents.session(page))
            counted = server.times(counts, agents.session(counts))
            figures[name] = {**times, **facts[name], "bar_ms": sought.bar, "counts": counted}
            tell(_line(name, sought, figures[name], counted))
    return figures


def _pages(sought: Sought, *, by_agent_of_two: bool) -> tuple[Page, Page]:
    query = urlencode({"q": sought.typed})
    page = Page(f"{reverse('desk:search')}?{query}", by_agent_of_two=by_agent_of_two)
    return page, replace(page, address=f"{reverse('desk:search_counts')}?{query}", is_dialog=True)


def _facts(agents: Agents, sought: Sought, *, by_agent_of_two: bool) -> dict[str, object]:
    """What its page shows, whether it says how far it looked back, and its statements."""
    page, counts = _pages(sought, by_agent_of_two=by_agent_of_two)
    content = agents.content(page)
    rows, is_cut = content.count(ROW), FURTHER in content
    if (rows > 0) != sought.is_found and not (is_cut or by_agent_of_two):
        raise SystemExit(f"{sought.typed} finds {rows} tickets")
    queries = {"queries": agents.queries(page), "counts_queries": agents.queries(counts)}
    return {"rows": rows, "is_cut": is_cut, **queries}


def _line(name: str, sought: Sought, figures: dict[str, object], counted: dict[str, object]) -> str:
    return (
        f"{name:<24} {figures['median_ms']:>7} ms (at most {sought.bar}), p95 {figures['p95_ms']:>7} "
        f"({sought.p95_most}); {figures['rows']} rows{', cut' if figures['is_cut'] else ''}; "
        f"counts {counted['median_ms']:>6}, {counted['p95_ms']} ({COUNTS})"
    )
