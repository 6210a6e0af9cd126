import pytest

from dagvandebuurt.core.redirects import is_web_address, safe_path


@pytest.mark.parametrize(
    "path", ["/programma", "/sessies/rommel-op-straat/live?beeld=1", "/lessen/les#reacties"]
)
def test_safe_path_keeps_local_paths(app, path):
    with app.app_context():
        assert safe_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example", "/\\evil.example", "/%5cevil.example", "https:evil.example", "https://evil.example/",
        "\t//evil.example", "/\t/evil.example", "data:text/html,x", "javascript:alert(1)", "", None,
        "/nergens/te/vinden", "/programma\r\nSet-Cookie: a=b", "/" + "a" * 400,
    ],
)  # fmt: skip
def test_safe_path_rejects_everything_else(app, path):
    with app.app_context():
        assert safe_path(path, "/mijn") == "/mijn"


@pytest.mark.parametrize(
    "address",
    ["http://", "https://", "https://a b.nl", "https://buurt", "https://x@buurt.nl", "//buurt.nl", "javascript:alert(1)",
     "https://buurt.nl:x", "ftp://buurt.nl", "https://.", "https://buurt.nl/\\x", ""],
)  # fmt: skip
def test_a36_malformed_or_relative_urls_are_rejected(address):
    assert not is_web_address(address)


@pytest.mark.parametrize(
    "address", ["https://buurt.nl", "http://www.buurt.nl:8080/a?b=c#d", "https://büurt.nl/é"]
)
def test_absolute_http_urls_are_accepted(address):
    assert is_web_address(address)
