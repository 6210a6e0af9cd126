"""Editorial workflow: desk, edit conflicts, scheduling, links, errata, pictures."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import event

from dagvandebuurt.core.db import db
from dagvandebuurt.lessons import jobs, rules, sources
from dagvandebuurt.lessons.content import content_of, missing_in
from dagvandebuurt.lessons.errors import LessonMoved
from dagvandebuurt.lessons.models import (
    Erratum,
    Lesson,
    LessonLink,
    LessonQuote,
    LessonRevision,
    LessonSource,
    LessonStatus,
    SourceKind,
)
from dagvandebuurt.parts.link_check import LinkCheck
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.programme.models import Organisation, Speaker
from dagvandebuurt.qanda.models import QuestionStatus
from tests.lessons.writing import a_comment, a_lesson, a_proposal, a_speaker


@pytest.fixture
def sven(make):
    return make.person("Sven", roles=["editor"])


@pytest.fixture
def carolien(make):
    return make.person("Carolien", roles=["publisher"])


def of(app, lesson):
    with app.app_context():
        return content_of(db.session.get(Lesson, lesson.id))


def fields(content, revision=1, **changed):
    """Return content as the form of the editor sends it."""
    sent = {
        "revision": str(revision), "title": content["title"], "lead": content["lead"], "body": content["body"],
        "author_id": content["author_id"] or "", "sources": content["sources"], "themes": content["themes"],
    }  # fmt: skip
    sent |= {f"point_{place}": point for place, point in enumerate(content["in_short"], 1)}
    for place, quote in enumerate(content["quotes"], 1):
        sent |= {f"quote_{place}-text": quote["text"], f"quote_{place}-speaker_id": quote["speaker_id"]}
        sent |= {f"quote_{place}-agreed": "y"} if quote["agreed"] else {}
    return sent | changed


def test_editor_form_round_trips(app, make, now, session, sven):
    editor = make.browser(sven)
    begun = editor.post("/lessen/regie", data={"title": "Een bank voor de flat"})
    joke, body = a_speaker(make, "Joke"), "## Zo begon het\n\nMet *niets*.\n\n## En toen\n\n- een bank"
    question = make.question(session, status=QuestionStatus.ANSWERED)

    saved = editor.post(
        begun.location,
        data={
            "revision": "1", "title": "Een bank", "lead": "Zitten.", "body": body, "author_id": str(joke.id),
            "point_1": "Vraag.", "point_2": "Wacht.", "point_3": "Zit.", "quote_2-text": "Ik zit goed.",
            "quote_2-speaker_id": str(joke.id), "quote_2-agreed": "y",
            "sources": [f"session:{session.id}", f"question:{question.id}"],
        },
    )  # fmt: skip

    assert (begun.status_code, saved.status_code) == (303, 303)
    with app.app_context():
        lesson = db.session.query(Lesson).one()
        assert (lesson.slug, lesson.title, lesson.writer_id, lesson.revision) == (
            "een-bank-voor-de-flat",
            "Een bank",
            sven.id,
            2,
        )
        assert [(each.anchor, each.body) for each in lesson.sections] == [
            ("zo-begon-het", "Met *niets*."),
            ("en-toen", "- een bank"),
        ]
        assert [(quote.text, quote.speaker_id, quote.agreed_at) for quote in lesson.quotes] == [
            ("Ik zit goed.", joke.id, now)
        ]
        assert [source.kind for source in lesson.sources] == [SourceKind.SESSION, SourceKind.QUESTION]
        assert missing_in(content_of(lesson)) == []
        assert [revision.number for revision in db.session.query(LessonRevision).order_by("number")] == [1, 2]
    page = editor.get(begun.location).text
    assert all(words in page for words in ("Ik zit goed.", "Wie snoeit de haag?", "## Zo begon het"))


def test_unchanged_text_makes_no_revision_and_unknown_sources_are_kept(
    app, make, now, session, sven, monkeypatch
):
    without = {kind: each for kind, each in sources._kinds().items() if kind is not SourceKind.FOLLOW_UP}
    monkeypatch.setattr(sources, "_kinds", lambda: without)
    lesson = a_lesson(make, now, session=session)
    make.store(LessonSource(lesson_id=lesson.id, position=1, kind=SourceKind.FOLLOW_UP, target_id=session.id))
    there = of(app, lesson)
    editor, path = make.browser(sven), f"/lessen/regie/{lesson.slug}"
    known = [key for key in there["sources"] if key.startswith("session")]

    same = editor.post(path, data=fields(there, sources=known))
    changed = editor.post(path, data=fields(there, sources=known, title="Anders"))

    assert (same.status_code, changed.status_code) == (303, 303)
    assert of(app, lesson)["sources"] == there["sources"]
    with app.app_context():
        assert db.session.get(Lesson, lesson.id).revision == 2


def test_edit_conflict_of_a_lesson_shows_both_texts(app, make, now, session, sven, carolien):
    lesson = a_lesson(make, now, session=session)
    there, path = of(app, lesson), f"/lessen/regie/{lesson.slug}"
    first, second = make.browser(sven), make.browser(carolien)

    first.post(path, data=fields(there, body="## Begin\n\nVan Sven."))
    clash = second.post(path, data=fields(there, body="## Begin\n\nVan Carolien."))
    after = of(app, lesson)["body"]
    number = re.search(r'name="revision" type="hidden" value="(\d+)"', clash.text)[1]
    again = second.post(path, data=fields(there, number, body="## Begin\n\nVan beiden."))

    assert clash.status_code == 409
    assert "Van Sven." in re.search(r'id="hun-tekst".*?</textarea>', clash.text, re.S)[0]
    assert "Van Carolien." in re.search(r'name="body".*?</textarea>', clash.text, re.S)[0]
    assert "Van Sven." in after
    assert again.status_code == 303
    assert "Van beiden." in of(app, lesson)["body"]
    with app.app_context():  # also the text that gave way can be read back
        assert db.session.query(LessonRevision).count() == 2


def test_incomplete_lesson_cannot_be_submitted_and_says_why(app, make, now, session, sven):
    lesson = a_lesson(make, now, session=session, in_short=["Eén."], author_id=None)
    joke = a_speaker(make)
    make.store(LessonQuote(lesson_id=lesson.id, position=0, text="Ja.", speaker_id=joke.id))

    answer = make.browser(sven).post(f"/lessen/regie/{lesson.slug}/stap", data={"deed": "submit"})

    assert answer.status_code == 422
    for sentence in ("de drie punten", "Kies wie de les schreef", "of de spreker het goed vindt"):
        assert sentence in answer.text
    with app.app_context():
        assert db.session.get(Lesson, lesson.id).status is LessonStatus.DRAFT


def test_quotation_without_consent_is_not_shown(make, now, session):
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED, session=session)
    joke = a_speaker(make)
    for text, agreed in (("Dit mag.", now), ("Dit nog niet.", None)):
        make.store(
            LessonQuote(lesson_id=lesson.id, position=0, text=text, speaker_id=joke.id, agreed_at=agreed)
        )

    page = make.browser().get(f"/lessen/{lesson.slug}").text

    assert "Dit mag." in page
    assert "Dit nog niet." not in page


def test_rejection_requires_a_note_which_the_writer_reads(make, now, session, sven, carolien):
    lesson = a_lesson(make, now, LessonStatus.IN_REVIEW, session=session, writer=sven)
    path = f"/lessen/regie/{lesson.slug}/stap"

    silent = make.browser(carolien).post(path, data={"deed": "ask_changes", "note": ""})
    said = make.browser(carolien).post(path, data={"deed": "ask_changes", "note": "Zeg waar het was."})

    assert (silent.status_code, said.status_code) == (422, 303)
    assert "Schrijf erbij wat er anders moet." in silent.text
    assert "Zeg waar het was." in make.browser(sven).get(f"/lessen/regie/{lesson.slug}").text


def test_published_text_changes_after_review_with_a_public_note(app, make, now, session, sven, carolien):
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED, session=session, writer=sven)
    there, path = of(app, lesson), f"/lessen/regie/{lesson.slug}"
    editor, public = make.browser(sven), f"/lessen/{lesson.slug}"

    silent = editor.post(path, data=fields(there, lead="Zestien keer."))
    proposed = editor.post(path, data=fields(there, lead="Zestien keer.", what="Zestien, niet zes."))
    before = make.browser().get(public).text
    make.browser(carolien).post(f"{path}/stap", data={"deed": "accept", "revision": "2"})
    after = make.browser().get(public).text

    assert (silent.status_code, proposed.status_code) == (422, 303)
    assert "Lezers zien die zin." in silent.text
    assert "Zestien keer." not in before
    assert "Zestien keer." in after
    assert "Gewijzigd op" in after
    assert "Zestien, niet zes." in after
    assert "Zestien keer." in editor.get(f"{public}/versies/2").text


def test_declined_change_stays_among_the_revisions(app, make, now, session, sven, carolien):
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED, session=session, writer=sven)
    a_proposal(make, lesson, now, sven, lead="Slechter.")
    desk, path = make.browser(carolien), f"/lessen/regie/{lesson.slug}"

    desk.post(f"{path}/stap", data={"deed": "decline", "note": "Het stond er goed."})

    assert of(app, lesson)["lead"] == "Kort."
    assert "Slechter." not in re.search(r'name="lead".*?</textarea>', desk.get(path).text, re.S)[0]
    assert desk.get(f"/lessen/{lesson.slug}/versies/2").status_code == 200


def test_archived_lesson_is_readable_by_address_and_closed_for_comments(make, now, session, carolien):
    lesson = a_lesson(make, now, LessonStatus.ARCHIVED, session=session, title="Oud verhaal")

    page = make.browser().get(f"/lessen/{lesson.slug}")
    reply = make.browser(make.person()).post(f"/lessen/{lesson.slug}/reacties", data={"text": "Hoi"})

    assert page.status_code == 200
    assert "uit het archief" in page.text
    assert "Oud verhaal" not in make.browser().get("/lessen").text
    assert "Oud verhaal" not in make.browser().get("/lessen.atom").text
    assert reply.status_code == 409


# --- planning ------------------------------------------------------------------------------------


def _at(monkeypatch, moment):
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)


def test_lessons_scheduled_for_a_session_are_published_together(app, make, now, monkeypatch, carolien):
    launch = make.session(
        "De lancering", starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2)
    )
    here = make.session(starts_at=now - timedelta(minutes=5))
    set_of = [a_lesson(make, now, LessonStatus.APPROVED, session=here) for _ in range(3)]
    desk = make.browser(carolien)
    for lesson in set_of:
        answer = desk.post(f"/lessen/regie/{lesson.slug}/moment", data={"session": str(launch.id)})
        assert answer.status_code == 303

    def published():
        with app.app_context():
            return db.session.query(Lesson).filter_by(status=LessonStatus.PUBLISHED).count()

    _at(monkeypatch, launch.starts_at - timedelta(seconds=1))
    assert (jobs.publish_lessons(app), published()) == (0, 0)
    _at(monkeypatch, launch.starts_at)
    assert (jobs.publish_lessons(app), published()) == (3, 3)
    assert jobs.publish_lessons(app) == 0


def test_failure_of_one_scheduled_set_is_atomic_and_isolated(app, make, now, monkeypatch):
    sessions = [
        make.session(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(hours=1)) for _ in range(2)
    ]
    for launch in sessions:
        for number in range(2):
            a_lesson(
                make, now, LessonStatus.SCHEDULED, session=launch, title=f"Les {number}", publish_at=None,
                launch_session_id=launch.id,
            )  # fmt: skip
    stuck, real = sessions[0].id, rules.go_live

    def go_live(lesson, *, now):
        if lesson.launch_session_id == stuck and lesson.title == "Les 1":
            raise LessonMoved
        real(lesson, now=now)

    monkeypatch.setattr(rules, "go_live", go_live)
    count = jobs.publish_lessons(app)

    with app.app_context():
        out = db.session.query(Lesson).filter_by(status=LessonStatus.PUBLISHED).all()
        assert {lesson.launch_session_id for lesson in out} == {sessions[1].id}
        assert (count, len(out)) == (2, 2)
    monkeypatch.setattr(rules, "go_live", real)
    assert jobs.publish_lessons(app) == 2


def test_scheduling_at_a_time_and_refusal_of_a_past_one(app, make, now, monkeypatch, session, carolien):
    lesson = a_lesson(make, now, LessonStatus.APPROVED, session=session)
    desk, path = make.browser(carolien), f"/lessen/regie/{lesson.slug}/moment"

    too_late = desk.post(path, data={"day": "2027-01-28", "time": "13:00"})
    nothing = desk.post(path, data={})
    good = desk.post(path, data={"day": "2027-01-28", "time": "15:00"})

    assert (too_late.status_code, nothing.status_code, good.status_code) == (422, 422, 303)
    _at(monkeypatch, now + timedelta(hours=3))
    assert jobs.publish_lessons(app) == 1
    assert make.browser().get(f"/lessen/{lesson.slug}").status_code == 200


# --- links, mistakes, pictures -------------------------------------------------------------------


def test_links_are_checked_weekly_and_results_are_for_editors(app, make, now, monkeypatch, session, sven):
    lesson = a_lesson(make, now, session=session)
    there, asked = of(app, lesson), []
    body = "## Kop\n\n[een](https://een.example/) en [twee](http://twee.example/pad)"
    make.browser(sven).post(f"/lessen/regie/{lesson.slug}", data=fields(there, body=body))

    def ask(url):
        asked.append(url)
        return LinkCheck("een" in url, "status_404" if "twee" in url else "status_200")

    assert jobs.check_links(app, ask) == 2
    assert jobs.check_links(app, ask) == 0
    _at(monkeypatch, now + timedelta(days=8))
    assert jobs.check_links(app, ask) == 2
    assert sorted(set(asked)) == ["http://twee.example/pad", "https://een.example/"]
    page = make.browser(sven).get(f"/lessen/regie/{lesson.slug}").text
    assert "werkt niet" in page
    assert "404" in page
    make.browser(sven).post(f"/lessen/regie/{lesson.slug}", data=fields(there, 2, body="## Kop\n\nZonder."))
    with app.app_context():
        assert db.session.query(LessonLink).count() == 0


def test_erratum_is_reported_and_answered(app, make, now, session, sven):
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED, session=session)
    noor = make.person("Noor")
    for browser in (make.browser(), make.browser(noor)):
        assert (
            browser.post(f"/lessen/{lesson.slug}/fout", data={"text": "Het waren er zestien."}).status_code
            == 303
        )
    assert make.browser().post(f"/lessen/{lesson.slug}/fout", data={"text": " "}).status_code == 422
    with app.app_context():
        hers = db.session.query(Erratum).filter_by(sender_id=noor.id).one().id
    desk = make.browser(sven)
    assert desk.get("/lessen/regie").text.count("Het waren er zestien.") == 2

    desk.post(f"/lessen/regie/fouten/{hers}", data={"answer": "Verbeterd, dank."})

    assert desk.get("/lessen/regie").text.count("Het waren er zestien.") == 1
    assert "Verbeterd, dank." in make.browser(noor).get("/mijn").text
    with app.app_context():
        [mail] = db.session.query(Mail)
        assert mail.to == noor.email
        assert "Verbeterd, dank." in mail.text


def a_file(size=(300, 200), kind="JPEG"):
    out = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(out, kind)
    return io.BytesIO(out.getvalue())


def test_picture_requires_maker_description_and_rights(app, make, now, session, sven):
    lesson = a_lesson(make, now, session=session)
    editor, path = make.browser(sven), f"/lessen/regie/{lesson.slug}/foto"
    told = {"alt": "Een bank", "credit": "Joke", "licence": "CC BY 4.0", "revision": "1"}

    for lacking in ("alt", "credit", "licence"):
        answer = editor.post(path, data=told | {lacking: "", "foto": (a_file(), "x.png")})
        assert answer.status_code == 422
    none = editor.post(path, data=told)
    wrong = editor.post(path, data=told | {"foto": (io.BytesIO(b"<svg onload=alert(1)>"), "x.png")})
    large = editor.post(path, data=told | {"foto": (a_file(), "x.png")})
    good = of(app, lesson)

    assert (none.status_code, wrong.status_code, large.status_code) == (422, 422, 303)
    assert "geen foto die we kunnen lezen" in wrong.text
    assert (good["photo_alt"], good["photo_credit"], good["photo_licence"]) == (
        "Een bank",
        "Joke",
        "CC BY 4.0",
    )
    assert make.browser().get(f"/beeld/{good['photo']}.webp").status_code == 200
    editor.post(path, data={"doe": "weg", "revision": "2"})
    assert of(app, lesson)["photo"] is None


def test_only_picture_uploads_may_exceed_the_size_limit(app, make, now, session, sven):
    lesson = a_lesson(make, now, session=session)
    editor, path = make.browser(sven), f"/lessen/regie/{lesson.slug}"

    def send(path, size, name="foto"):
        told = {"alt": "Bank", "credit": "Joke", "licence": "CC0", "revision": "1"}
        parts = [
            f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}'
            for key, value in told.items()
        ]
        parts.append(f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="x.jpg"\r\n\r\n')
        body = "\r\n".join(parts).encode() + a_file().getvalue() + bytes(size) + b"\r\n--x--\r\n"
        return editor.post(path, data=body, content_type="multipart/form-data; boundary=x").status_code

    assert send(path, 1_200_000) == 413
    assert send(f"{path}/foto", 8_200_000) == 413
    assert send(f"{path}/foto", 1_200_000) == 303
    assert of(app, lesson)["photo"]


# --- reading -------------------------------------------------------------------------------------


def test_preview_equals_the_public_page(make, now, session, sven):
    body = "## Kop\n\nEen **vette** [link](https://x.example) <script>alert(1)</script>"
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED, session=session)
    answer = make.browser(sven).post("/voorbeeld/les", data={"title": "x", "body": body})

    assert answer.status_code == 200
    assert "<strong>vette</strong>" in answer.text
    assert "<script" not in answer.text
    assert "<html" not in answer.text
    shown = make.browser().get(f"/lessen/{lesson.slug}").text
    for piece in ('<h2 id="', '<section aria-labelledby="'):
        assert piece in answer.text
        assert piece in shown


def test_page_shows_parties_sources_and_link_preview(make, now, session):
    body = make.store(
        Organisation(
            code="org", name="Kennisbank", kind="knowledge", domain="knowledge", answers_follow_ups=False, response_days=1
        )
    )  # fmt: skip
    joke = make.store(Speaker(code="joke", name="Joke", function="bewoner", bio="", organisation_id=body.id))
    lesson = a_lesson(
        make, now, LessonStatus.PUBLISHED, session=session, interviewed_id=joke.id, publisher_id=body.id,
        photo="0" * 32, photo_alt="Een bank", photo_credit="Joke", photo_licence="CC0",
    )  # fmt: skip

    page = make.browser().get(f"/lessen/{lesson.slug}").text

    for words in ("Joke de Wit", "In gesprek met <strong>Joke</strong>, bewoner (Kennisbank)", "Uitgegeven door <strong>Kennisbank</strong>",
                  f'href="/sessies/{session.slug}"', "Joke · CC0", 'alt="Een bank"'):  # fmt: skip
        assert words in page
    assert re.search(r'og:image" content="http[^"]+/beeld/0{32}\.jpg"', page)


def test_a_lesson_with_five_hundred_comments_takes_at_most_eight_queries(app, make, now, session):
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED, session=session)
    question = make.question(session, status=QuestionStatus.ANSWERED)
    make.store(LessonSource(lesson_id=lesson.id, position=1, kind=SourceKind.QUESTION, target_id=question.id))
    people = [make.person(f"Iemand {number}") for number in range(5)]
    top = a_comment(make, lesson, people[0])
    make.store(
        *[_comment(lesson, people[number % 5], top.id if number % 3 else None, now) for number in range(499)]
    )
    seen = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))

    for who in (make.browser(), make.browser(people[0])):
        who.get(f"/lessen/{lesson.slug}")
        seen.clear()
        page = who.get(f"/lessen/{lesson.slug}").text
        asked = [statement for statement in seen if statement.startswith("SELECT")]
        assert "500 reacties" in page
        assert page.count('class="comment"') == 500
        assert 0 < len(asked) <= 8, asked


def _comment(lesson, author, parent_id, now):
    from dagvandebuurt.lessons.models import Comment

    return Comment(
        lesson_id=lesson.id, author_id=author.id, parent_id=parent_id, text="Zo is het bij ons ook.",
        status="visible", written_at=now,
    )  # fmt: skip
