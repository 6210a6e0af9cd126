"""Routes of the moderator's desk: plain forms, which a script updates live."""

from datetime import datetime
from math import ceil
from typing import Any, cast
from uuid import UUID

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput, LoginNeeded, NotAllowed
from dagvandebuurt.core.hooks import merged
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.likeness import EVERYWHERE
from dagvandebuurt.core.permissions import allows, require
from dagvandebuurt.live import items
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Verb
from dagvandebuurt.people.access.login import live_token
from dagvandebuurt.people.labels import SHORT_ROLES
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme.hooks import desk_page_views
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.programme.queries import session_by_slug, sessions_for
from dagvandebuurt.qanda import events, labels
from dagvandebuurt.qanda.desk_facts import by_wait, claimant, look_alikes
from dagvandebuurt.qanda.desk_filter import DeskFilter, DeskLabels
from dagvandebuurt.qanda.form_responses import answered, do, refusal_in_words, status_of
from dagvandebuurt.qanda.hooks import queues_page_views
from dagvandebuurt.qanda.items import asking_card, backstage_card, desk_card, desk_cards
from dagvandebuurt.qanda.models import WHAT_IS_COUNTED, Action, Question, QuestionStatus, RoleShare
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import (
    asking_rules,
    backstage_lines,
    guests_behind,
    question_by_id,
    questions_for,
    queues_of,
    sessions_at_desk,
    shares_of,
    undoable,
)
from dagvandebuurt.qanda.routes import bp, outbox_of
from dagvandebuurt.qanda.similar import most_alike
from dagvandebuurt.qanda.states import MACHINE, MERGE_INTO

COLUMNS = ("waiting", "live", "shortlisted", "visible", "answered", "hidden")


def _session_at_desk(slug: str) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require(current_user, QandaPermission.READ_DESK, session)
    return session


# What is going on comes first, then what is to come, then what is past; the longest wait first in each.
PHASES = (Phase.LIVE, Phase.LOBBY, Phase.BEFORE, Phase.ENDED, Phase.CANCELLED)


@bp.get("/sessies/<slug>/regie")
@allows(QandaPermission.READ)
def desk(slug: str) -> ResponseReturnValue:
    return _desk_page(_session_at_desk(slug))


def _desk_page(
    session: ProgrammeSession, *, trouble: dict[str, Any] | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render the desk. `trouble`: a refused action, shown at its question with the text that was typed."""
    state = items.state_of(session.id)
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    guests = guests_behind(session.id)
    questions = [
        each for each in db.session.scalars(questions_for(current_user, session)) if not each.is_muted
    ]
    alike = look_alikes(questions)
    order = {str(each.id): by_wait(each) for each in questions}
    now = clock.now()
    me = claimant(session.id, current_user.id)
    sift = DeskFilter.from_address(request.args)
    beside = merged(desk_page_views(session))
    labelling = cast(DeskLabels, beside["labelling"])
    for question, card in zip(questions, desk_cards(questions), strict=True):
        twin = alike.get(question.id)
        item = card | {
            "guests": guests.get(question.id, 0),
            "waits": labels.wait_in_words(question.asked_at, now),
            "asked_as": labels.asked_in_words(card["asked"]),
            "claimed": labels.claim_in_words(card["claim"], me, now),
            "alike": {"id": str(twin.id), "text": twin.text, "support": twin.support_count} if twin else None,
            "labels": labelling.of(card["id"]),
        }
        item["sifted"] = not sift.passes(item, labels.by_line(item["by"]))
        column = {"open_after": "visible", "forwarded": "answered"}.get(item["status"], item["status"])
        if column in columns:
            columns[column].append(item)
    columns["waiting"].sort(key=lambda item: order[item["id"]])
    on_desk = {item["id"] for column in columns.values() for item in column}
    if trouble is not None and trouble["question"] not in on_desk:
        flash(trouble["said"], "watch")
    page = render_template(
        "qanda/desk.html",
        labels=labels,
        script_words=labels.for_the_script(),
        beside=beside,
        session=session,
        phase=session.phase_at(now),
        now=now,
        minutes_left=max(0, ceil((session.ends_at - now).total_seconds() / 60)),
        me=me,
        sift=sift,
        languages_asked=sorted(
            {each["lang"] for column in columns.values() for each in column if each["lang"]}
        ),
        passing=sum(not each["sifted"] for column in columns.values() for each in column),
        everywhere=" ".join(sorted(EVERYWHERE)),
        state=state,
        columns=columns,
        trouble=trouble,
        asking=asking_card(asking_rules(session.id)),
        outbox_of=outbox_of(session),
        undoable=_undoable(session, now),
        backstage=[backstage_card(line) for line in backstage_lines(session.id)],
        shares=_shares(session),
        live_token=live_token(),
        present=live().presence.count_now(session.id),
    )
    return page, status


def _undoable(session: ProgrammeSession, now: datetime) -> list[dict[str, Any]]:
    """Return what this moderator did moments ago and may still undo, for the page."""
    return [
        {
            "id": str(question.id),
            "seen": question.desk_revision,
            "to": _session_of(question.moved_to_id),
            "text": question.text,
            "said": labels.DONE_JUST_NOW.get(change.after, ""),
        }
        for question, change in undoable(current_user, session, now)
    ]


def _session_of(question_id: UUID | None) -> str:
    there = db.session.get(Question, question_id) if question_id else None
    return str(there.session_id) if there else ""


def _shares(session: ProgrammeSession) -> list[tuple[str, list[tuple[str, int]], int]]:
    """Return, for each of questions, support and answers: its name, the numbers shown, and the total behind
    them.
    """
    shares = shares_of(session.id)
    names = {"questions": _("Vragen"), "support": _("Steun"), "answers": _("Antwoorden")}
    return [
        (
            names[what],
            [
                (str(SHORT_ROLES[ParticipantRole(role)]), number)
                for role, number in _largest_first(shares.get(what))
            ],
            shares[what].total if what in shares else 0,
        )
        for what in WHAT_IS_COUNTED
    ]


def _largest_first(share: RoleShare | None) -> list[tuple[str, int]]:
    return sorted(share.numbers.items(), key=lambda pair: (-pair[1], pair[0])) if share else []


@bp.get("/regie")
@allows(QandaPermission.READ)
def queues() -> ResponseReturnValue:
    """Show the queues of all sessions that this person runs, on one page."""
    if not current_user.runs_sessions:
        raise NotAllowed if current_user.is_known else LoginNeeded
    now = clock.now()
    found = sorted(
        (
            (queue.session, queue.session.phase_at(now), [desk_card(q) for q in queue.waiting])
            for queue in queues_of(current_user, sessions_at_desk(current_user, now))
        ),
        key=lambda each: PHASES.index(each[1]),
    )
    return render_template(
        "qanda/queues.html",
        labels=labels,
        beside=merged(queues_page_views()),
        queues=[each for each in found if each[2]],
        quiet=[
            (phase.value, [each[0] for each in found if each[1] is phase and not each[2]]) for phase in PHASES
        ],
    )


@bp.post("/sessies/<slug>/regie/achter-de-schermen")
@allows(QandaPermission.READ)
def say_backstage(slug: str) -> ResponseReturnValue:
    outcome = do(events.BACKSTAGE, _session_at_desk(slug))
    return answered(
        outcome, url_for("qanda.desk", slug=slug) + "#achter-de-schermen", _("De anderen zien het.")
    )


def _deed(slug: str, verb: Verb, question_id: UUID, said: Any) -> ResponseReturnValue:
    """Perform the action, then redirect to the next waiting question, or back to this one."""
    session = _session_at_desk(slug)
    outcome = do(verb, session, question=str(question_id))
    if outcome["ok"]:
        if "busy" in outcome:
            said = f"{said} {labels.was_busy(outcome['busy'])}"
        if request.form.get("terug") == "regie":
            return answered(outcome, url_for("qanda.queues"), str(said))
        if request.form.get("terug") == "meldingen":
            return answered(outcome, url_for("moderation.reports", slug=slug), str(said))
        leaves = verb in (events.SHOW, events.HIDE, events.MERGE, events.MOVE, events.LIVE)
        place = "kop-waiting" if leaves else f"vraag-{question_id}"
        return answered(outcome, f"{url_for('qanda.desk', slug=slug)}#{place}", str(said))
    trouble = _trouble(
        question_id,
        verb.name.partition(":")[2],
        refusal_in_words(outcome),
        at_field="fields" in outcome["error"],
    )
    return _desk_page(session, trouble=trouble, status=status_of(outcome))


def _trouble(question_id: UUID, deed: str, said: str, *, at_field: bool) -> dict[str, Any]:
    """Return a refused action as the page shows it, with what was typed."""
    typed = {name: request.form.get(name, "") for name in ("text", "reason", "note")}
    return {"question": str(question_id), "deed": deed, "at_field": at_field, "said": said, "typed": typed}


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/tonen")
@allows(QandaPermission.READ)
def show_question(slug: str, question_id: UUID) -> ResponseReturnValue:
    return _deed(slug, events.SHOW, question_id, labels.NOW[QuestionStatus.VISIBLE])


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/kijken")
@allows(QandaPermission.READ)
def claim(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Tell the other desks that one is looking at this; with `on` empty, let it go."""
    said = labels.LET_GO if request.form.get("on") == "" else labels.CLAIMED
    return _deed(slug, events.CLAIM, question_id, said)


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/verbergen")
@allows(QandaPermission.READ)
def hide_question(slug: str, question_id: UUID) -> ResponseReturnValue:
    if not request.form.get("reason"):
        trouble = _trouble(question_id, "hide", str(labels.CHOOSE_REASON), at_field=True)
        return _desk_page(_session_at_desk(slug), trouble=trouble, status=InvalidInput.status)
    return _deed(slug, events.HIDE, question_id, labels.NOW[QuestionStatus.HIDDEN])


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/aan-de-beurt")
@allows(QandaPermission.READ)
def put_live(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Put a question on stage; with `on` empty, end its turn without an answer."""
    ends = request.form.get("on") == ""
    return _deed(
        slug, events.LIVE, question_id, labels.NOW[QuestionStatus.VISIBLE if ends else QuestionStatus.LIVE]
    )


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/klaarzetten")
@allows(QandaPermission.READ)
def shortlist(slug: str, question_id: UUID) -> ResponseReturnValue:
    after = QuestionStatus.SHORTLISTED if request.form.get("on") else QuestionStatus.VISIBLE
    return _deed(slug, events.SHORTLIST, question_id, labels.NOW[after])


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/naam-verbergen")
@allows(QandaPermission.READ)
def hide_name(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Hide the asker's name from the hall; with `on` empty, show it again."""
    is_shown = request.form.get("on") == ""
    said = labels.NAME_SHOWN if is_shown else labels.NAME_HIDDEN
    return _deed(slug, events.HIDE_NAME, question_id, said)


@bp.get("/sessies/<slug>/vragen/<uuid:question_id>/verplaatsen")
@allows(QandaPermission.READ)
def elsewhere(slug: str, question_id: UUID) -> ResponseReturnValue:
    """List where this question could go: merged into another one, most similar first, or to another session."""
    session = _session_at_desk(slug)
    question = question_by_id(current_user, session, question_id)
    others = db.session.scalars(
        questions_for(current_user, session).where(
            Question.id != question.id, Question.status.in_(MERGE_INTO)
        )
    )
    now = clock.now()
    sessions = [
        other
        for other in db.session.scalars(sessions_for(current_user))
        if other.id != session.id
        and other.edition_id == session.edition_id
        and other.phase_at(now) not in (Phase.ENDED, Phase.CANCELLED)
    ]
    return render_template(
        "qanda/elsewhere.html",
        labels=labels,
        session=session,
        item=desk_card(question),
        alike=[
            desk_card(other)
            for other in most_alike(question.text, others)
            if other.key_room == question.key_room
        ],
        sessions=sessions,
        can_merge=MACHINE.is_possible(question, Action.MERGE),
        can_move=MACHINE.is_possible(question, Action.MOVE),
    )


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/samenvoegen")
@allows(QandaPermission.READ)
def merge(slug: str, question_id: UUID) -> ResponseReturnValue:
    return _deed(slug, events.MERGE, question_id, labels.NOW[QuestionStatus.MERGED])


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/doorgeven")
@allows(QandaPermission.READ)
def move(slug: str, question_id: UUID) -> ResponseReturnValue:
    return _deed(slug, events.MOVE, question_id, labels.NOW[QuestionStatus.MOVED])


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/ongedaan")
@allows(QandaPermission.READ)
def undo(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Undo the own last decision on this question, made moments ago."""
    return _deed(slug, events.UNDO, question_id, labels.UNDONE)


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/uit-elkaar")
@allows(QandaPermission.READ)
def unmerge(slug: str, question_id: UUID) -> ResponseReturnValue:
    """Take a question out of the one it was merged into."""
    return _deed(slug, events.UNMERGE, question_id, labels.UNMERGED)


@bp.post("/sessies/<slug>/regie/vragenregels")
@allows(QandaPermission.READ)
def arrange(slug: str) -> ResponseReturnValue:
    """Open or close the questions, slow them down, or show them before they are read."""
    outcome = do(events.ARRANGE, _session_at_desk(slug))
    return answered(outcome, url_for("qanda.desk", slug=slug), _("Zo gaat het nu in de zaal."))


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/antwoord")
@allows(QandaPermission.READ)
def answer(slug: str, question_id: UUID) -> ResponseReturnValue:
    return _deed(slug, events.ANSWER, question_id, labels.NOW[QuestionStatus.ANSWERED])
