"""Subscriptions of moderation to events of other sections: hidden and moved questions, the personal page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from flask import url_for

from dagvandebuurt.chat.hooks import line_hidden
from dagvandebuurt.chat.models import ChatLine
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.lessons.hooks import own_comment_views
from dagvandebuurt.lessons.models import Comment
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.moderation import labels, letters, privacy, report_link, retention_holds, rules
from dagvandebuurt.moderation.attention import attention_of_moderation
from dagvandebuurt.moderation.models import Appeal
from dagvandebuurt.moderation.permissions import ModerationPermission
from dagvandebuurt.moderation.queries import (
    appeal_of_asker,
    appeal_of_writer,
    line_reports_of,
    reports_of,
    text_reports_of,
    texts_to_judge,
    waiting_for_a_moderator,
)
from dagvandebuurt.moderation.subjects import subjects_behind
from dagvandebuurt.people.hooks import PageSection, WorkPage, personal_page_sections, work_pages
from dagvandebuurt.programme.hooks import attention_items, desk_page_views
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda import private_link
from dagvandebuurt.qanda.hooks import (
    hiding_undone,
    own_question_views,
    question_hidden,
    question_moved,
    question_shown_again,
)
from dagvandebuurt.qanda.models import Question


def agree_with_the_reports(moderator: Any, question: Question, at: Moment) -> None:
    for report in rules.uphold_reports(moderator, question, at):
        letters.tell_reporter_it_is_hidden(report, now=at.now)
    letters.tell_asker_of_hiding(question, now=at.now, revision=at.revision)


def agree_with_the_reports_of_a_line(moderator: Any, line: ChatLine, at: Moment) -> None:
    for report in rules.uphold_line_reports(moderator, line, at):
        letters.tell_reporter(report, now=at.now)


def reopen_the_reports(question: Question, hidden_at: int, at: Moment) -> None:
    for report in rules.reopen_reports(question, hidden_at, at):
        letters.take_back_upholding(report)


def take_the_reports_along(moderator: Any, question: Question, there: Question, at: Moment) -> None:
    rules.take_reports_along(question, there, at)


def my_reports(actor: Any) -> dict[str, Any] | None:
    """Return a person's reports, and the decisions."""
    reports, texts = reports_of(actor), text_reports_of(actor)
    lines = line_reports_of(actor)
    if not reports and not texts and not lines:
        return None
    links = {report.id: report_link.path_to(report.id) for report in texts}
    return {
        "reports": reports,
        "texts": texts,
        "lines": lines,
        "links": links,
        "behind": subjects_behind(texts),
        "labels": labels,
    }


def my_sections() -> list[PageSection]:
    return [
        PageSection("moderation/_my_reports.html", 25, my_reports),
    ]


@dataclass(frozen=True, slots=True)
class AppealShown:
    """Appeal against a hidden text, for its author: what became of it, or the path to make one."""

    said: str
    decision: str
    path: str

    @classmethod
    def of(cls, appeal: Appeal | None, path: str) -> Self:
        if appeal is None:
            return cls("", "", path)
        return cls(str(labels.APPEAL_STATUS[appeal.status]), appeal.decision or "", path)


def appeal_about_question(question_id: UUID) -> Mapping[str, object]:
    return {
        "moderation": AppealShown.of(
            appeal_of_asker(question_id),
            url_for("moderation.contest_form", token=private_link.token_of(question_id)),
        )
    }


@dataclass(frozen=True, slots=True)
class CommentShown:
    reason: str
    appeal: AppealShown


def hidden_comment(comment: Comment) -> Mapping[str, object]:
    path = url_for("moderation.contest_text_form", kind="reactie", subject_id=comment.id)
    reason = labels.TEXT_REASONS.get(comment.hidden_reason or "", "")
    return {"moderation": CommentShown(str(reason), AppealShown.of(appeal_of_writer(comment.id), path))}


def waiting_reports(session: ProgrammeSession) -> Mapping[str, object]:
    """List the ids of all reports and appeals that wait for a decision."""
    return {"moderation": [str(each) for each in waiting_for_a_moderator(session.id)]}


def desks() -> list[WorkPage]:
    return [
        WorkPage(
            desk=_l("Moderatie"),
            endpoint="moderation.texts_desk",
            label=_l("Moderatie"),
            order=30,
            icon="warning",
            about=_l("Lees nieuwe reacties, meldingen en bezwaren, en besluit."),
            works_here=lambda actor: can(actor, ModerationPermission.JUDGE_TEXTS),
            waiting=lambda _actor: texts_to_judge(),
        )
    ]


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.decisions_of_long_ago],
        erase=[privacy.reports_stay_without_reporter],
        dissolve=[privacy.decisions_without_people],
        owed=[retention_holds.who_waits_for_a_decision],
    )


personal_page_sections.subscribe(my_sections)
line_hidden.subscribe(agree_with_the_reports_of_a_line)
question_hidden.subscribe(agree_with_the_reports)
question_shown_again.subscribe(letters.take_back_hiding)
hiding_undone.subscribe(reopen_the_reports)
question_moved.subscribe(take_the_reports_along)
own_question_views.subscribe(appeal_about_question)
own_comment_views.subscribe(hidden_comment)
desk_page_views.subscribe(waiting_reports)
personal_data.subscribe(kept_of_people)
work_pages.subscribe(desks)
attention_items.subscribe(attention_of_moderation)
