"""Bookmarks of action points, and action points as sources of lessons."""

from dagvandebuurt.agenda.models import FollowUpStatus
from dagvandebuurt.lessons.models import LessonSource, LessonStatus, SourceKind
from tests.lessons.writing import a_lesson


def test_agenda_point_can_be_bookmarked(make, now):
    point = make.point(make.organisation("Gemeente Lindermond"), status=FollowUpStatus.SENT)
    noor = make.browser(make.person("Noor"))
    assert point.title not in noor.get("/mijn").text

    noor.post(f"/bewaren/{point.id}", data={"verder": f"/agenda/{point.number}"})

    assert point.title in noor.get("/mijn").text
    assert "niet-bewaren" in noor.get(f"/agenda/{point.number}").text
    noor.post(f"/niet-bewaren/{point.id}")
    assert point.title not in noor.get("/mijn").text


def test_unsent_point_can_be_bookmarked_only_by_its_readers(make, now):
    point = make.point(make.organisation("Gemeente Lindermond"), status=FollowUpStatus.PROPOSED)

    assert make.browser(make.person("Noor")).post(f"/bewaren/{point.id}").status_code == 404


def test_lesson_names_a_public_agenda_point_as_source(make, now):
    organisation = make.organisation("Gemeente Lindermond")
    sent = make.point(organisation, status=FollowUpStatus.SENT, title="Licht op het fietspad")
    hidden = make.point(organisation, status=FollowUpStatus.PROPOSED, title="Nog geheim")
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED)
    make.store(
        *(
            LessonSource(lesson_id=lesson.id, kind=SourceKind.FOLLOW_UP, target_id=point.id, position=place)
            for place, point in enumerate((sent, hidden))
        )
    )

    page = make.browser().get(f"/lessen/{lesson.slug}").text

    assert f'href="/agenda/{sent.number}"' in page
    assert "Licht op het fietspad" in page
    assert "Nog geheim" not in page
