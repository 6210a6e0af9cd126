"""Letters come in five sizes, and one more for the front page: whoever writes CSS takes a step of the scale.

Print counts in points, and the large screen of a hall in its own height: both are read from elsewhere.
"""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
STEPS = ("--f-small", "--f-text", "--f-3", "--f-2", "--f-1")
HERO = "--f-0"
# Where the scale is written down, and what is read from afar.
OTHERS = {"tokens.css", "podium.css"}
SIZE = re.compile(r"(?<![-\w])(?:font-size|font):\s*([^;}]+)")
OWN = re.compile(r"(?<![\w-])\d*\.?\d+(?:rem|em|px|ch|%)")


def own_sizes(css: str) -> list[str]:
    """Return the declarations that give letters a size beside the scale."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    found = []
    for value in SIZE.findall(css):
        # In the shorthand the size ends at the slash; what follows is the height of a line and the family.
        if OWN.search(value.split("/")[0]):
            found.append(value.strip())
    return found


def test_scale_has_five_steps_and_one_for_the_front_page() -> None:
    defined = re.findall(r"(--f-[\w]+):", (CSS / "tokens.css").read_text())
    assert sorted(defined) == sorted((*STEPS, HERO))


@pytest.mark.parametrize("sheet", sorted({path.name for path in CSS.glob("*.css")} - OTHERS))
def test_letters_take_a_step_of_the_scale(sheet: str) -> None:
    text = (CSS / sheet).read_text()
    assert own_sizes(text) == []
    used = set(re.findall(r"var\((--f-\w+)\)", text))
    assert used <= {*STEPS, HERO}


@pytest.mark.parametrize(
    "css",
    [
        "a { font-size: 1.1rem; }",
        "a{font-size:17px}",
        "a { font: 700 .9375rem/1.2 var(--text); }",
        "a { font-size: clamp(1rem, 2vw, 2rem); }",
        "a { font-size: 120%; }",
    ],
)
def test_an_own_size_is_found(css: str) -> None:
    assert own_sizes(css)


@pytest.mark.parametrize(
    "css",
    [
        "a { font: 700 var(--f-3)/1.2 var(--text); }",
        "a { font-size: min(var(--f-text), 5vw); }",
        "a { font: inherit; }",
        "a { font-size: 11pt; }",
        "a { line-height: 1.2rem; }",
        "/* font-size: 3rem */ a { color: red; }",
    ],
)
def test_a_step_a_share_of_the_screen_and_print_are_not(css: str) -> None:
    assert not own_sizes(css)
