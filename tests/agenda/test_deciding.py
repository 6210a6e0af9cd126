"""Wrap-up of a session with many questions: several decided at once, and shared before the last is decided."""

import re
from datetime import timedelta

import pytest

from dagvandebuurt.agenda import wrap_up
from dagvandebuurt.agenda.models import FollowUp, FollowUpQuestion, LessonMark
from dagvandebuurt.core.clock import local
from dagvandebuurt.core.db import db
from dagvandebuurt.lessons.models import Lesson, LessonStatus
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.qanda.models import Question, QuestionChange, QuestionStatus

OPEN, LIVE, ANSWERED = QuestionStatus.OPEN_AFTER, QuestionStatus.LIVE, QuestionStatus.ANSWERED
ON_STAGE, BY_ONE_SENTENCE, TO_A_LESSON, TO_AN_ORGANISATION = 25, 20, 10, 6


@pytest.fixture
def over(make, now):
    """Create a session that ended an hour ago."""
    return make.session("Samen groen", starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))


@pytest.fixture
def ask(make, over):
    """Ask many with one row of their own each: their asker has an account, and is mailed."""
    asker = make.person("Noor")

    def ask(number, name="Vraag", **values):
        values = {"status": OPEN} | values
        return [make.question(over, asker, text=f"{name} {n}?", **values).id for n in range(number)]

    return ask


@pytest.fixture
def turn(make, over):
    """Put a question on stage and off again, as its history says it."""

    def turn(question_id, at, *, undone=False):
        rows = [
            (QuestionStatus.VISIBLE, LIVE, None),
            (LIVE, QuestionStatus.VISIBLE, "undo" if undone else None),
        ]
        make.store(
            *(
                QuestionChange(
                    question_id=question_id, moderator_name="Mo", before=before, after=after, deed=deed,
                    at=at + timedelta(seconds=place),
                )
                for place, (before, after, deed) in enumerate(rows)
            )
        )  # fmt: skip

    return turn


@pytest.fixture
def path(over):
    return f"/sessies/{over.slug}/oogst"


@pytest.fixture
def desk(make, over):
    return make.browser(make.moderator(session=over))


def _text(answer):
    return answer.get_data(as_text=True)


def _fields(page, form):
    """Return what a browser without a script would send of this form, with nothing ticked."""
    (markup,) = re.findall(rf'<form[^>]*(?:class|id)="[^"]*{form}[^>]*>.*?</form>', page, re.S)
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', markup)
    data = {name: [value for other, value in found if other == name] for name, _value in found}
    return data


def _rows(app, ids):
    with app.app_context():
        return [db.session.get(Question, each) for each in ids]


def test_sixty_one_questions_are_decided_in_four_forms(app, make, desk, path, over, ask, turn, now):
    lesson = make.store(
        Lesson(
            edition_id=over.edition_id, slug="les", title="Een les", lead="Kort.", in_short=["Eén."],
            status=LessonStatus.DRAFT, changed_at=now,
        )
    )  # fmt: skip
    organisation = make.organisation("Gemeente Lindermond")
    on_stage, rest = ask(ON_STAGE, "Beurt"), ask(61 - ON_STAGE)
    for place, each in enumerate(on_stage):
        turn(each, over.starts_at + timedelta(minutes=place))
    by_sentence, others = rest[:BY_ONE_SENTENCE], rest[BY_ONE_SENTENCE:]
    to_lesson, to_point = others[:TO_A_LESSON], others[TO_A_LESSON:]
    requests = presses = 0

    def press(form, deed, ticks=(), **typed):
        nonlocal requests, presses
        page = _text(desk.get(path))  # after each form its page is loaded again, as a browser does
        requests, presses = requests + 2, presses + len(ticks) + 1
        data = _fields(page, form) | {"deed": deed, **typed}
        if ticks:
            data["vraag"] = [str(each) for each in ticks]
        assert desk.post(f"{path}/meer", data=data).status_code == 303

    press("harvest-turns", "zaal")
    press("harvest-several", "les", to_lesson, lesson=str(lesson.id))
    press("harvest-several", "actiepunt", to_point, organisation=str(organisation.id))
    presses += 2  # the menu of lessons and that of organisations
    press("harvest-several", "zaal", text="Ja, vanaf maart.", alle="1")
    presses += 1  # all that are left, in one tick

    with app.app_context():
        assert list(wrap_up.undecided(over.id)) == []
        assert db.session.query(LessonMark).count() == TO_A_LESSON
        assert {point.organisation_id for point in db.session.query(FollowUp)} == {organisation.id}
        assert db.session.query(FollowUpQuestion).count() == TO_AN_ORGANISATION
        subjects = [mail.subject for mail in db.session.query(Mail)]
    assert subjects.count("Je vraag is beantwoord") == ON_STAGE + BY_ONE_SENTENCE
    assert subjects.count("Je vraag hoort bij een les") == TO_A_LESSON
    assert {row.answer for row in _rows(app, by_sentence)} == {"Ja, vanaf maart."}
    first = local(over.starts_at).strftime("%H.%M")
    assert _rows(app, on_stage[:1])[0].answer == f"Dit is in de zaal beantwoord, vanaf {first} uur."
    assert (requests, presses) == (8, 23)


def test_what_was_on_stage_comes_first_and_an_undone_turn_does_not_count(make, desk, path, over, ask, turn):
    quiet, pressed_wrong, second, first = ask(4)
    turn(second, over.starts_at + timedelta(minutes=20))
    turn(first, over.starts_at + timedelta(minutes=10))
    turn(pressed_wrong, over.starts_at, undone=True)

    page = _text(desk.get(path))

    at = local(over.starts_at + timedelta(minutes=10)).strftime("%H.%M")
    assert f"Was aan de beurt om {at}" in page
    assert page.count("Was aan de beurt om") == 2
    assert "Alle 2 die aan de beurt waren: in de zaal beantwoord" in page
    cards = re.findall(r'<li class="card" id="vraag-([^"]+)"', page)
    assert cards[:2] == [str(first), str(second)]
    assert set(cards[2:]) == {str(quiet), str(pressed_wrong)}


def test_one_that_a_colleague_decided_is_named_and_the_others_go_on(app, make, desk, path, over, ask):
    ids = ask(4)
    data = _fields(_text(desk.get(path)), "harvest-several") | {"deed": "zaal", "alle": "1"}
    jolien = make.browser(make.moderator("Jolien", session=over))
    jolien.post(
        f"{path}/{ids[1]}/antwoord", data={"text": "In maart.", "instead_of": "", "op": "eenantwoord1"}
    )
    jolien.post(f"{path}/{ids[2]}/les", data={})

    told = _text(desk.post(f"{path}/meer", data=data, follow_redirects=True))

    assert "2 vragen zijn in de zaal beantwoord." in told
    assert "“Vraag 1?” Jolien heeft deze al beantwoord." in told
    assert "“Vraag 2?” Over deze vraag is al besloten." in told
    rows = _rows(app, ids)
    assert [row.status for row in rows] == [ANSWERED, ANSWERED, OPEN, ANSWERED]
    assert [row.answer for row in rows[:2]] == ["Dit is in de zaal beantwoord.", "In maart."]


@pytest.mark.parametrize("deed", ["zaal", "les", "actiepunt"])
def test_the_form_sent_twice_decides_once_and_says_so_again(app, make, desk, path, over, ask, deed):
    ids = ask(3)
    data = _fields(_text(desk.get(path)), "harvest-several") | {"deed": deed, "alle": "1"}

    first = _text(desk.post(f"{path}/meer", data=data, follow_redirects=True))
    with app.app_context():
        mails = db.session.query(Mail).count()
    second = _text(desk.post(f"{path}/meer", data=data, follow_redirects=True))

    assert "3 vragen" in first
    assert "3 vragen" in second
    assert "Niet gelukt" not in second
    with app.app_context():
        assert db.session.query(Mail).count() == mails
        assert db.session.query(FollowUpQuestion).count() == (3 if deed == "actiepunt" else 0)
        assert db.session.query(LessonMark).count() == (3 if deed == "les" else 0)
        changes = db.session.query(QuestionChange).where(QuestionChange.question_id.in_(ids)).count()
        assert changes == (0 if deed == "les" else 3)


def test_a_form_that_is_not_complete_comes_back_with_what_was_ticked_and_typed(app, desk, path, ask):
    ids = ask(3)
    ticked = str(ids[1])

    nothing = desk.post(f"{path}/meer", data={"deed": "zaal", "text": "Ja, in maart."})
    long = desk.post(f"{path}/meer", data={"deed": "zaal", "vraag": [ticked], "text": "a" * 501})
    gone = desk.post(
        f"{path}/meer",
        data={"deed": "actiepunt", "vraag": [ticked], "organisation": "7f2c1f3e-0000-4000-8000-000000000000"},
    )

    assert [answer.status_code for answer in (nothing, long, gone)] == [422, 422, 422]
    assert "Zet eerst een vinkje bij de vragen." in _text(nothing)
    assert 'value="Ja, in maart."' in _text(nothing)
    for answer in (long, gone):
        assert re.search(rf'value="{ticked}"\s+form="meer-tegelijk" checked', _text(answer))
    assert "Maak de zin korter" in _text(long)
    assert "Deze organisatie antwoordt hier niet meer" in _text(gone)
    assert {row.status for row in _rows(app, ids)} == {OPEN}


def test_what_nobody_read_and_what_is_elsewhere_cannot_be_answered_together(app, make, desk, path, ask, now):
    (unread,) = ask(1, "Ongelezen", status=QuestionStatus.WAITING)
    ask(2)
    elsewhere = make.question(
        make.session("Elders", starts_at=now - timedelta(hours=2), ends_at=now), status=OPEN, text="Geheim?"
    )

    page = _text(desk.get(path))
    ids = [str(unread), str(elsewhere.id), "geen-nummer"]
    told = _text(desk.post(f"{path}/meer", data={"deed": "zaal", "vraag": ids}, follow_redirects=True))

    assert f'value="{unread}"' not in page
    assert "1 vraag las nog niemand." in page
    assert "Deze vraag wacht nog. Toon hem eerst." in told
    assert "Geheim?" not in told
    assert [row.status for row in _rows(app, [unread, elsewhere.id])] == [QuestionStatus.WAITING, OPEN]


def test_sharing_does_not_wait_and_what_is_open_is_marked(app, make, desk, path, over, ask):
    first, second = ask(2)
    ask(1, "Ongelezen", status=QuestionStatus.WAITING)

    shared = _text(
        desk.post(
            path, data={"text": "Wij hoorden veel.", "version": "0", "delen": "1"}, follow_redirects=True
        )
    )
    heard = f"/sessies/{over.slug}/wat-we-hoorden"
    before = _text(make.browser().get(heard))
    desk.post(f"{path}/{first}/antwoord", data={"text": "In maart.", "instead_of": "", "op": "eenantwoord1"})
    after = _text(make.browser().get(heard))

    assert "2 vragen zijn nog open. Die staan erbij als open, tot jullie erover besluiten." in shared
    assert "Dit is gedeeld, en nog niet af" in shared
    assert "Deze sessie is afgerond" not in shared
    assert "Wij hoorden veel." in before
    assert before.split('id="nog-open"')[1].count("<strong>Vraag") == 2
    assert after.split('id="nog-open"')[1].count("<strong>Vraag") == 1
    assert "Ongelezen" not in before  # nobody let it in
    with app.app_context():
        assert not wrap_up.is_harvested(over.id)
        # Who asked what is still open is not told that it is done.
        assert {mail.subject for mail in db.session.query(Mail)} == {"Je vraag is beantwoord"}
    assert second
