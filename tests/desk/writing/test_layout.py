"""What layouts are made of: the editor and its policy, its tool bar, rows."""

from crispy_forms.layout import Layout
from django import forms
from django.http import HttpResponse
from django.test import RequestFactory

from desk.writing.forms import WritingForm
from desk.writing.layout import Editor, Row, allow_editor, has_editor
from desk.writing.toolbar import MENUS, TOOLS, toolbar


class Inside(forms.Form):
    """An editor that stands inside something else."""

    layout = Layout(Row("text"), Layout(Editor()))


class Plain(forms.Form):
    """No editor."""

    layout = Layout(Row("text"))


def test_a_form_has_an_editor_wherever_its_layout_has_one() -> None:
    assert has_editor(WritingForm)
    assert has_editor(Inside())
    assert not has_editor(Plain())
    assert not has_editor(forms.Form())


def test_only_inline_styles_are_allowed_for_an_editor() -> None:
    page = allow_editor(RequestFactory().get("/"), HttpResponse())
    assert vars(page)["_csp_update"] == {"style-src-attr": ["'unsafe-inline'"]}


def test_the_tool_bar_is_in_the_readers_language() -> None:
    for language, word in (("nl", "Vet"), ("en", "Bold"), ("nl", "Vet")):
        assert f'title="{word}"' in toolbar(language)


def test_each_tool_has_a_button_and_only_formats_are_pressed() -> None:
    bar = toolbar("nl")
    tools = [tool for tools in TOOLS for tool in tools]
    more, code = 1, 1
    assert bar.count("<button") == len(tools) + more + code
    assert bar.count("aria-pressed") == sum(bool(tool.tag) for tool in tools) + code
    assert bar.count("<select") == len(MENUS)
