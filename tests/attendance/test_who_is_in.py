"""Who is in a session now, by role and neighbourhood, and what nobody may work out from it."""

import re
from datetime import timedelta

import pytest

from dagvandebuurt.attendance import rules
from dagvandebuurt.attendance.who_is_in import READERS, who_is_in
from dagvandebuurt.core import clock
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.presence import STILL_HERE
from dagvandebuurt.people.models import ParticipantRole

RESIDENT, PROFESSIONAL = ParticipantRole.RESIDENT, ParticipantRole.PROFESSIONAL


@pytest.fixture
def come_in(app, make, session):
    """Let this many people come in, with these values of a person."""

    def beat(number, **values):
        people = [make.identity(f"Buur {each}", **values) for each in range(number)]
        with app.app_context(), transaction():
            rules.keep_beats({(session.id, person.id): clock.now() for person in people})
        return people

    return beat


@pytest.fixture
def counted(app, session):
    known = {}

    def count():
        with app.app_context():
            return who_is_in(session.id, known, since=clock.now() - STILL_HERE)

    return count


def test_groups_of_ten_and_more_are_told_in_tens(come_in, counted):
    come_in(24, role=RESIDENT, neighbourhood="De Linde")
    come_in(13, role=PROFESSIONAL, neighbourhood="Het Veld")
    come_in(12, role=ParticipantRole.RESEARCHER)

    found = counted()

    assert found.present == 49
    assert found.roles == {"resident": 20, "professional": 10, "researcher": 10}
    assert found.places == {"De Linde": 20, "Het Veld": 10}


def test_a_small_group_cannot_be_worked_out_from_the_others(come_in, counted):
    come_in(24, role=RESIDENT)
    come_in(12, role=PROFESSIONAL)
    come_in(3, role=ParticipantRole.POLICY_OFFICER)

    assert counted().roles == {"resident": 20}


def test_one_more_person_changes_nothing_until_ten_came(come_in, counted):
    come_in(19, role=RESIDENT)
    assert counted().roles == {"resident": 10}

    come_in(1, role=RESIDENT)
    assert counted().roles == {"resident": 10}

    come_in(9, role=RESIDENT)
    assert counted().roles == {"resident": 20}


def test_who_is_on_no_list_is_in_the_total_and_in_no_group(app, make, session, come_in, counted):
    come_in(12, role=RESIDENT)
    unlisted = [make.identity(f"Stil {each}", role=PROFESSIONAL) for each in range(15)]
    with app.app_context(), transaction():
        for person in unlisted:
            rules.stay_off_the_list(person, None, now=clock.now())
    with app.app_context(), transaction():
        rules.keep_beats({(session.id, person.id): clock.now() for person in unlisted})

    found = counted()

    assert (found.present, dict(found.roles)) == (27, {"resident": 10})


def test_who_left_is_counted_no_more(come_in, counted, monkeypatch, now):
    come_in(12, role=RESIDENT)
    assert counted().roles == {"resident": 10}
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(seconds=100))

    assert (counted().present, counted().roles) == (0, {})


def test_readers_without_javascript_are_a_group_of_their_own(app, make, session, counted):
    for reader in [make.browser() for _ in range(11)]:
        for _look in range(2):  # a first look may be a robot's
            assert reader.get(f"/sessies/{session.slug}/live").status_code == 200
    app.extensions["live"].presence.flush()

    assert (counted().present, counted().roles) == (11, {READERS: 10})


def test_the_page_is_for_everybody_inside_and_complete_without_a_script(make, session, come_in):
    come_in(12, role=RESIDENT, neighbourhood="De Linde")
    page = make.browser().get(f"/sessies/{session.slug}/wie-zijn-er").text

    assert "12 mensen zijn binnen." in page
    rows = re.findall(r'<th scope="row">([^<]+)</th>.*?bars__number">(\d+)', page, re.S)
    assert rows == [("bewoner", "10"), ("De Linde", "10")]
    assert "Buur" not in re.sub(r"Dag van de Buurt", "", page.split("<h1>")[1].split("</main>")[0])


def test_it_is_found_from_the_desk_the_host_and_the_session(make, session):
    here = f"/sessies/{session.slug}/wie-zijn-er"
    moderator = make.browser(make.moderator("Jolien"))

    for path in ("/regie", "/gespreksleider", ""):
        assert f'href="{here}"' in moderator.get(f"/sessies/{session.slug}{path}").text, path
