"""Any form by `{% layout form %}`: its fields dressed and tied to their words, arranged by its `layout`."""

from crispy_forms.layout import Layout
from django import forms
from django.template import engines


class Order(forms.Form):
    """One field of each kind."""

    token = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(label="Naam", help_text="Zoals op je pas.")
    size = forms.ChoiceField(label="Maat", choices=[("s", "klein"), ("l", "groot")], required=False)
    hours = forms.DecimalField(
        label="Uren",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "placeholder": "niet verplicht"}),
    )
    days = forms.MultipleChoiceField(
        label="Dagen", choices=[("ma", "maandag")], widget=forms.CheckboxSelectMultiple, help_text="Kies."
    )
    agreed = forms.BooleanField(label="Akkoord", required=False)


class ArrangedOrder(Order):
    """An order whose layout forgot a field."""

    layout = Layout("agreed", "days", "hours", "size")


def shown(form: forms.Form) -> str:
    html = engines["django"].from_string("{% load kvv %}{% layout form %}").render({"form": form})
    return " ".join(html.split())


def test_a_control_wears_the_class_of_its_kind() -> None:
    page = shown(Order())
    for control in (
        '<input type="text" name="name" required aria-describedby="id_name_helptext" class="form-control"',
        '<select name="size" class="form-select"',
        '<input type="checkbox" name="agreed" id="id_agreed">',
        '<input type="hidden" name="token" id="id_token">',
    ):
        assert control in page
    assert page.count("form-control") == 2


def test_only_what_may_stay_empty_says_so_and_only_once() -> None:
    page = shown(Order())
    assert 'Maat <span class="opt">(niet verplicht)</span>' in page
    assert page.count("(niet verplicht)") == 1
    assert 'placeholder="niet verplicht"' in page
    assert "*" not in page


def test_a_control_is_tied_to_its_help_and_to_its_error() -> None:
    page = shown(Order({"token": "x", "name": "", "size": "", "days": []}))
    assert 'aria-invalid="true" aria-describedby="id_name_helptext id_name_error"' in page
    assert 'class="form-control is-invalid"' in page
    for tied in (
        'id="id_name_helptext"',
        'id="id_name_error"',
        'id="id_days_helptext"',
        'id="id_days_error"',
    ):
        assert page.count(tied) == 1
    assert '<fieldset class="field" aria-describedby="id_days_helptext id_days_error">' in page


def test_fields_come_as_the_layout_says_and_none_is_lost() -> None:
    page = shown(ArrangedOrder())
    places = [page.index(f'name="{name}"') for name in ("agreed", "days", "hours", "size", "token", "name")]
    assert places == sorted(places)
    assert page.count("<input") + page.count("<select") == 6
