"""Renaming a queue: the tree is in the names, so the queues below it go along, as in OTRS."""

from collections.abc import Iterator
from typing import Final

from queues.models import SEPARATOR, Queue

NAME_MOST: Final = Queue._meta.get_field("name").max_length or 0


class WrongNameError(ValueError):
    """A name that no queue can have."""


class TakenNameError(ValueError):
    """A queue below would get a name that another queue has, or one that is too long; names both."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"{old} → {new}")
        self.old, self.new = old, new


def tidy_name(name: str) -> str:
    """The name with nothing around its steps ('A :: B' → 'A::B'); `WrongNameError` for an empty step."""
    steps = [step.strip() for step in name.split(SEPARATOR)]
    if not all(steps) or any(step.startswith(":") or step.endswith(":") for step in steps):
        raise WrongNameError(name)
    return SEPARATOR.join(steps)


def hold_names() -> None:
    """Hold all queues until the caller's transaction ends: of two who name queues at once, one goes first.

    Who names an address of a queue, too.
    """
    list(Queue.objects.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk"))


def new_names(*, old: str, new: str) -> dict[int, str]:
    """What the queues below `old` will be called once it is `new`, by id, in an order that can be written.

    Raises `TakenNameError`; a branch `new` that is there already takes them in where no two names are one.
    """
    below = dict(Queue.objects.filter(name__startswith=old + SEPARATOR).values_list("pk", "name"))
    names = {pk: new + name.removeprefix(old) for pk, name in below.items()}
    others = Queue.objects.exclude(pk__in=names).exclude(name=old)
    taken = set(others.filter(name__in=names.values()).values_list("name", flat=True))
    for pk, name in names.items():
        if name in taken or len(name) > NAME_MOST:
            raise TakenNameError(below[pk], name)
    return dict(_in_order(names, is_longer=len(new) > len(old)))


def rename_below(*, old: str, new: str) -> int:
    """Give the queues below `old` their new names; gives their number. Events keep the names of their time.

    Raises `TakenNameError`, and changes nothing then. The caller has a transaction, and names `old` itself.
    """
    names = new_names(old=old, new=new)
    for pk, name in names.items():
        Queue.objects.filter(pk=pk).update(name=name)
    return len(names)


def _in_order(names: dict[int, str], *, is_longer: bool) -> Iterator[tuple[int, str]]:
    """No name is given before the queue that has it has got another: 'A::X' may become 'A::X::X'."""
    yield from sorted(names.items(), key=lambda item: len(item[1]), reverse=is_longer)
