"""An organisation's own name, logo and two colours above its forms: all that is written can be read."""

import re
import struct
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Agent
from richtext.colours import Colour, as_hex
from tests.webforms.visiting import make_skin
from webforms.colours import DAY, LEAST, NIGHT, by_day, by_night, dark_enough, pairs, weak_pairs
from webforms.models import Skin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("foreign_templates")]

LIST, STYLE = reverse("webforms:list"), reverse("webforms:skin_style")
ADD = reverse("admin:webforms_skin_add")
TOKENS = Path(__file__).parents[2] / "static/css/tokens.css"
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xd0\xff\xc4\x00\x02\xff\xc0\x00\x11\x08"
    + struct.pack(">HH", 40, 60)
    + bytes(10)
)


def png(width: int, height: int, *, size: int = 0) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + bytes(size)


@pytest.fixture
def office(client: Client, superuser: Agent) -> Client:
    client.force_login(superuser)
    return client


def chosen(office: Client, page: str = ADD, *, data: bytes = b"", **values: str) -> str:
    """What the page says to this; '' when it was saved."""
    form: dict[str, Any] = {"organisation": "Vliegclub", "accent": "#0b5a2a", "head": "#003366"} | values
    if data:
        form["picture"] = SimpleUploadedFile("logo.png", data, "image/png")
    answer = office.post(page, form)
    return "" if answer.status_code == 302 else answer.content.decode()


def test_whatever_is_chosen_all_that_is_computed_can_be_read_by_day_and_by_night() -> None:
    shades = (0, 85, 119, 170, 255)
    for red, green, blue in product(shades, shades, shades):
        colour: Colour = (red, green, blue)
        accent = dark_enough(colour)
        assert weak_pairs(accent, colour) == [], (as_hex(accent), as_hex(colour))
        assert min(pair.contrast for pair in pairs(by_night(accent, colour), NIGHT)) >= LEAST
    weak = weak_pairs((0xF0, 0x8A, 0x1C), (255, 255, 255))
    assert {(pair.column, pair.ground) for pair in weak} >= {("accent", DAY.page), ("accent", DAY.surface)}
    assert by_day((0, 0, 0), (0x77, 0x77, 0x77)).on_head in ((0, 0, 0), (255, 255, 255))


def test_the_grounds_that_it_is_computed_for_are_those_of_the_pages() -> None:
    tokens = TOKENS.read_text(encoding="utf-8")
    for part, name in (("page", "page"), ("surface", "surface"), ("ink", "ink"), ("quiet", "ink-2")):
        found = re.search(rf"--kvv-{name}: +light-dark\((#\w+), (#\w+)\);", tokens)
        assert found is not None
        assert found.groups() == (as_hex(getattr(DAY, part)), as_hex(getattr(NIGHT, part))), name


def test_pages_wear_what_was_chosen_and_browsers_keep_it(office: Client) -> None:
    plain = Client().get(LIST).content.decode()
    assert (Client().get(STYLE).status_code, "huisstijl" in plain) == (404, False)
    assert chosen(office, data=png(300, 80)) == ""
    for path in (LIST, reverse("customer:page", args=["x"])):
        page = Client().get(path).content.decode()
        assert "Vliegclub" in page
        (style,), (logo,) = (
            re.findall(r'"(/\S+css\?v=\w+)"', page),
            re.findall(r'src="(/\S+logo\?v=\w+)"', page),
        )
    worn, shown = Client().get(style), Client().get(logo, headers={"Sec-Fetch-Dest": "image"})
    text = worn.content.decode()
    assert (worn["Content-Type"], shown["Content-Type"]) == ("text/css; charset=utf-8", "image/png")
    assert {answer["Cache-Control"] for answer in (worn, shown)} == {"public, max-age=31536000, immutable"}
    assert Client().get(STYLE)["Cache-Control"] == "no-cache"
    assert {answer["X-Content-Type-Options"] for answer in (worn, shown)} == {"nosniff"}
    assert shown.content == png(300, 80)
    assert "--kvv-accent-fill: light-dark(#0b5a2a, #" in text
    assert "--public-head: light-dark(#003366, #" in text
    assert "--public-head-ink: light-dark(#ffffff, #" in text
    change = reverse("admin:webforms_skin_change", args=[1])
    assert chosen(office, change, without_logo="on", accent="#102030") == ""
    page = Client().get(LIST).content.decode()
    assert (style in page, "publichead__logo" in page) == (False, False)
    assert office.get(ADD).status_code == 403
    office.post(reverse("admin:webforms_skin_delete", args=[1]), {"post": "yes"})
    assert (Client().get(LIST).content.decode(), Skin.objects.count()) == (plain, 0)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"accent": "#f08a1c"}, "is het contrast 2,20, en om te lezen is 4,5 nodig"),
        ({"accent": "red;} b"}, "Geef een kleur als #rrggbb"),
        ({"head": "#FFF"}, "Geef een kleur als #rrggbb"),
        (
            {"data": b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>"},
            "geen PNG en geen JPEG",
        ),
        ({"data": png(10_000, 20)}, "10000 bij 20 pixels"),
        ({"data": png(0, 20)}, "beschadigd"),
        ({"data": JPEG[:12]}, "beschadigd"),
        ({"data": png(20, 20, size=500_000)}, "hoogstens 500 kB"),
    ],
)
def test_what_can_t_be_read_or_shown_is_refused_with_a_sentence(
    office: Client, values: dict[str, Any], sentence: str
) -> None:
    assert sentence in chosen(office, **values)
    assert Skin.objects.count() == 0


def test_a_jpeg_says_its_size_behind_what_stands_before_it(office: Client) -> None:
    assert chosen(office, data=JPEG) == ""
    skin = Skin.objects.get()
    assert (skin.logo_kind, skin.logo_width, skin.logo_height) == ("jpeg", 60, 40)


def test_a_row_that_holds_nonsense_still_gives_a_page() -> None:
    make_skin(accent="nogeen")
    assert Client().get(LIST).status_code == 200
    assert Client().get(STYLE).content == b""
