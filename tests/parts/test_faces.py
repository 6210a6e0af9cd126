"""Drawn faces and façades: the same for the same seed, different for neighbours, and nothing guessed."""

import re
from collections import Counter

import pytest
from flask import render_template_string

from dagvandebuurt.parts.faces.facades import facade
from dagvandebuurt.parts.faces.faces import BALD, BEARD, SCARF, Wears, face
from tests.conftest import ROOT

SEEDS = [f"speaker-{number}" for number in range(300)]
DRAWN = """{% from "macros/faces.html" import facade_picture, face_picture %}
{{ face_picture(face) }}{{ facade_picture(facade, lit=2) }}"""


def styles(seed, wears=Wears.NOTHING):
    return {style for style, _path in face(seed, wears).parts}


def test_a_face_follows_from_its_seed_alone():
    face.cache_clear()
    before = face("p-noor")
    face.cache_clear()

    assert face("p-noor") == before
    assert len({face(seed) for seed in SEEDS}) > 280


def test_faces_differ_in_skin_hair_and_glasses():
    found = Counter(style for seed in SEEDS for style in styles(seed))

    for kind, number in (("skin", 6), ("hair", 6), ("coat", 6)):
        shades = [found[f"{kind}-{shade}"] for shade in range(number)]
        assert min(shades) > 300 / number / 2, (kind, shades)
    assert 45 < found["glasses"] < 110


def test_what_says_much_about_somebody_is_drawn_on_request_only():
    guessed = {path for seed in SEEDS for _style, path in face(seed).parts}
    assert not guessed & {BALD, BEARD, SCARF}

    for wears, path in ((Wears.SCARF, SCARF), (Wears.BEARD, BEARD), (Wears.BALD, BALD)):
        assert path in {each for _style, each in face("p-noor", wears).parts}
    hair_under_a_scarf = [
        style for style, _path in face("p-noor", Wears.SCARF).parts if style.startswith("hair")
    ]
    assert hair_under_a_scarf == []


def test_every_style_of_a_face_has_a_colour():
    css = (ROOT / "static/css/faces.css").read_text(encoding="utf-8")
    used = {style for seed in SEEDS for wears in Wears for style in styles(seed, wears)}

    assert [style for style in sorted(used) if not re.search(rf"\.face-{style}\b", css)] == []


def test_a_facade_follows_from_its_seed_and_lights_as_many_windows_as_asked(app):
    house = facade("org-meerwolde")
    with app.test_request_context():
        shown = render_template_string(DRAWN, face=face("p-noor"), facade=house)

    assert facade("org-meerwolde") == house
    assert len({facade(seed).house for seed in SEEDS}) > 60
    assert shown.count('class="lit"') == 2
    assert shown.count('aria-hidden="true"') == 2
    assert "<script" not in shown


@pytest.mark.parametrize("seed", ["", "x" * 200, "<script>", "é 😀"])
def test_any_seed_gives_a_face_and_a_house(seed):
    assert len(face(seed).parts) > 5
    assert len(facade(seed).windows) > 4
