"""An event with two years behind it, and the archive of the last one; both are made once for these tests."""

import shutil
from datetime import timedelta

import pytest

from dagvandebuurt.agenda.models import Answer, Decision, FollowUpStatus
from dagvandebuurt.archive import building
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.lessons.models import Comment, CommentStatus, LessonStatus
from dagvandebuurt.parts.files import store
from dagvandebuurt.programme.models import SessionSpeaker, Speaker, SpeakerPart
from dagvandebuurt.qanda.models import Appearance, QuestionStatus
from tests.conftest import test_settings
from tests.factories import START, Factory
from tests.houses import house
from tests.lessons.writing import a_lesson

AFTERWARDS = START + timedelta(days=30)
PICTURE = "0123456789abcdef0123456789abcdef"
PUBLIC_URL = "https://dag.example.org"


@pytest.fixture(scope="module")
def afterwards():
    """It is a month after the last day."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: AFTERWARDS)
        yield AFTERWARDS


@pytest.fixture(scope="module")
def event(tables, tmp_path_factory, afterwards):
    """The app, a factory, and what is in it by name."""
    folder = tmp_path_factory.mktemp("event")
    shutil.copy(tables, folder)
    with house(test_settings(folder, PUBLIC_URL=PUBLIC_URL)) as app:
        make = Factory(app)
        yield app, make, fill(app, make)


def fill(app, make):
    before = make.edition(
        slug="dag-2026", year=2026, title="Dag van 2026",
        starts_at=START - timedelta(days=365), ends_at=START - timedelta(days=364, hours=20),
    )  # fmt: skip
    old_round = make.round(before, starts_at=before.starts_at)
    old = make.session(
        "Oud nieuws", slug="oud-nieuws", round=old_round, starts_at=before.starts_at, ends_at=before.ends_at
    )
    edition = make.edition(slug="dag-2027", year=2027, title="Dag van 2027")
    session = make.session("Samen groen", slug="samen-groen", round=make.round(edition))
    make.session("Nog geheim", slug="nog-geheim", round=make.round(edition), status="draft")
    noor = make.identity("Noor Bakker", email="noor@buurt.example", neighbourhood="Vlietstad")
    asked = make.question(
        session, noor, text="Wie snoeit de haag?", status=QuestionStatus.ANSWERED, support_count=7,
        appearance=Appearance.NAME, shown_name="Noor Bakker", shown_neighbourhood="Vlietstad",
    )  # fmt: skip
    make.question(session, noor, text="Staat er nog iemand op de stoep?")  # waits: nobody reads it
    make.question(session, noor, text="Dit hoort hier niet", status=QuestionStatus.HIDDEN, was_public=True)
    body = make.organisation("Gemeente Meerwolde", code="meerwolde")
    joke = Speaker(code="joke", name="Joke de Wit", function="bewoner", bio="", organisation_id=body.id)
    anders = Speaker(code="anders", name="Anders Vroeger", function="", bio="")
    make.store(joke, anders)
    make.store(SessionSpeaker(session_id=session.id, speaker_id=joke.id, part=SpeakerPart.SPEAKER))
    make.store(SessionSpeaker(session_id=old.id, speaker_id=joke.id, part=SpeakerPart.HOST))
    make.store(SessionSpeaker(session_id=old.id, speaker_id=anders.id, part=SpeakerPart.SPEAKER))
    lesson = a_lesson(
        make, START, LessonStatus.PUBLISHED, session=session, slug="een-nee",
        photo=PICTURE, photo_alt="Een haag", photo_credit="Wij",
    )  # fmt: skip
    a_lesson(make, START, LessonStatus.DRAFT, session=session, slug="een-concept")
    a_lesson(make, START, LessonStatus.PUBLISHED, session=old, slug="les-van-toen", title="Les van toen")
    remarks = {"lesson_id": lesson.id, "author_id": noor.id, "written_at": START, "rules_version": 1}
    make.store(
        Comment(text="Bij ons ook zo.", status=CommentStatus.VISIBLE, **remarks),
        Comment(text="Dit las nog niemand.", status=CommentStatus.PENDING, **remarks),
    )
    point = make.point(
        body, noor, status=FollowUpStatus.ANSWERED, title="Een bankje", session_id=session.id, number=1
    )
    make.store(
        Answer(
            follow_up_id=point.id, revision=1, decision=Decision.WILL_DO, text="In maart staat het er.",
            by_function="Team Groen", together_with=[], at=START,
        )
    )  # fmt: skip
    make.point(body, noor, title="Nog niet nagekeken")
    make.learning_question(title="Hoe leid ik een groep?")
    make.learning_offer(title="Cursus groepen leiden", contact="Bel Pietje 06-00000000")
    make.initiative(title="De soepbus", slug="soepbus")
    with app.app_context():
        for kind in ("webp", "jpg"):
            store().put(f"{PICTURE}.{kind}", b"the picture")
        db.session.remove()
    return {
        "before": before, "edition": edition, "session": session, "old": old, "asked": asked, "lesson": lesson,
        "point": point, "noor": noor,
    }  # fmt: skip


@pytest.fixture(scope="module")
def made(event, tmp_path_factory, afterwards):
    """The folder of the archive of 2027."""
    app, _make, there = event
    target = tmp_path_factory.mktemp("archives") / "het archief van 2027"
    building.build(app, there["edition"].id, target, now=afterwards)
    return target
