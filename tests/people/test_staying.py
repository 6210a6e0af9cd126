"""Account retention: holds keep an account until they end, with a yearly question and a warning before
deletion."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, func, insert, select, update

from dagvandebuurt.agenda.models import Follow, FollowUp, FollowUpStatus, Participation
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.lessons.models import Comment, CommentStatus, Erratum
from dagvandebuurt.moderation.models import Report, ReportStatus
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people import jobs
from dagvandebuurt.people.lifecycle import erasure, retention_holds
from dagvandebuurt.people.models import LoginSession, Person
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.qanda.models import Appearance, Question, QuestionStatus
from dagvandebuurt.registration.models import PlaceStatus, Registration
from dagvandebuurt.wijkwijzer.models import (
    LearningOffer,
    LearningQuestion,
    LearningQuestionStatus,
    MeToo,
    OfferStatus,
)
from dagvandebuurt.wijkwijzer.people.models import (
    ContactRequest,
    ContactStatus,
    DigestWish,
    Following,
    FollowKind,
    Rhythm,
)
from tests.lessons.writing import a_lesson


def asked(make, noor, session):
    question = make.question(session, noor, status=QuestionStatus.OPEN_AFTER, appearance=Appearance.ROLE)
    return update(Question).where(Question.id == question.id).values(
        status=QuestionStatus.ANSWERED, answered_at=session.ends_at
    )  # fmt: skip


def asked_in_other_words(make, noor, session):
    target = make.question(session, make.guest("Mo"), status=QuestionStatus.OPEN_AFTER)
    make.question(session, noor, status=QuestionStatus.MERGED, merged_into_id=target.id)
    return update(Question).where(Question.id == target.id).values(
        status=QuestionStatus.ANSWERED, answered_at=session.ends_at
    )  # fmt: skip


def raised(make, noor, session):
    point = make.point(raised_by=noor, status=FollowUpStatus.SENT)
    return ends(point)


def ends(point):
    return update(FollowUp).where(FollowUp.id == point.id).values(status=FollowUpStatus.CONFIRMED)


def follows_a_point(make, noor, session):
    point = make.point(status=FollowUpStatus.IN_PROGRESS)
    make.store(Follow(person_id=noor.id, follow_up_id=point.id, since=session.ends_at))
    return ends(point)


def helps(make, noor, session):
    point = make.point(status=FollowUpStatus.ACKNOWLEDGED)
    make.store(Participation(person_id=noor.id, follow_up_id=point.id, since=session.ends_at))
    return ends(point)


def raised_what_went_into_another(make, noor, session):
    point = make.point(status=FollowUpStatus.SENT)
    make.point(raised_by=noor, status=FollowUpStatus.MERGED, merged_into_id=point.id)
    return ends(point)


def wants_to_learn(make, noor, session):
    question = make.learning_question(noor)
    return answers(question)


def answers(question):
    return update(LearningQuestion).where(LearningQuestion.id == question.id).values(
        status=LearningQuestionStatus.ANSWERED, answer="Zo."
    )  # fmt: skip


def me_too(make, noor, session):
    question = make.learning_question()
    make.store(MeToo(learning_question_id=question.id, person_id=noor.id, since=session.ends_at))
    return answers(question)


def follows_a_theme(make, noor, session):
    make.store(
        Following(
            person_id=noor.id, kind=FollowKind.THEME, target_id=make.theme().id, since=session.ends_at
        )
    )  # fmt: skip
    return Following.__table__.delete()


def wants_a_digest(make, noor, session):
    make.store(DigestWish(person_id=noor.id, rhythm=Rhythm.MONTHLY, told_until=session.ends_at))
    return DigestWish.__table__.delete()


def sent_an_offer(make, noor, session):
    make.learning_offer(noor)
    return update(LearningOffer).values(status=OfferStatus.ARCHIVED)


def wrote_to_somebody(make, noor, session):
    make.store(
        ContactRequest(
            initiative_id=make.initiative().id, from_id=noor.id, text="Dag", status=ContactStatus.SENT,
            sent_at=session.ends_at + timedelta(days=380),  # unanswered ones are kept for 90 days
        )
    )  # fmt: skip
    return ContactRequest.__table__.delete()


def reported_a_fault(make, noor, session):
    make.store(
        Erratum(
            lesson_id=a_lesson(make, session.ends_at, session=session).id,
            sender_id=noor.id,
            text="Fout",
            sent_at=session.ends_at,
        )
    )
    return update(Erratum).values(answered_at=session.ends_at, answer="Klopt")


def wrote_a_comment(make, noor, session):
    make.store(
        Comment(
            lesson_id=a_lesson(make, session.ends_at, session=session).id, author_id=noor.id, text="Mooi", status=CommentStatus.PENDING,
            written_at=session.ends_at,
        )
    )  # fmt: skip
    return update(Comment).values(status=CommentStatus.VISIBLE)


def reported(make, noor, session):
    question = make.question(session, make.guest("Mo"), status=QuestionStatus.ANSWERED)
    make.store(
        Report(
            session_id=session.id, revision=1, question_id=question.id, reporter_id=noor.id, reason="other",
            sent_at=session.ends_at,
        )
    )  # fmt: skip
    return update(Report).values(
        status=ReportStatus.DISMISSED, decided_at=session.ends_at, decision="Nee", is_upheld=False
    )


def comes_to_a_day(make, noor, session):
    edition = make.edition(
        starts_at=session.ends_at + timedelta(days=700), ends_at=session.ends_at + timedelta(days=701)
    )
    make.store(
        Registration(
            edition_id=edition.id, person_id=noor.id, status=PlaceStatus.CONFIRMED, registered_at=session.ends_at
        )
    )  # fmt: skip
    return update(Edition).where(Edition.id == edition.id).values(
        starts_at=session.starts_at, ends_at=session.ends_at
    )  # fmt: skip


# Every kind of hold → how it begins; each returns the statement that ends it.
OPEN = {
    "question": (asked, asked_in_other_words),
    "agenda": (raised, follows_a_point, helps, raised_what_went_into_another),
    "learning": (wants_to_learn, me_too),
    "following": (follows_a_theme, wants_a_digest),
    "offers": (sent_an_offer,),
    "contact": (wrote_to_somebody,),
    "erratum": (reported_a_fault,),
    "comment": (wrote_a_comment,),
    "decision": (reported,),
    "registration": (comes_to_a_day,),
}


@pytest.fixture
def days_after(app, session, monkeypatch):
    """Move the clock to so many days after the session, and run the night's jobs."""

    def go(days):
        moment = session.ends_at + timedelta(days=days)
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)
        jobs.warn(app)
        jobs.tidy(app)

    return go


@pytest.fixture
def noor(make, session):
    person = make.person("Noor")
    make.store(LoginSession(person_id=person.id, began_at=session.ends_at, seen_at=session.ends_at))
    return person


def is_there(app, person):
    with app.app_context():
        found = db.session.get(Person, person.id)
        return found is not None and found.forgotten_at is None


def mails(app):
    with app.app_context():
        return list(db.session.scalars(select(Mail.subject).order_by(Mail.made_at)))


def link_of_the_mail(app):
    with app.app_context():
        text = db.session.scalar(select(Mail.text).order_by(Mail.made_at.desc()))
        return re.search(r"/blijf/\S+", text).group()


def test_every_kind_of_hold_is_tested_here(app):
    assert {each.kind for each in retention_holds.kinds()} == set(OPEN)


def test_accounts_with_holds_stay_until_they_end(app, make, session, days_after):
    """All kinds at once: one walk through time."""
    people, its_end = {}, []
    for way in (way for ways in OPEN.values() for way in ways):
        people[way.__name__] = person = make.person(way.__name__)
        make.store(LoginSession(person_id=person.id, began_at=session.ends_at, seen_at=session.ends_at))
        its_end.append(way(make, person, session))
    nobody = make.person("nobody")  # no holds: retention applies

    def gone():
        return {name for name, person in people.items() if not is_there(app, person)}

    for days in (91, 200, 400):
        days_after(days)
        assert gone() == set(), days
    assert not is_there(app, nobody)
    # Asked once in that time; never warned.
    assert mails(app) == ["Wil je dit nog horen?"] * len(people)

    with app.app_context(), transaction():
        for statement in its_end:
            db.session.execute(statement)
    days_after(401)
    assert gone() == set()
    assert mails(app)[-1].startswith("We wissen je gegevens op")
    days_after(414)
    assert gone() == set()
    days_after(416)
    assert gone() == set(people)


def test_accounts_without_holds_are_warned_two_weeks_before(app, noor, days_after):
    days_after(75)
    assert mails(app) == []
    days_after(77)
    assert mails(app) == ["We wissen je gegevens op donderdag 29 april 2027, of wil je blijven?"]
    days_after(89)
    assert is_there(app, noor)
    days_after(92)
    assert not is_there(app, noor)
    assert mails(app) == []  # and the mail to them is gone with them


def test_a_missed_night_deletes_nobody_unwarned(app, noor, days_after):
    days_after(200)
    assert is_there(app, noor)
    days_after(213)
    assert is_there(app, noor)
    days_after(215)
    assert not is_there(app, noor)


def test_one_press_in_the_mail_keeps_them_without_logging_in(app, noor, days_after):
    days_after(77)
    link, stranger = link_of_the_mail(app), app.test_client()

    assert "Ja, ik wil blijven" in stranger.get(link).text
    days_after(78)  # a GET changed nothing: they are still warned
    with app.app_context():
        assert db.session.get_one(Person, noor.id).warned_at is not None
    assert "je blijft" in stranger.post(link, data={"blijf": "ja"}).text

    days_after(160)
    assert is_there(app, noor)


def test_answering_no_leads_to_a_warning_and_login_cancels_it(app, make, session, noor, days_after):
    asked(make, noor, session)
    days_after(400)
    app.test_client().post(link_of_the_mail(app), data={"blijf": "nee"})
    days_after(401)
    assert mails(app)[-1].startswith("We wissen je gegevens op")
    assert is_there(app, noor)

    from dagvandebuurt.people import rules

    with app.app_context(), transaction():
        rules.begin_login(db.session.get_one(Person, noor.id), now=session.ends_at + timedelta(days=402))
    days_after(420)
    assert is_there(app, noor)


def test_an_invalid_link_reveals_nothing(app):
    assert app.test_client().get("/blijf/abc").status_code == 404
    assert app.test_client().post("/blijf/abc", data={"blijf": "nee"}).status_code == 404


def test_an_erased_account_is_reported_as_such(app, make, session, noor, days_after):
    days_after(77)
    link = link_of_the_mail(app)
    days_after(92)
    assert "al gewist" in app.test_client().post(link, data={"blijf": "ja"}).text


def test_visits_without_login_count_as_activity(app, make, session, noor, monkeypatch):
    browser = make.browser(noor)
    for days in (0, 59, 118):
        moment = session.ends_at + timedelta(days=days)
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda moment=moment: moment)
        assert browser.get("/mijn").status_code == 200
        jobs.warn(app)
        jobs.tidy(app)

    assert is_there(app, noor)
    assert mails(app) == []
    with app.app_context():  # to the day, and no finer
        seen = db.session.scalar(select(func.max(LoginSession.seen_at)))
        assert (seen.minute, seen.second, seen.microsecond) == (0, 0, 0)


def test_a_guest_reads_on_their_page_until_when_it_is_kept(app, make, session):
    page = make.browser(make.guest("Gast")).get("/mijn/instellingen/gegevens").text

    assert "wissen we" in page


def many(app, count):
    with app.app_context(), transaction():
        db.session.execute(
            insert(Person),
            [
                {
                    "id": uuid4(), "name": f"Buur {n}", "created_at": erasure.clock.now() - timedelta(days=200),
                    "warned_at": erasure.clock.now() - timedelta(days=20), "language": "nl",
                    "rights_revision": 0,
                }
                for n in range(count)
            ],
        )  # fmt: skip


def test_accounts_are_erased_in_batches_with_other_writes_in_between(app, monkeypatch, session):
    """Each transaction takes few, and after each one another writer gets a turn."""
    many(app, 25)
    pieces = []
    original = erasure.erase
    monkeypatch.setattr(
        erasure, "erase", lambda *args, **values: (pieces[-1].append(args[0]), original(*args, **values))
    )
    with app.app_context():
        event.listen(db.session, "after_commit", lambda _session: pieces.append([]))
    pieces.append([])
    others = []
    monkeypatch.setattr(erasure, "RUNS_AT_MOST", 600)
    monkeypatch.setattr(erasure, "PIECE", 5)
    monkeypatch.setattr(erasure.time, "sleep", lambda _seconds: others.append(_another_writes(app)))

    with app.app_context():
        from dagvandebuurt.people.privacy import not_seen_for_long

        assert not_seen_for_long.tidy(session.ends_at) == 25

    sizes = [len(piece) for piece in pieces if piece]
    assert sum(sizes) == 25
    assert max(sizes) <= erasure.PIECE
    assert len(others) >= 25 // erasure.PIECE
    assert all(others)


def _another_writes(app):
    with app.app_context():
        assert not db.session.info.get("open")  # no transaction is held while others write
        return True


def test_a_failing_erasure_does_not_block_others(app, monkeypatch, session):
    many(app, 4)
    with app.app_context():
        poisoned = db.session.scalars(select(Person.id)).first()
    original = erasure.erase

    def breaks(person_id, **values):
        if person_id == poisoned:
            raise ValueError("no")
        original(person_id, **values)

    monkeypatch.setattr(erasure, "erase", breaks)
    jobs.tidy(app)

    with app.app_context():
        left = db.session.scalars(
            select(Person.id).where(Person.forgotten_at.is_(None), Person.name.startswith("Buur"))
        ).all()
    assert left == [poisoned]
