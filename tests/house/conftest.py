"""A ticket that has something of everything, each of its addresses, and a browser for each role."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agent, Customer, Organisation
from blobs.store import store_bytes
from queues.models import Queue, ResponseTemplate
from search.export_work import work_off
from search.models import Export
from search.saved import save_search
from tests.factories import customer_mail, make_ticket, stored_file
from tests.house.addresses import MATRIX
from tests.house.matrix import CUSTOMERS_DEEDS
from tests.house.screens import FILES, PRESSES, SCREENS
from tests.search.exported import asked_for
from tests.tickets.bulks import chosen
from tests.webforms.visiting import make_form, make_submission
from tickets.customer_link import make_token
from tickets.models import Ticket
from webforms.confirmation_mail import confirmation_of
from webforms.pages import signed_for

OF_AN_ARTICLE = (
    *("article_frame", "active_frame", "source", "keep_answer", "earlier_text"),
    *("send_again", "declare_sent", "add_address"),
)
BULK_NAMES = ("bulk", "bulk_files", "bulk_image", "bulk_merge", "bulk_link", "bulk_result")


@pytest.fixture
def full_ticket(queue: Queue, customer: Customer) -> Ticket:
    """A ticket with HTML and a file, so that each of its addresses leads somewhere."""
    customer.organisation = Organisation.objects.create(name="Zandhorst")
    customer.save(update_fields=["organisation"])
    mail = customer_mail(html="<p>Hallo</p>", files=(stored_file(),), raw=store_bytes(b"Subject: Hallo"))
    return make_ticket(queue, customer=customer, article=mail)


@pytest.fixture
def addresses(full_ticket: Ticket, customer: Customer, owner: Agent) -> dict[str, str]:
    bulk = chosen(owner, [full_ticket]).submission
    article = full_ticket.articles.get()
    number = full_ticket.number
    token = make_token(ticket=full_ticket, address="karin@post.example", renewed=timezone.now())
    search = save_search(agent=owner, name="Tenten", query="q=tent", group=None)
    excel, paper = asked_for(owner), asked_for(owner, kind=Export.Kind.PRINT)
    work_off()
    answer = ResponseTemplate.objects.create(name="Tent lenen", html="<p>Zo.</p>")
    answer.queues.set([full_ticket.queue])
    form = make_form(full_ticket.queue)
    submission = make_submission(form, ticket=full_ticket)
    arguments: dict[str, list[object]] = {
        **{f"webforms:{name}": [form.slug] for name in ("form", "answers")},
        "webforms:sent": [signed_for(submission)],
        "webforms:confirm": [confirmation_of(submission)],
        "desk:standard_answer": [answer.pk],
        "desk:queue": [full_ticket.queue_id],
        **{f"desk:{name}": [bulk] for name in BULK_NAMES},
        **{f"desk:{name}": [search.pk] for name in ("saved_search", "edit_search", "delete_search")},
        **{f"desk:{name}": [excel.pk] for name in ("export", "export_file")},
        "desk:export_paper": [paper.pk],
        "desk:status": ["open"],
        "desk:escalation_of": ["week"],
        "desk:box": ["nieuw", "alle"],
        "desk:customer_page": [full_ticket.customer_id],
        "desk:organisation_page": [customer.organisation_id],
        "desk:edit_customer": [full_ticket.customer_id],
        "desk:merge_customer": [full_ticket.customer_id],
        "desk:customer_tickets": [full_ticket.customer_id, "open"],
        **{f"desk:{name}": [number, article.pk] for name in OF_AN_ARTICLE},
        "desk:attachment": [number, article.attachments.get().pk],
        "desk:take": [number, "antwoord"],
        "desk:find_texts": [number, "antwoord"],
        "desk:text": [number, "antwoord", answer.pk + 1],
        "desk:find_new_texts": ["telefoon"],
        "desk:new_text": ["telefoon", answer.pk + 1],
        "desk:not_useful": [number, number],
        "desk:remove_upload": [1],
        "desk:upload": [1],
        **{f"customer:{name}": [token] for name in ("page", *CUSTOMERS_DEEDS)},
        "customer:file": [token, article.attachments.get().pk],
        "demo:read": ["1.0-a"],
        "demo:frame": ["1.0-a"],
        "demo:answer": ["1.0-a"],
        "account_confirm_email": ["x"],
        "account_reset_password_from_key": ["1", "x"],
        "openid_connect_login": ["association"],
        "openid_connect_callback": ["association"],
    }
    arguments |= {f"desk:{name}": [number] for name in ("zoom", "history", "paper", "cancel", "earlier")}
    arguments |= {f"desk:{name}": row.arguments(full_ticket) for name, row in PRESSES.items()}
    arguments |= {f"desk:{name}": SCREENS[screen].arguments(full_ticket) for name, screen in FILES.items()}
    arguments |= {f"desk:{name}": row.arguments(full_ticket) for name, row in SCREENS.items()}
    return {name: reverse(name, args=arguments.get(name, [])) for name in MATRIX}


@pytest.fixture
def clients(stranger: Agent, reader: Agent, owner: Agent, superuser: Agent) -> dict[str, Client]:
    clients = {"anonymous": Client()}
    for role, agent in (
        ("stranger", stranger),
        ("reader", reader),
        ("owner", owner),
        ("superuser", superuser),
    ):
        clients[role] = Client()
        clients[role].force_login(agent)
    return clients
