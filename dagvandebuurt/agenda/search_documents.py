"""Search documents of action points: the public text and its answer."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from dagvandebuurt.agenda.models import PUBLIC, Answer, FollowUp
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.search.registry import SearchDocument, Touch, itself, searchable
from dagvandebuurt.programme.models import Organisation, Place, ProgrammeSession, Theme
from dagvandebuurt.programme.search_documents import found_by, places_of

_READ = (
    "status",
    "title",
    "body",
    "organisation_id",
    "place_id",
    "theme_id",
    "session_id",
    "sent_at",
    "partners",
)


@searchable(
    "follow_up",
    label=_l("Actiepunten"),
    endpoint="agenda.show",
    touches={
        FollowUp: itself(*_READ),
        Answer: Touch(lambda answer: (answer.follow_up_id,)),
        Organisation: found_by(
            lambda body: select(FollowUp.id).where(FollowUp.organisation_id == body.id), "name", "place_id"
        ),
        Theme: found_by(lambda theme: select(FollowUp.id).where(FollowUp.theme_id == theme.id), "label"),
        ProgrammeSession: found_by(
            lambda session: select(FollowUp.id).where(FollowUp.session_id == session.id), "title"
        ),
    },
)
def points(ids: Iterable[UUID] | None) -> Iterator[SearchDocument]:
    """Return documents of sent points, without their raiser."""
    query = (
        select(FollowUp)
        .where(FollowUp.status.in_(PUBLIC))
        .options(
            joinedload(FollowUp.organisation).joinedload(Organisation.place).joinedload(Place.parent),
            joinedload(FollowUp.place).joinedload(Place.parent),
            joinedload(FollowUp.theme),
            joinedload(FollowUp.session),
            selectinload(FollowUp.partners),
            selectinload(FollowUp.answers),
        )
    )
    for point in db.session.scalars(query if ids is None else query.where(FollowUp.id.in_(list(ids)))):
        yield _entry(point)


def _entry(point: FollowUp) -> SearchDocument:
    assert point.sent_at is not None
    bodies = [each for each in (point.organisation, *point.partners) if each is not None]
    home = point.place or (point.organisation.place if point.organisation is not None else None)
    return SearchDocument(
        thing_id=point.id,
        title=point.title,
        body=" ".join([point.body, *(answer.text for answer in point.answers[-1:])]),
        also=(point.session.title,) if point.session is not None else (),
        themes=(point.theme.label,) if point.theme is not None else (),
        places=places_of(home),
        organisations=tuple(dict.fromkeys(each.name for each in bodies)),
        year=point.sent_at.year,
        at=point.sent_at,
        link={"number": str(point.number)},
    )
