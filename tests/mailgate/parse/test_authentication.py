"""Authentication-Results, as mail servers write them, and as those do who would like to be believed."""

import pytest

from mailgate.parse.authentication import read_authentication


@pytest.mark.parametrize(
    ("header", "server", "results"),
    [
        (
            "mx.kvv.example; dmarc=fail (p=NONE; dis=NONE) header.from=x.example; spf=fail smtp.mailfrom=x",
            "mx.kvv.example",
            (("dmarc", "fail"), ("spf", "fail")),
        ),
        ('MX.kvv.example 1; SPF = Pass reason="ok; dmarc=fail"', "mx.kvv.example", (("spf", "pass"),)),
        ("(a (b) ; dmarc=fail) mx.kvv.example (c); dkim/1=pass", "mx.kvv.example", (("dkim", "pass"),)),
        ('"mx.kvv.example"; dkim=fail', "mx.kvv.example", (("dkim", "fail"),)),
        ("mx.kvv.example; none", "mx.kvv.example", ()),
        ("", "", ()),
        ("spf=pass", "spf=pass", ()),
    ],
)
def test_each_methods_result_is_read(header: str, server: str, results: tuple[tuple[str, str], ...]) -> None:
    said = read_authentication(header)
    assert (said.server, said.results) == (server, results)


@pytest.mark.parametrize("sign", ["(", ")", ";", '"', "\\", "=", "dkim=", "dkim=a;", " "])
def test_none_is_too_long(sign: str) -> None:
    assert len(read_authentication(sign * 200_000).results) <= 50
