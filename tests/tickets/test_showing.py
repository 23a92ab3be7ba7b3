"""What shows an article knows no address of a page, and lets no file be more than a file."""

import pytest
from pytest_django import Settings

from queues.models import Queue
from richtext.clean import clean_again, clean_html
from richtext.images import IMAGE_TYPES
from tests.factories import customer_mail, make_ticket, stored_file
from tests.house.test_rules import files
from tests.richtext.test_changed import Read
from tickets.letters.inline_images import for_editor, with_inline_images
from tickets.models import Article, Attachment
from tickets.showing.body import listed_files, shown_articles
from tickets.showing.file import file_answer
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


PNG = {"content_type": "image/png", "is_inline": True}
NAMED = (
    """<img src='\n  CID:a%40post'><img alt=' src="cid:b@post" onerror=x' src="https://away.example/b.png">"""
)


def test_a_file_that_its_html_does_not_show_is_listed(queue: Queue) -> None:
    files = (
        stored_file(b"1", name="1.png", content_id="a@post", **PNG),
        stored_file(b"2", name="2.png", content_id="a@post", **PNG),
        stored_file(b"3", name="3.png", content_id="b@post", **PNG),
        stored_file(b"4", name="4.tif", content_type="image/tiff", content_id="c@post", is_inline=True),
    )
    html = clean_html(f'{NAMED}<img src="cid:c@post">')
    ticket = make_ticket(queue, article=customer_mail(html=html, files=files))
    article = ticket.articles.get()
    assert [file.name for file in listed_files(article)] == ["2.png", "3.png", "4.tif"]
    (shown,) = shown_articles([article], ticket=ticket, opened=article, active="")
    assert shown.files == listed_files(article)
    for is_active in (False, True):
        framed = frame_html(
            article, earlier=[], address=lambda file: f"/elsewhere/{file.name}/", is_active=is_active
        )
        assert [name for name in ("1.png", "2.png", "3.png", "4.tif") if name in framed] == ["1.png"]
        assert ("away.example" in framed) == is_active


ELSEWHERE = [
    "https://elders.example/x.png",
    "http://kvv.example.nl/x.png",
    "https://anders.example/kvv.example",
]
OURS = [
    "https://kvv.example/tickets/1/",
    "HTTP://KVV.example:8443/tickets/1/",
    "https://kvv.example./tickets/1/",
    "https://iemand:iets@kvv.example/tickets/1/",
    "https://kvv%2Eexamp%6Ce?x",
    "https://kvv.example\\tickets",
    "https://kv\xadv。ｅｘａｍｐｌｅ/tickets/1/",
    "https://\U0001f13avv.example/tickets/1/",
    "https://kv\u200bv.exam\tple/tickets/1/",
    "http://2130706433/tickets/1/",
    "http://127.1/tickets/1/",
    "http://0x7f.0.0.01:8000/tickets/1/",
    "http://[0:0::1]:8000/tickets/1/",
    "https://desk.post.example/tickets/1/",
    "https://xn--krkje-jua.example/",
]


def test_nothing_is_loaded_from_our_own_hosts_however_they_are_written(
    queue: Queue, settings: Settings
) -> None:
    """A page of ours that is asked for as an image would be opened in its reader's name."""
    settings.BASE_URL = "https://kvv.example"
    settings.ALLOWED_HOSTS = ["*", "127.0.0.1", "[::1]", ".post.example", "körkje.example"]
    html = "".join(
        f"""<img src="{address}"><p style="color:#333;background:url('{address}')">x</p>"""
        f"""<table background="{address}"><tr><td>x</td></tr></table><a href="{address}">link</a>"""
        for address in (*OURS, *ELSEWHERE)
    )
    cleaned = clean_html(f'{html}<img src="cid:logo@post">')
    files = (stored_file(b"PNG", **LOGO),)
    article = make_ticket(queue, article=customer_mail(html=cleaned, files=files)).articles.get()
    read = Read(frame_html(article, earlier=[], address=lambda _file: "/tickets/1/2/", is_active=True))
    links = [value for name, value in read.attributes if name == "href"]
    assert len(links) == len(OURS) + len(ELSEWHERE)
    for loaded in ("src", "background"):
        named = [value for name, value in read.attributes if name == loaded]
        assert named == [*ELSEWHERE, *(["/tickets/1/2/"] if loaded == "src" else [])]
    styles = [value for name, value in read.attributes if name == "style"]
    assert len(styles) == len(links)
    assert [each in style for each, style in zip(ELSEWHERE, styles[-3:], strict=True)] == [True] * 3
    assert not any("url" in style for style in styles[: len(OURS)])


def test_the_editor_gets_images_of_the_mail_by_name_and_all_of_it_clean(queue: Queue) -> None:
    files = (
        stored_file(b"1", name="1.png", content_id="a@post", **PNG),
        stored_file(b"2", name="2.png", content_id="b@post", **PNG),
    )
    article = make_ticket(queue, article=customer_mail(html=clean_html(NAMED), files=files)).articles.get()
    first, _second = article.attachments.order_by("pk")
    html = for_editor(article, address=lambda file: f"/elsewhere/{file.name}/")
    assert f'<img src="/elsewhere/1.png/" data-attachment="{first.pk}">' in html
    assert "2.png" not in html
    assert clean_again(html, images={"a@post": "/elsewhere/1.png/"}) == html


def test_an_image_of_the_editor_is_named_by_its_tag_and_by_nothing_that_a_tag_says(queue: Queue) -> None:
    files = (stored_file(b"1", name="1.png", content_id="a@post", **PNG),)
    ticket = make_ticket(queue, article=customer_mail(html='<img src="cid:a@post">', files=files))
    number = Attachment.objects.get(article__ticket=ticket).pk
    text = f'<p title="<img data-attachment={number}>">x</p>'
    typed = f'{text}<img alt="a > b" src="/x/" data-attachment="{number}" onerror="x">'
    html, images = with_inline_images(html=typed, ticket=ticket, uploads=())
    assert len(images) == 1
    assert clean_html(html) == clean_html(f'{text}<img alt="a > b" src="cid:{images[0].content_id}">')
    assert with_inline_images(html=text, ticket=ticket, uploads=())[1] == ()
