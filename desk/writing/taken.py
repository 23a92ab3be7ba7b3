"""Using an answer that was given before: its text in the form, and from which tickets such texts are."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from desk.writing.forms import WritingForm
from desk.writing.screen_form import Writing
from desk.writing.typed import read_number
from richtext.admin_texts import with_place_to_write
from richtext.convert import html_to_text
from search.earlier import answer_of, tickets_taken_from
from tickets.actor import Actor
from tickets.letters.answering import has_own_words
from tickets.letters.of_another import marked, of_others, strange_traces, to_say_to
from tickets.models import Article, Ticket

NUMBERS_MOST = 400
USE = "use"
"""What the form's address asks for an answer to begin with."""


class TakenFields(WritingForm):
    """A form that answers a ticket, which answers of other tickets can be put into.

    `taken_from`: the numbers of these tickets, with spaces between. What the text says of their customers is
    marked while it is written.
    """

    ticket: Ticket
    actor: Actor

    taken_from = forms.CharField(required=False, widget=forms.HiddenInput, max_length=NUMBERS_MOST)

    def begun(self) -> str:
        """What the form's text begins with, before anybody wrote anything."""
        raise NotImplementedError

    def answered_article(self) -> Article | None:
        """What is answered."""
        raise NotImplementedError

    def first_taken(self, writing: Writing, *, html: str) -> dict[str, object]:
        """The text of a fresh form, with the answer in it that its address asks for."""
        answer = self._answer(writing.query.get(USE))
        if answer is None:
            return {"html": html, "text": html_to_text(html)}
        html = _put_in(html, self._words_of(answer))
        return {"html": html, "text": html_to_text(html), "taken_from": answer.ticket.number}

    def use_answer(self) -> None:
        """Put an answer where one writes; above what was typed, if anything was."""
        data = cast("QueryDict", self.data).copy()
        answer = self._answer(data.get("use_answer"))
        if answer is None:
            return
        begun, words = self.begun(), self._words_of(answer)
        is_typed = has_own_words(self.shown_html, begun=begun)
        html = words + self.shown_html if is_typed else _put_in(begun, words)
        data["html"], data["text"] = html, html_to_text(html)
        data["taken_from"] = f"{data.get('taken_from', '')} {answer.ticket.number}".strip()[:NUMBERS_MOST]
        self.data = data

    @property
    def shown_html(self) -> str:
        """What was typed, with marks on what still is another's."""
        html = super().shown_html
        return marked(html, self._strange) if self.is_bound and self.taken_tickets else html

    @cached_property
    def taken_tickets(self) -> tuple[Ticket, ...]:
        """Those that the form says, and its agent sees."""
        numbers = str(self["taken_from"].value() or "")[:NUMBERS_MOST].split()
        return tuple(tickets_taken_from(numbers, rights=self.actor.agent_rights)) if numbers else ()

    @cached_property
    def _strange(self) -> set[str]:
        return strange_traces(of_others(self.taken_tickets, ticket=self.ticket), begun=self.begun())

    def _answer(self, asked: Any) -> Article | None:
        number = read_number(asked)
        if number is None:
            return None
        return answer_of(ticket=self.ticket, article_id=number, rights=self.actor.agent_rights)

    def _words_of(self, answer: Article) -> str:
        return to_say_to(self.ticket, answer=answer, answered=self.answered_article(), agent=self.actor.agent)


def _put_in(begun: str, words: str) -> str:
    """A text that nobody has written on, with these words where one is to write."""
    return begun.replace(with_place_to_write(""), with_place_to_write(words), 1)
