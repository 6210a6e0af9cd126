"""Wrap-up of a session: decisions on open questions, draft, edit conflicts, publication."""

import re
from datetime import timedelta

import pytest

from dagvandebuurt.agenda import jobs, wrap_up
from dagvandebuurt.agenda.models import Heard, LessonMark
from dagvandebuurt.captions.models import CaptionLine
from dagvandebuurt.core.db import db
from dagvandebuurt.lessons.models import Lesson, LessonSource, LessonStatus
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.polls.models import Poll, PollKind, PollOption, PollStatus
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.models import Question, QuestionStatus


@pytest.fixture
def over(make, now):
    """Create a session that ended an hour ago."""
    return make.session("Samen groen", starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))


@pytest.fixture
def lesson(make, over):
    return make.store(
        Lesson(
            edition_id=over.edition_id, slug="les", title="Een les", lead="Kort.", in_short=["Eén."],
            status=LessonStatus.DRAFT, changed_at=over.starts_at,
        )
    )  # fmt: skip


def _text(answer):
    return answer.get_data(as_text=True)


def _harvested(app, session):
    with app.app_context():
        return wrap_up.is_harvested(session.id)


def test_every_question_is_decided_and_the_wrap_up_is_shared(app, make, over, lesson, now):
    asked = [make.question(over, status=QuestionStatus.OPEN_AFTER, text=f"Vraag {n}?") for n in range(3)]
    desk, path = make.browser(make.moderator(session=over)), f"/sessies/{over.slug}/oogst"

    page = _text(desk.get(path))
    desk.post(
        f"{path}/{asked[0].id}/antwoord", data={"text": "In maart.", "instead_of": "", "op": "eenantwoord1"}
    )
    desk.post(f"{path}/{asked[1].id}/les", data={"lesson": str(lesson.id)})
    desk.post(
        f"/sessies/{over.slug}/vragen/{asked[2].id}/agendapunt",
        data={"title": "Doen", "body": "Nu.", "organisation": "", "place": "", "theme": ""},
    )
    assert not _harvested(app, over)
    shared = desk.post(path, data={"text": "Wij hoorden **veel**.", "version": "0", "delen": "1"})

    assert page.count("Wordt een actiepunt") == 3
    assert shared.status_code == 303
    assert _harvested(app, over)
    with app.app_context():
        statuses = [db.session.get(Question, each.id).status for each in asked]
        source = db.session.query(LessonSource).one()
        told = {mail.subject for mail in db.session.query(Mail)}
    assert statuses == [QuestionStatus.ANSWERED, QuestionStatus.OPEN_AFTER, QuestionStatus.FORWARDED]
    assert (source.lesson_id, source.target_id) == (lesson.id, asked[1].id)
    assert {"Je vraag is beantwoord", "Je vraag hoort bij een les"} <= told
    public = _text(make.browser().get(f"/sessies/{over.slug}/wat-we-hoorden"))
    for words in ("<strong>veel</strong>", "Vraag 0?", "In maart.", "Gaat mee in een les", "Volg actiepunt"):
        assert words in public
    assert "wat-we-hoorden" in _text(make.browser().get(f"/sessies/{over.slug}"))


def test_draft_is_composed_from_stored_data_only(app, make, over, now):
    make.question(
        over, status=QuestionStatus.ANSWERED, text="Wie snoeit?", answer="De gemeente.", answered_by="Jolien"
    )
    make.question(over, status=QuestionStatus.FORWARDED, text="Wie betaalt?")
    make.question(over, status=QuestionStatus.HIDDEN, text="Kanarie")
    for title, shown in (("Wat eerst?", True), ("Geheim?", False)):
        make.store(
            Poll(
                session_id=over.id, title=title, kind=PollKind.SINGLE_CHOICE, status=PollStatus.CLOSED,
                results_shown=shown, tallied_at=now,
                options=[PollOption(position=0, label="Groen", ballots=7), PollOption(position=1, label="Licht", ballots=2)],
            )
        )  # fmt: skip

    with app.app_context():
        draft = wrap_up.draft_of(db.session.get(ProgrammeSession, over.id))

    assert draft.split("\n\n") == [
        "Er waren 2 vragen.",
        "Gevraagd: Wie snoeit?\nAntwoord van Jolien: De gemeente.",
        "Dit werd een actiepunt: Wie betaalt?",
        "Gepeild: Wat eerst?\nGroen: 7\nLicht: 2",
    ]
    page = _text(make.browser(make.moderator(session=over)).get(f"/sessies/{over.slug}/oogst"))
    assert "Gevraagd: Wie snoeit?" in page
    assert "Kanarie" not in page


def test_edit_conflict_of_a_wrap_up_shows_both_texts(app, make, over):
    path = f"/sessies/{over.slug}/oogst"
    jolien, mo = (make.browser(make.moderator(name, session=over)) for name in ("Jolien", "Mo"))
    jolien.post(path, data={"text": "Tekst van Jolien.", "version": "0"})

    second = mo.post(path, data={"text": "Tekst van Mo.", "version": "0"})
    page = _text(second)
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    both = mo.post(path, data={"text": "Tekst van Jolien. Tekst van Mo.", "version": version})

    assert second.status_code == 409
    assert "De tekst van Jolien" in page
    assert ">Tekst van Jolien.</textarea>" in page.replace("\r\n", "\n").replace(">\n", ">")
    assert "Tekst van Mo." in page
    assert both.status_code == 303
    with app.app_context():
        heard = db.session.get(Heard, over.id)
        assert (heard.text, heard.version, heard.edited_by) == ("Tekst van Jolien. Tekst van Mo.", 2, "Mo")


def test_wrap_up_is_for_moderators_after_the_end(make, over, session):
    for who, status in (
        (make.identity("Noor"), 403),
        (make.identity("Sven", roles=["editor"]), 403),
        (make.moderator(session=session), 403),
        (make.identity("Soraya", roles=[("host", over.id)]), 200),
    ):
        assert make.browser(who).get(f"/sessies/{over.slug}/oogst").status_code == status
    early = make.browser(make.moderator(session=session)).get(f"/sessies/{session.slug}/oogst")
    assert early.status_code == 409
    assert make.browser().get(f"/sessies/{over.slug}/wat-we-hoorden").status_code == 404


def test_moderators_are_mailed_once_and_see_the_wrap_up_listed(app, make, over):
    jolien = make.person("Jolien", roles=[("moderator", over.id)])
    make.person("Mo", roles=["moderator"])  # of all sessions: not for one that has its own

    assert [jobs.ask_to_harvest(app), jobs.ask_to_harvest(app)] == [1, 1]

    with app.app_context():
        mails = [(mail.to, mail.subject) for mail in db.session.query(Mail)]
    assert mails == [(jolien.email, "Rond je sessie af: Samen groen")]
    assert "Nog af te ronden" in _text(make.browser(jolien).get("/regie"))


def test_question_is_decided_once(app, make, over, lesson):
    question = make.question(over, status=QuestionStatus.OPEN_AFTER)
    desk = make.browser(make.moderator(session=over))
    path = f"/sessies/{over.slug}/oogst/{question.id}/les"

    first, again = desk.post(path), desk.post(path)

    assert (first.status_code, again.status_code) == (303, 409)
    with app.app_context():
        assert db.session.query(LessonMark).one().lesson_id is None


def test_captions_are_shown_beside_the_wrap_up(make, over, now):
    make.store(
        CaptionLine(session_id=over.id, position=1, text="Goedemiddag allemaal.", at=now),
        CaptionLine(session_id=over.id, position=2, text="", at=now),  # taken back
    )

    page = _text(make.browser(make.moderator(session=over)).get(f"/sessies/{over.slug}/oogst"))

    assert "Wat er gezegd werd" in page
    assert "Goedemiddag allemaal." in page
