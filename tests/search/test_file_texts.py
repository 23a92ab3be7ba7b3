"""What stands in a file that a stranger sent."""

from collections.abc import Callable

import pytest

from search.files.child import read_document, read_html, read_plain
from search.files.kinds import DOCUMENT
from search.files.pdf import PAGES_MOST
from search.files.read import READER, READERS
from search.files.results import TEXT_MOST, FileWords, UnreadableFile
from tests.search import documents
from tests.search.documents import LOCKED, body, pdf, with_parts, word
from work.child import Child, Failed, Limits

Read = Callable[[bytes], object]
WORDS = "Het zomerkamp in Zwolle"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)
ENTITIES = '<!ENTITY e0 "haha">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))


def in_word(xml: str, *, doctype: str = "") -> bytes:
    """A docx with this in its main part."""
    return with_parts(word(), {"word/document.xml": body(xml, doctype=doctype)})


@pytest.mark.parametrize(
    ("read", "data", "text"),
    [
        (read_plain, WORDS.encode(), WORDS),
        (read_plain, "één €".encode("cp1252"), "één €"),
        (read_plain, "één twee".encode("utf-16"), "één twee"),
        (read_plain, "\ufeffeen\r\n\r\n  twee\t\tdrie\u00a0vier\n".encode(), "een\ntwee drie vier"),
        (read_plain, b"woord " * 1000 + b"\0\0eind", "woord " * 1000 + "eind"),
        (read_html, b"<title>Nee</title><script>nee()</script><p>Een<p>caf&eacute;", "Een\ncafé"),
        (read_html, "<meta charset=iso-8859-15><b>€ 10</b>".encode("iso-8859-15"), "€ 10"),
        (read_html, "<meta charset=klingon><b>€ 10</b>".encode(), "€ 10"),
        (read_document, pdf(f"{WORDS}\nde vergade\xad\nring", "(Blad)"), f"{WORDS}\nde vergadering\n(Blad)"),
        (read_document, word(WORDS, "a\tb", cells=("Naam", "10")), f"{WORDS}\na b\nNaam\n10"),
        (read_document, word(WORDS, header="Kop"), f"{WORDS}\nKop"),
        (read_plain, pdf("toch een pdf"), "toch een pdf"),
        (read_html, word("toch van Word"), "toch van Word"),
        (read_document, pdf(""), ""),
    ],
)
def test_a_file_is_read_as_what_it_is(read: Read, data: bytes, text: str) -> None:
    assert read(data) == FileWords(text)


def test_what_was_deleted_in_a_docx_is_not_read_and_a_text_box_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>doos</w:t></w:r></w:p></w:txbxContent>"
    choice = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    alternative = f'<mc:AlternateContent xmlns:mc="{documents.COMPATIBLE}">{choice}</mc:AlternateContent>'
    deleted = "<w:del><w:r><w:delText>weg</w:delText></w:r></w:del><w:ins><w:r><w:t>nieuw</w:t></w:r></w:ins>"
    assert read_document(in_word(f"<w:p>{deleted}<w:r>{alternative}</w:r></w:p>")) == FileWords("nieuw\ndoos")


@pytest.mark.parametrize(
    ("read", "data", "why"),
    [
        (read_plain, b"", "empty"),
        (read_document, b"", "empty"),
        (read_plain, PICTURE, "no text"),
        (read_html, b"<p>\0\0\0", "no text"),
        (read_document, PICTURE, "neither"),
        (read_document, WORDS.encode(), "neither"),
        (read_document, pdf(WORDS, trailer=LOCKED), "password"),
        (read_document, b"%PDF-1.7\n" + b"x" * 500, "opened as a PDF"),
        (read_document, b"PK\x03\x04" + b"x" * 500, "BadZipFile"),
        (read_document, with_parts(None, {"brief.txt": b"x"}), "Content_Types"),
        (read_document, in_word("<w:p>" * 300 + "</w:p>" * 300), "depth"),
        (read_document, in_word("&e8;", doctype=f"<!DOCTYPE x [{ENTITIES}]>"), "amplification"),
        (read_document, with_parts(word(), {f"word/{n}": b"" for n in range(2_001)}), "too large"),
    ],
)
def test_what_can_not_be_read_says_why(read: Read, data: bytes, why: str) -> None:
    result = read(data)
    assert isinstance(result, UnreadableFile)
    assert why in result.reason


@pytest.mark.parametrize(("limit", "name"), [("UNPACKED_MOST", "media/zero.bin"), ("XML_MOST", "footer.xml")])
def test_a_docx_that_is_large_unpacked_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch, limit: str, name: str
) -> None:
    monkeypatch.setattr(f"search.files.word.{limit}", 1_000_000)
    assert isinstance(read_document(word()), FileWords)
    result = read_document(with_parts(word(), {f"word/{name}": bytes(1_000_000)}))
    assert result == UnreadableFile("It is too large unpacked.")


def test_no_entity_of_a_docx_reads_a_file_of_ours() -> None:
    said = "<w:p><w:r><w:t>voor &x; na</w:t></w:r></w:p>"
    doctype = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    result = read_document(in_word(said, doctype=doctype))
    assert isinstance(result, FileWords)
    assert "root" not in result.text


def test_of_a_long_file_the_beginning_counts_and_it_is_known() -> None:
    for read, data in (
        (read_plain, b"woord " * TEXT_MOST),
        (read_html, b"<p>woord" * TEXT_MOST),
        (read_document, word(*["woord " * 1000] * 40)),
        (read_document, pdf("\n".join(["woord " * 20] * 60), pages=10_000)),
    ):
        result = read(data)
        assert isinstance(result, FileWords)
        assert (result.is_cut, len(result.text)) == (True, TEXT_MOST)
    assert read_document(pdf("blad", pages=PAGES_MOST)) == FileWords("\n".join(["blad"] * PAGES_MOST))
    many = read_document(pdf("blad", pages=PAGES_MOST + 1))
    assert many == FileWords("\n".join(["blad"] * PAGES_MOST), is_cut=True)


def test_what_takes_too_long_is_read_as_far_as_the_time_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.files.pdf.SECONDS", 0)
    monkeypatch.setattr("search.files.word.SECONDS", 0)
    assert read_document(pdf("een", "twee")) == FileWords("", is_cut=True)
    assert read_document(word("een", "twee")) == FileWords("", is_cut=True)


def test_a_file_that_eats_all_memory_costs_itself_alone() -> None:
    bomb = documents.pdf_of(b"q " * 20_000_000)
    child = Child(modules=READER.modules, limits=Limits(memory_bytes=100 * 1024 * 1024))
    try:
        results = child.work(READERS[DOCUMENT], [bomb, pdf(WORDS)])
    finally:
        child.stop()
    assert isinstance(results[0], Failed)
    assert results[1] == FileWords(WORDS)
