"""What shows an article knows no address of a page, and lets no file be more than a file."""

import pytest

from queues.models import Queue
from tests.factories import customer_mail, make_ticket, stored_file
from tests.house.test_rules import files
from tickets.models import Article, Attachment
from tickets.showing.file import IMAGE_TYPES, file_answer
from tickets.showing.frame import frame_html

pytestmark = pytest.mark.django_db

LOGO = {"name": "logo.png", "content_type": "image/png", "content_id": "logo@post", "is_inline": True}


@pytest.fixture
def article(queue: Queue) -> Article:
    html = '<p>Hallo</p><img src="cid:logo@post"><img src="cid:nobody@post">'
    return make_ticket(
        queue, article=customer_mail(html=html, files=(stored_file(b"PNG", **LOGO),))
    ).articles.get()


def test_a_mails_own_images_stand_where_the_room_says(article: Article) -> None:
    html = frame_html(article, earlier=[], address=lambda file: f"/elsewhere/{file.name}/")
    assert 'src="/elsewhere/logo.png/"' in html
    assert "cid:nobody@post" in html


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "image/png; charset=utf-8", ""])
def test_only_images_of_four_kinds_are_shown_in_place(article: Article, content_type: str) -> None:
    file = article.attachments.get()
    for harmless in IMAGE_TYPES:
        file.content_type = harmless
        assert file_answer(file).headers["Content-Type"] == harmless
        assert file_answer(file).headers["Content-Disposition"].startswith("inline")
    file.content_type = content_type
    assert file_answer(file).headers["Content-Type"] == "application/octet-stream"
    assert file_answer(file).headers["Content-Disposition"].startswith("attachment")


def test_a_file_without_a_name_is_kept_all_the_same(article: Article) -> None:
    file = Attachment(blob=article.attachments.get().blob, name="", content_type="text/html", size=3)
    assert file_answer(file).headers["Content-Disposition"] == "attachment"


def test_the_domain_names_no_address() -> None:
    """A room above knows where its pages are; it gives what is shown a function from file to address."""
    knowing = [path for path in files("tickets") if "django.urls" in path.read_text(encoding="utf-8")]
    assert knowing == []
