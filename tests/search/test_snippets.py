"""What is shown of what was found: a piece of the right article, with the words marked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agent
from queues.models import Queue
from search import snippets as module
from search.files import near
from search.language import read_search
from search.models import FileText
from search.snippets import FileSnippet, Piece, Snippet, marked, snippets
from tests.factories import actor, customer_mail, stored_file
from tests.search.finding import said
from tickets.changing.articles import NewArticle
from tickets.models import Article, Ticket


def shown(ticket: Ticket, text: str, *, agent: Agent) -> Snippet:
    snippet = snippets([ticket.pk], asked=read_search(text), actor=actor(agent))[ticket.pk]
    assert isinstance(snippet, Snippet)
    return snippet


def of_file(ticket: Ticket, text: str, *, agent: Agent) -> tuple[str, str] | None:
    """What is shown of a file: its name and what stands in it; None if that is of an article."""
    snippet = snippets([ticket.pk], asked=read_search(text), actor=actor(agent))[ticket.pk]
    return (told(snippet.name), told(snippet.pieces)) if isinstance(snippet, FileSnippet) else None


def with_files(queue: Queue, **texts: str) -> Ticket:
    """A ticket with files of these names and texts, '' of one that says nothing."""
    files = [stored_file(name.encode(), name=name.replace("_", "."), is_inline=False) for name in texts]
    read = [
        FileText(blob=file.blob, text=text) for file, text in zip(files, texts.values(), strict=True) if text
    ]
    FileText.objects.bulk_create(read, ignore_conflicts=True)
    return said(queue, "Zie mijn bijlage.", files=files)


def told(pieces: tuple[Piece, ...]) -> str:
    """A text with its marked words in brackets."""
    return "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in pieces)


def follow_up(ticket: Ticket, text: str) -> Article:
    mail: NewArticle = customer_mail(text=text)
    return Article.objects.create(
        ticket=ticket,
        sender_type=mail.sender_type,
        channel=mail.channel,
        direction=mail.direction,
        is_visible=True,
        text=mail.text,
    )


def test_words_are_marked_as_the_index_finds_them(queue: Queue, owner: Agent) -> None:
    ticket = said(
        queue, "De Fietsen van\n> het CAFÉ,\n\n\n  of <b>fiets</b>: zomerkampen en 's avonds foto's."
    )
    shows = {
        "fiets": "De [Fietsen] van het CAFÉ, of <b>[fiets]</b>: zomerkampen en 's avonds foto's.",
        "cafe OF zomer*": "De Fietsen van het [CAFÉ], of <b>fiets</b>: [zomerkampen] en 's avonds foto's.",
        "'van het café' tekst:avonden": (
            "De Fietsen van het [CAFÉ], of <b>fiets</b>: zomerkampen en 's [avonds] foto's."
        ),
        "van:fietsen -avonds onderwerp:fiets": (
            "De Fietsen van het CAFÉ, of <b>fiets</b>: zomerkampen en 's avonds foto's."
        ),
    }
    assert {text: told(shown(ticket, text, agent=owner).pieces) for text in shows} == shows
    titles = marked(["Fiets huren", "Café (Zoë)", ""], asked=read_search("fietsen zoe"))
    assert [told(pieces) for pieces in titles] == ["[Fiets] huren", "Café ([Zoë])", ""]


def test_the_article_and_the_place_are_shown_where_most_words_stand_together(
    queue: Queue, owner: Agent
) -> None:
    ticket = said(queue, "Een tent. " + "Zomaar iets anders. " * 30 + "Zonder kamp.")
    answer = follow_up(
        ticket, "Wel een tent. " + "Zomaar iets anders. " * 30 + "De tent van het kamp staat klaar."
    )
    snippet = shown(ticket, "tent kamp", agent=owner)
    assert (snippet.article, snippet.position, snippet.sender_type) == (answer.pk, 2, "customer")
    assert told(snippet.pieces).startswith("… ")
    assert told(snippet.pieces).endswith("De [tent] van het [kamp] staat klaar.")
    for _ in range(module.FIRST):
        late = follow_up(ticket, "De zeilboot ligt klaar. " * 30)
    snippet = shown(ticket, "zeilboten", agent=owner)
    assert snippet.article != late.pk
    assert snippet.position == 3
    follow_up(ticket, "Het touw ligt klaar.")
    assert told(shown(ticket, "touw", agent=owner).pieces) == "Het [touw] ligt klaar."


def test_a_phrase_and_a_code_are_marked_as_a_whole_and_not_by_their_words_elsewhere(
    queue: Queue, owner: Agent
) -> None:
    ticket = said(
        queue, "Scouting heeft een missie. " + "Zomaar. " * 40 + "De missie van\nScouting: zie F-2026-04."
    )
    for typed, end in {
        "'missie van scouting'": "De [missie van Scouting]: zie F-2026-04.",
        "'de missies van scouting is' zie": "De [missie van Scouting]: [zie] F-2026-04.",
        "f-2026*": "De missie van Scouting: zie [F-2026]-04.",
        "f-2026-04 scouting": "De missie van [Scouting]: zie [F-2026-04].",
        "'missie van scouting' missie": "De [missie van Scouting]: zie F-2026-04.",
    }.items():
        assert told(shown(ticket, typed, agent=owner).pieces).endswith(end), typed
    begin = told(shown(ticket, "'scouting een missie'", agent=owner).pieces)
    assert begin.startswith("Scouting heeft een missie.")  # that phrase is not there


def test_what_is_written_in_pieces_is_marked_by_who_writes_it_in_one_and_the_other_way_round(
    queue: Queue, owner: Agent
) -> None:
    ticket = said(queue, "Per e-mail of bel 06 12 34 56 78. Emailadres: zie F-12.")
    for typed, shows in {
        "email 0612345678": "Per [e-mail] of bel [06 12 34 56 78]. Emailadres: zie F-12.",
        "e-mailadres": "Per e-mail of bel 06 12 34 56 78. [Emailadres]: zie F-12.",
    }.items():
        assert told(shown(ticket, typed, agent=owner).pieces) == shows


def test_where_no_article_has_the_words_the_first_is_shown(queue: Queue, owner: Agent) -> None:
    ticket = said(queue, "Hoe gaat dat? " * 50, subject="Zomerkamp")
    snippet = shown(ticket, "zomerkamp", agent=owner)
    assert (snippet.position, told(snippet.pieces)[:14]) == (1, "Hoe gaat dat? ")
    assert told(snippet.pieces).endswith(" …")
    assert len(told(snippet.pieces)) < module.BEFORE + module.BEHIND


def test_strangers_are_shown_nothing_and_rows_cost_no_statements(
    queue: Queue, other_queue: Queue, owner: Agent, stranger: Agent
) -> None:
    tickets = [said(queue, f"kamp nummer {n}") for n in range(3)]
    ids = [ticket.pk for ticket in tickets]
    asked = read_search("kamp")
    assert snippets(ids, asked=asked, actor=actor(stranger)) == {}
    assert snippets([], asked=asked, actor=actor(owner)) == {}
    acting = actor(owner)
    snippets(ids, asked=asked, actor=acting)
    for shown_ids in (ids[:1], ids):
        with CaptureQueriesContext(connection) as queries:
            assert len(snippets(shown_ids, asked=asked, actor=acting)) == len(shown_ids)
        assert len(queries) == 2
    Ticket.objects.filter(pk=ids[0]).update(queue=other_queue)
    assert set(snippets(ids, asked=asked, actor=acting)) == set(ids[1:])


def test_a_word_in_a_file_alone_shows_which_file_that_is(
    queue: Queue, owner: Agent, stranger: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "Zomaar\niets. " * 1_000 + "De Brieven over de CAFÉS liggen klaar. " + "En nog meer. " * 50
    ticket = with_files(queue, foto_jpg="", plan_pdf="Zomaar een plan", lijst_txt=long, cafe_png="")
    brief = of_file(ticket, "brief", agent=owner)
    assert brief is not None
    assert brief[0] == "lijst.txt"
    assert "De [Brieven] over de CAFÉS liggen klaar." in brief[1]
    assert (brief[1][:2], brief[1][-2:]) == ("… ", " …")
    assert len(brief[1]) < module.BEFORE + module.BEHIND + 10
    shows = {
        "bijlage:plan.pdf": ("[plan.pdf]", "Zomaar een plan"),
        "plan": ("[plan].pdf", "Zomaar een [plan]"),
        "foto*": ("[foto].jpg", ""),
        "bijlage": None,
        "tekst:plan": None,
        "zie OF plan": None,
        "zeilboot": None,
    }
    assert {typed: of_file(ticket, typed, agent=owner) for typed in shows} == shows
    assert of_file(ticket, "cafe png", agent=owner) == ("[cafe].[png]", "")
    cafes = of_file(ticket, "cafés brieven", agent=owner)
    assert cafes is not None
    assert "De [Brieven] over de [CAFÉS] liggen" in cafes[1]
    assert snippets([ticket.pk], asked=read_search("plan"), actor=actor(stranger)) == {}
    hostile = " ".join(f"bijlage:{sign}x(\\{n}*" for n, sign in enumerate("[](){}|.*+?^$éßİǅ漢𝒳'\"%" * 3))
    assert of_file(ticket, hostile, agent=owner) is None
    monkeypatch.setattr(near, "_NEAR", near._NEAR.replace(str(near.LOOKED_MOST), "100"))
    assert of_file(ticket, "brief", agent=owner) is None  # a page does not look through more than that


def test_files_cost_one_statement_where_no_article_has_the_words(queue: Queue, owner: Agent) -> None:
    tickets = [with_files(queue, plan_pdf="Het zomerkamp", **{f"n{n}_txt": "kamp"}) for n in range(3)]
    asked, acting = read_search("zomerkamp"), actor(owner)
    for ids in ([tickets[0].pk], [ticket.pk for ticket in tickets]):
        snippets(ids, asked=asked, actor=acting)  # learns the stems
        with CaptureQueriesContext(connection) as queries:
            assert {type(each) for each in snippets(ids, asked=asked, actor=acting).values()} == {FileSnippet}
        assert len(queries) == 3
