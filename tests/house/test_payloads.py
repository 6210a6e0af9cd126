"""Injection payloads (XSS, bidi, CSS) in every free text of lessons, comments, notes and names, on each
page, feed, mail and preview (group A, 24)."""

import xml.etree.ElementTree as ET
from datetime import timedelta
from uuid import uuid4

import pytest
from markupsafe import Markup

from dagvandebuurt.core.db import db
from dagvandebuurt.core.text import clean_text, one_line
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.lessons import reader_view
from dagvandebuurt.lessons.models import (
    Comment,
    CommentStatus,
    Erratum,
    Lesson,
    LessonLink,
    LessonQuote,
    LessonRevision,
    LessonSection,
    LessonSource,
    LessonStatus,
    LessonStep,
    SourceKind,
)
from dagvandebuurt.moderation import letters
from dagvandebuurt.moderation.models import Appeal, Report, ReportedKind, ReportStatus, TextDecision
from dagvandebuurt.moderation.report_link import path_to
from dagvandebuurt.moderation.subjects import subject_of
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.models import Bookmark, Person
from dagvandebuurt.programme.models import Organisation, ProgrammeSession, Speaker, Theme
from tests.house.payloads import PAYLOADS, trouble_in

EVERYTHING = "\n\n".join(PAYLOADS)[:20_000]


def test_there_are_enough_distinct_payloads():
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 200
    assert len(EVERYTHING) < 20_000  # all of them fit in one lesson


def line(payload, most=160):
    return one_line(payload)[:most]


class Full:
    """An app in which every free text is a payload: as it comes through the forms, cleaned and cut."""

    def __init__(self, make, session, now, most=None):
        self.rows = [[], [], [], [], [], []]  # references to later rows
        self.make, self.session, self.now = make, session, now
        self.author = make.person("Noor")
        self.editor = make.person("Sven", roles=["publisher"])
        self.moderator = make.person("Jolien", roles=["moderator"])
        with make.context(), transaction():
            db.session.get(Person, self.author.id).name = line(PAYLOADS[0], 100)
            row = db.session.get(ProgrammeSession, session.id)
            row.title = row.summary = row.abstract = line(PAYLOADS[1])
        self.slugs = [self._lesson(number, payload) for number, payload in enumerate(PAYLOADS[:most])]
        self.whole = self._lesson(len(PAYLOADS), EVERYTHING, is_whole=True)
        with make.context(), transaction():
            for some in self.rows:
                db.session.add_all(some)
                db.session.flush()

    def _lesson(self, number, payload, *, is_whole=False):
        text, now = clean_text(payload, lines=4000), self.now
        short = line(PAYLOADS[number % len(PAYLOADS)])
        body = Organisation(
            code=f"o{number}",
            name=short[:120],
            kind="x",
            domain="housing",
            answers_follow_ups=False,
            response_days=1,
        )
        who = Speaker(
            code=f"s{number}", name=short[:100], function=short[:120], bio=short, organisation_id=body.id
        )
        theme = Theme(code=f"t{number}", label=short[:80], summary=short, position=number)
        lesson = Lesson(
            edition_id=self.session.edition_id,
            slug=f"les-{number}",
            title=short,
            lead=text[:600],
            in_short=[short] * 3,
            author_id=who.id,
            interviewed_id=who.id,
            publisher_id=body.id,
            status=LessonStatus.PUBLISHED,
            photo="0" * 32,
            photo_alt=short,
            photo_credit=short,
            photo_licence=short[:80],
            published_at=now,
            changed_at=now,
            corrections=[{"at": now.isoformat(), "what": short}],
            writer_id=self.author.id,
        )
        content = {
            **dict.fromkeys(("title", "photo_alt", "photo_credit", "photo_licence"), short),
            "photo": None,
            "lead": text[:600],
            "in_short": [short] * 3,
            "body": text,
            "themes": [str(theme.id)],
            "quotes": [{"text": text[:600], "speaker_id": str(who.id), "agreed": True}],
            "author_id": str(who.id),
            "interviewed_id": None,
            "publisher_id": str(body.id),
            "sources": [f"session:{self.session.id}"],
        }
        here = {"lesson_id": lesson.id}
        comment = Comment(
            **here,
            author_id=self.author.id,
            badge=short[:80],
            text=text[:2000],
            status="visible",
            written_at=now,
        )
        hidden = Comment(
            **here,
            author_id=self.author.id,
            text=text[:2000],
            status="hidden",
            hidden_reason="respect",
            hidden_note=short,
            written_at=now,
        )
        waiting = Comment(
            **here, author_id=self.author.id, text=text[:2000], status=CommentStatus.PENDING, written_at=now
        )
        gone = TextDecision(
            kind="comment",
            comment_id=hidden.id,
            is_hiding=True,
            reason="respect",
            note=short,
            at=now,
            moderator_name=short[:100],
        )
        report = Report(
            kind="comment",
            comment_id=comment.id,
            reporter_id=self.author.id,
            reason="respect",
            note=text[:500],
            sent_at=now,
            taken_by=short[:100],
            reporter_name=short[:100],
        )
        dismissed = Report(
            kind="lesson",
            lesson_id=lesson.id,
            reporter_id=self.author.id,
            reason="respect",
            note=text[:500],
            sent_at=now,
            status=ReportStatus.APPEALED,
            is_upheld=False,
            decision=short,
            decided_by=short[:100],
            decided_at=now,
        )
        rest = [
            LessonSection(**here, position=0, anchor="a", heading=short, body=text),
            LessonQuote(**here, position=0, text=text[:600], speaker_id=who.id, agreed_at=now),
            LessonSource(**here, position=0, kind=SourceKind.SESSION, target_id=self.session.id),
            LessonRevision(
                **here, number=1, content=content, what=short, made_at=now, made_by_id=self.author.id
            ),
            LessonRevision(
                **here,
                number=2,
                content=content | {"body": text[::-1]},
                what=short,
                is_waiting=is_whole,
                made_at=now,
            ),
            LessonStep(
                **here,
                deed="ask_changes",
                after=LessonStatus.PUBLISHED,
                note=text[:2000],
                at=now,
                by_id=self.author.id,
            ),
            LessonLink(
                **here,
                url=f"https://x.example/{short}"[:500],
                answers=False,
                told="status_404",
                checked_at=now,
            ),
            Erratum(
                **here,
                sender_id=self.author.id,
                text=text[:1000],
                sent_at=now,
                answer=None if number % 2 else short,
            ),
            Bookmark(
                person_id=self.author.id, kind="lesson", target_id=lesson.id, note=text[:500], saved_at=now
            ),
            Appeal(report_id=dismissed.id, text=text[:500], against=short[:100], sent_at=now),
            Appeal(decision_id=gone.id, text=text[:500], against=short[:100], sent_at=now),
        ]
        for rows, more in zip(
            self.rows, ([body], [who, theme], [lesson], [comment, hidden, waiting], [gone, report, dismissed], rest), strict=True
        ):  # fmt: skip
            rows.extend(more)
        lesson.themes = [theme]
        self.last = {"comment": comment.id, "hidden": hidden.id, "report": dismissed.id}
        return f"les-{number}"

    def pages(self):
        """(whose browser, path) of every page that shows any of it."""
        stranger, author = self.make.browser(), self.make.browser(self.author)
        editor, moderator = self.make.browser(self.editor), self.make.browser(self.moderator)
        with self.make.context():
            receipt = path_to(self.last["report"])
        whole = f"/lessen/{self.whole}"
        return [
            *((stranger, path) for path in ("/lessen", "/lessen?thema=%22><script>", whole, f"/sessies/{self.session.slug}", "/programma")),
            *((stranger, f"/lessen/{slug}") for slug in self.slugs),
            *((stranger, path) for path in (f"{whole}/fout", f"/melden/reactie/{self.last['comment']}", f"{whole}?antwoord_op={self.last['comment']}", receipt)),
            *((author, path) for path in ("/mijn", "/mijn/gegevens", f"/bezwaar/reactie/{self.last['hidden']}", f"{whole}/reacties/{self.last['comment']}")),
            *((editor, path) for path in ("/lessen/regie", f"/lessen/regie/{self.whole}", f"{whole}/versies", f"{whole}/versies/1", f"{whole}/versies/2")),
            (moderator, "/moderatie"),
        ]  # fmt: skip


def test_payloads_are_escaped_on_pages_feeds_and_mails(app, make, session, now):
    full = Full(make, session, now)
    _no_page_lets_it_out(full)
    _nor_does_the_feed(make)
    _nor_does_a_mail(app, full)


def _no_page_lets_it_out(full):
    shown = 0
    for browser, path in full.pages():
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert trouble_in(answer.text) == [], path
        shown += "kanarie" in answer.text
    assert shown > len(PAYLOADS) - 20  # and it was there; some consist only of what is removed


def test_payloads_are_escaped_in_previews_refused_forms_and_diffs(app, make, session, now):
    full = Full(make, session, now, most=5)
    editor = full.make.browser(full.editor)
    typed = {
        "title": line(PAYLOADS[0]),
        "lead": EVERYTHING[:600],
        "body": EVERYTHING,
        "revision": "99",
        "what": "x",
    }
    path = f"/lessen/regie/{full.whole}"
    for address, status in (("/voorbeeld/les", 200), (path, 409)):
        answer = editor.post(address, data=typed)
        assert answer.status_code == status
        assert "kanarie" in answer.text
        assert trouble_in(answer.text) == []
    for payload in PAYLOADS:
        answer = editor.post("/voorbeeld/les", data={"title": "x", "body": payload})
        assert trouble_in(answer.text) == [], payload
    for who, address, refused in (
        (full.make.browser(), f"/melden/reactie/{full.last['comment']}", {"note": EVERYTHING[:400], "name": PAYLOADS[0]}),
        (full.make.browser(), f"/lessen/{full.whole}/reacties", {"text": EVERYTHING}),
        (full.make.browser(full.moderator), f"/moderatie/meldingen/{uuid4()}/laten-staan", {"note": EVERYTHING}),
        (full.make.browser(full.author), f"/bezwaar/reactie/{full.last['hidden']}", {"text": EVERYTHING}),
    ):  # fmt: skip
        answer = who.post(address, data=refused)
        assert answer.status_code == 422, address
        assert trouble_in(answer.text) == []


def _nor_does_the_feed(make):
    feed = make.browser().get("/lessen.atom")

    root = ET.fromstring(feed.data)
    entries = root.findall("{http://www.w3.org/2005/Atom}entry")

    assert len(entries) == len(PAYLOADS) + 1
    assert {each.tag.rpartition("}")[2] for each in root.iter()} == {
        "feed", "title", "id", "link", "updated", "entry", "published", "author", "name", "summary",
    }  # fmt: skip


def _nor_does_a_mail(app, full):
    with app.app_context(), transaction():
        for number, payload in enumerate(PAYLOADS):
            subject = subject_of(ReportedKind.COMMENT, full.last["hidden"])
            subject.thing.text = clean_text(payload, lines=30)
            letters.tell_writer(
                subject_of(ReportedKind.COMMENT, full.last["hidden"]), now=full.now + timedelta(seconds=number),
                reason="respect", note=clean_text(payload, lines=12),
            )  # fmt: skip
            db.session.flush()
    with app.app_context():
        mails = db.session.query(Mail).all()
        assert len(mails) == len(PAYLOADS)
        for mail in mails:
            assert trouble_in(mail.html, is_mail=True) == [], mail.text
        assert sum("kanarie" in mail.html for mail in mails) > len(PAYLOADS) - 40


@pytest.mark.parametrize("sabotage", ["markdown", "pages"])
def test_an_unescaped_payload_is_caught(app, make, session, now, monkeypatch, sabotage):
    """Twins: Markdown that is not sanitised; templates that do not escape."""
    full = Full(make, session, now, most=20)
    if sabotage == "markdown":
        monkeypatch.setattr(reader_view, "rendered", Markup)
    else:
        app.jinja_env.bytecode_cache = None  # templates compiled with escaping
        app.jinja_env.autoescape = False
        app.jinja_env.cache.clear()
    browser = full.make.browser()
    found = [
        path for path in (f"/lessen/{slug}" for slug in full.slugs) if trouble_in(browser.get(path).text)
    ]

    assert len(found) > 15
