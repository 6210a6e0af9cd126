"""Subscriptions of moderation to events of other sections: hidden and moved questions, the personal page."""

from typing import Any

from dagvandebuurt.live.writes import Moment
from dagvandebuurt.moderation import letters, report_link, rules
from dagvandebuurt.moderation.queries import reports_of, text_reports_of
from dagvandebuurt.moderation.subjects import subjects_behind
from dagvandebuurt.people.hooks import PageSection, personal_page_sections
from dagvandebuurt.qanda.hooks import question_hidden, question_moved
from dagvandebuurt.qanda.models import Question


def agree_with_the_reports(moderator: Any, question: Question, at: Moment) -> None:
    for report in rules.uphold_reports(moderator, question, at):
        letters.tell_reporter(report, now=at.now)
    letters.tell_asker_of_hiding(question, now=at.now, revision=at.revision)


def take_the_reports_along(moderator: Any, question: Question, there: Question, at: Moment) -> None:
    rules.take_reports_along(question, there, at)


def my_reports(actor: Any) -> dict[str, Any] | None:
    """Return a person's reports, and the decisions."""
    reports, texts = reports_of(actor), text_reports_of(actor)
    if not reports and not texts:
        return None
    links = {report.id: report_link.path_to(report.id) for report in texts}
    return {"reports": reports, "texts": texts, "links": links, "behind": subjects_behind(texts)}


def my_sections() -> list[PageSection]:
    return [
        PageSection("moderation/_my_reports.html", 25, my_reports),
    ]


personal_page_sections.subscribe(my_sections)
question_hidden.subscribe(agree_with_the_reports)
question_moved.subscribe(take_the_reports_along)
