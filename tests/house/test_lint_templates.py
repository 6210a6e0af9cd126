import pytest

from tools.lint_templates import findings


def linted(folder, name, template):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(template, encoding="utf-8")
    return findings(folder)


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("<script>run()</script>", "a script without src: the browser refuses inline code"),
        ("<style>p { color: red }</style>", "a style element: put it into static/css"),
        ('<p style="color: red">', "a style attribute: use a class"),
        ('<p class="{{ kind }}" style="color: red">', "a style attribute: use a class"),
        ('<p {% if a > b %}hidden{% endif %} style="color: red">', "a style attribute: use a class"),
        ('<button onclick="go()">', "an on… attribute: listen in a module"),
        ("{{ words|safe }}", "|safe: clean it where it is made and return Markup"),
        ('<a href="javascript:go()">', "a javascript: address"),
        ('<img src="street.svg">', "a picture without alt"),
        ('<a href="/x" target="_blank">', "target=_blank without rel=noopener"),
    ],
)
def test_csp_violations_are_reported_with_their_line(tmp_path, template, sentence):
    found = linted(tmp_path, "page.html", f"<p>fine</p>\n{template}\n")

    assert found == [f"page.html:2: {sentence}"]


def test_a_template_that_does_not_compile_is_found(tmp_path):
    found = linted(tmp_path, "page.html", "<p>\n{% if open %}\n")

    assert [line.split(":")[:2] for line in found] == [["page.html", "2"]]


@pytest.mark.parametrize(
    "template",
    [
        '<script type="module" src="{{ address }}"></script>',
        '<img src="street.svg" alt="">',
        '<img src="{{ a if a > b else c }}" alt="">',
        '<a href="/x" rel="noopener" target="_blank">',
        '<a href="/x" target="_blank" rel="noopener">',
        "{# never |safe, never <style> #}<p>fine</p>",
        "{% trans %}Dag buurt{% endtrans %}",
    ],
)
def test_a_good_template_has_no_findings(tmp_path, template):
    assert linted(tmp_path, "page.html", template) == []


def test_a_mail_may_carry_its_styles_but_no_script(tmp_path):
    found = linted(tmp_path, "email/hello/body.html", '<p style="margin: 0">\n<script>run()</script>')

    assert found == ["email/hello/body.html:2: a script without src: the browser refuses inline code"]
