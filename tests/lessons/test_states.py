"""State machines of lessons and comments: generated from the tables; everything else is refused."""

from datetime import timedelta

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.lessons import comment_rules, rules
from dagvandebuurt.lessons.content import content_of
from dagvandebuurt.lessons.models import Comment, CommentStatus, Lesson, LessonStatus, LessonStep
from dagvandebuurt.lessons.states import COMMENTS, LESSONS, Action, CommentAction
from tests.lessons.writing import a_comment, a_lesson, a_proposal

ROLES = ("editor", "publisher", "moderator", "organiser", "admin", "host", "supporter", "org_contact")
# Who may do what: the actions each role has, as the domain says. Not derived from the code.
MAY = {
    "editor": {"save", "submit", "take_back", "amend"},
    "publisher": {
        "save", "submit", "take_back", "amend", "ask_changes", "approve", "schedule", "unschedule", "publish",
        "accept", "decline", "archive", "restore",
    },
    "moderator": {"take_down", "put_back"},
}  # fmt: skip


def _action(action, lesson, actor, now, number):
    """The rule behind each action, with what it takes."""
    later = now + timedelta(days=1)
    content = {**content_of(lesson), "lead": "Anders."}
    acts = {
        Action.SAVE: lambda: rules.save(actor, lesson, content=content, revision=lesson.revision, now=now),
        Action.AMEND: lambda: rules.amend(
            actor, lesson, content=content, revision=lesson.revision, what="Het begin.", now=now
        ),
        Action.SUBMIT: lambda: rules.submit(actor, lesson, now=now),
        Action.TAKE_BACK: lambda: rules.take_back(actor, lesson, now=now),
        Action.ASK_CHANGES: lambda: rules.ask_changes(actor, lesson, note="Korter.", now=now),
        Action.APPROVE: lambda: rules.approve(actor, lesson, note="", now=now),
        Action.SCHEDULE: lambda: rules.schedule(actor, lesson, moment=later, session=None, now=now),
        Action.UNSCHEDULE: lambda: rules.unschedule(actor, lesson, now=now),
        Action.PUBLISH: lambda: rules.publish(actor, lesson, now=now),
        Action.GO_LIVE: lambda: rules.go_live(lesson, now=now),
        Action.ACCEPT: lambda: rules.accept(actor, lesson, revision=number, now=now),
        Action.DECLINE: lambda: rules.decline(actor, lesson, note="Nee.", now=now),
        Action.ARCHIVE: lambda: rules.archive(actor, lesson, now=now),
        Action.RESTORE: lambda: rules.restore(actor, lesson, now=now),
        Action.TAKE_DOWN: lambda: rules.take_down(actor, lesson, note="Namen.", now=now),
        Action.PUT_BACK: lambda: rules.put_back(actor, lesson, note="", now=now),
    }
    assert set(acts) == set(Action)
    return acts[action]()


def _try(make, act):
    """The code of the refusal, or None."""
    with make.context():
        try:
            with transaction():
                act()
        except RuleBroken as broken:
            return broken.code
    return None


def test_tables_have_every_action():
    assert set(LESSONS.table) == set(Action)
    assert set(COMMENTS.table) == set(CommentAction)


@pytest.mark.parametrize("status", LessonStatus)
def test_every_action_in_every_state(app, make, now, session, status):
    editor, publisher = make.identity("Sven", roles=["editor"]), make.identity("C", roles=["publisher"])
    moderator = make.moderator()
    for action, possible in LESSONS.table.items():
        lesson = a_lesson(make, now, status, session=session, writer=editor)
        number = a_proposal(make, lesson, now, editor) if status is LessonStatus.PUBLISHED else 0
        actor = moderator if (possible.needs or "").endswith("take-down") else publisher

        with make.context():
            here = lambda: db.session.get(Lesson, lesson.id)  # noqa: B023, E731 - used at once
            code = _try(make, lambda: _action(action, here(), actor, now, number))  # noqa: B023
            after = here().status

        if status in possible.sources:
            assert (code, after) == (None, possible.target or status), action
        else:
            assert (code, after) == ("lessons.moved", status), action


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_action_by_every_role(app, make, now, session, role):
    editor = make.identity("Sven", roles=["editor"])
    actor = make.identity("Iemand", roles=[role] if role else [])
    allowed = set()
    for action, possible in LESSONS.table.items():
        if action is Action.GO_LIVE:
            continue  # nobody sends it
        status = sorted(possible.sources)[0]
        lesson = a_lesson(make, now, status, session=session, writer=editor)
        number = a_proposal(make, lesson, now, editor) if status is LessonStatus.PUBLISHED else 0
        with make.context():
            code = _try(
                make,
                lambda: _action(action, db.session.get(Lesson, lesson.id), actor, now, number),  # noqa: B023
            )
            assert (code is None) == can(actor, possible.needs, db.session.get(Lesson, lesson.id))
        assert code in (None, "house.not_allowed"), action
        if code is None:
            allowed.add(action.value)

    assert allowed == MAY.get(role, set())


def test_authors_of_any_revision_cannot_review(app, make, now, session):
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


def test_proposer_cannot_accept_their_own_change(app, make, now, session):
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


def _comment_action(action, comment, actor, now):
    acts = {
        CommentAction.EDIT: lambda: comment_rules.edit_comment(actor, comment, text="Anders.", now=now),
        CommentAction.DELETE: lambda: comment_rules.delete_comment(actor, comment, now=now),
        CommentAction.LET_THROUGH: lambda: comment_rules.let_through(actor, comment),
        CommentAction.HIDE: lambda: comment_rules.hide_comment(actor, comment, reason="respect", note=""),
        CommentAction.SHOW: lambda: comment_rules.show_comment(actor, comment),
        CommentAction.REPLY: lambda: comment_rules.comment(
            actor, db.session.get(Lesson, comment.lesson_id), text="Ja.", parent_id=comment.id,
            accepts_rules=True, now=now,
        ),
    }  # fmt: skip
    assert set(acts) == set(CommentAction)
    return acts[action]()


@pytest.mark.parametrize("status", CommentStatus)
@pytest.mark.parametrize("action", CommentAction)
def test_every_comment_action_in_every_status(app, make, now, session, action, status):
    possible = COMMENTS.table[action]
    noor = make.identity("Noor")
    actor = make.moderator() if possible.needs.endswith("moderate") else noor
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED, session=session)
    comment = a_comment(make, lesson, noor, status)

    code = _try(make, lambda: _comment_action(action, db.session.get(Comment, comment.id), actor, now))

    with app.app_context():
        after = db.session.get(Comment, comment.id).status
    if status in possible.sources:
        assert (code, after) == (None, possible.target or status)
    else:
        refusal = (
            "lessons.nothing_to_reply_to" if action is CommentAction.REPLY else "lessons.comment_changed"
        )
        assert (code, after) == (refusal, status)


@pytest.mark.parametrize("action", CommentAction)
def test_comment_actions_are_denied_without_permission(app, make, now, session, action):
    possible = COMMENTS.table[action]
    here = make.identity(
        "Hier", roles=[("moderator", session.id), "editor", "publisher", "organiser", "admin"]
    )
    actor = make.guest() if action is CommentAction.REPLY else here
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED, session=session)
    comment = a_comment(make, lesson, make.identity("Noor"), sorted(possible.sources)[0])

    code = _try(make, lambda: _comment_action(action, db.session.get(Comment, comment.id), actor, now))

    assert code == "house.not_allowed"


def test_sabotage_extra_transition_is_detected(app, make, now, session, monkeypatch):
    """A twin: somebody lets a draft be published without a reader."""
    widened = dict(LESSONS.table)
    widened[Action.PUBLISH] = type(LESSONS.table[Action.PUBLISH])(
        LESSONS.table[Action.PUBLISH].needs,
        LESSONS.table[Action.PUBLISH].sources | {LessonStatus.DRAFT},
        LessonStatus.PUBLISHED,
    )
    lesson = a_lesson(make, now, session=session)
    carolien = make.identity("Carolien", roles=["publisher"])

    def publish():
        return _try(make, lambda: rules.publish(carolien, db.session.get(Lesson, lesson.id), now=now))

    assert publish() == "lessons.moved"
    monkeypatch.setattr(LESSONS, "table", widened)
    assert publish() is None
