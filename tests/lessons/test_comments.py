"""Comments: moderation, editing, deletion, counts, and pending comments before login."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagvandebuurt.core.db import db
from dagvandebuurt.lessons.models import Comment, CommentStatus, LessonStatus
from dagvandebuurt.lessons.queries import comment_counts, seen, threads_for
from dagvandebuurt.people.identity import Stranger
from dagvandebuurt.people.models import HouseRules, Person
from tests.lessons.writing import a_comment, a_lesson, read_before


@pytest.fixture
def lesson(make, now, session):
    return a_lesson(make, now, LessonStatus.PUBLISHED, session=session, slug="les")


def _comment(app, text):
    with app.app_context():
        return db.session.query(Comment).filter_by(text=text).one()


def test_comment_stores_the_accepted_version_of_the_house_rules(app, make, now, lesson):
    make.store(
        HouseRules(
            version=3,
            effective_from=now - timedelta(days=1),
            title="Spelregels",
            intro="Hoi",
            what_happens=[],
        )
    )
    noor = make.person("Noor")
    browser = make.browser(noor)

    without = browser.post("/lessen/les/reacties", data={"text": "Mooi zo."})
    with_it = browser.post("/lessen/les/reacties", data={"text": "Mooi zo.", "accept_rules": "y"})

    assert (without.status_code, with_it.status_code) == (422, 303)
    assert "Zet een vinkje bij de spelregels" in without.text
    assert "Mooi zo." in without.text
    assert _comment(app, "Mooi zo.").rules_version == 3
    with app.app_context():
        assert db.session.get(Person, noor.id).house_rules_version == 3
    assert "Ik houd me aan de spelregels" not in browser.get("/lessen/les").text


def test_own_comment_can_be_edited_for_fifteen_minutes(app, make, now, monkeypatch, lesson):
    noor = make.person("Noor")
    comment = a_comment(make, lesson, noor, text="Eerst")
    path = f"/lessen/les/reacties/{comment.id}"

    changed = make.browser(noor).post(path, data={"text": "Daarna"})
    others = make.browser(make.person("Ali")).post(path, data={"text": "Van Ali"})
    shown = make.browser().get("/lessen/les").text
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(minutes=15, seconds=1))
    late = make.browser(noor).post(path, data={"text": "Te laat, en lang getypt"})

    assert (changed.status_code, others.status_code, late.status_code) == (303, 404, 409)
    assert "Daarna" in shown
    assert "aangepast" in shown
    assert "een kwartier" in late.text
    assert "Te laat, en lang getypt" in late.text  # nothing typed is lost
    assert _comment(app, "Daarna").edited_at == now


def test_deleted_comment_leaves_a_placeholder_only_with_replies(app, make, now, lesson):
    noor, ali = make.person("Noor"), make.person("Ali")
    alone = a_comment(make, lesson, noor, text="Alleen")
    answered = a_comment(make, lesson, noor, text="Beantwoord")
    a_comment(make, lesson, ali, text="Antwoord van Ali", parent_id=answered.id)
    browser = make.browser(noor)

    for comment in (alone, answered):
        browser.post(f"/lessen/les/reacties/{comment.id}/weghalen")

    page = make.browser().get("/lessen/les").text
    assert page.count("Deze reactie is er niet meer.") == 1
    assert "Antwoord van Ali" in page
    assert ">1 reactie<" in page
    for word in ("Alleen", "Beantwoord", "Noor"):
        assert word not in page.split('id="reacties"')[1]
    with app.app_context():
        assert {c.author_id for c in db.session.query(Comment).filter_by(status=CommentStatus.DELETED)} == {
            None
        }


def test_hidden_comment_shows_no_text_and_its_replies_stay(make, now, lesson):
    noor, ali = make.person("Noor"), make.person("Ali")
    hidden = a_comment(make, lesson, noor, CommentStatus.HIDDEN, text="Scheldwoord")
    a_comment(make, lesson, ali, text="Rustig maar", parent_id=hidden.id)

    page = make.browser().get("/lessen/les").text.split('id="reacties"')[1]

    assert "Rustig maar" in page
    assert "Scheldwoord" not in page
    assert "Noor" not in page


def test_reply_is_stored_under_its_parent(app, make, now, lesson):
    noor, ali = make.person("Noor"), make.person("Ali")
    read_before(make, lesson, ali)
    above = a_comment(make, lesson, noor, text="Wie weet dit?")
    browser = make.browser(ali)

    form = browser.get(f"/lessen/les?antwoord_op={above.id}").text
    browser.post("/lessen/les/reacties", data={"text": "Ik weet het", "antwoord_op": str(above.id)})

    assert "Je antwoordt op" in form
    assert _comment(app, "Ik weet het").parent_id == above.id
    assert "Je antwoordt op" not in browser.get("/lessen/les?antwoord_op=onzin").text
    wrong = browser.post("/lessen/les/reacties", data={"text": "x", "antwoord_op": "onzin"})
    assert wrong.status_code == 422


def test_reply_typed_before_login_is_stored_under_its_parent(app, make, now, lesson):
    noor, ali = make.person("Noor"), make.person("Ali")
    above = a_comment(make, lesson, noor, text="Wie weet dit?")
    browser = make.browser()

    browser.post("/lessen/les/reacties", data={"text": "Ik weet het", "antwoord_op": str(above.id)})
    app.config["DEMO"] = True
    browser.post(f"/inloggen/demo/{ali.id}")

    written = _comment(app, "Ik weet het")
    assert (written.parent_id, written.author_id, written.status) == (above.id, ali.id, CommentStatus.PENDING)


def test_session_bookmarked_before_login_is_saved_after_it(app, make, now, session):
    browser, noor = make.browser(), make.person("Noor")

    asked_in = browser.post(f"/bewaren/{session.id}")
    app.config["DEMO"] = True
    browser.post(f"/inloggen/demo/{noor.id}")

    assert asked_in.location.startswith("/inloggen")
    assert session.title in browser.get("/mijn").text.split('id="bewaard"')[1]
    assert "Bewaard. Druk om niet meer te bewaren." in browser.get(f"/sessies/{session.slug}").text
    browser.post(f"/niet-bewaren/{session.id}")
    assert "Je hebt nog niets bewaard." in browser.get("/mijn").text


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(list(CommentStatus)), st.booleans()), max_size=12))
def test_comment_count_equals_the_visible_comments(app, make, now, session, drawn):
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED, session=session)
    noor = make.person("Noor")
    tops = []
    for status, is_reply in drawn:
        parent = tops[-1].id if is_reply and tops else None
        comment = a_comment(make, lesson, noor, status, parent_id=parent)
        if parent is None and status is not CommentStatus.PENDING:  # nobody could answer that one
            tops.append(comment)

    with app.app_context():
        threads = threads_for(Stranger(), lesson)
        readable = seen(threads)
        counted = comment_counts([lesson.id]).get(lesson.id, 0)
    page = make.browser().get(f"/lessen/{lesson.slug}").text

    assert readable == counted == page.count('class="comment__text"')
