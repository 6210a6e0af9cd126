"""Reports of questions: decisions, notification of both sides, appeals."""

import re
from datetime import timedelta

import pytest

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live import items
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.moderation import events, rules
from dagvandebuurt.moderation.models import Appeal, AppealStatus, Report, ReportStatus
from dagvandebuurt.moderation.states import REPORTS, Action
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.qanda import events as questions
from dagvandebuurt.qanda import private_link
from dagvandebuurt.qanda.models import Appearance, Question, QuestionStatus

CANARY = "Dat is mijn buurvrouw"


@pytest.fixture
def shown(make, session):
    return make.question(session, make.identity("Vrager"), status=QuestionStatus.VISIBLE, text="Wie o wie?")


def _now(app, model, key):
    with app.app_context():
        return db.session.get(model, key)


def _report(make, session, question, who=None, **more):
    fields = {"question": str(question.id), "reason": "respect", **more}
    return make.do(events.REPORT, who or make.guest(), session, **fields)


def _hide(make, session, question, who, note=""):
    return make.do(questions.HIDE, who, session, question=str(question.id), reason="respect", note=note)


def _mails(app, kind="decision"):
    with app.app_context():
        return {mail.to: mail.text for mail in db.session.query(Mail).filter_by(kind=kind)}


def _page(browser, path, **more):
    return browser.get(path, **more).get_data(as_text=True)


# --- reporting -----------------------------------------------------------------------------------


def test_guest_reports_with_a_plain_form_and_reads_the_outcome(make, session, shown):
    guest = make.guest()
    browser = make.browser(guest)

    form = _page(browser, f"/sessies/{session.slug}/vragen/{shown.id}/melden")
    sent = browser.post(
        f"/sessies/{session.slug}/vragen/{shown.id}/melden",
        data={"op": re.search(r'name="op" value="(\w+)"', form)[1], "reason": "respect", "note": CANARY},
        follow_redirects=True,
    )

    assert "Wie o wie?" in form
    assert "Een moderator kijkt ernaar" in sent.get_data(as_text=True)
    assert "Een moderator kijkt ernaar" in _page(browser, "/mijn")
    desk = _page(make.browser(make.moderator()), f"/sessies/{session.slug}/regie/meldingen")
    assert CANARY in desk
    assert "Gast" not in desk  # what was reported, not by whom


def test_report_is_idempotent_and_a_second_one_is_refused(app, make, session, shown):
    guest = make.guest()

    first = _report(make, session, shown, guest, op="samesame")
    again = _report(make, session, shown, guest, op="samesame")
    another = _report(make, session, shown, guest)

    assert first == again
    assert first["ok"]
    assert another["error"]["code"] == "moderation.already_reported"
    with app.app_context():
        assert db.session.query(Report).count() == 1


@pytest.mark.parametrize("typed", [{}, {"reason": "onzin"}, {"reason": "respect", "note": "x" * 501}])
def test_invalid_report_is_refused_and_keeps_the_text(make, session, shown, typed):
    page = make.browser(make.guest()).post(
        f"/sessies/{session.slug}/vragen/{shown.id}/melden", data={"note": CANARY, **typed}
    )

    assert page.status_code == 422
    assert 'class="field__error"' in page.get_data(as_text=True)
    assert typed.get("note", CANARY) in page.get_data(as_text=True)


@pytest.mark.parametrize("status", list(QuestionStatus))
def test_only_visible_questions_can_be_reported(make, session, status):
    question = make.question(session, status=status)

    answer = _report(make, session, question)

    readable = status in ("visible", "shortlisted", "live", "answered", "open_after", "forwarded")
    assert answer["ok"] == readable
    if not readable:
        assert answer["error"]["code"] in ("qanda.not_yours", "moderation.nothing_to_report")


def test_unread_reports_of_one_person_are_limited(make, session):
    guest = make.guest()
    for _ in range(10):
        assert _report(make, session, make.question(session, status=QuestionStatus.VISIBLE), guest)["ok"]

    more = _report(make, session, make.question(session, status=QuestionStatus.VISIBLE), guest)
    other = _report(make, session, make.question(session, status=QuestionStatus.VISIBLE))

    assert more["error"]["code"] == "moderation.too_many"
    assert more["error"]["retry_after"] > 0
    assert other["ok"]


def test_reports_reach_the_desk_only_without_their_content(app, make, session, shown):
    _report(make, session, shown, note=CANARY)

    with app.app_context():
        changes = items.changes_since(session.id, 0)

    assert [item["kind"] for item in changes.desk if item.get("waits")] == ["report"]
    assert "report" not in str(changes.hall) + str(changes.own_of(changes.people))
    assert CANARY not in str(changes.desk)
    for reader in (make.browser(), make.browser(make.guest())):
        for path in ("live", "live/state", "podium", "regie", "regie/meldingen"):
            assert CANARY not in _page(reader, f"/sessies/{session.slug}/{path}"), path


# --- deciding ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ReportStatus)
@pytest.mark.parametrize("action", Action)
def test_every_report_action_in_every_status(app, make, session, action, status):
    moderator, reporter = make.moderator(), make.identity("Melder")
    report = make.report(session, reporter, status=status)
    about = {"report": str(report.id)}
    if action is Action.SETTLE:
        answer = make.do(
            events.DECIDE,
            moderator,
            session,
            appeal=str(make.appeal(session, report).id),
            grant=False,
            note="Nee.",
        )
    elif action is Action.UPHOLD:
        question = _now(app, Question, report.question_id)
        answer = _hide(make, session, question, moderator)
    elif action is Action.REOPEN:  # by undoing the hiding
        with app.app_context(), transaction():
            question = db.session.get(Question, report.question_id)
            reopened = rules.reopen_reports(question, report.revision, Moment(session.id, 1, clock.now()))
            answer = {"ok": bool(reopened)}
    elif action is Action.APPEAL:
        answer = make.do(events.APPEAL, reporter, session, text="Kijk nog eens.", **about)
    else:
        more = {"note": "Mag."} if action is Action.DISMISS else {}
        answer = make.do(events.DISMISS if more else events.TAKE, moderator, session, **about, **more)

    after = _now(app, Report, report.id).status
    possible = status in REPORTS.table[action].sources
    if action is Action.APPEAL and status is ReportStatus.UPHELD:
        possible = False  # whoever was proved right has nothing to appeal; the asker has
    assert after is (REPORTS.table[action].target if possible else status)
    assert answer["ok"] == possible or action is Action.UPHOLD  # a question can be hidden without a report


def test_hiding_a_question_upholds_reports_and_notifies_both_sides(app, make, session, shown):
    reporter, jolien = make.identity("Melder"), make.moderator("Jolien")
    _report(make, session, shown, reporter)

    _hide(make, session, shown, jolien, note="Zo praten we hier niet.")

    assert "Je had gelijk" in _page(make.browser(reporter), "/mijn")
    asker = _now(app, Question, shown.id).asker_id
    mails = _mails(app)
    assert len(mails) == 2
    assert any("Je had gelijk" in text for text in mails.values())
    assert any("Zo praten we hier niet." in text and "/bezwaar" in text for text in mails.values())
    history = _page(make.browser(jolien), f"/sessies/{session.slug}/regie/meldingen")
    assert "Jolien</strong>: verborg" in " ".join(history.split())
    assert asker is not None


def test_the_mail_about_hiding_waits_and_goes_when_the_question_is_shown_again(app, make, session, shown):
    jolien = make.moderator("Jolien")

    def due():
        with app.app_context():
            return [mail.due_at - mail.made_at for mail in db.session.query(Mail).filter_by(kind="decision")]

    hidden = _hide(make, session, shown, jolien)["question"]
    assert due() == [timedelta(minutes=5)]
    seen = {"question": str(shown.id), "seen": hidden["desk_revision"]}
    assert make.do(questions.SHOW, jolien, session, **seen)["ok"]
    assert due() == []

    _hide(make, session, shown, jolien)  # and meant, this time: one mail
    assert due() == [timedelta(minutes=5)]


def test_dismissal_requires_a_reason_which_the_reporter_reads(app, make, session, shown):
    reporter, browser = make.identity("Melder"), make.browser(make.moderator())
    report = _report(make, session, shown, reporter)["report"]["id"]
    path = f"/sessies/{session.slug}/meldingen/{report}/laten-staan"

    empty = browser.post(path, data={"note": "  "})
    done = browser.post(path, data={"note": "Dit mag je vragen."}, follow_redirects=True)
    again = browser.post(path, data={"note": "Dit mag je vragen."})

    assert empty.status_code == 422
    assert "Het blijft staan" in done.get_data(as_text=True)
    assert again.status_code == 409
    assert "Dit mag je vragen." in _page(make.browser(reporter), "/mijn")
    assert "Dit mag je vragen." in next(iter(_mails(app).values()))


def test_reports_move_with_their_question(make, session, shown):
    elsewhere = make.session("Elders", starts_at=session.starts_at, ends_at=session.ends_at)
    _report(make, session, shown, note=CANARY)

    make.do(questions.MOVE, make.moderator(), session, question=str(shown.id), to=str(elsewhere.id))

    there = make.browser(make.moderator(session=elsewhere))
    assert CANARY in _page(there, f"/sessies/{elsewhere.slug}/regie/meldingen")


# --- another look --------------------------------------------------------------------------------


def _path_of_appeal(app, question):
    with app.app_context():
        return f"{private_link.path_to(question.id)}/bezwaar"


def test_anonymous_asker_appeals_by_private_link_and_wins(app, make, session):
    asked = make.question(
        session, make.guest(), status=QuestionStatus.VISIBLE, appearance=Appearance.ANONYMOUS
    )
    jolien, samira = make.moderator("Jolien"), make.moderator("Samira")
    reporter = make.identity("Melder")
    _report(make, session, asked, reporter)
    _hide(make, session, asked, jolien)
    stranger, path = make.browser(), _path_of_appeal(app, asked)

    empty = stranger.post(path, data={"text": " "})
    sent = stranger.post(path, data={"text": CANARY}, follow_redirects=True)
    twice = stranger.post(path, data={"text": CANARY}, follow_redirects=True)

    assert empty.status_code == 422
    assert "Een andere moderator kijkt opnieuw" in sent.get_data(as_text=True)
    assert "al bezwaar" in twice.get_data(as_text=True)
    with app.app_context():
        appeal = db.session.query(Appeal).one()
    decision = {"appeal": str(appeal.id), "grant": True, "note": "Dit is een gewone vraag."}
    own = make.do(events.DECIDE, jolien, session, **decision)
    other = make.do(events.DECIDE, samira, session, **decision)
    late = make.do(events.DECIDE, samira, session, **decision)

    assert own["error"]["code"] == "moderation.own_decision"
    assert other["ok"]
    assert late["error"]["code"] == "moderation.already_decided"
    assert _now(app, Question, asked.id).status is QuestionStatus.VISIBLE
    assert "Je kreeg gelijk" in _page(stranger, path.removesuffix("/bezwaar"))
    assert "De vraag blijft staan" in _page(make.browser(reporter), "/mijn")
    assert len(_mails(app)) == 1  # the reporter's last word; nobody knows whom to mail about the question


def test_moderator_cannot_decide_an_appeal_against_their_own_decision(app, make, session, shown):
    jolien = make.moderator("Jolien")
    _hide(make, session, shown, jolien)
    make.browser().post(_path_of_appeal(app, shown), data={"text": CANARY})

    hers = _page(make.browser(jolien), f"/sessies/{session.slug}/regie/meldingen")
    his = _page(make.browser(make.moderator("Ruben")), f"/sessies/{session.slug}/regie/meldingen")

    assert CANARY in hers
    assert CANARY in his
    assert "Toon de vraag weer" not in hers
    assert "Toon de vraag weer" in his


def test_refused_appeal_is_final_and_gives_a_reason(app, make, session, shown):
    reporter = make.identity("Melder")
    _report(make, session, shown, reporter)
    _hide(make, session, shown, make.moderator("Jolien"))
    make.browser().post(_path_of_appeal(app, shown), data={"text": "Hij is netjes."})
    with app.app_context():
        appeal = str(db.session.query(Appeal).one().id)

    make.do(
        events.DECIDE,
        make.moderator("Ruben"),
        session,
        appeal=appeal,
        grant=False,
        note="Een naam hoort er niet.",
    )

    assert _now(app, Question, shown.id).status is QuestionStatus.HIDDEN
    page = _page(make.browser(), _path_of_appeal(app, shown))
    assert "Een naam hoort er niet." in page
    assert "<textarea" not in page
    assert "Je had gelijk" in _page(make.browser(reporter), "/mijn")


def test_reporter_can_appeal_against_a_dismissal(app, make, session, shown):
    reporter = make.identity("Melder")
    report = _report(make, session, shown, reporter)["report"]["id"]
    jolien, ruben = make.moderator("Jolien"), make.moderator("Ruben")
    make.do(events.DISMISS, jolien, session, report=report, note="Mag.")
    browser = make.browser(reporter)
    path = f"/sessies/{session.slug}/meldingen/{report}/bezwaar"

    foreign = make.browser(make.guest()).post(path, data={"text": "Ik ook."}, follow_redirects=True)
    empty = browser.post(path, data={"text": ""})
    sent = browser.post(path, data={"text": "Het is een scheldwoord."}, follow_redirects=True)
    with app.app_context():
        appeal = db.session.query(Appeal).one()
    own = make.do(events.DECIDE, jolien, session, appeal=str(appeal.id), grant=True, note="Toch.")
    other = make.do(events.DECIDE, ruben, session, appeal=str(appeal.id), grant=True, note="Klopt.")

    assert "Deze melding is er niet" in foreign.get_data(as_text=True)
    assert empty.status_code == 422
    assert "Een andere moderator kijkt opnieuw" in sent.get_data(as_text=True)
    assert own["error"]["code"] == "moderation.own_decision"
    assert other["ok"]
    assert _now(app, Question, shown.id).status is QuestionStatus.HIDDEN
    assert _now(app, Appeal, appeal.id).status is AppealStatus.GRANTED
    assert _now(app, Report, appeal.report_id).is_upheld
    assert "Je had gelijk" in _page(browser, "/mijn")


def test_visible_question_cannot_be_appealed(app, make, session, shown):
    page = make.browser().post(_path_of_appeal(app, shown), data={"text": "Maar."}, follow_redirects=True)

    assert "Er is niets tegen je besloten" in page.get_data(as_text=True)
    with app.app_context():
        assert db.session.query(Appeal).count() == 0


def test_answered_question_can_be_hidden_and_restored_with_its_answer(app, make, session):
    answered = make.question(session, status=QuestionStatus.ANSWERED)
    moderator = make.moderator()

    _hide(make, session, answered, moderator)
    hidden = _now(app, Question, answered.id).status
    make.do(questions.SHOW, moderator, session, question=str(answered.id))

    assert hidden is QuestionStatus.HIDDEN
    assert _now(app, Question, answered.id).status is QuestionStatus.ANSWERED
