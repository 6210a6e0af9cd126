"""Opt-in mail for anonymous askers: nightly, without the question, and without traces afterwards."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from dagvandebuurt.agenda.models import FollowUpQuestion, FollowUpStatus
from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail import rules as mail_rules
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people import jobs as people_jobs
from dagvandebuurt.people import notifications
from dagvandebuurt.people.lifecycle import data_export, erasure
from dagvandebuurt.qanda import events, jobs, notices
from dagvandebuurt.qanda.models import Question, QuestionNotice, QuestionStatus

TEXT = "Wie betaalt de speeltuin?"


@pytest.fixture
def noor(make):
    return make.identity("Noor", email="noor@buurt.example")


@pytest.fixture
def ask(make, session):
    def ask(actor, *, shown=True, **fields):
        identity = str(uuid4())
        wish = {"id": identity, "text": TEXT, "appear": "anonymous", **fields}
        asked = make.do(events.ASK, actor, session, **wish)
        assert asked["ok"], asked
        if shown:
            make.do(events.SHOW, make.moderator(), session, question=identity)
        return identity

    return ask


@pytest.fixture
def answer(make, session):
    def answer(question, to=None):
        fields = {"question": question, "text": "De gemeente."}
        assert make.do(events.ANSWER, make.moderator(), to or session, **fields)["ok"]

    return answer


def mails(app):
    with app.app_context():
        return db.session.query(Mail).filter_by(kind="notice").all()


def row_of(app, question):
    with app.app_context():
        return db.session.get(QuestionNotice, UUID(question))


def opens(app, question, sealed):
    with app.app_context():
        return pseudonyms.unseal(notices._key(UUID(question)), UUID(question), sealed)


def test_opted_in_asker_gets_one_nightly_mail_without_the_question(app, ask, answer, noor, session):
    question = ask(noor, notice=True)
    assert jobs.tell_of_news(app) == 0
    answer(question)
    assert mails(app) == []  # not at the moment of the answer

    assert jobs.tell_of_news(app) == 1
    assert jobs.tell_of_news(app) == 0

    (mail,) = mails(app)
    assert mail.to == "noor@buurt.example"
    for told in (mail.subject, mail.text, mail.html, mail.dedupe_key, str(mail.headers)):
        for secret in (
            TEXT,
            question,
            question.replace("-", ""),
            session.title,
            session.slug,
            "/vragen/terug",
        ):
            assert secret not in told


def test_news_of_two_questions_is_one_mail(app, ask, answer, noor):
    for question in (ask(noor, notice=True), ask(noor, notice=True)):
        answer(question)

    assert jobs.tell_of_news(app) == 1


def test_without_opt_in_no_mail_is_sent_and_the_row_is_indistinguishable(app, ask, answer, noor, make):
    chosen, other, guests = ask(noor, notice=True), ask(noor), ask(make.guest())
    rows = [row_of(app, question) for question in (chosen, other, guests)]
    assert {len(row.sealed) for row in rows} == {22}
    answer(other)
    answer(guests)

    assert jobs.tell_of_news(app) == 0
    assert mails(app) == []
    answer(chosen)
    assert jobs.tell_of_news(app) == 1


def test_final_mail_deletes_row_and_key_and_a_copy_cannot_be_decrypted(app, ask, answer, noor):
    question = ask(noor, notice=True)
    copy = row_of(app, question).sealed
    assert opens(app, question, copy) == noor.id
    answer(question)
    jobs.tell_of_news(app)

    assert row_of(app, question) is None
    assert opens(app, question, copy) is None


def test_a_sent_mail_leaves_nothing_in_the_outbox(app, ask, answer, noor):
    answer(ask(noor, notice=True))
    jobs.tell_of_news(app)
    (mail,) = mails(app)

    with app.app_context(), transaction():
        mail_rules.mark_sent(mail_rules.Claim(mail.id, "x"), now=mail.due_at)

    assert mails(app) == []


def test_withdrawal_or_erasure_deletes_row_and_key(app, ask, make, noor, session, now):
    withdrawn, kept = ask(noor, notice=True), ask(noor, notice=True)
    copies = {question: row_of(app, question).sealed for question in (withdrawn, kept)}
    make.do(events.WITHDRAW, noor, session, question=withdrawn)
    assert row_of(app, withdrawn) is None
    assert opens(app, kept, copies[kept]) == noor.id

    with app.app_context(), transaction():
        erasure.erase(noor.id, now=now)

    assert row_of(app, kept) is None
    assert [opens(app, question, copy) for question, copy in copies.items()] == [None, None]


def test_switching_these_mails_off_destroys_seals_and_keys(app, ask, answer, noor):
    question = ask(noor, notice=True)
    copy = row_of(app, question).sealed
    with app.app_context(), transaction():
        notifications.mute(noor.id, "answered")
    jobs.tell_of_news(app)

    assert row_of(app, question).sealed != copy  # as of who never chose
    assert opens(app, question, copy) is None
    answer(question)
    assert jobs.tell_of_news(app) == 0


def test_news_is_mailed_after_the_room_key_was_destroyed(app, ask, answer, make, noor, session, monkeypatch):
    elsewhere = make.session("Rommel", starts_at=session.starts_at, ends_at=session.ends_at)
    question = ask(noor, notice=True)
    make.do(events.MOVE, make.moderator(), session, question=question, to=str(elsewhere.id))
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: session.ends_at + timedelta(days=40))
    people_jobs.tidy(app)
    with app.app_context():
        assert not pseudonyms.exists(session.id)
        there = db.session.get(Question, UUID(question)).moved_to_id
    assert jobs.tell_of_news(app) == 0
    answer(str(there), to=elsewhere)

    assert jobs.tell_of_news(app) == 1


def test_each_step_of_an_agendapunt_is_news_until_it_ends(app, ask, answer, make, noor):
    question = ask(noor, notice=True)
    point = make.point(make.organisation(), status=FollowUpStatus.ACKNOWLEDGED)
    make.store(FollowUpQuestion(follow_up_id=point.id, question_id=UUID(question)))
    answer(question)
    assert jobs.tell_of_news(app) == 1
    assert jobs.tell_of_news(app) == 0

    with app.app_context():
        declined = db.session.get(type(point), point.id)
        declined.status, declined.decline_reason = FollowUpStatus.DECLINED, "twice"
        db.session.commit()

    assert jobs.tell_of_news(app) == 1
    assert row_of(app, question) is None


def test_hiding_is_news_and_does_not_end_the_notice(app, ask, make, noor, session):
    question = ask(noor, notice=True)
    make.do(events.HIDE, make.moderator(), session, question=question, reason="respect")
    assert jobs.tell_of_news(app) == 1

    assert row_of(app, question) is not None


def test_after_a_year_row_and_key_are_deleted_in_any_status(app, ask, noor, session, monkeypatch):
    question = ask(noor, notice=True)
    copy = row_of(app, question).sealed
    for days, stays in ((364, True), (366, False)):
        monkeypatch.setattr(
            "dagvandebuurt.core.clock.now", lambda days=days: session.ends_at + timedelta(days=days)
        )
        with app.app_context():
            db.session.get(Question, UUID(question)).status = QuestionStatus.OPEN_AFTER
            db.session.commit()
        with app.app_context(), transaction():
            from dagvandebuurt.core import clock
            from dagvandebuurt.qanda.privacy import notices_of_long_ago

            notices_of_long_ago.tidy(clock.now() - timedelta(days=365))
        assert (row_of(app, question) is not None) is stays
        assert (opens(app, question, copy) is not None) is stays


def test_notices_are_in_the_data_export(app, ask, make, noor):
    ask(make.identity("Mo"), text="Een ander?", notice=True)
    ask(noor, notice=True)
    ask(noor, text="Zonder mail?")

    with app.app_context():
        found = data_export.my_data(noor.id)["question_notice"]
    assert found == [{"question": TEXT}]


def test_without_an_address_opt_in_is_refused_and_the_text_kept(make, session):
    guest = make.guest()
    page = make.browser(guest).get(f"/sessies/{session.slug}/live").get_data(as_text=True)
    assert 'name="notice"' not in page
    assert "de link of het nummer" in page

    form = {"op": uuid4().hex, "id": str(uuid4()), "text": TEXT, "kind": "question", "appear": "anonymous"}
    refused = make.browser(guest).post(f"/sessies/{session.slug}/vragen", data=form | {"notice": "1"})

    assert refused.status_code == 422
    assert "We hebben geen e-mailadres van je." in refused.get_data(as_text=True)
    assert TEXT in refused.get_data(as_text=True)


def test_plain_form_offers_opt_in_unticked_and_is_idempotent(app, make, session, noor, answer):
    browser = make.browser(noor)
    page = browser.get(f"/sessies/{session.slug}/live").get_data(as_text=True)
    assert '<input type="checkbox" name="notice" value="1">' in page
    form = {"op": uuid4().hex, "id": str(uuid4()), "text": TEXT, "kind": "question", "appear": "anonymous"}
    for _again in range(2):
        sent = browser.post(f"/sessies/{session.slug}/vragen", data=form | {"notice": "1"})
        assert sent.status_code == 303
    make.do(events.SHOW, make.moderator(), session, question=form["id"])
    answer(form["id"])

    assert jobs.tell_of_news(app) == 1
