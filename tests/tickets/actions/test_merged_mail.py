"""Mail of tickets that were merged: where it lands, to whom it goes, and what the customer is told."""

import itertools

import pytest

from accounts.models import Agent, Customer
from mailgate.tasks import autoresponse
from outbox.models import OutboundMessage
from queues.models import Queue, QueuePermission, Salutation
from tests.factories import (
    NOW,
    actor,
    answer,
    customer_mail,
    grant,
    make_auto_response,
    make_customer,
    make_ticket,
)
from tests.tickets.actions.merged import arrives, merge, undo
from tickets.actions.also_received import link_same_mail
from tickets.actions.reply import reply_to_ticket
from tickets.actions.stuck import send_answer_again
from tickets.actor import Actor
from tickets.customer_link import make_token, read_token
from tickets.errors import BadInput, MergeStands
from tickets.kinds import EventKind
from tickets.letters.answering import answer_to, prefill
from tickets.models import Article, Event, EventTask, StateType, Ticket
from tickets.queries.also_received import also_received, also_received_tickets
from tickets.states import state_by_key

pytestmark = pytest.mark.django_db


def test_a_reply_to_the_merged_number_by_number_or_by_reference_lands_in_the_main_ticket(
    ticket: Ticket, main: Ticket, owner: Agent
) -> None:
    message_id = ticket.articles.get().message_id
    merge(owner, ticket, main)
    by_number = arrives(f"Re: [Ticket#{ticket.number}] Vraag")
    by_reference = arrives("Re: Vraag", references=f"<{message_id}>")
    assert (by_number.ticket, by_reference.ticket) == (main, main)
    ticket.refresh_from_db()
    assert (ticket.state_type, ticket.articles.count()) == (StateType.MERGED, 0)
    assert read_token(make_token(ticket=ticket, address="karin@post.example"), now=NOW).ticket == main


def test_a_number_leads_on_through_ten_merges_and_an_eleventh_is_refused(
    queue: Queue, customer: Customer, owner: Agent
) -> None:
    chain = [make_ticket(queue, customer=customer) for _n in range(12)]
    for away, into in itertools.pairwise(chain[:11]):
        merge(owner, away, into)
    assert arrives(f"[Ticket#{chain[0].number}]").ticket == chain[10]
    with pytest.raises(BadInput):
        merge(owner, chain[10], chain[11])


def test_answering_an_article_that_came_by_merging_goes_to_its_own_sender_and_quotes_no_other_customer(
    ticket: Ticket, queue: Queue, owner: Agent
) -> None:
    """Neither of them reads the other's mail, name or subject."""
    piet = make_customer("piet@post.example")
    Customer.objects.filter(pk=piet.pk).update(first_name="Piet", last_name="Puk")
    theirs = customer_mail(
        from_header="Piet Puk <piet@post.example>",
        from_address="piet@post.example",
        subject="Geheim van Piet",
        text="Alleen voor Piet",
    )
    main = make_ticket(queue, customer=piet, article=theirs)
    html = "<p>Beste <KVV_CUSTOMER_NAME> over <KVV_TICKET_TITLE>,</p>"
    queue.salutation = Salutation.objects.create(name="S", html=html)
    queue.save()
    mail = ticket.articles.get()
    ask = f"customers:{ticket.customer_id}:{piet.pk}"
    merge(owner, ticket, main, with_={"anyway": [ask]})
    main = Ticket.objects.select_related("queue__salutation", "customer").get(pk=main.pk)
    mail.refresh_from_db()
    for article, others in (
        (mail, ("piet", "Piet", "Geheim")),
        (main.articles.exclude(pk=mail.pk).get(), ("karin", "Karin", mail.subject, "Hoe gaat")),
    ):
        begun = prefill(ticket=main, article=article, template=None, agent=owner)
        letters = [answer_to(article=article, ticket=main, reply_all=to_all) for to_all in (False, True)]
        said = f"{letters} {begun}"
        assert [word for word in others if word in said] == []
        assert article.from_address in said


def test_two_tickets_of_the_same_mail_are_no_other_place_any_more_once_they_are_one(
    ticket: Ticket, main: Ticket, other_queue: Queue, owner: Agent
) -> None:
    third = make_ticket(other_queue)
    link_same_mail(
        actor=Actor.mail(),
        made=[each.articles.get() for each in (ticket, main, third)],
        copies=[],
        now=NOW,
    )
    grant(owner, other_queue, QueuePermission.Right.ALL)
    merge(owner, ticket, main)
    assert [place.ticket for place in also_received(main, rights=actor(owner).agent_rights)] == [third]
    assert also_received_tickets(main) == [third.pk]
    merge(owner, third, main)
    assert also_received_tickets(main) == []


def test_mail_on_its_way_is_decided_about_where_it_stands_now(
    ticket: Ticket, main: Ticket, owner: Agent
) -> None:
    sent = reply_to_ticket(actor=actor(owner), ticket=ticket, answer=answer(ticket), now=NOW).written
    OutboundMessage.objects.update(state=OutboundMessage.FAILED)
    Ticket.objects.filter(pk=ticket.pk).update(undelivered_article=sent.pk)
    state = state_by_key("open")
    Ticket.objects.filter(pk=ticket.pk).update(state=state, state_type=state.type, closed_at=None)
    merge(owner, ticket, main)
    main.refresh_from_db()
    assert main.undelivered_article == sent.pk
    send_answer_again(actor=actor(owner), ticket=main, article=Article.objects.get(pk=sent.pk), now=NOW)
    settled = Ticket.objects.get(pk=main.pk)
    assert settled.undelivered_article is None
    assert OutboundMessage.objects.get().state == OutboundMessage.QUEUED
    undo(owner)
    assert Event.objects.get(kind=EventKind.SENT_AGAIN).ticket == ticket


@pytest.mark.usefixtures("nobody_is_told")
def test_what_was_still_to_be_answered_by_itself_is_answered_in_the_main_ticket(
    ticket: Ticket, main: Ticket, queue: Queue, owner: Agent
) -> None:
    """By the name of who wrote it, whoever the main ticket's customer is."""
    piet = make_customer("piet@post.example")
    Customer.objects.filter(pk=piet.pk).update(first_name="Piet")
    Ticket.objects.filter(pk=main.pk).update(customer=piet, title="Geheim van Piet")
    html = "<p>Beste <KVV_CUSTOMER_REALNAME> over <KVV_TICKET_TITLE>,</p>"
    make_auto_response(queue, html=html)
    ticket_mail = ticket.articles.get().message_id
    merge(owner, ticket, main, with_={"anyway": [f"customers:{ticket.customer_id}:{piet.pk}"]})
    autoresponse()
    told = main.articles.get(sender_type=Article.SenderType.SYSTEM, references=ticket_mail)
    assert "Beste Karin Klant" in told.text
    assert "Piet" not in told.text
    assert main.articles.filter(sender_type=Article.SenderType.SYSTEM).count() == 2
    assert not ticket.articles.exists()
    assert not EventTask.objects.exists()


def test_the_customer_is_told_by_the_queue_s_text_and_then_it_stands(
    ticket: Ticket, main: Ticket, queue: Queue, owner: Agent
) -> None:
    with pytest.raises(BadInput):
        merge(owner, ticket, main, tells=True)
    html = "<p>Je vraag <KVV_TICKET> staat nu bij <KVV_MERGE_TO_TICKET>.</p>"
    make_auto_response(queue, kind="merged", subject="Samengevoegd", html=html)
    merge(owner, ticket, main, tells=True)
    (mail,) = OutboundMessage.objects.all()
    assert [recipient.address for recipient in mail.recipients.all()] == ["karin@post.example"]
    told = main.articles.latest("pk")
    assert told.text.strip() == f"Je vraag {ticket.number} staat nu bij {main.number}."
    assert main.number in told.subject
    main.refresh_from_db()
    assert main.article_count == main.articles.count() == 3
    with pytest.raises(MergeStands, match="bericht"):
        undo(owner)
