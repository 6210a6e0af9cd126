"""The organiser's day: how it stands, in a sentence and in figures. Every count is one query, however many people."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select

from dagvandebuurt.attendance.models import Visit
from dagvandebuurt.attendance.queries import present_in, visitors_by_session
from dagvandebuurt.core.clock import AMSTERDAM, local
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.live.presence import STILL_HERE
from dagvandebuurt.organisation.day_plan import Counted
from dagvandebuurt.organisation.queries import SMALLEST_GROUP, by_status, sessions_of
from dagvandebuurt.people.models import Domain, ParticipantRole, Person
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.models import Edition, Phase, ProgrammeSession
from dagvandebuurt.programme.queries import rounds_of
from dagvandebuurt.qanda.models import PUBLIC, Question, QuestionStatus
from dagvandebuurt.registration.models import PlaceStatus, Registration, SessionChoice

MOST_POINTS = 30  # of the line of registrations: days, or several days together
NUMBERS = (
    _l("Geen"), _l("Eén"), _l("Twee"), _l("Drie"), _l("Vier"), _l("Vijf"), _l("Zes"),
    _l("Zeven"), _l("Acht"), _l("Negen"), _l("Tien"), _l("Elf"), _l("Twaalf"),
)  # fmt: skip


class Stage(StrEnum):
    """Where an edition is between its draft and the time after it."""

    DRAFT = "draft"
    CLOSED = "closed"
    BEFORE = "before"
    LIVE = "live"
    BETWEEN = "between"
    AFTER = "after"


@dataclass(frozen=True)
class Standing:
    """How an edition stands: the stage, one sentence, and what belongs to it."""

    stage: Stage
    says: str
    more: str = ""

    @property
    def is_on(self) -> bool:
        """Tell whether the day is going on, also between two rounds."""
        return self.stage in (Stage.LIVE, Stage.BETWEEN)


def standing_of(edition: Edition, sessions: Sequence[ProgrammeSession], now: datetime) -> Standing:
    """Say how the edition stands, from its status and its sessions; no query unless one is live."""
    if edition.status is EditionStatus.DRAFT:
        return Standing(
            Stage.DRAFT, _("Deze dag is nog een concept."), _("Bezoekers zien er niets van tot je hem opent.")
        )
    if edition.status is EditionStatus.CLOSED:
        return Standing(Stage.CLOSED, _("Deze dag is dicht."), _("Bezoekers lezen op elk adres waarom."))
    live = [each for each in sessions if each.phase_at(now) is Phase.LIVE]
    if live:
        return Standing(Stage.LIVE, " ".join([*_round_that_is_on(edition, now), _rooms(len(live))]))
    coming = [each for each in sessions if each.phase_at(now) in (Phase.BEFORE, Phase.LOBBY)]
    begins = min((each.starts_at for each in sessions), default=edition.starts_at)
    if now < begins:
        return Standing(Stage.BEFORE, _until(begins, now), _registering(edition, now))
    if coming:
        return _between(coming[0], now)
    if now < edition.ends_at and not sessions:
        return Standing(Stage.LIVE, _("De dag is bezig. Er zijn geen sessies."))
    return Standing(Stage.AFTER, _("De dag is voorbij."))


def _round_that_is_on(edition: Edition, now: datetime) -> list[str]:
    here = [each for each in rounds_of(edition) if each.starts_at <= now < each.ends_at]
    if not here:
        return []
    return [_("%(round)s is bezig.", round=max(here, key=lambda each: each.starts_at).label)]


def _rooms(count: int) -> str:
    if count == 1:
        return _("Eén zaal is open.")
    number = str(NUMBERS[count]) if count < len(NUMBERS) else str(count)
    return _("%(number)s zalen zijn open.", number=number)


def _until(begins: datetime, now: datetime) -> str:
    days = (local(begins).date() - local(now).date()).days
    if days == 0:
        return _("Vandaag is de dag. Om %(time)s uur begint het.", time=f"{local(begins):%H.%M}")
    return _("Morgen is de dag.") if days == 1 else _("Nog %(days)s dagen tot de dag.", days=days)


def _registering(edition: Edition, now: datetime) -> str:
    if now < edition.registration_opens_at:
        return _("Aanmelden kan nog niet.")
    return _("Aanmelden kan.") if now < edition.registration_closes_at else _("Aanmelden kan niet meer.")


def _between(following: ProgrammeSession, now: datetime) -> Standing:
    at = f"{local(following.starts_at):%H.%M}"
    is_today = local(following.starts_at).date() == local(now).date()
    said = (
        _("Nu is er niets bezig. %(round)s begint om %(time)s uur.", round=following.round.label, time=at)
        if is_today
        else _("Vandaag is voorbij. %(round)s begint op een andere dag.", round=following.round.label)
    )
    return Standing(Stage.BETWEEN, said)


# --- registrations ---


@dataclass(frozen=True)
class Registrations:
    """Registrations by status, and how many there were at the end of each day: (day, number) from the first."""

    statuses: Mapping[PlaceStatus, int]
    growth: Sequence[tuple[date, int]]
    expected: int
    last_day: date

    @property
    def confirmed(self) -> int:
        return self.statuses[PlaceStatus.CONFIRMED]

    @property
    def today(self) -> int:
        """Return how many came in today, as far as the line goes on until today."""
        goes_on = len(self.growth) > 1 and self.growth[-1][0] == self.last_day
        return self.growth[-1][1] - self.growth[-2][1] if goes_on else 0

    @property
    def line(self) -> str:
        """Return the points of the line in a drawing of 100 by 40, the newest on the right."""
        most, last = max(self.confirmed, 1), max(len(self.growth) - 1, 1)
        return " ".join(
            f"{100 * place / last:.1f},{38 - 36 * number / most:.1f}"
            for place, (_day, number) in enumerate(self.growth)
        )


def registration_figures(edition: Edition, now: datetime) -> Registrations:
    return Registrations(
        by_status(edition), _growth(edition, now), edition.expected_participants, local(now).date()
    )


def _growth(edition: Edition, now: datetime) -> list[tuple[date, int]]:
    """Count the confirmed registrations up to the end of each day, the last one until now, in one row."""
    mine = (Registration.edition_id == edition.id, Registration.status == PlaceStatus.CONFIRMED)
    first = db.session.scalar(select(func.min(Registration.registered_at)).where(*mine))
    if first is None:
        return []
    end = min(now, edition.ends_at) if first < edition.ends_at else now
    days = _days(local(first).date(), max(local(end).date(), local(first).date()))
    until = [datetime.combine(day + timedelta(days=1), time(), AMSTERDAM) for day in days]
    counts = [func.count().filter(Registration.registered_at < moment) for moment in until]
    row = db.session.execute(select(*counts).select_from(Registration).where(*mine)).one()
    return list(zip(days, row, strict=True))


def _days(first: date, last: date) -> list[date]:
    """Return at most MOST_POINTS days up to `last`, equally far apart; `last` and the day before are in it."""
    apart = -(-((last - first).days + 1) // (MOST_POINTS - 1))
    found = {last - timedelta(days=apart * step) for step in range(MOST_POINTS - 1)}
    return sorted(
        {*(day for day in found if day >= first), *({last - timedelta(days=1)} if last > first else ())}
    )


# --- sessions and questions ---


def counted_sessions(edition: Edition, now: datetime, *, asking: Collection[UUID] = ()) -> list[Counted]:
    """Return every session with its numbers; `asking` are those that something in *Dit vraagt nu om jou* is about."""
    sessions = sessions_of(edition)
    ids = [session.id for session in sessions]
    rows = db.session.execute(
        select(SessionChoice.session_id, SessionChoice.status, func.count())
        .where(SessionChoice.session_id.in_(ids))
        .group_by(SessionChoice.session_id, SessionChoice.status)
    )
    chosen = {(session_id, status): number for session_id, status, number in rows}
    present, visitors = present_in(ids, since=now - STILL_HERE), visitors_by_session(ids)
    return [
        Counted(
            session,
            session.phase_at(now),
            chosen=chosen.get((session.id, PlaceStatus.CONFIRMED), 0),
            waiting=chosen.get((session.id, PlaceStatus.WAITLISTED), 0),
            present=present.get(session.id, 0),
            visitors=(session.visitors or 0) + visitors.get(session.id, 0),
            asks=session.id in asking,
        )
        for session in sessions
    ]


@dataclass(frozen=True)
class Questions:
    """Public questions of an edition: answered, promised as an action point, or open. `waiting` are not public
    yet.
    """

    answered: int
    forwarded: int
    open: int
    waiting: int
    by_session: Mapping[UUID, tuple[int, int]]  # public, and answered

    @property
    def all(self) -> int:
        return self.answered + self.forwarded + self.open


def question_figures(sessions: Iterable[ProgrammeSession]) -> Questions:
    rows = db.session.execute(
        select(Question.session_id, Question.status, func.count())
        .where(Question.session_id.in_([session.id for session in sessions]))
        .group_by(Question.session_id, Question.status)
    ).all()
    total = dict.fromkeys(QuestionStatus, 0)
    by_session: dict[UUID, tuple[int, int]] = {}
    for session_id, status, number in rows:
        total[status] += number
        public, answered = by_session.get(session_id, (0, 0))
        by_session[session_id] = (
            public + number * (status in PUBLIC),
            answered + number * (status is QuestionStatus.ANSWERED),
        )
    settled = total[QuestionStatus.ANSWERED] + total[QuestionStatus.FORWARDED]
    return Questions(
        answered=total[QuestionStatus.ANSWERED],
        forwarded=total[QuestionStatus.FORWARDED],
        open=sum(total[status] for status in PUBLIC) - settled,
        waiting=total[QuestionStatus.WAITING],
        by_session=by_session,
    )


# --- who is there ---


@dataclass(frozen=True)
class WhoCame:
    """A group of participants: how many registered, and how many of them were in a session. `came` is None where
    the number would say something about one person (small-cell suppression).
    """

    of: ParticipantRole | Domain
    registered: int
    came: int | None


@dataclass(frozen=True)
class Groups:
    """Groups of at least SMALLEST_GROUP people, the largest first, and the kinds that are smaller."""

    large: Sequence[WhoCame]
    small: Sequence[ParticipantRole | Domain]

    @property
    def most(self) -> int:
        return max((group.registered for group in self.large), default=1)


def who_came(edition: Edition, sessions: Iterable[ProgrammeSession]) -> tuple[Groups, Groups]:
    """Count the confirmed participants and those who were in a session, by role and by field of work. Who is on no
    list counts as registered alone: their visit is nobody's.
    """
    visited = (
        select(Visit.id)
        .where(
            Visit.person_id == Registration.person_id, Visit.session_id.in_([each.id for each in sessions])
        )
        .exists()
    )
    rows = db.session.execute(
        select(Person.participant_role, Person.domain, func.count(), func.count().filter(visited))
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.edition_id == edition.id, Registration.status == PlaceStatus.CONFIRMED)
        .group_by(Person.participant_role, Person.domain)
    ).all()
    roles: dict[ParticipantRole | Domain, tuple[int, int]] = {}
    domains: dict[ParticipantRole | Domain, tuple[int, int]] = {}
    for role, domain, registered, came in rows:
        for kind, counts in ((role, roles), (domain, domains)):
            if kind is not None:
                had = counts.get(kind, (0, 0))
                counts[kind] = (had[0] + registered, had[1] + came)
    return _groups(roles, ParticipantRole), _groups(domains, Domain)


def _groups(
    counts: Mapping[ParticipantRole | Domain, tuple[int, int]], kinds: Iterable[ParticipantRole | Domain]
) -> Groups:
    found = [(kind, *counts[kind]) for kind in kinds if kind in counts]
    large = [
        WhoCame(kind, registered, came if came >= SMALLEST_GROUP else None)
        for kind, registered, came in found
        if registered >= SMALLEST_GROUP
    ]
    return Groups(
        sorted(large, key=lambda group: -group.registered),
        [kind for kind, registered, _came in found if registered < SMALLEST_GROUP],
    )
