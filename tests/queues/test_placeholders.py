"""Tags in texts: filled, cut, escaped, and never left for a customer to see."""

import pytest

from queues.placeholders import fill, fill_line

VALUES = {
    "TICKET_NUMBER": "2026",
    "CUSTOMER_SUBJECT": "Hoe <b>lang</b> duurt de hike?",
    "CUSTOMER_EMAIL": "Eerste <regel>\r\n\r\nDerde regel\nVierde",
}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("<KVV_TICKET_NUMBER>", "2026"),
        ("&lt;otrs_Ticket_Number&gt;", "2026"),
        ("<OTOBO_NOBODY> <KVV_NOBODY[5]>", "- -"),
        ("<KVV_CUSTOMER_SUBJECT>", "Hoe &lt;b&gt;lang&lt;/b&gt; duurt de hike?"),
        ("<KVV_CUSTOMER_SUBJECT[3]>", "Hoe […]"),
        ("<KVV_CUSTOMER_SUBJECT[4]>", "Hoe […]"),
        ("<KVV_CUSTOMER_SUBJECT[99]>", "Hoe &lt;b&gt;lang&lt;/b&gt; duurt de hike?"),
        ("<KVV_CUSTOMER_EMAIL[1]>", "&gt; Eerste &lt;regel&gt;"),
        ("<KVV_CUSTOMER_EMAIL[3]>", "&gt; Eerste &lt;regel&gt;<br>&gt;<br>&gt; Derde regel"),
        ("<KVV_CUSTOMER_EMAIL[0]>", "&gt; Eerste &lt;regel&gt;<br>&gt;<br>&gt; Derde regel<br>&gt; Vierde"),
    ],
)
def test_a_tag_becomes_its_value(text: str, filled: str) -> None:
    assert fill(text, VALUES) == filled


def test_a_quoted_mail_has_twenty_lines_at_most_and_none_is_endless() -> None:
    html = fill("<KVV_CUSTOMER_BODY[9999]>", {"CUSTOMER_BODY": ("x" * 9999 + "\n") * 100})
    lines = html.split("<br>")
    assert len(lines) == 20
    assert max(map(len, lines)) < 320


def test_a_subject_is_one_line_and_is_not_escaped() -> None:
    line = fill_line("Over <KVV_CUSTOMER_SUBJECT>:\n<KVV_CUSTOMER_EMAIL[2]>", VALUES)
    assert line == "Over Hoe <b>lang</b> duurt de hike?: > Eerste <regel> >"
