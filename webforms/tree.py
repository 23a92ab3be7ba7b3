"""How categories stand below each other: a few dozen at most, so that they are read all at once."""

from collections.abc import Iterator

from webforms.models import Category

DEPTH_MOST = 4
ABOVE = " › "


def path_of(category: Category) -> list[Category]:
    """Those above it and itself, from the top; of a circle, which no page makes, each once."""
    path = [category]
    while (above := path[0].parent) is not None and above not in path:
        path.insert(0, above)
    return path


def is_below(category: Category, other: Category) -> bool:
    """Whether it stands somewhere below the other."""
    return other in path_of(category)[:-1]


def height_of(category: Category) -> int:
    """How many levels it has, its own included."""
    return 1 + max((height_of(below) for below in category.below.all()), default=0)


def in_order(categories: list[Category]) -> Iterator[tuple[Category, int]]:
    """All of them as a tree is read, each with its depth from 0; those below a missing one come last."""
    there = {category.pk for category in categories}
    told = set[int]()

    def below(parent: int | None, depth: int) -> Iterator[tuple[Category, int]]:
        for category in categories:
            if category.parent_id == parent and category.pk not in told:
                told.add(category.pk)
                yield category, depth
                yield from below(category.pk, depth + 1)

    yield from below(None, 0)
    for category in categories:
        if category.parent_id not in there and category.pk not in told:
            told.add(category.pk)
            yield category, 0
            yield from below(category.pk, 1)
