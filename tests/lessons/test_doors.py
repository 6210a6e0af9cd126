from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.lessons.models import Comment, CommentStatus, Lesson, LessonSection, LessonStatus
from dagvandebuurt.people.models import Bookmark

XSS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}",
    "javascript:alert(1)",
    "<svg/onload=alert(1)>",
]


@pytest.fixture
def lesson(make, now):
    return a_lesson(make, now)


def a_lesson(make, now, slug="les", **values):
    values = {
        "title": "Een nee met uitleg", "lead": "Kort.", "in_short": ["Eén.", "Twee."], "status": LessonStatus.PUBLISHED,
        "published_at": now, "changed_at": now,
    } | values  # fmt: skip
    section = LessonSection(position=0, anchor="begin", heading="Begin", body="Een **sterk** begin.")
    return make.store(Lesson(edition_id=make.edition().id, slug=slug, sections=[section], **values))


def comment(make, lesson, author, **values):
    values = {"text": "Mooi.", "status": CommentStatus.VISIBLE, "written_at": lesson.published_at} | values
    return make.store(Comment(lesson_id=lesson.id, author_id=author.id, **values))


def test_comment_count_excludes_invisible_comments(make, lesson):
    noor = make.person("Noor")
    empty = make.browser().get("/lessen/les").get_data(as_text=True)
    comment(make, lesson, noor, text="Zichtbaar")
    comment(make, lesson, noor, text="Wacht nog", status=CommentStatus.PENDING)
    comment(
        make, lesson, noor, text="Verborgen woorden", status=CommentStatus.HIDDEN, hidden_reason="respect"
    )

    page = make.browser().get("/lessen/les").get_data(as_text=True)
    listed = make.browser().get("/lessen").get_data(as_text=True)

    assert "Nog geen reacties" in empty
    assert "1 reactie<" in page
    assert "1 reactie<" in listed
    assert "Zichtbaar" in page
    assert "Wacht nog" not in page
    assert "Verborgen woorden" not in page
    assert "Wacht nog" in make.browser(noor).get("/lessen/les").get_data(as_text=True)


def test_unpublished_lesson_is_found_by_editors_only(make, now):
    a_lesson(make, now, "concept", status=LessonStatus.IN_REVIEW, published_at=None, title="Nog niet af")

    assert make.browser().get("/lessen/concept").status_code == 404
    assert "Nog niet af" not in make.browser().get("/lessen").get_data(as_text=True)
    assert make.browser(make.person("Sven", roles=["editor"])).get("/lessen/concept").status_code == 200


def test_first_comment_is_moderated_and_the_next_shows_at_once(app, make, lesson):
    noor = make.person("Noor")
    browser = make.browser(noor)

    browser.post("/lessen/les/reacties", data={"text": "Mijn eerste"})
    with app.app_context():
        first = db.session.scalars(select(Comment)).one()
        assert first.status is CommentStatus.PENDING
        first.status = CommentStatus.VISIBLE
        db.session.commit()
    browser.post("/lessen/les/reacties", data={"text": "Mijn tweede"})

    with app.app_context():
        assert {c.text: c.status for c in db.session.scalars(select(Comment))} == {
            "Mijn eerste": CommentStatus.VISIBLE, "Mijn tweede": CommentStatus.VISIBLE,
        }  # fmt: skip


def test_reply_to_a_reply_gets_the_same_parent(app, make, lesson):
    noor = make.person("Noor")
    top = comment(make, lesson, noor, text="Boven")
    reply = comment(make, lesson, noor, text="Antwoord", parent_id=top.id)

    make.browser(noor).post("/lessen/les/reacties", data={"text": "Nog een", "antwoord_op": str(reply.id)})

    with app.app_context():
        assert db.session.scalars(select(Comment).where(Comment.text == "Nog een")).one().parent_id == top.id


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
def test_an_empty_comment_is_refused_in_words(make, lesson, text):
    answer = make.browser(make.person("Noor")).post("/lessen/les/reacties", data={"text": text})

    assert answer.status_code == 422
    assert "Schrijf hier eerst iets op." in answer.get_data(as_text=True)


def test_a_comment_that_is_too_long_stays_in_the_form(app, make, lesson):
    answer = make.browser(make.person("Noor")).post("/lessen/les/reacties", data={"text": "woord " * 400})

    assert answer.status_code == 422
    assert "Houd het bij 2000 tekens." in answer.get_data(as_text=True)
    assert "woord woord" in answer.get_data(as_text=True)


@pytest.mark.parametrize("text", XSS)
def test_html_in_a_comment_is_escaped(make, lesson, text):
    comment(make, lesson, make.person("Noor"), text=f"voor {text} na")

    page = make.browser().get("/lessen/les").get_data(as_text=True)

    assert f"voor {text} na" not in page or not any(sign in text for sign in "<>")
    assert "voor " in page


def test_visitor_logs_in_before_commenting_and_keeps_the_text(app, make, lesson):
    noor, browser = make.person("Noor"), make.browser()

    asked_in = browser.post("/lessen/les/reacties", data={"text": "Dit herken ik."})
    saved = browser.post(f"/bewaren/{lesson.id}")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Comment)) == 0

    app.config["DEMO"] = True
    back = browser.post(f"/inloggen/demo/{noor.id}")

    assert asked_in.headers["Location"].startswith("/inloggen?verder=")
    assert saved.status_code == 303
    assert back.headers["Location"].startswith("/lessen/les")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Bookmark)) == 1
        assert db.session.scalars(select(Comment)).one().text == "Dit herken ik."


def test_bookmarking_and_unbookmarking_are_idempotent(app, make, lesson):
    browser = make.browser(make.person("Noor"))

    for _ in range(2):
        browser.post(f"/bewaren/{lesson.id}")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Bookmark)) == 1
    for _ in range(2):
        assert browser.post(f"/niet-bewaren/{lesson.id}").status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Bookmark)) == 0


def test_lesson_list_uses_a_fixed_number_of_queries(app, make, now):
    seen = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))

    def queries():
        seen.clear()
        make.browser().get("/lessen")
        return sum(statement.startswith("SELECT") for statement in seen)

    a_lesson(make, now, "een")
    queries()  # reads what is kept for a while: the name and colours of the event
    one = queries()
    for slug in ("twee", "drie"):
        a_lesson(make, now + timedelta(hours=1), slug)

    assert queries() == one > 0


def test_bookmarks_are_on_the_personal_page_with_a_private_note(app, make, lesson, session):
    noor = make.person("Noor")
    make.store(
        Bookmark(person_id=noor.id, kind="session", target_id=session.id, saved_at=lesson.published_at)
    )
    browser = make.browser(noor)
    browser.post(f"/bewaren/{lesson.id}")

    browser.post(f"/mijn/bewaard/{lesson.id}", data={"notitie": "Voor de bewonersavond"})

    page = browser.get("/mijn").get_data(as_text=True)
    assert [title in page for title in (lesson.title, session.title, "Voor de bewonersavond")] == [True] * 3
    assert "Voor de bewonersavond" not in make.browser(make.person("Ali")).get("/mijn").get_data(as_text=True)
