"""The day of the demo is full, and every row could have come about by the rules."""

import itertools
from datetime import UTC, datetime

from sqlalchemy import func, select

from dagvandebuurt.agenda.models import FollowUp, FollowUpQuestion, FollowUpStatus
from dagvandebuurt.attendance.models import Visit
from dagvandebuurt.core.db import db
from dagvandebuurt.demo.content import id_of
from dagvandebuurt.moderation.models import Report, ReportStatus
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.qanda.models import Question, QuestionStatus
from dagvandebuurt.registration.models import AccessNeed, PlaceStatus, Registration, SessionChoice
from dagvandebuurt.registration.rules import may_keep_both

MILA = id_of("u-deelnemer3")


def sessions():
    return db.session.scalars(select(ProgrammeSession)).all()


def choices(session, status):
    return db.session.scalars(
        select(SessionChoice)
        .where(SessionChoice.session_id == session.id, SessionChoice.status == status)
        .order_by(SessionChoice.chosen_at, SessionChoice.id)
    ).all()


def test_choices_obey_the_rules_of_places_and_waiting_lists(opened):
    waiting_lists = []
    for session in sessions():
        placed, waits = (choices(session, each) for each in (PlaceStatus.CONFIRMED, PlaceStatus.WAITLISTED))
        assert session.taken == len(placed), session.slug
        if waits:
            waiting_lists.append(session.slug)
            assert len(placed) == session.capacity
            assert max(each.chosen_at for each in placed) < min(each.chosen_at for each in waits)
            assert all(each.lined_up_at == each.chosen_at for each in waits)
        else:
            assert session.capacity is None or len(placed) <= session.capacity
        assert all(each.lined_up_at is None and each.offered_until is None for each in placed)

    assert sorted(waiting_lists) == ["jongeren-aan-het-roer", "simpele-woorden"]


def test_nobody_has_two_scarce_places_at_once_and_everybody_is_registered(opened):
    at = {session.id: session for session in sessions()}
    chosen = db.session.execute(
        select(SessionChoice.person_id, SessionChoice.session_id).order_by(SessionChoice.person_id)
    ).all()
    registered = set(db.session.scalars(select(Registration.person_id)))

    assert {row.person_id for row in chosen} <= registered
    for _who, rows in itertools.groupby(chosen, key=lambda row: row.person_id):
        for one, other in itertools.combinations([at[row.session_id] for row in rows], 2):
            apart = one.ends_at <= other.starts_at or other.ends_at <= one.starts_at
            assert apart or may_keep_both(one, [other]), (one.slug, other.slug)


def test_every_live_session_has_questions_with_one_on_stage(opened):
    now = datetime.now(UTC)
    rounds = [
        each for each in sessions() if each.phase_at(now) is Phase.LIVE and each.round.code == "round-1"
    ]

    for session in rounds:
        found = db.session.scalars(select(Question).where(Question.session_id == session.id)).all()
        assert 9 <= len(found) <= 14, session.slug
        assert [each.status for each in found].count(QuestionStatus.LIVE) == 1, session.slug
        assert sum(each.support_count for each in found) > 80, session.slug
        assert all(each.asked_at <= now for each in found)
        assert all((each.shown_at is None) != each.was_public for each in found)
    waits = select(func.count()).where(Question.status == QuestionStatus.WAITING)
    assert db.session.scalar(waits) >= len(rounds)


def test_the_resident_of_the_demo_has_an_answer_a_promise_and_a_question_that_waits(opened):
    own = db.session.scalars(select(Question).where(Question.asker_id == MILA)).all()

    assert sorted(each.status for each in own) == ["answered", "forwarded", "waiting"]
    [running] = [each for each in own if each.status is QuestionStatus.FORWARDED]
    point = db.session.get(FollowUp, db.session.get(FollowUpQuestion, running.id).follow_up_id)
    assert point.status is FollowUpStatus.SENT
    assert point.due_on > datetime.now(UTC).date()


def test_the_organiser_has_needs_to_arrange_a_report_and_a_late_point(opened):
    today = datetime.now(UTC).date()
    late = db.session.scalars(select(FollowUp).where(FollowUp.due_on < today, FollowUp.answered_at.is_(None)))
    assert [point.status for point in late] == [FollowUpStatus.ACKNOWLEDGED]

    needs = db.session.scalars(select(AccessNeed)).all()
    assert len(needs) == 3
    assert all(need.arranged_at is None for need in needs)

    [report] = db.session.scalars(select(Report))
    assert report.status is ReportStatus.RECEIVED
    assert db.session.get(Question, report.question_id).status is QuestionStatus.VISIBLE


def test_the_sessions_that_are_over_were_visited_by_people_who_registered(opened):
    now = datetime.now(UTC)
    for session in sessions():
        if session.phase_at(now) is Phase.ENDED:
            came = select(func.count(func.distinct(Visit.person_id))).where(Visit.session_id == session.id)
            assert db.session.scalar(came) > 400, session.slug
            outside = Visit.first_seen_at < session.starts_at, Visit.last_seen_at > session.ends_at
            assert (
                db.session.scalar(select(func.count()).where(Visit.session_id == session.id, outside[0])) == 0
            )
            assert (
                db.session.scalar(select(func.count()).where(Visit.session_id == session.id, outside[1])) == 0
            )
    assert db.session.scalar(select(func.count()).select_from(Person)) < 1000
