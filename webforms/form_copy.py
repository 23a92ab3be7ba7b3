"""The form's copy in a ticket: the question first, then what was asked and answered, a line each."""

from collections.abc import Sequence
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from richtext.clean import clean_html
from richtext.convert import text_to_html
from webforms.answers import Answers, in_words, text_of
from webforms.models import SubmissionFile
from webforms.spec import FieldSpec, FormSpec, Kind, Meaning

NOTHING: Final = "–"
Line = tuple[str, str]
"""What was asked, and what was answered."""


def text_copy(spec: FormSpec, answers: Answers, files: Sequence[SubmissionFile], *, language: str) -> str:
    """As plain text, in this language, which is active."""
    question = text_of(answers, spec, Meaning.QUESTION)
    lines = [f"{asked}: {answered}" for asked, answered in _lines(spec, answers, files, language=language)]
    return "\n".join([question, "", *lines]) if lines else question


def html_copy(spec: FormSpec, answers: Answers, files: Sequence[SubmissionFile], *, language: str) -> str:
    """As clean HTML, with a table."""
    question = text_to_html(text_of(answers, spec, Meaning.QUESTION))
    rows = format_html_join(
        "",
        '<tr><th align="left" valign="top">{}</th><td>{}</td></tr>',
        (
            (asked, format_html_join("<br>", "{}", ((line,) for line in answered.split("\n"))))
            for asked, answered in _lines(spec, answers, files, language=language)
        ),
    )
    table = format_html('<table cellpadding="4"><tbody>{}</tbody></table>', rows) if rows else ""
    return clean_html(f"{question}{table}")


def _lines(spec: FormSpec, answers: Answers, files: Sequence[SubmissionFile], *, language: str) -> list[Line]:
    """All that was asked but the question itself, in the form's order; what was not answered is a dash."""
    lines = [
        (
            field.label.in_language(language),
            _answered(field, answers, files, language=language) or NOTHING,
        )
        for field in spec.fields
        if field.meaning is not Meaning.QUESTION and field.key in answers
    ]
    if spec.consent:
        lines.append((spec.consent.in_language(language), _("yes")))
    return lines


def _answered(field: FieldSpec, answers: Answers, files: Sequence[SubmissionFile], *, language: str) -> str:
    if field.kind is Kind.FILE:
        return ", ".join(file.name for file in files if file.field == field.key)
    return in_words(field, answers[field.key], language=language)
