"""Reports of comments and lessons: decisions, appeals, statistics."""

from datetime import timedelta

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.lessons.models import Comment, CommentStatus, Lesson, LessonStatus
from dagvandebuurt.moderation import text_rules as rules
from dagvandebuurt.moderation.models import (
    Appeal,
    AppealStatus,
    Report,
    ReportedKind,
    ReportStatus,
    TextDecision,
)
from dagvandebuurt.moderation.report_link import path_to
from dagvandebuurt.moderation.states import TEXT_REPORTS, Action
from dagvandebuurt.moderation.statistics import FEWEST, figures, told
from dagvandebuurt.moderation.subjects import subject_of
from dagvandebuurt.parts.mail.models import Mail
from tests.lessons.writing import a_comment, a_lesson

CANARY = "Dat is mijn buurvrouw"


@pytest.fixture
def lesson(make, now, session):
    return a_lesson(make, now, LessonStatus.PUBLISHED, session=session, writer=make.person("Sven"))


@pytest.fixture
def comment(make, lesson):
    return a_comment(
        make, lesson, make.person("Schrijver", email="schrijver@buurt.example"), text="Dit is mijn mening."
    )


@pytest.fixture
def jolien(make):
    return make.moderator("Jolien")


@pytest.fixture
def ruben(make):
    return make.moderator("Ruben")


def _report(browser, subject, kind="reactie", **typed):
    return browser.post(
        f"/melden/{kind}/{subject.id}", data={"reason": "respect", "good_faith": "y", "note": CANARY} | typed
    )


def _get(app, model, key):
    with app.app_context():
        return db.session.get(model, key)


def _only(app, model):
    with app.app_context():
        return db.session.query(model).one()


def _mails(app):
    with app.app_context():
        return [(mail.to, mail.subject, mail.text) for mail in db.session.query(Mail).order_by(Mail.made_at)]


# --- reporting -----------------------------------------------------------------------------------


def test_report_without_account_is_followed_by_private_link(app, make, comment, jolien):
    stranger = make.browser()

    form = stranger.get(f"/melden/reactie/{comment.id}").text
    sent = _report(stranger, comment)
    receipt = stranger.get(sent.location)

    assert "Dit is mijn mening." in form
    assert sent.status_code == 303
    assert "Een moderator kijkt ernaar" in receipt.text
    assert receipt.headers["X-Robots-Tag"] == "noindex"
    desk = make.browser(jolien).get("/moderatie").text
    assert CANARY in desk
    assert _mails(app) == []  # nobody left an address


def test_reporter_with_an_address_gets_receipt_and_decision(app, make, comment, jolien):
    sent = _report(make.browser(), comment, name="Iemand", email="melder@buurt.example")
    report = _only(app, Report)
    make.browser(jolien).post(
        f"/moderatie/meldingen/{report.id}/laten-staan", data={"note": "Dit is een mening."}
    )

    (to, subject, text), (again, decided, why) = _mails(app)
    assert (to, again) == ("melder@buurt.example",) * 2
    assert "binnen" in subject
    assert sent.location in text
    assert "besloten" in decided
    assert "Dit is een mening." in why
    assert "De reactie blijft staan." in make.browser().get(sent.location).text


def test_mail_to_an_unconfirmed_address_is_rate_limited(app, make, lesson):
    author = make.person("Schrijver")
    for number in range(14):
        _report(
            make.browser(),
            a_comment(make, lesson, author, text=f"{number}"),
            email="slachtoffer@buurt.example",
        )

    assert len(_mails(app)) == 10
    with app.app_context():
        assert db.session.query(Report).count() == 14


@pytest.mark.parametrize(
    "typed",
    [{"reason": ""}, {"reason": "onzin"}, {"good_faith": ""}, {"note": "x" * 501}, {"email": "geen adres"}, {"reason": "illegal", "note": ""}],
)  # fmt: skip
def test_incomplete_report_is_refused_and_keeps_the_text(app, make, comment, typed):
    answer = _report(make.browser(), comment, **{"name": "Mijn naam"} | typed)

    assert answer.status_code == 422
    assert 'class="field__error"' in answer.text
    assert "Mijn naam" in answer.text
    with app.app_context():
        assert db.session.query(Report).count() == 0


def test_second_report_of_one_person_is_refused(make, comment):
    browser = make.browser(make.person("Melder"))

    first, second = _report(browser, comment), _report(browser, comment)

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Je hebt dit al gemeld" in second.text
    assert CANARY in second.text
    assert "Een moderator kijkt ernaar" in browser.get("/mijn").text


@pytest.mark.parametrize("status", [s for s in CommentStatus if s is not CommentStatus.VISIBLE])
def test_invisible_content_cannot_be_reported_or_read_by_reporting(make, lesson, status):
    hidden = a_comment(make, lesson, make.person("Schrijver"), status, text="Geheim woord")

    for answer in (make.browser().get(f"/melden/reactie/{hidden.id}"), _report(make.browser(), hidden)):
        assert answer.status_code in (404, 409)
        assert "Geheim woord" not in answer.text


# --- every step in every state -------------------------------------------------------------------


def _at(make, subject, reporter, status, now):
    about = {"comment_id": subject.id, "kind": ReportedKind.COMMENT, "sent_at": now}
    decided = status not in (ReportStatus.RECEIVED, ReportStatus.UNDER_REVIEW)
    is_upheld = status is ReportStatus.UPHELD if decided else None
    values = {"is_upheld": is_upheld, "decided_by": "Een ander" if decided else None}
    return make.store(Report(**about, reporter_id=reporter.id, reason="respect", status=status, **values))


@pytest.mark.parametrize("status", ReportStatus)
@pytest.mark.parametrize("action", TEXT_REPORTS.table)
def test_every_text_report_action_in_every_status(app, make, now, comment, jolien, ruben, action, status):
    report = _at(make, comment, make.person("Melder"), status, now)
    appeal = (
        make.store(Appeal(report_id=report.id, text="Kijk.", against="Een ander", sent_at=now))
        if action is Action.SETTLE
        else None
    )

    def act():
        found = db.session.get(Report, report.id)
        subject = subject_of(ReportedKind.COMMENT, comment.id)
        acts = {
            Action.TAKE: lambda: rules.take(jolien, found, now=now),
            Action.DISMISS: lambda: rules.dismiss(jolien, found, note="Mag.", now=now),
            Action.UPHOLD: lambda: rules.hide(jolien, subject, reason="respect", note="Nee.", now=now),
            Action.APPEAL: lambda: rules.appeal(found, text="Toch.", now=now),
            Action.SETTLE: lambda: rules.judge(
                ruben, db.session.get(Appeal, appeal.id), grant=False, note="Blijft.", now=now
            ),
        }
        assert set(acts) == set(TEXT_REPORTS.table)
        acts[action]()

    code = None
    with app.app_context():
        try:
            with transaction():
                act()
        except RuleBroken as broken:
            code = broken.code
    after = _get(app, Report, report.id).status

    possible = status in TEXT_REPORTS.table[action].sources
    if action is Action.APPEAL and status is ReportStatus.UPHELD:
        assert (code, after) == (
            "moderation.nothing_to_contest",
            status,
        )  # they were right: nothing to contest
    elif action is Action.UPHOLD and not possible:
        assert (code, after) == (None, status)  # hiding is possible, and touches no report that is decided
    elif possible:
        assert (code, after) == (None, TEXT_REPORTS.table[action].target)
    else:
        assert code in ("moderation.already_decided", "moderation.nothing_to_contest")
        assert after is status


# --- deciding ------------------------------------------------------------------------------------


def test_hiding_a_comment_notifies_author_and_reporters(app, make, now, comment, jolien):
    for name in ("een", "twee"):
        _report(make.browser(make.person(name, email=f"{name}@buurt.example")), comment)

    make.browser(jolien).post(
        f"/moderatie/reactie/{comment.id}/verbergen",
        data={"reason": "personal_data", "note": "Dit noemt een buur."},
    )

    assert _get(app, Comment, comment.id).status is CommentStatus.HIDDEN
    told = {to: text for to, subject, text in _mails(app) if "besloten" in subject}
    assert set(told) == {"een@buurt.example", "twee@buurt.example", "schrijver@buurt.example"}
    assert all("Dit noemt een buur." in text for text in told.values())
    assert f"/bezwaar/reactie/{comment.id}" in told["schrijver@buurt.example"]
    assert "Dit is mijn mening." in told["schrijver@buurt.example"]
    assert "Dit is mijn mening." not in make.browser().get(f"/melden/reactie/{comment.id}").text


def test_first_contribution_is_approved_or_hidden_with_a_reason(app, make, now, lesson, jolien):
    good, bad = (
        a_comment(make, lesson, make.person(name), CommentStatus.PENDING, text=name)
        for name in ("goed", "slecht")
    )
    desk = make.browser(jolien)
    assert {"goed", "slecht"} <= set(desk.get("/moderatie").text.replace("<", " ").replace(">", " ").split())

    desk.post(f"/moderatie/reactie/{good.id}/tonen")
    silent = desk.post(f"/moderatie/reactie/{bad.id}/verbergen", data={"reason": "respect", "note": ""})
    desk.post(f"/moderatie/reactie/{bad.id}/verbergen", data={"reason": "respect", "note": "Schelden."})

    assert silent.status_code == 422
    assert _get(app, Comment, good.id).status is CommentStatus.VISIBLE
    assert (_get(app, Comment, bad.id).status, _get(app, Comment, bad.id).hidden_note) == (
        CommentStatus.HIDDEN,
        "Schelden.",
    )


def test_lesson_taken_down_is_restored_by_a_granted_appeal(app, make, now, lesson, jolien, ruben):
    writer = _get(app, Lesson, lesson.id).writer_id
    with app.app_context():
        from dagvandebuurt.people.models import Person

        sven = db.session.get(Person, writer)
    sent = _report(make.browser(), lesson, "les", reason="illegal", note="Hier staat iets dat niet mag.")
    make.browser(jolien).post(
        f"/moderatie/les/{lesson.id}/verbergen", data={"reason": "illegal", "note": "Even van de site."}
    )
    gone = make.browser().get(f"/lessen/{lesson.slug}").status_code
    told = make.browser().get(sent.location).text
    path = f"/bezwaar/les/{lesson.id}"
    contested = make.browser(sven).post(path, data={"text": "Het is openbaar."})
    twice = make.browser(sven).post(path, data={"text": "Nog eens."})
    appeal = _only(app, Appeal)

    own = make.browser(jolien).post(f"/moderatie/bezwaren/{appeal.id}", data={"grant": "1", "note": "x"})
    other = make.browser(ruben).post(
        f"/moderatie/bezwaren/{appeal.id}", data={"grant": "1", "note": "Het mag."}
    )

    assert (gone, contested.status_code, twice.status_code) == (404, 303, 409)
    assert "Je had gelijk: de les is weggehaald." in told
    assert (own.status_code, other.status_code) == (403, 303)
    assert make.browser().get(f"/lessen/{lesson.slug}").status_code == 200
    assert _only(app, Report).status is ReportStatus.FINAL
    assert "De les blijft staan." in make.browser().get(sent.location).text
    with app.app_context():
        assert [each.is_hiding for each in db.session.query(TextDecision).order_by(TextDecision.at)] == [
            True,
            False,
        ]
    assert make.browser(make.person("Ali")).get(path).status_code == 404


def test_dismissal_is_appealed_by_link_and_reversed_by_another_moderator(app, make, comment, jolien, ruben):
    sent = _report(make.browser(), comment, email="melder@buurt.example")
    report = _only(app, Report)
    early = make.browser().post(f"{sent.location}/bezwaar", data={"text": "Nu al."})
    make.browser(jolien).post(f"/moderatie/meldingen/{report.id}/laten-staan", data={"note": "Mag."})
    made = make.browser().post(f"{sent.location}/bezwaar", data={"text": "Kijk nog eens."})
    twice = make.browser().post(f"{sent.location}/bezwaar", data={"text": "En nog eens."})
    appeal = _only(app, Appeal)

    own = make.browser(jolien).post(f"/moderatie/bezwaren/{appeal.id}", data={"grant": "1", "note": "x"})
    make.browser(ruben).post(
        f"/moderatie/bezwaren/{appeal.id}", data={"grant": "1", "note": "Toch een naam."}
    )

    assert (early.status_code, made.status_code, twice.status_code, own.status_code) == (409, 303, 409, 403)
    assert _get(app, Comment, comment.id).status is CommentStatus.HIDDEN
    assert (_get(app, Report, report.id).is_upheld, _get(app, Appeal, appeal.id).status) == (
        True,
        AppealStatus.GRANTED,
    )
    assert {to for to, _subject, text in _mails(app) if "Toch een naam." in text} == {
        "melder@buurt.example", "schrijver@buurt.example",
    }  # fmt: skip


def test_report_of_a_deleted_comment_is_still_decided(app, make, now, comment, jolien):
    sent = _report(make.browser(), comment)
    with app.app_context(), transaction():
        row = db.session.get(Comment, comment.id)
        row.status, row.text, row.author_id = CommentStatus.DELETED, "", None

    desk = make.browser(jolien).get("/moderatie").text
    make.browser(jolien).post(
        f"/moderatie/meldingen/{_only(app, Report).id}/laten-staan", data={"note": "Is al weg."}
    )

    assert "De schrijver heeft dit zelf weggehaald." in desk
    assert "Is al weg." in make.browser().get(sent.location).text


def test_session_moderators_and_organisers_cannot_decide_outside_sessions(make, session, comment):
    for who in (
        make.moderator(session=session),
        make.identity("x", roles=["organiser", "admin", "editor", "publisher"]),
    ):
        browser = make.browser(who)
        assert browser.get("/moderatie").status_code == 403
        browser.post(f"/moderatie/reactie/{comment.id}/verbergen", data={"reason": "respect", "note": "x"})
        assert "Dit is mijn mening." in make.browser().get(f"/melden/reactie/{comment.id}").text


def test_invalid_report_link_is_not_found(app, make, comment):
    _report(make.browser(), comment)
    with app.app_context():
        good = path_to(_only(app, Report).id)

    assert make.browser().get(good).status_code == 200
    assert make.browser().get(good[:-2] + "xx").status_code == 404
    assert make.browser().get("/meldingen/terug/onzin").status_code == 404


# --- numbers -------------------------------------------------------------------------------------


def test_small_counts_are_suppressed():
    assert [told(number) for number in (0, 1, FEWEST - 1, FEWEST, 200)] == [0, None, None, FEWEST, 200]


def test_public_statistics_do_not_reveal_suppressed_counts(app, make, now, lesson, session):
    noor = make.person("Noor")
    about = {"kind": ReportedKind.LESSON, "lesson_id": lesson.id}
    for number in range(23):
        reason = "respect" if number < 12 else "on_topic" if number < 22 else "no_ads"
        upheld = number % 2 == 0
        make.store(
            Report(
                **about, reason=reason, sent_at=now, decided_at=now + timedelta(hours=number + 1), is_upheld=upheld,
                status=ReportStatus.UPHELD if upheld else ReportStatus.DISMISSED,
            )
        )  # fmt: skip
    make.report(session, noor)

    with app.app_context():
        [year] = figures()
    page = make.browser().get("/spelregels/cijfers").text

    assert (year.year, year.reports, year.hours) == (2027, 24, 12)
    assert (year.upheld, year.dismissed) == (12, 11)
    assert year.by_kind == {ReportedKind.LESSON: None, ReportedKind.QUESTION: None}  # 24 less 23 would tell
    assert sum(number is None for number in year.by_reason.values()) != 1
    assert "minder dan 10" in page
    assert "24" in page
