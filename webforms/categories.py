"""The categories that visitors choose among."""

import unicodedata
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from webforms.models import Category, FormVersion

LEVELS_MOST = 20
ASKED = "webforms_category"
"""Under which a request knows its category."""


@dataclass(slots=True)
class Branch:
    """A category with those below it that are shown; `has_form`: it leads to a form, else it is a heading."""

    category: Category
    has_form: bool
    below: list["Branch"] = field(default_factory=list)


def tree_of(query: str = "") -> list[Branch]:
    """The categories in use, those below one that is not left out; with words, those that have them all.

    Above what was found stands what it is below of, and below a heading that has the words all that is there.
    One statement.
    """
    has_version = Exists(FormVersion.objects.filter(category=OuterRef("pk")))
    rows = list(Category.objects.filter(is_active=True).annotate(has_version=has_version))
    children: dict[int | None, list[Category]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    return _branches(children, None, words=folded(query).split())


def _branches(
    children: dict[int | None, list[Category]], parent: int | None, *, words: list[str]
) -> list[Branch]:
    branches = []
    for row in children.pop(parent, []):
        is_found = all(word in _said(row) for word in words)
        below = _branches(children, row.pk, words=[] if is_found else words)
        has_form = row.queue_id is not None and row.has_version  # type: ignore[attr-defined]  # annotated
        if below or (is_found and has_form):
            branches.append(Branch(row, has_form=has_form, below=below))
    return branches


def _said(row: Category) -> str:
    return folded(f"{row.name_nl} {row.name_en} {row.summary_nl} {row.summary_en}")


def folded(text: str) -> str:
    """Without accents and capitals."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def category_at(slug: str) -> Category | None:
    """The category with this address whose form can be sent; None: there is none (any more).

    One that stands below another which is out of use is so, too. One statement for each level beyond two.
    """
    rows = Category.objects.select_related("parent").order_by()
    row = rows.filter(slug=slug, is_active=True).exclude(queue=None).first()
    above = row.parent if row is not None else None
    for _level in range(LEVELS_MOST):
        if above is None or not above.is_active:
            break
        above = above.parent
    return row if above is None else None


def category_asked(request: HttpRequest, slug: str) -> Category | None:
    """That of `category_at`, asked once a request: how much a form may bring depends on it, and its page."""
    known = vars(request)
    if ASKED not in known:
        known[ASKED] = category_at(slug)
    category: Category | None = known[ASKED]
    return category


def form_once_at(slug: str) -> Category | None:
    """The category with this address, in use or not: sites elsewhere may still show it."""
    return Category.objects.filter(slug=slug).first()
