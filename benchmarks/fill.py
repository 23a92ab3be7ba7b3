"""Filling a database with tickets by COPY: the same every time, and fast enough for a million.

Shape: 12 queues that hold from 30 % down to 0.5 % of the tickets, one of which only old tickets have; 5 % of
the tickets open (at most 5,000), five articles each; half as many customers as tickets, one in 25 of whom has
one first name and one in 500 one last name (of few tickets more, so that there is a page of either), and one
in five of whom is in an organisation of a hundred; one agent with every right in all queues, one in
two of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from accounts.models import Agent, Customer, Group, Organisation
from benchmarks.copying import copy_rows
from benchmarks.letters import ARTICLES, Letters
from benchmarks.progress import counted, tell
from queues.models import (
    AutoResponse,
    MailAddress,
    Queue,
    QueuePermission,
    QueueSubscription,
    ResponseTemplate,
)
from tickets.models import State, Ticket
from tickets.tally import fold

SHARES = (30, 20, 14, 10, 8, 6, 4.5, 3, 2, 1.2, 0.8, 0.5)
OLD_QUEUE = 9
WAITS_EACH = 12
"""One of how many open tickets waits for a reminder, which has come."""
OPEN_SHARE, OPEN_MOST = 0.05, 5_000
CUSTOMERS_LEAST = 2_000
OFTEN_EACH, SELDOM_EACH, ROWS_LEAST = 25, 500, 125
"""One of how many customers has the name; and how many of those with tickets have it at least."""
MEMBER_EACH, MEMBERS = 5, 100
"""One of how many customers is in an organisation, and how many are in each."""
OFTEN, SELDOM, NEVER = "Karin", "Zeldzaam", "Nergens"
"""A name of 20,000 of 500,000 customers, one of 1,000, and one of nobody."""
YEARS = timedelta(days=3 * 365)
WEEK, WEEK_LEAST, WEEK_OPEN_EACH, WEEK_BLOCK = timedelta(days=7), 20, 10, 12
"""One block in ten of the week's tickets is open; a block has as many of each state, owner and lock."""
EPOCH = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
AGENT, AGENT_OF_TWO, PASSWORD = "bench", "bench-of-two", "bench-bench-bench"
US = "bench@kvv.example"

TICKET_COLUMNS = (
    "number,title,queue_id,state_id,state_type,priority,locked,owner_id,customer_id,created,changed,"
    "closed_at,terms_version,sender_name,last_contact,article_count,attachment_count,"
    "latest_customer_article,time_units,pending_until,first_answer_at,last_answer_at,waits_since,internal_until,first_closed_at"
)
ARTICLE_COLUMNS = (
    'ticket_id,sender_type,channel,direction,is_visible,created,from_header,from_address,reply_to,"to",'
    'cc,bcc,subject,text,html,clean_version,message_id,"references",is_automatic,warning'
)


@dataclass(frozen=True, slots=True)
class Times:
    """When each ticket came, by its place in the order of their ids, and which are open."""

    tickets: int
    now: datetime

    @property
    def week(self) -> int:
        """How many came in the last seven days."""
        return min(self.tickets // 2, max(WEEK_LEAST, int(self.tickets * (WEEK / YEARS))))

    @property
    def first_of_week(self) -> int:
        """The place of the first of them."""
        return self.tickets - self.week

    @property
    def first_open(self) -> int:
        """From which place on those before the last week are open."""
        wanted = min(int(self.tickets * OPEN_SHARE), OPEN_MOST)
        of_week = sum(self.is_open_of_week(n) for n in range(self.first_of_week, self.tickets))
        return self.first_of_week - max(0, wanted - of_week)

    def created(self, n: int) -> datetime:
        """Evenly over three years, and over the last week up to half a day ago."""
        if n >= self.first_of_week:
            return self.now - WEEK + (WEEK - timedelta(hours=12)) * ((n - self.first_of_week) / self.week)
        return EPOCH - YEARS / self.tickets * (self.tickets - n)

    @staticmethod
    def is_open_of_week(n: int) -> bool:
        """Whether this one, of the last week, is."""
        return n // WEEK_BLOCK % WEEK_OPEN_EACH == 0


@dataclass(frozen=True, slots=True)
class Filled:
    """What the benchmark needs to know of the database it filled."""

    tickets: int
    agent: Agent
    agent_of_two: Agent
    queues: tuple[Queue, ...]
    letters: Letters
    first_ticket: int
    customers: list[int]


def fill(*, tickets: int) -> Filled:
    """Make queues, an agent and `tickets` tickets; the database must be empty of tickets."""
    queues = _queues()
    agent, agent_of_two = _agent(AGENT, queues), _agent(AGENT_OF_TWO, queues[:2])
    count = max(CUSTOMERS_LEAST, tickets // 2) + 1  # odd: so that theirs are in several queues
    customers = _customers(count, most_between=max(1, tickets // ROWS_LEAST))
    states = {state.key: state for state in State.objects.all()}
    times = Times(tickets, now=timezone.now())
    rows = _tickets(times, queues, agent, customers, states, first_article=_next_article())
    tell("customers: done")
    copy_rows("tickets_ticket", TICKET_COLUMNS, counted(rows, what="tickets", of=tickets))
    first = Ticket.objects.order_by("pk").values_list("pk", flat=True)[0]
    letters = Letters(tickets)
    articles = _articles(first, times, letters, len(customers))
    copy_rows("tickets_article", ARTICLE_COLUMNS, counted(articles, what="articles", of=tickets * ARTICLES))
    fold()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    tell("filled")
    return Filled(
        tickets=tickets,
        agent=agent,
        agent_of_two=agent_of_two,
        queues=queues,
        letters=letters,
        first_ticket=first,
        customers=customers,
    )


def _queues() -> tuple[Queue, ...]:
    queues = []
    for number in range(len(SHARES)):
        queue = Queue.objects.create(name=f"Bench::{number:02d}")
        queue.sender = MailAddress.objects.create(
            address=f"bench{number}@kvv.example", name=f"Bench {number}", queue=queue
        )
        queue.save(update_fields=["sender"])
        queues.append(queue)
    ResponseTemplate.objects.create(name="Bench answer", html="<p>Bench</p>")
    answer = AutoResponse.objects.create(
        kind=AutoResponse.Kind.NEW_TICKET,
        name="Bench",
        subject="Ontvangen: <KVV_CUSTOMER_SUBJECT[60]>",
        html="<p>Beste <KVV_CUSTOMER_REALNAME>,</p><p>We hebben je vraag ontvangen.</p>",
    )
    answer.queues.set(queues)
    return tuple(queues)


def _agent(name: str, queues: Iterable[Queue]) -> Agent:
    agent = Agent.objects.create_user(name, f"{name}@kvv.example", PASSWORD)
    group = Group.objects.create(name=name)
    group.agents.add(agent)
    QueuePermission.objects.bulk_create(
        QueuePermission(group=group, queue=queue, right=QueuePermission.Right.ALL) for queue in queues
    )
    QueueSubscription.objects.bulk_create(QueueSubscription(agent=agent, queue=queue) for queue in queues)
    return agent


def _customers(count: int, *, most_between: int) -> list[int]:
    """By their ids, in the order of the addresses; one of `most_between` at least has either name."""
    often, seldom = min(OFTEN_EACH, most_between), min(SELDOM_EACH, most_between)
    organisations = [
        Organisation.objects.create(name=f"{OFTEN} {n}").pk
        for n in range(count // (MEMBER_EACH * MEMBERS) + 1)
    ]
    first = Customer.objects.create(code=address_of(0), first_name="Bench", last_name="0").pk
    copy_rows(
        "accounts_customer",
        "code,first_name,last_name,username,phone,organisation_id",
        (
            (
                address_of(n),
                OFTEN if n % often == 0 else "Bench",
                SELDOM if n % seldom == 1 else str(n),
                "",
                "",
                organisations[n // (MEMBER_EACH * MEMBERS)] if n % MEMBER_EACH == 2 else None,
            )
            for n in range(1, count)
        ),
    )
    ids = list(Customer.objects.filter(pk__gte=first).order_by("pk").values_list("pk", flat=True))
    rows = ((customer, address_of(n)) for n, customer in enumerate(ids))
    copy_rows("accounts_customeraddress", "customer_id,address", rows)
    return ids


def _queue_of(n: int, *, tickets: int) -> int:
    """The index of ticket n's queue: spread evenly by share; the old queue only among the first half."""
    point, passed = (n * 7919 % 1000) / 10, 0.0
    for index, share in enumerate(SHARES):
        passed += share
        if point < passed:
            return 0 if index == OLD_QUEUE and n > tickets // 2 else index
    return 0


def _next_article() -> int:
    """The id that the first article will get."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('tickets_article', 'id')) + 1")
        return int(cursor.fetchone()[0])


def _state_of(n: int, *, waits: bool) -> str:
    """The key of an open ticket's state."""
    return "pending_reminder" if waits else ("new", "open", "open")[n % 3]


def _tickets(
    times: Times,
    queues: tuple[Queue, ...],
    agent: Agent,
    customers: list[int],
    states: dict[str, State],
    *,
    first_article: int,
) -> Iterator[tuple[object, ...]]:
    """Ticket rows, oldest first; the newest before the last week are open. All are unread: the dearest."""
    first_open, first_of_week = times.first_open, times.first_of_week
    for n in range(times.tickets):
        is_open = times.is_open_of_week(n) if n >= first_of_week else n >= first_open
        created = times.created(n)
        waits = is_open and n % WAITS_EACH == 2
        state = states[_state_of(n, waits=waits) if is_open else "closed_successful"]
        yield (
            f"{created:%Y%m%d}10{n:07d}",
            title_of(n),
            queues[_queue_of(n, tickets=times.tickets)].pk,
            state.pk,
            state.type,
            3 if n % 10 else 4,
            is_open and n % 4 == 0,
            agent.pk if n % 2 else None,
            customers[n % len(customers)],
            created,
            created + timedelta(hours=5),
            None if is_open else created + timedelta(hours=6),
            0,
            f"Bench {n % len(customers)}",
            created + timedelta(hours=4),
            ARTICLES,
            0,
            first_article + (n + 1) * ARTICLES - 1,
            0,
            created + timedelta(hours=8) if waits else None,
            created + timedelta(hours=1),
            created + timedelta(hours=3),
            created + timedelta(hours=4),
            created,
            None if is_open else created + timedelta(hours=6),
        )


def title_of(n: int) -> str:
    """What the n-th ticket is called."""
    return f"Bench ticket {n} about a subject of some length"


def subject_of(n: int) -> str:
    """What each of its articles is called."""
    return f"Bench ticket {n}"


def address_of(customer: int) -> str:
    """The address, and the code, of the so-many-th customer."""
    return f"c{customer}@bench.example"


def _articles(
    first_ticket: int, times: Times, letters: Letters, customers: int
) -> Iterator[tuple[object, ...]]:
    """Five articles a ticket: customer and agent in turn."""
    for n in range(times.tickets):
        created = times.created(n)
        for m, letter in enumerate(letters.of(n)):
            inbound = m % 2 == 0
            customer, text = address_of(n % customers), letters.text(letter)
            yield (
                first_ticket + n,
                "customer" if inbound else "agent",
                "email",
                "in" if inbound else "out",
                True,
                created + timedelta(hours=m),
                customer if inbound else US,
                customer if inbound else US,
                "",
                US if inbound else customer,
                "",
                "",
                subject_of(n),
                text,
                f"<p>{text}</p>".replace("\n", "</p><p>"),
                1,
                f"bench-{n}-{m}@bench.example",
                "",
                False,
                "",
            )
