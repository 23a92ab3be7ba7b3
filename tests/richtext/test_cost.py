"""What cleaning costs follows from how much there is, not from what it is: it is killed after 10 seconds."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parent.parent.parent
MOST_SECONDS = 10
SIGNS = ("\u00a0", "&nbsp;", "&#160;", "&", "&amp;", "<", "&lt;", ">", '"', "'", "ß")
PROGRAM = """
from richtext.clean import MAX_CHARACTERS, clean_html
sign = {sign!r}
half = MAX_CHARACTERS // len(sign) // 2
kept = clean_html('<p title="' + sign.replace('"', "'") * half + '">' + sign * half + "</p>")
assert kept.startswith("<p") and len(kept) > half, kept[:100]
"""


PIECES = (
    "<img src=cid:a alt='&amp;'>",
    "<font color=#fff>x</font>",
    "<td bgcolor=#000 style='background:url(https://a.nl/x);color:#fff'>x</td>",
)
CHANGED = """
from richtext.clean import MAX_CHARACTERS, clean_html
from richtext.convert import hide_remote_content
piece = {piece!r}
cleaned = clean_html("<table><tr><td>" + piece * (MAX_CHARACTERS // len(piece)))
kept = hide_remote_content(cleaned, word="x", images={{"a": "/1/"}})
assert len(kept) > MAX_CHARACTERS // 10, kept[:100]
"""
DASHES = """
from richtext.fold import MOST, Earlier, fold_text
dashes = "-" * 490 + "x\\n"
lines = ("op " + dashes + dashes + dashes) * (MOST // 1500)
for _message in range(8):
    assert fold_text("schreef\\n" + lines, Earlier([lines])), "nothing"
"""


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


@pytest.mark.parametrize("sign", SIGNS)
def test_a_million_of_one_sign_is_cleaned_in_time(sign: str) -> None:
    """Of what the serializer writes otherwise than it stands there, in a text and in an attribute."""
    run(PROGRAM.format(sign=sign))


@pytest.mark.parametrize("piece", PIECES)
def test_a_million_of_one_element_is_cleaned_and_changed_in_time(piece: str) -> None:
    run(CHANGED.format(piece=piece))


def test_lines_of_dashes_are_asked_in_time_whether_they_begin_a_quotation() -> None:
    """Of several lines together it is asked whether they say who wrote what follows."""
    run(DASHES)


def run(source: str) -> None:
    program = [sys.executable, "-c", source]
    done = subprocess.run(program, check=False, cwd=BASE, preexec_fn=_limit, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
