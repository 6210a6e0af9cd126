"""Subscriptions of the agenda to events of other sections: personal page, follow-ups of questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_login import current_user
from sqlalchemy import String, Text, cast, select

from dagvandebuurt.agenda import labels, privacy, retention_holds, wrap_up
from dagvandebuurt.agenda.attention import attention_of_the_agenda
from dagvandebuurt.agenda.deadlines import days_late, owes
from dagvandebuurt.agenda.models import PUBLIC, Action, FollowUp, FollowUpQuestion, LessonMark
from dagvandebuurt.agenda.permissions import AgendaPermission
from dagvandebuurt.agenda.promises import promise_of, stage_of
from dagvandebuurt.agenda.queries import (
    followed_by,
    points_for,
    points_of_questions,
    supported_without_following,
    waiting_for,
    waiting_for_editors,
)
from dagvandebuurt.agenda.retention_holds import open_points
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.i18n import on_day
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.lessons.hooks import SourceType, source_types
from dagvandebuurt.lessons.models import SourceKind
from dagvandebuurt.people.hooks import (
    BookmarkKind,
    PageSection,
    Saved,
    WorkPage,
    bookmark_kinds,
    personal_page_sections,
    work_pages,
)
from dagvandebuurt.programme.hooks import (
    attention_items,
    desk_page_views,
    room_page_views,
    session_page_views,
)
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.qanda.hooks import (
    Promise,
    PromiseStage,
    QuestionOutcome,
    question_outcomes,
    question_promises,
    questions_going_on,
    queues_page_views,
)
from dagvandebuurt.qanda.queries import merge_targets


def my_points(actor: Any) -> dict[str, Any] | None:
    """Return what one raised or follows, and what became of questions one supported."""
    points, offered = followed_by(actor), supported_without_following(actor)
    if not points and not offered:
        return None
    return {"points": points, "offered": offered, "labels": labels, "days_late": days_late}


def became_a_point(question_ids: Sequence[UUID]) -> dict[UUID, list[QuestionOutcome]]:
    """Return the follow-ups of questions; for a merged question, those of its target."""
    through = merge_targets(question_ids)
    points = points_of_questions(set(through.values()))
    marked = set(
        db.session.scalars(select(LessonMark.question_id).where(LessonMark.question_id.in_(through.values())))
    )
    found: dict[UUID, list[QuestionOutcome]] = {}
    for asked, its in through.items():
        if its in points:
            found[asked] = [_outcome(points[its])]
        elif its in marked:
            found[asked] = [QuestionOutcome(_("Deze vraag nemen we mee in een les."), "", "", state="lesson")]
    return found


def has_an_open_point(question_ids: Sequence[UUID]) -> set[UUID]:
    through = merge_targets(question_ids)
    still = set(
        db.session.scalars(
            select(FollowUpQuestion.question_id).where(
                FollowUpQuestion.question_id.in_(set(through.values())),
                FollowUpQuestion.follow_up_id.in_(open_points()),
            )
        )
    )
    return {asked for asked, its in through.items() if its in still}


def promises_to_residents(question_ids: Sequence[UUID]) -> dict[UUID, Promise]:
    now = clock.now()
    return {asked: promise_of(point, now) for asked, point in points_of_questions(question_ids).items()}


def _outcome(point: FollowUp) -> QuestionOutcome:
    stage = stage_of(point)
    if stage is PromiseStage.NOT_SENT:
        said = _("De redactie verstuurt dit niet.")
        why = next((each.note for each in point.events if each.deed is Action.DECLINE and each.note), None)
        return QuestionOutcome(f"{said} {why}" if why else said, "", "", state=f"{point.number}:not_sent")
    last = point.answers[-1] if point.answers else None
    return QuestionOutcome(
        _what_happens(point, stage),
        _("Volg actiepunt %(number)s, dan hoor je wat ermee gebeurt", number=point.number),
        path_for("agenda.show", number=point.number),
        f"{labels.DECISIONS[last.decision]}. {last.text}" if last else None,
        last.by_function if last else None,
        state=f"{point.number}:{point.status.value}:{point.decision}:{point.due_on}",
    )


def _what_happens(point: FollowUp, stage: PromiseStage) -> str:
    if stage is PromiseStage.EDITING:
        return _(
            "Dit is nu actiepunt %(number)s. De redactie kijkt het na en verstuurt het.", number=point.number
        )
    assert point.organisation is not None
    who, due = point.organisation.name, point.due_on
    said = {
        PromiseStage.ASKED: _("Deze vraag ligt nu bij %(who)s.", who=who),
        PromiseStage.ACKNOWLEDGED: _("%(who)s heeft deze vraag ontvangen.", who=who),
        PromiseStage.RESEARCHING: _("%(who)s zoekt dit uit.", who=who),
        PromiseStage.WILL_DO: _("%(who)s heeft geantwoord.", who=who),
        PromiseStage.WONT_DO: _("%(who)s heeft geantwoord.", who=who),
        PromiseStage.ELSEWHERE: _("%(who)s zegt dat dit bij een ander ligt.", who=who),
        PromiseStage.BUSY: _("%(who)s is hiermee bezig.", who=who),
        PromiseStage.DONE: _("%(who)s zegt dat dit klaar is.", who=who),
        PromiseStage.CONFIRMED: _("%(who)s heeft dit geregeld. Bewoners bevestigen dat.", who=who),
        PromiseStage.REOPENED: _("%(who)s zei dat dit klaar was. Bewoners zeggen: nog niet.", who=who),
    }[stage]
    if due is None or not owes(point):
        return said
    if days_late(point, clock.now()):
        return f"{said} {_('Het antwoord had er op %(day)s moeten zijn.', day=on_day(due))}"
    return f"{said} {_('Het antwoord komt uiterlijk op %(day)s.', day=on_day(due))}"


def points_to_save(actor: Any, ids: Sequence[UUID]) -> list[Saved]:
    found = db.session.scalars(points_for(actor).where(FollowUp.id.in_(ids)))
    return [Saved(point.id, point.title, path_for("agenda.show", number=point.number)) for point in found]


def types_of_sources() -> list[SourceType]:
    """Return the source type for lessons: an organisation's answer."""
    return [
        SourceType(
            SourceKind.FOLLOW_UP,
            public=lambda: select(
                FollowUp.id,
                cast(FollowUp.title, Text).label("label"),
                cast(FollowUp.number, String).label("slug"),
            ).where(FollowUp.status.in_(PUBLIC)),
            path=lambda _id, number: path_for("agenda.show", number=number),
        )
    ]


def my_sections() -> list[PageSection]:
    return [
        PageSection("agenda/_my_points.html", 22, my_points),
    ]


def kinds_to_save() -> list[BookmarkKind]:
    return [
        BookmarkKind("follow_up", points_to_save),
    ]


@dataclass(frozen=True, slots=True)
class AgendaOfSession:
    """Agenda on the pages of a session: what was heard, and whether it can be harvested."""

    heard: bool
    may_harvest: bool


def agenda_of_session(session: ProgrammeSession) -> Mapping[str, object]:
    is_over = session.phase_at(clock.now()) is Phase.ENDED
    return {
        "agenda": AgendaOfSession(
            heard=wrap_up.shared(session) is not None,
            may_harvest=is_over and can(current_user, AgendaPermission.HARVEST, session),
        )
    }


def sessions_to_harvest() -> Mapping[str, object]:
    return {"agenda": wrap_up.to_harvest(current_user, clock.now())}


def desks() -> list[WorkPage]:
    return [
        WorkPage(
            desk=_l("Redactie"),
            endpoint="agenda.desk",
            label=_l("Redactie van de actiepunten"),
            order=41,
            icon="share",
            about=_l("Zet voorstellen goed, laat ze nalezen, en verstuur ze."),
            works_here=lambda actor: can(actor, AgendaPermission.CURATE),
            waiting=lambda _actor: waiting_for_editors(),
        ),
        WorkPage(
            desk=_l("Vragen aan ons"),
            endpoint="agenda.for_us",
            label=_l("Vragen aan ons"),
            order=50,
            icon="hand",
            about=_l("Antwoord namens je organisatie op wat bewoners vroegen."),
            works_here=lambda actor: can(actor, AgendaPermission.READ_FOR_US),
            waiting=waiting_for,
        ),
    ]


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.AGENDA],
        erase=[privacy.points_stay_without_their_raiser],
        dissolve=[privacy.points_without_people],
        owed=[retention_holds.who_waits_for_an_agendapunt],
    )


personal_page_sections.subscribe(my_sections)
bookmark_kinds.subscribe(kinds_to_save)
question_outcomes.subscribe(became_a_point)
question_promises.subscribe(promises_to_residents)
questions_going_on.subscribe(has_an_open_point)
source_types.subscribe(types_of_sources)
desk_page_views.subscribe(agenda_of_session)
room_page_views.subscribe(agenda_of_session)
session_page_views.subscribe(agenda_of_session)
queues_page_views.subscribe(sessions_to_harvest)
personal_data.subscribe(kept_of_people)
work_pages.subscribe(desks)
attention_items.subscribe(attention_of_the_agenda)
