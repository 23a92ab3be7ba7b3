"""Fields of the forms that write which Django does not have."""

from django import forms

KEY_MOST, ASKED_MOST = 60, 20


class Anyway(forms.Field):
    """The keys of what the form was asked about and is to be done all the same; nonsense asks again."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: object) -> tuple[str, ...]:
        """As many keys as a form can have been asked about; the button's, the newest, comes last."""
        keys = value if isinstance(value, list) else []
        return tuple(str(key)[:KEY_MOST] for key in keys[-ASKED_MOST:])


class SetByScript(forms.HiddenInput):
    """What a script says of itself: it says so on each page anew, for it may not have come this time."""

    def format_value(self, value: object) -> None:
        """Nothing, whatever was sent."""


class SeveralFiles(forms.FileInput):
    """Files to choose, as many as one likes; they are kept at once, and their list stands beside it."""

    allow_multiple_selected = True
