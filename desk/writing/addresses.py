"""The addresses of a screen: its own, and those of the files of its form, if it takes any."""

from typing import Any

from django.urls import URLPattern, path

from desk.writing.behind import Behind
from desk.writing.files import FILES, IMAGE
from desk.writing.screen import Screen
from desk.writing.uploads import UploadViews
from desk.writing.view import ScreenView


def screen_addresses(screen: Screen[Any], *, behind: Behind) -> list[URLPattern]:
    """The address of the screen, over the page behind it, and those of its files."""
    addresses = [path(screen.route, ScreenView(screen, behind=behind).as_view(), name=screen.name)]
    if screen.takes_files:
        uploads = UploadViews(screen)
        addresses += [
            path(f"{screen.route}{FILES}", uploads.files(), name=f"{screen.name}_files"),
            path(f"{screen.route}{IMAGE}", uploads.image(), name=f"{screen.name}_image"),
        ]
    return addresses
