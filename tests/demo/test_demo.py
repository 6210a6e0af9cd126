"""Demo data: complete, idempotent, and live."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml
from sqlalchemy import func, select

from dagvandebuurt import demo
from dagvandebuurt.agenda.models import FollowUp
from dagvandebuurt.core.db import db
from dagvandebuurt.demo.content import FILE, BrokenContent, Content, id_of
from dagvandebuurt.lessons.models import Comment, Lesson
from dagvandebuurt.people import jobs
from dagvandebuurt.people.lifecycle import erasure, retention_holds
from dagvandebuurt.people.models import Bookmark, HouseRule, Person, Role, RoleGrant
from dagvandebuurt.polls.models import Poll, PollOption
from dagvandebuurt.programme.models import (
    Edition,
    Organisation,
    Phase,
    Place,
    ProgrammeRelease,
    ProgrammeSession,
    Round,
    SessionSpeaker,
    Speaker,
    Theme,
)
from dagvandebuurt.qanda.models import Question, Support
from dagvandebuurt.wijkwijzer.models import Gap, Initiative, LearningOffer, LearningQuestion, MeToo


def count(model, *where):
    return db.session.scalar(select(func.count()).select_from(model).where(*where))


@pytest.mark.parametrize(
    ("section", "model"),
    [
        ("themes", Theme), ("places", Place), ("organisations", Organisation), ("people", Speaker),
        ("rounds", Round), ("sessions", ProgrammeSession), ("live_questions", Question), ("polls", Poll),
        ("lessons", Lesson), ("initiatives", Initiative), ("learning_questions", LearningQuestion),
        ("learning_offers", LearningOffer), ("gaps", Gap),
    ],
)  # fmt: skip
def test_every_section_with_a_loader_is_loaded(opened, section, model):
    names = [row.get("id") or row["code"] for row in opened[section]]
    ids = {id_of(f"round {name}" if section == "rounds" else name) for name in names}

    assert set(db.session.scalars(select(model.id))) == ids


def test_sessions_have_venues_and_the_programme_has_releases(opened):
    held = {session for row in opened["venues"] for session in row["sessions"]}

    assert count(ProgrammeSession, ProgrammeSession.venue_id.is_not(None)) == len(held) > 0
    assert set(db.session.scalars(select(ProgrammeRelease.number))) == {2, 3}
    assert db.session.scalars(select(Edition.programme_version)).one() >= 3


def test_everybody_who_speaks_or_hosts_is_on_stage(opened):
    spoken = sum(len(row["speakers"]) + bool(row["host"]) for row in opened["sessions"])

    assert count(SessionSpeaker) == spoken


def test_settings_polls_and_captions_are_loaded(opened):
    assert (
        count(PollOption) == sum(len(row["options"]) for row in opened["polls"]) + 5
    )  # the steps of the scale
    assert count(Comment) == sum(row["target"].startswith("les") for row in opened["comments"])
    assert count(Bookmark) == len(opened["bookmarks"])
    assert count(HouseRule) == len(opened["house_rules"]["rules"])
    assert {id_of(row["id"]) for row in opened["accounts"]} <= set(db.session.scalars(select(Person.id)))
    assert set(db.session.scalars(select(RoleGrant.role))) == set(Role)


def test_sections_without_a_loader_are_reported(app, capsys):
    with app.app_context():
        demo.open_the_day()

    told = capsys.readouterr().err
    assert "not loaded yet: comment c08 on i04" in told


def test_learning_questions_are_linked_to_what_answers_them_and_to_what_is_missing(opened):
    for row in opened["learning_questions"]:
        question = db.session.get(LearningQuestion, id_of(row["id"]))
        assert {offer.id for offer in question.offers} == {id_of(name) for name in row["offers"]}
        assert question.gap_id == (id_of(row["gap"]) if row.get("gap") else None)
        assert question.me_too == count(MeToo, MeToo.learning_question_id == question.id) == row["me_too"]
        assert {theme.code for theme in question.themes} == set(row["themes"])


def test_the_agenda_is_there_with_the_history_of_each_point(opened):
    points = {point.id: point for point in db.session.scalars(select(FollowUp))}

    assert len(points) == len(opened["follow_ups"]) == 8
    for row in opened["follow_ups"]:
        point = points[id_of(row["id"])]
        assert (point.status.value, point.events[-1].after) == (row["status"], point.status)
        assert [event.after.value for event in point.events] == [event["to"] for event in row["history"]]
        assert (row["answer"] or None) == (point.answers[-1].text if point.answers else None)


def test_a_round_is_live_at_the_moment_it_starts(opened):
    now = datetime.now(UTC)
    live = [s for s in db.session.scalars(select(ProgrammeSession)) if s.phase_at(now) is Phase.LIVE]

    assert len([s for s in live if s.round_id == id_of("round round-1")]) == 8


def test_numbers_of_support_have_rows_behind_them(opened):
    rows = db.session.execute(select(Question.id, Question.support_count)).all()

    assert {row[0]: row[1] for row in rows} == {
        row[0]: count(Support, Support.question_id == row[0]) for row in rows
    }


def test_reloading_keeps_user_changes(opened):
    before = {model: count(model) for model in (Person, Question, Comment, Support, Bookmark)}
    db.session.get(Question, id_of("q15")).text = "Verbeterd door iemand"
    db.session.commit()

    demo.open_the_day()

    assert {model: count(model) for model in before} == before
    assert db.session.get(Question, id_of("q15")).text == "Verbeterd door iemand"


def test_past_day_is_shifted_to_now_and_updates_calendars(opened):
    session = db.session.get(ProgrammeSession, id_of("s10"))
    length, sequence = session.ends_at - session.starts_at, session.sequence
    later = session.ends_at + timedelta(days=3)

    demo.dates.make_live(later)

    assert session.phase_at(later) is Phase.LIVE
    assert (session.ends_at - session.starts_at, session.sequence) == (length, sequence + 1)


def test_unresolved_reference_aborts_loading(tmp_path):
    content = yaml.safe_load(FILE.read_text())
    content["sessions"][3]["host"] = "p-nobody"
    content["lessons"][0]["sources"]["questions"] = ["q99"]
    broken = tmp_path / "broken.yaml"
    broken.write_text(yaml.safe_dump(content))

    with pytest.raises(BrokenContent) as told:
        Content.read(broken)

    assert "sessions s04: host 'p-nobody' is not there" in str(told.value)
    assert "lessons les01: source questions 'q99' is not there" in str(told.value)


def test_demo_deletes_only_its_own_folder(tmp_path):
    with pytest.raises(SystemExit):
        demo.delete_database(
            {"DEMO": True, "SQLALCHEMY_DATABASE_URI": "postgresql://x", "DATA_FOLDER": str(tmp_path)}
        )


@pytest.mark.timeout(600)  # hundreds of accounts are erased one by one
def test_after_three_months_people_with_retention_holds_remain(opened, app, monkeypatch):
    """An answer takes up to eight weeks and the work after it months; the nightly job deletes nobody who
    waits.
    """
    end = db.session.scalar(select(func.max(Edition.ends_at)))
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: end + timedelta(days=90))
    waiting = select(Person.id).where(retention_holds.is_owed_something(), Person.forgotten_at.is_(None))
    before = set(db.session.scalars(waiting))
    monkeypatch.setattr(erasure, "RUNS_AT_MOST", 600)
    assert len(before) > 100

    for days in (90, 105):
        moment = end + timedelta(days=days)
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda moment=moment: moment)
        db.session.remove()
        jobs.warn(app)
        jobs.tidy(app)

    assert before - set(db.session.scalars(waiting)) == set()
    gone = db.session.scalar(select(func.count()).where(Person.forgotten_at.is_not(None)))
    assert gone > 5  # the night did something
