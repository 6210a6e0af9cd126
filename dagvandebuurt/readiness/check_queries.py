"""Reading technical checks: the sessions of a speaker, and who of a session did the check."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import (
    Edition,
    ProgrammeSession,
    SessionSpeaker,
    SessionStatus,
    Speaker,
    SpeakerPart,
)
from dagvandebuurt.readiness.facts import newest_checks
from dagvandebuurt.readiness.models import TechCheck
from dagvandebuurt.readiness.permissions import ReadinessPermission
from dagvandebuurt.readiness.tech_check_links import token_for


@dataclass(frozen=True)
class Checked:
    """A speaker or host of a session, with their newest check and the token of their link."""

    speaker: Speaker
    is_host: bool
    check: TechCheck | None
    token: str
    has_mail: bool


@dataclass(frozen=True)
class CheckedSession:
    session: ProgrammeSession
    people: Sequence[Checked]

    @property
    def ready(self) -> int:
        return sum(each.check is not None and each.check.outcome == "works" for each in self.people)


def sessions_of(speaker: Speaker, edition: Edition) -> Sequence[ProgrammeSession]:
    """Return where this person is expected, in order of time. A session that is called off is not left out."""
    return db.session.scalars(
        select(ProgrammeSession)
        .where(
            # No DISTINCT over a join: PostgreSQL compares no JSON columns.
            ProgrammeSession.id.in_(
                select(SessionSpeaker.session_id).where(SessionSpeaker.speaker_id == speaker.id)
            ),
            ProgrammeSession.edition_id == edition.id,
            ProgrammeSession.status != SessionStatus.DRAFT,
        )
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title)
    ).all()


def last_check(speaker: Speaker, edition: Edition) -> TechCheck | None:
    return db.session.scalar(
        select(TechCheck)
        .where(TechCheck.edition_id == edition.id, TechCheck.speaker_id == speaker.id)
        .order_by(TechCheck.at.desc(), TechCheck.id.desc())
        .limit(1)
    )


def checks_for(actor: Actor, edition: Edition) -> list[CheckedSession]:
    """Return the sessions that `actor` arranges or runs, with who did the check."""
    sessions = db.session.scalars(
        select(ProgrammeSession)
        .where(ProgrammeSession.edition_id == edition.id, ProgrammeSession.status == SessionStatus.SCHEDULED)
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title, ProgrammeSession.id)
        .options(selectinload(ProgrammeSession.parts).joinedload(SessionSpeaker.speaker))
    ).all()
    mine = [each for each in sessions if can(actor, ReadinessPermission.ASK_TO_CHECK, each)]
    checks = newest_checks(edition)
    people = {part.speaker.person_id for each in mine for part in each.parts if part.speaker.person_id}
    mailed = set(
        db.session.scalars(
            select(Person.id).where(Person.id.in_(people), Person.email_confirmed_at.is_not(None))
        )
    )
    return [
        CheckedSession(
            each,
            [
                Checked(
                    part.speaker,
                    part.part is SpeakerPart.HOST,
                    checks.get(part.speaker_id),
                    token_for(edition, part.speaker),
                    part.speaker.person_id in mailed,
                )
                for part in each.parts
            ],
        )
        for each in mine
    ]
