"""Pages of sessions, speakers and organisations, and the main action of each."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from dagvandebuurt.programme.models import (
    Organisation,
    SessionSpeaker,
    SessionStatus,
    Speaker,
    SpeakerPart,
    Venue,
    VenueKind,
)
from dagvandebuurt.programme.queries import code_of


@pytest.fixture
def speaks(make):
    """Add a speaker to a session."""

    def put(session, name="Marga Olthof", part=SpeakerPart.SPEAKER, organisation=None, **values):
        speaker = make.store(
            Speaker(code=f"spreker-{uuid4().hex[:8]}", name=name, function="Opbouwwerker", bio="Begon als buurvrouw.",
                    organisation_id=organisation.id if organisation else None, **values)
        )  # fmt: skip
        make.store(SessionSpeaker(session_id=session.id, speaker_id=speaker.id, part=part))
        return speaker

    return put


@pytest.fixture
def organisation(make):
    return make.store(
        Organisation(code="klinkers", name="Vereniging De Klinkers", kind="vereniging", domain="residents",
                     about="Wij vegen de stoep.", website="https://klinkers.example", answers_follow_ups=True,
                     response_days=14)
    )  # fmt: skip


def page_of(make, path, person=None, status=200):
    answer = make.browser(person).get(path)
    assert answer.status_code == status
    return answer.text


def test_session_page_shows_all_information_to_choose(make, now, organisation, speaks):
    round_ = make.round(starts_at=now)
    hall = make.store(
        Venue(edition_id=round_.edition_id, name="Buurthuis", kind=VenueKind.LOCATION, address="Kade 3")
    )
    session = make.session(
        "Samen groen", round=round_, subtitle="Van stoep tot dak", kind_label="Wandeling", languages=["nl", "en"],
        interpreters=["ar", "pl"], access=["sign_language"], venue_id=hall.id,
        starts_at=now + timedelta(hours=2), ends_at=now + timedelta(hours=3),
    )  # fmt: skip
    speaker = speaks(session, organisation=organisation)
    host = speaks(session, "Joke Terlingen", SpeakerPart.HOST)
    page = page_of(make, f"/sessies/{session.slug}")

    for words in ("Van stoep tot dak", "Wandeling", "Taal: Nederlands, Engels", "Tolk: Arabisch, Pools", "Gebarentolk",
                  "Waar: Buurthuis, Kade 3", code_of(session)[:3]):  # fmt: skip
        assert words in page, words
    for path in (f"/sprekers/{speaker.code}", f"/sprekers/{host.code}", "/organisaties/klinkers"):
        assert f'href="{path}"' in page
        assert "Samen groen" in page_of(make, path)


@pytest.mark.parametrize(
    ("begins", "big", "absent"),
    [
        (120, "Zet in mijn programma", "Ga naar de sessie"),
        (5, "Ga naar de sessie", "Lees terug"),
        (-5, "Ga naar de sessie", "Lees terug"),
        (-120, "Lees terug wat er gevraagd is", "Zet in mijn programma"),
    ],
)
def test_session_page_has_one_action_that_fits_the_moment(make, now, begins, big, absent):
    starts_at = now + timedelta(minutes=begins)
    session = make.session(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    page = page_of(make, f"/sessies/{session.slug}")

    bricks = re.findall(r'class="button button--brick[^>]*>(?:<svg.*?</svg>)?([^<]+)', page)
    assert bricks == [big]
    assert absent not in page


def test_past_session_page_shows_what_comes_next(make, now):
    round_ = make.round(starts_at=now)
    over = make.session(
        "Voorbij", round=round_, starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1)
    )
    make.session("Hierna", round=round_, starts_at=now, ends_at=now + timedelta(hours=1))
    make.session(
        "Geheim", round=round_, status=SessionStatus.DRAFT, starts_at=now, ends_at=now + timedelta(hours=1)
    )
    make.session("Tegelijk", round=round_, starts_at=over.starts_at, ends_at=over.ends_at)
    page = page_of(make, f"/sessies/{over.slug}")

    assert ">Hierna</a>" in page
    assert "Geheim" not in page
    assert "Tegelijk" not in page
    assert "Lees wat we leerden." in page


def test_cancelled_session_says_so_and_offers_alternatives(make, now):
    session = make.session(status=SessionStatus.CANCELLED, starts_at=now, ends_at=now + timedelta(hours=1))
    page = page_of(make, f"/sessies/{session.slug}")

    assert "Deze sessie gaat niet door" in page
    assert "button--brick" not in page


def test_speaker_in_drafts_only_is_not_found(make, session, speaks):
    draft = make.session(round=make.round(), status=SessionStatus.DRAFT)
    hidden, shown = speaks(draft, "Nog geheim"), speaks(session, "Wim Hartogsveld")

    for person in (None, make.person(roles=["organiser"])):
        page_of(make, f"/sprekers/{hidden.code}", person, status=404)
        assert "Wim Hartogsveld" in page_of(make, f"/sprekers/{shown.code}", person)
        assert "Nog geheim" not in page_of(make, "/sprekers", person)
    page_of(make, "/sprekers/niemand", status=404)
    page_of(make, "/organisaties/geen", status=404)


def test_organisation_page_shows_its_promise_and_links_to_http_only(make, session, organisation, speaks):
    speaks(session, organisation=organisation)
    odd = make.store(
        Organisation(code="raar", name="Raar", kind="", domain="care", website="javascript:alert(1)",
                     answers_follow_ups=False, response_days=28)
    )  # fmt: skip
    page = page_of(make, "/organisaties/klinkers")

    for words in (
        "Wij vegen de stoep.",
        "binnen 14 dagen",
        'href="https://klinkers.example"',
        "Marga Olthof",
        "Samen groen",
    ):
        assert words in page, words
    other = page_of(make, f"/organisaties/{odd.code}")
    assert "javascript:" not in other
    assert "Dit jaar niet in het programma." in other


def test_the_lists_are_by_name_and_empty_ones_say_so(make, now, organisation, speaks):
    make.edition(starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    assert "Dat komt nog." in page_of(make, "/sprekers")
    assert "Dat komt nog." in page_of(make, "/organisaties")
    session = make.session(
        round=make.round(edition=make.edition(starts_at=now, ends_at=now + timedelta(hours=9)))
    )
    for name in ("Zeynep", "Ömer", "Anna"):
        speaks(session, name, organisation=organisation)

    assert re.findall(r'people__name"><a[^>]*>([^<]+)', page_of(make, "/sprekers")) == [
        "Anna",
        "Ömer",
        "Zeynep",
    ]
    assert page_of(make, "/organisaties").count("people__name") == 1


def test_reminder_link_before_opening_says_when_it_opens(make, now):
    session = make.session(starts_at=now + timedelta(minutes=40), ends_at=now + timedelta(hours=2))
    page = page_of(make, f"/sessies/{session.slug}/live", status=403)

    assert "13.45" in page  # ten minutes before 13.55
