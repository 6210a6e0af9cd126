"""Background jobs of lessons: scheduled publication, and link checks."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.lessons.desk_queries import due_by_the_clock, links_to_check, sessions_with_a_launch
from dagvandebuurt.lessons.models import Lesson, LessonLink
from dagvandebuurt.lessons.rules import go_live, launch
from dagvandebuurt.parts.jobs import each, job
from dagvandebuurt.parts.link_check import LinkCheck, check_link
from dagvandebuurt.programme.models import Phase

logger = logging.getLogger(__name__)
AGAIN_AFTER = timedelta(days=7)
MOST_LINKS = 20  # links per run; each takes ten seconds at most


@job("publish_lessons", minute="*")
def publish_lessons(app: Flask) -> int:
    """Publish what is due. Lessons that wait for one session are published together or not at all.

    An error in one session does not hold up another. Idempotent. Returns how many were published.
    """
    with app.app_context():
        now = clock.now()
        begun = [
            session.id
            for session in sessions_with_a_launch()
            if session.phase_at(now) in (Phase.LIVE, Phase.ENDED)
        ]
        alone = due_by_the_clock(now)
        db.session.rollback()
        count = each("publish_lessons", begun, lambda session_id: launch(session_id, now=now))
        return count + each("publish_lessons", alone, lambda lesson_id: _go_live(lesson_id, now))


def _go_live(lesson_id: UUID, now: datetime) -> bool:
    try:
        go_live(db.session.get_one(Lesson, lesson_id), now=now)
    except RuleBroken as broken:  # somebody unscheduled it concurrently
        logger.info("lesson %s was not published: %s", lesson_id, broken)
        return False
    return True


@job("check_links", lane="slow", minute="17")
def check_links(app: Flask, ask: Callable[[str], LinkCheck] = check_link) -> int:
    """Check at most twenty links, each once a week. Returns how many.

    No transaction is open during a request.
    """
    with app.app_context():
        due = [(link.id, link.url) for link in links_to_check(clock.now() - AGAIN_AFTER, MOST_LINKS)]
        db.session.rollback()
        return sum(_check(link_id, url, ask) for link_id, url in due)


def _check(link_id: UUID, url: str, ask: Callable[[str], LinkCheck]) -> int:
    outcome = ask(url)

    def write_down(_id: UUID) -> int:
        link = db.session.get(LessonLink, link_id)
        if link is not None:  # otherwise the link was removed from the text meanwhile
            link.answers, link.told, link.checked_at = outcome.answers, outcome.told, clock.now()
        return 1

    return each("check_links", [link_id], write_down)
