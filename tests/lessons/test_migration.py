"""Migration that rebuilds a table referenced by others."""

from flask_migrate import downgrade, upgrade

from dagvandebuurt.core.db import db
from dagvandebuurt.lessons.models import Comment, LessonSection, LessonStatus
from tests.factories import Factory
from tests.house.test_house import migrated  # noqa: F401 - a fixture
from tests.lessons.writing import a_comment, a_lesson

BEFORE = "a41c7e93b5d2"  # the one before lessons are written


def test_references_to_lessons_survive_downgrade_and_upgrade(migrated, now):  # noqa: F811
    make = Factory(migrated)
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED)
    a_comment(make, lesson, make.person())
    db.session.remove()

    downgrade(revision=BEFORE)
    upgrade()

    assert (db.session.query(Comment).count(), db.session.query(LessonSection).count()) == (1, 1)
