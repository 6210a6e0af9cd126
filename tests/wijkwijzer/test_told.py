"""News of learning questions: from a congress question to a gap and the offer that fills it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.models import Person
from dagvandebuurt.people.notifications import mute
from dagvandebuurt.qanda.models import Appearance, Question, QuestionStatus
from dagvandebuurt.qanda.private_link import path_to
from dagvandebuurt.wijkwijzer import jobs
from dagvandebuurt.wijkwijzer.errors import AlreadyLearning, CannotGroup, GapClosed, NeedsPlan, NotOnOffer
from dagvandebuurt.wijkwijzer.models import (
    Gap,
    GapKind,
    GapStatus,
    LearningOffer,
    LearningQuestion,
    LearningQuestionStatus,
    MeToo,
    OfferStatus,
)
from dagvandebuurt.wijkwijzer.offers import rules as offering
from dagvandebuurt.wijkwijzer.offers.rules import Plan
from dagvandebuurt.wijkwijzer.people.models import LearningNews
from dagvandebuurt.wijkwijzer.queries import who_asked
from dagvandebuurt.wijkwijzer.questions import rules
from dagvandebuurt.wijkwijzer.questions.rules import Asked

ASKED = Asked("Hoe tel ik wat opbouwwerk oplevert?", "De raad vraagt erom.")


@pytest.fixture
def naima(make):
    return make.identity("Naima", roles=["learning_coordinator"])


def mails(app):
    with app.app_context():
        return [(mail.to, mail.subject) for mail in db.session.scalars(select(Mail).order_by(Mail.made_at))]


def one(kind, it):
    return db.session.get_one(kind, it.id)


def post(make, who, path, **fields):
    answer = make.browser(who).post(path, data=fields)
    assert answer.status_code == 303, answer.text
    return answer


def test_congress_question_becomes_a_filled_gap_and_its_asker_is_notified(app, make, session, naima, now):
    ellen, tariq = make.identity("Ellen"), make.identity("Tariq")
    asked = make.question(session, ellen, status=QuestionStatus.OPEN_AFTER, text="Wat levert opbouwwerk op?")

    post(make, naima, f"/wijkwijzer/regie/vragen/{asked.id}", title=ASKED.title, detail="", place="")
    jobs.tell_learners(app)
    with app.app_context():
        number = db.session.scalar(select(LearningQuestion.number))
    post(make, tariq, f"/wijkwijzer/leervragen/{number}/ik-ook", on="1")
    post(
        make, naima, f"/wijkwijzer/regie/leervragen/{number}/ontbreekt", kind="no_offer", title="Leren tellen"
    )
    with app.app_context():
        gap = db.session.scalar(select(Gap.number))
        gap_id = str(db.session.scalar(select(Gap.id)))
    plan = {"owner_name": "Hogeschool", "next_step": "Ontwerpen", "due_on": now.date() + timedelta(days=30)}
    post(make, naima, f"/wijkwijzer/regie/nog-te-organiseren/{gap}/oppakken", owner="", **plan)
    offered = {
        "title": "Tellen met verhalen", "summary": "Je leert tellen.", "provider": "", "provider_name": "Hogeschool",
        "form": "course", "mode": "online", "cost": "gratis", "duration": "een dag", "for_gap": gap_id,
        "place": "", "language_level": "",
    }  # fmt: skip
    sender = make.identity("Lector")
    post(make, sender, "/wijkwijzer/aanbod/nieuw", **offered)
    with app.app_context():
        offer = db.session.scalar(select(LearningOffer.number))
    filling = f"/wijkwijzer/regie/nog-te-organiseren/{gap}/vullen"
    too_early = make.browser(naima).post(filling, data={"offers": str(offer)})
    for deed in ("nagekeken", "plaatsen"):
        post(make, naima, f"/wijkwijzer/regie/aanbod/{offer}/{deed}")
    post(make, naima, filling, offers=str(offer))
    jobs.tell_learners(app)

    assert too_early.status_code == 422
    told = [subject for to, subject in mails(app) if to == _address(make, ellen)]
    assert sorted(told) == [
        "Het is er: er is nu aanbod voor je leervraag",
        "Iemand pakt je leervraag op",
        "Je leervraag staat op de site",
        "Voor je leervraag is nog niets. We zoeken iemand die het organiseert",
    ]
    his = [subject for to, subject in mails(app) if to == _address(make, tariq)]
    assert sorted(his) == sorted(set(told) - {"Je leervraag staat op de site"})  # he came later
    assert "Dank je wel. Het staat nu op de site." in [
        s for to, s in mails(app) if to == _address(make, sender)
    ]
    way_back = make.browser().get(_way_back(app, asked)).text
    assert "Er is aanbod" in way_back
    assert "Tellen met verhalen" in way_back
    assert "Tellen met verhalen" in make.browser(ellen).get("/mijn").text
    assert jobs.tell_learners(app) == 0  # a second time finds nothing left
    assert len([1 for to, _ in mails(app) if to == _address(make, ellen)]) == 4


def _way_back(app, asked):
    with app.app_context():
        return path_to(asked.id)


def _address(make, who):
    with make.context():
        return db.session.get_one(Person, who.id).email


def test_anonymous_asker_reads_it_by_private_link_and_is_in_no_row(app, make, session, naima, now):
    ellen = make.identity("Ellen Bosvelt")
    asked = make.question(
        session,
        ellen,
        status=QuestionStatus.OPEN_AFTER,
        appearance=Appearance.ANONYMOUS,
        text="Wie helpt mij?",
    )
    with app.app_context(), transaction():
        made = rules.from_congress(naima, one(Question, asked), asked=ASKED, role=asked.asker_role, now=now)
        assert made.asker_id is None
        assert db.session.scalars(who_asked(made)).all() == []
        rules.answer(naima, made, text="Begin bij de buren.", by="Naima", now=now)
    jobs.tell_learners(app)

    assert mails(app) == []
    assert "Begin bij de buren." in make.browser().get(_way_back(app, asked)).text
    assert "Begin bij de buren." in make.browser(ellen).get("/mijn").text
    assert "Begin bij de buren." not in make.browser(make.identity("Ali")).get("/mijn").text


def test_congress_question_has_one_learning_question(inside, make, session, naima, now):
    asked = make.question(session, status=QuestionStatus.OPEN_AFTER)
    for is_first in (True, False):
        db.session.rollback()
        with transaction():
            question = one(Question, asked)
            if is_first:
                rules.from_congress(naima, question, asked=ASKED, role=asked.asker_role, now=now)
            else:
                with pytest.raises(AlreadyLearning):
                    rules.from_congress(naima, question, asked=ASKED, role=asked.asker_role, now=now)


def test_merging_counts_everybody_once_and_notifies_all(inside, make, naima, now):
    ann, bob, cas = (make.identity(name) for name in ("Ann", "Bob", "Cas"))
    stays, goes = make.learning_question(ann), make.learning_question(bob)
    db.session.rollback()
    for who, what in ((cas, stays), (cas, goes), (ann, goes), (bob, goes)):
        with transaction():
            rules.me_too(who, one(LearningQuestion, what), on=True, now=now)
    assert (one(LearningQuestion, stays).me_too, one(LearningQuestion, goes).me_too) == (
        1,
        2,
    )  # bob's own: no
    db.session.rollback()

    with transaction():
        rules.cluster(naima, one(LearningQuestion, goes), into=one(LearningQuestion, stays), now=now)

    # ann asked the one that stays, cas said it twice, bob asked the other.
    stayed = one(LearningQuestion, stays)
    assert stayed.me_too == 2
    assert db.session.scalar(select(func.count()).where(MeToo.learning_question_id == stays.id)) == 2
    assert set(db.session.scalars(who_asked(stayed))) == {ann.id, bob.id, cas.id}
    page = make.browser().get(f"/wijkwijzer/leervragen/{goes.number}")
    assert (page.status_code, page.headers["Location"]) == (301, f"/wijkwijzer/leervragen/{stays.number}")


def test_learning_question_cannot_be_merged_into_itself_or_a_hidden_one(inside, make, naima, now):
    question = make.learning_question()
    hidden = make.learning_question(status=LearningQuestionStatus.SUBMITTED)
    db.session.rollback()
    for into in (question, hidden):
        with transaction(), pytest.raises(CannotGroup):
            rules.cluster(naima, one(LearningQuestion, question), into=one(LearningQuestion, into), now=now)


def test_me_too_is_idempotent_and_reversible(app, make):
    ali, question = make.identity(), make.learning_question()
    path = f"/wijkwijzer/leervragen/{question.number}/ik-ook"

    counts = []
    for on in ("1", "1", "", ""):
        post(make, ali, path, on=on)
        with app.app_context():
            counts.append(one(LearningQuestion, question).me_too)

    assert counts == [1, 1, 0, 0]


def test_only_public_offers_answer_questions_or_fill_gaps(inside, make, naima, now):
    gap = make.gap()
    waiting = make.learning_question(status=LearningQuestionStatus.GAP, gap_id=gap.id)
    question = make.learning_question()
    for status in OfferStatus:
        offer = make.learning_offer(status=status)
        db.session.rollback()
        shown = status in (OfferStatus.PUBLISHED, OfferStatus.CHECK_DUE)
        try:
            with transaction():
                rules.match(
                    naima, one(LearningQuestion, question), offers=[one(LearningOffer, offer)], now=now
                )
        except NotOnOffer:
            assert not shown
        else:
            assert shown
        if not shown:
            with transaction(), pytest.raises(NotOnOffer):
                offering.fill(naima, one(Gap, gap), offers=[one(LearningOffer, offer)], now=now)
    with transaction(), pytest.raises(NotOnOffer):
        offering.fill(naima, one(Gap, gap), offers=[], now=now)
    assert one(Gap, gap).status is GapStatus.IDENTIFIED
    assert one(LearningQuestion, waiting).status is LearningQuestionStatus.GAP


def test_taking_a_gap_on_requires_a_plan_and_date(inside, make, naima, now):
    gap = make.gap()
    today = now.date()
    db.session.rollback()
    for plan in (
        Plan("", "Stap", today + timedelta(1)),
        Plan("Wij", "", today + timedelta(1)),
        Plan("Wij", "Stap", today),
    ):
        with transaction(), pytest.raises(NeedsPlan):
            offering.adopt(naima, one(Gap, gap), plan=plan, now=now)
    with transaction():
        offering.adopt(naima, one(Gap, gap), plan=Plan("Wij", "Stap", today + timedelta(1)), now=now)
    assert one(Gap, gap).owner_name == "Wij"


def test_a_question_can_go_to_a_gap_that_waits_and_to_no_other(inside, make, naima, now):
    for status in GapStatus:
        gap, question = make.gap(status=status), make.learning_question()
        db.session.rollback()
        waits = status in (GapStatus.IDENTIFIED, GapStatus.ADOPTED, GapStatus.IN_DESIGN)
        try:
            with transaction():
                rules.declare_gap(
                    naima, one(LearningQuestion, question), kind=GapKind.NO_OFFER, title="",
                    existing=one(Gap, gap), now=now,
                )  # fmt: skip
        except GapClosed:
            assert not waits
        else:
            assert waits


def test_news_is_sent_by_the_periodic_job_after_a_lost_wakeup(app, make, naima, now, monkeypatch):
    """The hint to the job never came; the row is there."""
    ellen = make.identity("Ellen")
    question = make.learning_question(ellen)
    monkeypatch.setattr(app.extensions["jobs"], "wake", lambda _name: None)
    with app.app_context(), transaction():
        rules.answer(naima, one(LearningQuestion, question), text="Zo.", by="Wij", now=now)
    assert mails(app) == []

    assert jobs.tell_learners(app) == 1

    assert [to for to, _ in mails(app)] == [_address(make, ellen)]
    with app.app_context():
        assert db.session.scalar(select(LearningNews.told_at)) is not None


def test_opted_out_people_get_no_news(app, make, naima, now):
    ellen = make.identity("Ellen")
    question = make.learning_question(ellen)
    with app.app_context(), transaction():
        mute(ellen.id, "learning")
        rules.answer(naima, one(LearningQuestion, question), text="Zo.", by="Wij", now=now)
    jobs.tell_learners(app)

    assert mails(app) == []
