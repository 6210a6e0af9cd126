"""The picture above a session: drawn, of who speaks there, and silent for who cannot see it."""

import re

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.faces.facades import facade
from dagvandebuurt.programme.models import ProgrammeSession, SessionSpeaker, Speaker, SpeakerPart
from dagvandebuurt.programme.public.scene import HOUSES, PEOPLE, scene_of


def with_speakers(make, session, count, organisation=None):
    for number in range(count):
        made = make.store(
            Speaker(
                code=f"s-{number}", name=f"Spreker <{number}>", function="bewoner", bio="",
                organisation_id=organisation.id if organisation else None,
            )
        )  # fmt: skip
        make.store(
            SessionSpeaker(
                session_id=session.id, speaker_id=made.id, part=SpeakerPart.SPEAKER, position=number
            )
        )


def scene(make, session):
    with make.context():
        return scene_of(db.session.get(ProgrammeSession, session.id))


def test_a_session_without_people_has_houses(make, session):
    drawn = scene(make, session)

    assert (len(drawn.houses), drawn.people, drawn.more) == (HOUSES, (), 0)
    assert len(set(drawn.houses)) > 1


def test_the_house_of_an_organisation_is_the_one_on_its_page_and_stands_once(make, session):
    with_speakers(make, session, 3, make.organisation(code="lindermond"))

    houses = scene(make, session).houses

    assert houses[0] == facade("lindermond")
    assert (len(houses), houses.count(facade("lindermond"))) == (HOUSES, 1)


def test_with_many_people_the_rest_is_a_number(make, session):
    with_speakers(make, session, PEOPLE + 4)

    drawn = scene(make, session)
    page = make.browser().get(f"/sessies/{session.slug}").text
    picture = re.search(
        r'<div class="scene" aria-hidden="true">.*?<p class="cluster">', page, re.DOTALL
    ).group()

    assert (len(drawn.people), drawn.more) == (PEOPLE, 4)
    assert picture.count('class="face ') == PEOPLE
    assert "+4" in picture
    assert "Spreker" not in picture  # names are said below, once
