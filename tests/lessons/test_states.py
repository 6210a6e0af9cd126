"""What can become of a lesson and of a comment, tried from the tables: everything else is refused."""

from datetime import timedelta

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.lessons import comment_rules, rules
from dagvandebuurt.lessons.content import content_of
from dagvandebuurt.lessons.models import Comment, CommentStatus, Lesson, LessonStatus, LessonStep
from dagvandebuurt.lessons.states import COMMENT_TABLE, TABLE, CommentDeed, Deed
from tests.lessons.writing import a_comment, a_lesson, a_proposal

ROLES = ("editor", "publisher", "moderator", "organiser", "admin", "host", "supporter", "org_contact")
# Who may do what: the deeds each role has, as the domain says. Not derived from the code.
MAY = {
    "editor": {"save", "submit", "take_back", "amend"},
    "publisher": {
        "save", "submit", "take_back", "amend", "ask_changes", "approve", "schedule", "unschedule", "publish",
        "accept", "decline", "archive", "restore",
    },
    "moderator": {"take_down", "put_back"},
}  # fmt: skip


def _deed(deed, lesson, actor, now, number):
    """The rule behind each deed, with what it takes."""
    later = now + timedelta(days=1)
    content = {**content_of(lesson), "lead": "Anders."}
    acts = {
        Deed.SAVE: lambda: rules.save(actor, lesson, content=content, revision=lesson.revision, now=now),
        Deed.AMEND: lambda: rules.amend(
            actor, lesson, content=content, revision=lesson.revision, what="Het begin.", now=now
        ),
        Deed.SUBMIT: lambda: rules.submit(actor, lesson, now=now),
        Deed.TAKE_BACK: lambda: rules.take_back(actor, lesson, now=now),
        Deed.ASK_CHANGES: lambda: rules.ask_changes(actor, lesson, note="Korter.", now=now),
        Deed.APPROVE: lambda: rules.approve(actor, lesson, note="", now=now),
        Deed.SCHEDULE: lambda: rules.schedule(actor, lesson, moment=later, session=None, now=now),
        Deed.UNSCHEDULE: lambda: rules.unschedule(actor, lesson, now=now),
        Deed.PUBLISH: lambda: rules.publish(actor, lesson, now=now),
        Deed.GO_LIVE: lambda: rules.go_live(lesson, now=now),
        Deed.ACCEPT: lambda: rules.accept(actor, lesson, revision=number, now=now),
        Deed.DECLINE: lambda: rules.decline(actor, lesson, note="Nee.", now=now),
        Deed.ARCHIVE: lambda: rules.archive(actor, lesson, now=now),
        Deed.RESTORE: lambda: rules.restore(actor, lesson, now=now),
        Deed.TAKE_DOWN: lambda: rules.take_down(actor, lesson, note="Namen.", now=now),
        Deed.PUT_BACK: lambda: rules.put_back(actor, lesson, note="", now=now),
    }
    assert set(acts) == set(Deed)
    return acts[deed]()


def _try(make, act):
    """The code of the refusal, or None."""
    with make.context():
        try:
            with transaction():
                act()
        except RuleBroken as broken:
            return broken.code
    return None


def test_the_tables_tell_of_every_deed():
    assert set(TABLE) == set(Deed)
    assert set(COMMENT_TABLE) == set(CommentDeed)


@pytest.mark.parametrize("status", LessonStatus)
def test_every_deed_in_every_state(app, make, now, session, status):
    editor, publisher = make.identity("Sven", roles=["editor"]), make.identity("C", roles=["publisher"])
    moderator = make.moderator()
    for deed, possible in TABLE.items():
        lesson = a_lesson(make, now, status, session=session, writer=editor)
        number = a_proposal(make, lesson, now, editor) if status is LessonStatus.PUBLISHED else 0
        actor = moderator if possible.needs.endswith("take-down") else publisher

        with make.context():
            here = lambda: db.session.get(Lesson, lesson.id)  # noqa: B023, E731 - used at once
            code = _try(make, lambda: _deed(deed, here(), actor, now, number))  # noqa: B023
            after = here().status

        if status in possible.states:
            assert (code, after) == (None, possible.after or status), deed
        else:
            assert (code, after) == ("lessons.moved", status), deed


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_deed_by_every_role(app, make, now, session, role):
    editor = make.identity("Sven", roles=["editor"])
    actor = make.identity("Iemand", roles=[role] if role else [])
    allowed = set()
    for deed, possible in TABLE.items():
        if deed is Deed.GO_LIVE:
            continue  # nobody sends it
        status = sorted(possible.states)[0]
        lesson = a_lesson(make, now, status, session=session, writer=editor)
        number = a_proposal(make, lesson, now, editor) if status is LessonStatus.PUBLISHED else 0
        with make.context():
            code = _try(
                make,
                lambda: _deed(deed, db.session.get(Lesson, lesson.id), actor, now, number),  # noqa: B023
            )
            assert (code is None) == can(actor, possible.needs, db.session.get(Lesson, lesson.id))
        assert code in (None, "house.not_allowed"), deed
        if code is None:
            allowed.add(deed.value)

    assert allowed == MAY.get(role, set())


def test_nobody_judges_what_they_wrote_not_even_a_line_of_it(app, make, now, session):
    carolien = make.identity("Carolien", roles=["publisher"])
    editor = make.identity("Sven", roles=["editor"])
    own = a_lesson(make, now, LessonStatus.IN_REVIEW, session=session, writer=carolien)
    shared = a_lesson(make, now, LessonStatus.DRAFT, session=session, writer=editor)

    def of(lesson):
        return db.session.get(Lesson, lesson.id)

    refused = _try(make, lambda: rules.approve(carolien, of(own), note="", now=now))
    with make.context():
        content = {**content_of(of(shared)), "title": "Iets anders"}
    assert _try(make, lambda: rules.save(carolien, of(shared), content=content, revision=1, now=now)) is None
    assert _try(make, lambda: rules.submit(editor, of(shared), now=now)) is None
    shared_refused = _try(make, lambda: rules.approve(carolien, of(shared), note="", now=now))
    another = make.identity("Ander", roles=["publisher"])

    assert (refused, shared_refused) == ("house.not_allowed", "lessons.own_text")
    assert _try(make, lambda: rules.approve(another, of(shared), note="", now=now)) is None


def test_who_proposes_a_change_does_not_accept_it(app, make, now, session):
    carolien, another = (make.identity(name, roles=["publisher"]) for name in ("Carolien", "Ander"))
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED, session=session)
    number = a_proposal(make, lesson, now, carolien, lead="Beter.")

    def accept(who, revision):
        return _try(
            make, lambda: rules.accept(who, db.session.get(Lesson, lesson.id), revision=revision, now=now)
        )

    assert accept(carolien, number) == "lessons.own_text"
    assert accept(another, number - 1) == "lessons.written_meanwhile"
    assert accept(another, number) is None
    with app.app_context():
        stands = db.session.get(Lesson, lesson.id)
        assert (stands.lead, [each["what"] for each in stands.corrections]) == (
            "Beter.",
            ["Een getal verbeterd."],
        )
        assert db.session.query(LessonStep).filter_by(deed="accept").one().by_id == another.id


# --- comments ------------------------------------------------------------------------------------


def _comment_deed(deed, comment, actor, now):
    acts = {
        CommentDeed.EDIT: lambda: comment_rules.edit_comment(actor, comment, text="Anders.", now=now),
        CommentDeed.DELETE: lambda: comment_rules.delete_comment(actor, comment, now=now),
        CommentDeed.LET_THROUGH: lambda: comment_rules.let_through(actor, comment),
        CommentDeed.HIDE: lambda: comment_rules.hide_comment(actor, comment, reason="respect", note=""),
        CommentDeed.SHOW: lambda: comment_rules.show_comment(actor, comment),
        CommentDeed.REPLY: lambda: comment_rules.comment(
            actor, db.session.get(Lesson, comment.lesson_id), text="Ja.", parent_id=comment.id,
            accepts_rules=True, now=now,
        ),
    }  # fmt: skip
    assert set(acts) == set(CommentDeed)
    return acts[deed]()


@pytest.mark.parametrize("status", CommentStatus)
@pytest.mark.parametrize("deed", CommentDeed)
def test_every_deed_with_a_comment_in_every_state(app, make, now, session, deed, status):
    possible = COMMENT_TABLE[deed]
    noor = make.identity("Noor")
    actor = make.moderator() if possible.needs.endswith("moderate") else noor
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED, session=session)
    comment = a_comment(make, lesson, noor, status)

    code = _try(make, lambda: _comment_deed(deed, db.session.get(Comment, comment.id), actor, now))

    with app.app_context():
        after = db.session.get(Comment, comment.id).status
    if status in possible.states:
        assert (code, after) == (None, possible.after or status)
    else:
        refusal = "lessons.nothing_to_reply_to" if deed is CommentDeed.REPLY else "lessons.comment_changed"
        assert (code, after) == (refusal, status)


@pytest.mark.parametrize("deed", CommentDeed)
def test_every_deed_with_a_comment_by_who_may_not(app, make, now, session, deed):
    possible = COMMENT_TABLE[deed]
    here = make.identity(
        "Hier", roles=[("moderator", session.id), "editor", "publisher", "organiser", "admin"]
    )
    actor = make.guest() if deed is CommentDeed.REPLY else here
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED, session=session)
    comment = a_comment(make, lesson, make.identity("Noor"), sorted(possible.states)[0])

    code = _try(make, lambda: _comment_deed(deed, db.session.get(Comment, comment.id), actor, now))

    assert code == "house.not_allowed"


def test_a_table_with_a_step_too_many_would_be_seen(app, make, now, session, monkeypatch):
    """A twin: somebody lets a draft be published without a reader."""
    widened = dict(TABLE)
    widened[Deed.PUBLISH] = type(TABLE[Deed.PUBLISH])(
        TABLE[Deed.PUBLISH].needs, TABLE[Deed.PUBLISH].states | {LessonStatus.DRAFT}, LessonStatus.PUBLISHED
    )
    lesson = a_lesson(make, now, session=session)
    carolien = make.identity("Carolien", roles=["publisher"])

    def publish():
        return _try(make, lambda: rules.publish(carolien, db.session.get(Lesson, lesson.id), now=now))

    assert publish() == "lessons.moved"
    monkeypatch.setattr(rules, "TABLE", widened)
    assert publish() is None
