"""Template linter: every template compiles, and holds nothing that the Content-Security-Policy refuses."""

import re
import sys
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError

RULES = (
    (
        re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
        "a script without src: the browser refuses inline code",
    ),
    (re.compile(r"<style\b", re.IGNORECASE), "a style element: put it into static/css"),
    (re.compile(r"<[a-z][^>]*\sstyle=", re.IGNORECASE), "a style attribute: use a class"),
    (re.compile(r"<[a-z][^>]*\son[a-z]+=", re.IGNORECASE), "an on… attribute: listen in a module"),
    (re.compile(r"\|\s*safe\b"), "|safe: clean it where it is made and return Markup"),
    (re.compile(r"javascript:", re.IGNORECASE), "a javascript: address"),
    (re.compile(r"<img\b(?![^>]*\balt=)", re.IGNORECASE), "a picture without alt"),
    (
        re.compile(r"<[a-z](?=[^>]*target=[\"']?_blank)(?![^>]*noopener)", re.IGNORECASE),
        "target=_blank without rel=noopener",
    ),
)
# A comment is not sent, and a comparison in an expression must not look like the end of a tag.
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
ANGLE_INSIDE = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)
# A mail carries its styles in itself: mail programs load no files.
MAY_HAVE_STYLES = "email/"


def _as_markup(template: str) -> str:
    """Return the template with its comments blank and no < or > within expressions. Lines keep their
    numbers."""
    without_comments = COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), template)
    return ANGLE_INSIDE.sub(lambda found: re.sub(r"[<>]", " ", found.group()), without_comments)


def findings(folder: Path) -> list[str]:
    """Return a line `file:line: sentence` for every finding, in order. Empty is good."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    found = []
    for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.xml"), *folder.rglob("*.txt")]):
        name = path.relative_to(folder).as_posix()
        text = path.read_text(encoding="utf-8")
        try:
            environment.parse(text)
        except TemplateSyntaxError as broken:
            found.append(f"{name}:{broken.lineno}: {broken.message}")
        markup = _as_markup(text)
        for pattern, sentence in RULES:
            if name.startswith(MAY_HAVE_STYLES) and "style" in sentence:
                continue
            for match in pattern.finditer(markup):
                found.append(f"{name}:{markup.count(chr(10), 0, match.start()) + 1}: {sentence}")
    return found


MOST_CHARS = 120
MOST_LONG_LINES = 480  # a ratchet: lower it when lines were made shorter, never raise it


def long_lines(folder: Path) -> int:
    """Count the lines of more than MOST_CHARS characters."""
    paths = (path for path in folder.rglob("*") if path.suffix in (".html", ".xml", ".txt"))
    return sum(len(line) > MOST_CHARS for path in paths for line in path.read_text("utf-8").splitlines())


if __name__ == "__main__":
    wrong = findings(Path("templates"))
    if (count := long_lines(Path("templates"))) > MOST_LONG_LINES:
        wrong.append(f"{count} lines of more than {MOST_CHARS} characters: at most {MOST_LONG_LINES}")
    print("\n".join(wrong) or "templates: good")
    sys.exit(bool(wrong))
