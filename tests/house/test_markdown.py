"""Links between the Markdown files: every relative link leads to a file, every anchor to a heading."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {"node_modules", ".venv", "instance", "dist", ".pytest_cache"}
PAGES = sorted(path for path in ROOT.rglob("*.md") if not NOT_OURS & set(path.relative_to(ROOT).parts))

FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def prose(text: str) -> str:
    """The text without code, in which brackets mean something else."""
    return CODE.sub("", FENCE.sub("", text))


def links(text: str) -> Iterator[str]:
    """The relative links of a page."""
    for inline, reference in LINK.findall(prose(text)):
        target = inline or reference
        if not re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.IGNORECASE):
            yield target


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as code hosting sites make them; a second one of a name gets -1."""
    found: dict[str, int] = {}
    made = set()
    for heading in HEADING.findall(FENCE.sub("", text)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        seen = found.get(slug, 0)
        found[slug] = seen + 1
        made.add(f"{slug}-{seen}" if seen else slug)
    return made | set(re.findall(r"(?:id|name)=\"([^\"]+)\"", text))


def broken(page: Path) -> Iterator[str]:
    for link in links(page.read_text()):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            yield f"{link}: no such file"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text()):
            yield f"{link}: no such heading"


def test_pages_are_found():
    assert {"README.md", "CHANGELOG.md"} <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page):
    assert list(broken(page)) == []


def test_a_broken_link_is_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# One two\n[here](#one-two) [gone](gone.md) [no](#nothing) [site](https://example.org/x)\n"
        "`[code](not-a-link.md)`\n```\n[code](nor-this.md)\n```\n"
    )

    assert list(broken(page)) == ["gone.md: no such file", "#nothing: no such heading"]
