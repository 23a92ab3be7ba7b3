"""Mails put into the outbox together: a row for each, in their order, each key once."""

from collections.abc import Sequence

import pytest

from outbox.models import OutboundMessage, Recipient
from outbox.queueing import Outgoing, enqueue, enqueue_many
from work.trace import traced

pytestmark = pytest.mark.django_db


def outgoing(name: str, *, recipients: Sequence[str] = ("a@post.example",), key: str = "") -> Outgoing:
    return Outgoing(
        mime=name.encode(),
        message_id=f"{name}@kvv.example",
        sender="",
        recipients=recipients,
        subject=name,
        dedupe_key=key or name,
    )


def test_several_get_a_row_each_in_their_order() -> None:
    rows = enqueue_many([outgoing(name) for name in ("c", "a", "b")])
    assert [row.subject for row in rows] == ["c", "a", "b"]
    assert [row.subject for row in OutboundMessage.objects.order_by("pk")] == ["c", "a", "b"]
    assert [row.mime.size for row in rows] == [1, 1, 1]
    assert enqueue_many([]) == []


def test_each_is_part_of_the_story_in_which_it_was_written() -> None:
    with traced("first"):
        first = outgoing("a")
    with traced("second"):
        rows = enqueue_many([first, outgoing("b")])
    assert [row.trace for row in rows] == ["first", "second"]


def test_a_key_that_is_there_gives_its_row_whoever_put_it_there() -> None:
    first = enqueue(
        mime=b"x",
        message_id="x@kvv.example",
        sender="",
        recipients=["a@post.example"],
        subject="x",
        dedupe_key="same",
    )
    rows = enqueue_many(
        [outgoing("a"), outgoing("b", key="same"), outgoing("c", key="new"), outgoing("d", key="new")]
    )
    assert [row.message_id for row in rows] == [
        "a@kvv.example",
        first.message_id,
        "c@kvv.example",
        "c@kvv.example",
    ]
    assert OutboundMessage.objects.count() == Recipient.objects.count() == 3


def test_a_recipient_who_is_named_twice_gets_one() -> None:
    (row,) = enqueue_many([outgoing("a", recipients=("a@post.example", "b@post.example", "a@post.example"))])
    assert sorted(str(recipient) for recipient in row.recipients.all()) == [
        "a@post.example",
        "b@post.example",
    ]


def test_a_mail_to_nobody_is_refused_with_all_beside_it() -> None:
    with pytest.raises(ValueError, match="nobody"):
        enqueue_many([outgoing("a"), outgoing("b", recipients=())])
    assert not OutboundMessage.objects.exists()
