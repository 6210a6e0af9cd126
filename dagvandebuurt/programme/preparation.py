"""What of the programme is to be done before a day opens, and how it stands."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.editing.snapshot import RecordKind
from dagvandebuurt.programme.hooks import PreparationStep
from dagvandebuurt.programme.models import Edition, ProgrammeSession, Round, SessionStatus


def steps_of_the_programme(edition: Edition) -> Sequence[PreparationStep]:
    """Return the steps of the edition itself: its day, texts, contact, rounds and sessions, and its opening."""
    about = path_for("programme.edit_thing", kind=RecordKind.EDITION, thing_id=edition.id)
    rounds = _count(Round.id, Round.edition_id, edition.id)
    published = _count(
        ProgrammeSession.id, ProgrammeSession.edition_id, edition.id,
        ProgrammeSession.status != SessionStatus.DRAFT,
    )  # fmt: skip
    opening = path_for("programme.edition_status", edition_id=edition.id)
    is_to_come = edition.ends_at > clock.now() or edition.status is EditionStatus.ARCHIVED
    return [
        PreparationStep(
            10, "day", _l("Kies naam en dag"),
            edition.title if is_to_come else _l("De dag die er staat, is al voorbij."),
            bool(edition.title) and is_to_come, about,
        ),
        PreparationStep(
            20, "intro", _l("Vertel waar de dag over gaat"),
            _l("Dit staat bovenaan de voorpagina."), bool(edition.intro.strip()), about,
        ),
        PreparationStep(
            30, "contact", _l("Zeg hoe mensen je bereiken"),
            edition.contact_email or edition.contact_phone or _l("Een e-mailadres of een telefoonnummer."),
            bool(edition.contact_email or edition.contact_phone), about,
        ),
        PreparationStep(
            40, "rounds", _l("Maak de ronden van de dag"),
            _l("Ronden: %(number)s", number=rounds), rounds > 0,
            path_for("programme.things", kind=RecordKind.ROUND),
        ),
        PreparationStep(
            50, "sessions", _l("Maak sessies en publiceer ze"),
            _l("Gepubliceerd: %(number)s", number=published), published > 0, path_for("programme.desk"),
        ),
        PreparationStep(
            900, "open", _l("Open de dag voor bezoekers"),
            _l("Of plan wanneer hij vanzelf opengaat."),
            edition.is_open or edition.opens_at is not None, opening,
        ),
    ]  # fmt: skip


def _count(what: object, owner: object, edition_id: UUID, *conditions: object) -> int:
    query = select(func.count(what)).where(owner == edition_id, *conditions)  # type: ignore[arg-type]
    return db.session.scalar(query) or 0
