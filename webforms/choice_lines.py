"""What can be chosen in a field, as an administrator types it: a line each, 'Dutch | English | queue'."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.translation import gettext as _

from queues.models import Queue
from tickets.models.free_field import NAME_MOST
from webforms.keys import new_key
from webforms.models import FormChoice

CHOICES_MOST = 100
KEY_MOST = 40
BETWEEN = "|"
PARTS_MOST = 3


@dataclass(frozen=True, slots=True)
class Read:
    """What was typed: the choices in their order, not saved, and what is wrong with it, a sentence each.

    `renamed`: what a choice was called → what it is called now, of those that were written anew.
    """

    choices: list[FormChoice]
    wrong: list[str]
    renamed: Mapping[str, str]


def lines_of(choices: Sequence[FormChoice]) -> str:
    """The choices as they are typed; each with its queue, which the caller has fetched."""
    rows = ((choice.name_nl, choice.name_en, choice.queue.name if choice.queue else "") for choice in choices)
    return "\n".join(f" {BETWEEN} ".join(row).rstrip(f" {BETWEEN}") for row in rows)


def read_lines(typed: str, *, kept: Sequence[FormChoice], queues: Mapping[str, Queue]) -> Read:
    """The choices that these lines say; `kept`: those that the field has, which keep their keys.

    A line goes on with the choice of its Dutch text; one that was written anew with the one that stood in its
    place. `queues`: those in use, by their names in lower case.
    """
    rows = [_parts(line) for line in typed.splitlines() if line.strip(f" \t{BETWEEN}")]
    wrong = [sentence for parts in rows[: CHOICES_MOST + 1] for sentence in _wrong(parts, queues)]
    names = [parts[0].casefold() for parts in rows]
    twice = next((parts[0] for at, parts in enumerate(rows) if names[at] in names[:at]), None)
    if twice is not None:
        wrong.append(_("'%(choice)s' stands there twice. Change one of them.") % {"choice": twice})
    if len(rows) > CHOICES_MOST:
        wrong.append(_("These are too many choices: at most %(most)s.") % {"most": CHOICES_MOST})
        rows = rows[:CHOICES_MOST]
    choices, renamed = _matched(rows, kept=kept, queues=queues)
    return Read(choices=choices, wrong=wrong, renamed=renamed)


def _parts(line: str) -> list[str]:
    parts = [part.strip() for part in line.split(BETWEEN)]
    return [*parts, *("" for _n in range(PARTS_MOST - len(parts)))]


def _wrong(parts: list[str], queues: Mapping[str, Queue]) -> list[str]:
    dutch, english, queue, *more = parts
    wrong = []
    if more:
        sentence = _("'%(line)s' has too many strokes: Dutch | English | queue.")
        wrong.append(sentence % {"line": f" {BETWEEN} ".join(parts)[:NAME_MOST]})
    if not dutch:
        wrong.append(_("'%(choice)s' has no Dutch text.") % {"choice": english[:NAME_MOST] or queue})
    if max(len(dutch), len(english)) > NAME_MOST:
        sentence = _("'%(choice)s…' is too long: at most %(most)s characters.")
        wrong.append(sentence % {"choice": (dutch or english)[:30], "most": NAME_MOST})
    if not queue and english.casefold() in queues and english.casefold() != dutch.casefold():
        sentence = _("'%(queue)s' is a queue, and stands where the English text goes. Write: %(line)s")
        line = f"{dutch} {BETWEEN} {BETWEEN} {english}"
        wrong.append(sentence % {"queue": english[:NAME_MOST], "line": line[:NAME_MOST]})
    if queue and queue.casefold() not in queues:
        wrong.append(_no_queue(queue[:NAME_MOST], queues))
    return wrong


def _no_queue(said: str, queues: Mapping[str, Queue]) -> str:
    """That there is none of this name, and which may be meant: one that has it in its name, or is alike."""
    sentence = _("There is no queue '%(queue)s' in use. Write its name as it stands at Queues.") % {
        "queue": said
    }
    having = [name for name in queues if said.casefold() in name]
    meant = having[:1] or get_close_matches(said.casefold(), queues, n=1)
    if meant:
        sentence += " " + _("Do you mean '%(queue)s'?") % {"queue": queues[meant[0]].name}
    return sentence


def _matched(
    rows: list[list[str]], *, kept: Sequence[FormChoice], queues: Mapping[str, Queue]
) -> tuple[list[FormChoice], dict[str, str]]:
    by_name = {choice.name_nl: choice for choice in kept}
    said = {parts[0] for parts in rows}
    choices, renamed, taken = [], {}, {choice.key for choice in kept}
    for at, (dutch, english, queue, *_more) in enumerate(rows):
        choice = by_name.pop(dutch, None)
        if choice is None and at < len(kept) and kept[at].name_nl not in said:
            choice = by_name.pop(kept[at].name_nl, None)
        if choice is None:
            key = new_key(dutch, taken=taken, otherwise="keuze", most=KEY_MOST)
            taken.add(key)
            choice = FormChoice(key=key)
        elif choice.name_nl != dutch:
            renamed[choice.name_nl.casefold()] = dutch
        choice.name_nl, choice.name_en = dutch[:NAME_MOST], english[:NAME_MOST]
        choice.queue, choice.position, choice.is_active = queues.get(queue.casefold()), 10 * (at + 1), True
        choices.append(choice)
    return choices, renamed
