import pytest

from dagvandebuurt.core.redirects import safe_path


@pytest.mark.parametrize(
    "path", ["/programma", "/sessies/rommel-op-straat/live?beeld=1", "/lessen/les#reacties"]
)
def test_a_page_of_the_house_is_gone_back_to(app, path):
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
def test_anything_else_leads_home(app, path):
    with app.app_context():
        assert safe_path(path, "/mijn") == "/mijn"
