"""A form's rows as a `FormSpec`, and the versions that are kept of it."""

from django.db import transaction

from webforms.models import FILES_MB, MB, Category, FormChoice, FormField, FormVersion, Submission
from webforms.spec import TICKED, ChoiceSpec, FieldSpec, FormSpec, Kind, Meaning, Text


def publish(category: Category) -> FormVersion | None:
    """Let visitors get the form as its rows are now; None of a heading, which has none.

    A version that something was sent by stays as it is, and a new one is made; another is written over. A
    form that is as it was makes none.
    """
    if category.queue_id is None:
        return None
    spec = spec_of(category)
    with transaction.atomic():
        Category.objects.select_for_update(of=("self",), no_key=True).get(pk=category.pk)
        newest = category.versions.first()
        if newest is not None and newest.digest == spec.digest:
            return newest
        kept = {"content": spec.to_json(), "digest": spec.digest}
        if newest is not None and not Submission.objects.filter(version=newest).exists():
            FormVersion.objects.filter(pk=newest.pk).update(**kept)
            newest.refresh_from_db()
            return newest
        number = newest.number + 1 if newest is not None else 1
        return FormVersion.objects.create(category=category, number=number, **kept)


def spec_of(category: Category) -> FormSpec:
    """The form that its rows make; two statements. Raises `ValueError` of a heading."""
    rows = category.fields.filter(is_active=True).select_related("shown_when").prefetch_related("choices")
    return spec_from(category, [(row, list(row.choices.all())) for row in rows])


def spec_from(category: Category, rows: list[tuple[FormField, list[FormChoice]]]) -> FormSpec:
    """The same of rows that may not be saved, but have their keys; raises `ValueError` of a heading."""
    if category.queue_id is None:
        raise ValueError(f"{category} has no form")
    return FormSpec(
        name=Text(category.name_nl, category.name_en),
        queue=category.queue_id,
        introduction=Text(category.introduction_nl, category.introduction_en),
        consent=Text(category.consent_nl, category.consent_en),
        thanks=Text(category.thanks_nl, category.thanks_en),
        files_most=(category.files_mb or FILES_MB) * MB,
        fields=tuple(_field(row, choices, {one.key: those for one, those in rows}) for row, choices in rows),
    )


def _field(row: FormField, choices: list[FormChoice], all_choices: dict[str, list[FormChoice]]) -> FieldSpec:
    asked_by = row.shown_when
    return FieldSpec(
        key=row.key,
        kind=Kind(row.kind),
        label=Text(row.name_nl, row.name_en),
        help=Text(row.help_nl, row.help_en),
        is_required=row.is_required,
        pattern=row.pattern,
        pattern_said=Text(row.pattern_said_nl, row.pattern_said_en),
        least=row.least,
        most=row.most,
        shown_when=asked_by.key if asked_by is not None else "",
        shown_value=_answer(row, all_choices.get(asked_by.key, [])) if asked_by is not None else "",
        meaning=Meaning(row.meaning),
        free_field=row.free_field_id,
        choices=tuple(
            ChoiceSpec(choice.key, Text(choice.name_nl, choice.name_en), choice.queue_id)
            for choice in sorted(choices, key=lambda choice: choice.position)
            if choice.is_active
        ),
    )


def _answer(row: FormField, choices: list[FormChoice]) -> str:
    """The key of the choice with which it is asked; of a tick that it is ticked."""
    if row.shown_when is not None and row.shown_when.kind == Kind.TICK:
        return TICKED
    said = row.shown_value.strip().casefold()
    return next((choice.key for choice in choices if choice.name_nl.casefold() == said), "")
