"""Following of themes, organisations, places and authors, with a weekly or monthly digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.lessons.models import Lesson, LessonStatus
from dagvandebuurt.people.mailer import Note, send_note
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Organisation, Place, Speaker, Theme
from dagvandebuurt.wijkwijzer.models import (
    SHOWN_INITIATIVES,
    SHOWN_OFFERS,
    SHOWN_QUESTIONS,
    Initiative,
    LearningOffer,
    LearningQuestion,
)
from dagvandebuurt.wijkwijzer.people.models import DigestWish, Following, FollowKind, Rhythm
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission

ABOUT = "digest"
EVERY = {Rhythm.WEEKLY: timedelta(days=7), Rhythm.MONTHLY: timedelta(days=30)}
TARGETS: dict[FollowKind, Any] = {
    FollowKind.THEME: Theme,
    FollowKind.ORGANISATION: Organisation,
    FollowKind.PLACE: Place,
    FollowKind.AUTHOR: Speaker,
}
MOST = 20  # things in one mail; the rest is on the site


@dataclass(frozen=True)
class New:
    """Item of a digest."""

    title: str
    path: str


@command(needs=WijkwijzerPermission.FOLLOW)
def follow(
    actor: Actor, _nothing: None, *, kind: FollowKind, target_id: UUID, on: bool, now: datetime
) -> None:
    """Follow or unfollow. The first follow sets a weekly digest. Raises NotFound."""
    assert actor.id is not None
    if db.session.get(TARGETS[kind], target_id) is None:
        raise NotFound
    there = db.session.scalar(
        select(Following).where(Following.person_id == actor.id, Following.target_id == target_id)
    )
    if on and there is None:
        db.session.add(Following(person_id=actor.id, kind=kind, target_id=target_id, since=now))
        if db.session.get(DigestWish, actor.id) is None:
            db.session.add(DigestWish(person_id=actor.id, rhythm=Rhythm.WEEKLY, told_until=now))
    elif not on and there is not None:
        db.session.delete(there)


@command(needs=WijkwijzerPermission.FOLLOW)
def choose_rhythm(actor: Actor, _nothing: None, *, rhythm: Rhythm, now: datetime) -> None:
    """Set the frequency of the digest. It is switched off under the mail preferences."""
    assert actor.id is not None
    wish = db.session.get(DigestWish, actor.id)
    if wish is None:
        db.session.add(DigestWish(person_id=actor.id, rhythm=rhythm, told_until=now))
    else:
        wish.rhythm = rhythm


def followed_by(actor: Actor) -> Sequence[tuple[Following, str]]:
    """Return what somebody follows, with its name."""
    rows = db.session.scalars(
        select(Following).where(Following.person_id == actor.id).order_by(Following.kind, Following.since)
    ).all()
    named = [(row, db.session.get(TARGETS[row.kind], row.target_id)) for row in rows]
    return [(row, getattr(it, "label", None) or it.name) for row, it in named if it is not None]


def follows(actor: Actor, target_id: UUID) -> bool:
    if actor.id is None:
        return False
    query = select(Following.id).where(Following.person_id == actor.id, Following.target_id == target_id)
    return db.session.scalar(query) is not None


def due(now: datetime) -> Sequence[UUID]:
    """Return the people whose digest is due."""
    return db.session.scalars(
        select(DigestWish.person_id)
        .where(
            or_(
                *(
                    (DigestWish.rhythm == rhythm) & (DigestWish.told_until <= now - every)
                    for rhythm, every in EVERY.items()
                )
            ),
            DigestWish.person_id.in_(select(Following.person_id)),
        )
        .order_by(DigestWish.person_id)
    ).all()


def send_digest(person_id: UUID, *, now: datetime) -> bool:
    """Mail a digest, unless there is no news. Returns whether there was any."""
    wish = db.session.scalar(
        select(DigestWish).where(DigestWish.person_id == person_id).with_for_update(skip_locked=True)
    )
    if wish is None or wish.told_until > now - EVERY[wish.rhythm]:
        return False
    person = db.session.get_one(Person, person_id)
    found = new_for(person_id, since=wish.told_until, until=now)
    wish.told_until = now
    if not found:
        return False

    def compose() -> Note:
        lines = [_("Dit is er bij gekomen bij wat je volgt:"), *(f"- {each.title}" for each in found[:MOST])]
        if len(found) > MOST:
            lines.append(_("En nog %(more)s meer op de site.", more=len(found) - MOST))
        return Note(_("Nieuw in de Wijkwijzer"), lines, _("Lees verder"), "/wijkwijzer/volgen")

    send_note(person, ABOUT, compose, dedupe_key=f"digest:{person_id}:{now.date()}", now=now)
    return True


def new_for(person_id: UUID, *, since: datetime, until: datetime) -> list[New]:
    """Return what is new in that period about anything this person follows, each once."""
    rows = db.session.scalars(select(Following).where(Following.person_id == person_id)).all()
    ids: dict[FollowKind, list[UUID]] = {kind: [] for kind in FollowKind}
    for row in rows:
        ids[row.kind].append(row.target_id)
    found = [
        *_offers(ids, since, until), *_initiatives(ids, since, until), *_questions(ids, since, until),
        *_lessons(ids, since, until),
    ]  # fmt: skip
    return found


def _themes(kind: Any, ids: dict[FollowKind, list[UUID]]) -> Any:
    return kind.themes.any(Theme.id.in_(ids[FollowKind.THEME]))


def _places(kind: Any, ids: dict[FollowKind, list[UUID]]) -> Any:
    """Return places, including the neighbourhoods of a municipality."""
    within = select(Place.id).where(
        or_(Place.id.in_(ids[FollowKind.PLACE]), Place.parent_id.in_(ids[FollowKind.PLACE]))
    )
    return kind.place_id.in_(within)


def _offers(ids: dict[FollowKind, list[UUID]], since: datetime, until: datetime) -> list[New]:
    mine = or_(
        _themes(LearningOffer, ids), _places(LearningOffer, ids),
        LearningOffer.provider_id.in_(ids[FollowKind.ORGANISATION]),
    )  # fmt: skip
    rows = db.session.scalars(
        select(LearningOffer)
        .where(
            mine, LearningOffer.status.in_(SHOWN_OFFERS), LearningOffer.published_at > since,
            LearningOffer.published_at <= until,
        )
        .order_by(LearningOffer.title)
    )  # fmt: skip
    return [
        New(_("Aanbod: %(title)s", title=row.title), path_for("wijkwijzer.offer", number=row.number))
        for row in rows
    ]


def _initiatives(ids: dict[FollowKind, list[UUID]], since: datetime, until: datetime) -> list[New]:
    mine = or_(
        _themes(Initiative, ids), _places(Initiative, ids),
        Initiative.led_by_id.in_(ids[FollowKind.ORGANISATION]),
        Initiative.partners.any(Organisation.id.in_(ids[FollowKind.ORGANISATION])),
    )  # fmt: skip
    rows = db.session.scalars(
        select(Initiative)
        .where(
            mine, Initiative.status.in_(SHOWN_INITIATIVES), Initiative.published_at > since,
            Initiative.published_at <= until,
        )
        .order_by(Initiative.title)
    )  # fmt: skip
    return [
        New(_("Goed voorbeeld: %(title)s", title=row.title), path_for("wijkwijzer.initiative", slug=row.slug))
        for row in rows
    ]


def _questions(ids: dict[FollowKind, list[UUID]], since: datetime, until: datetime) -> list[New]:
    rows = db.session.scalars(
        select(LearningQuestion)
        .where(
            or_(_themes(LearningQuestion, ids), _places(LearningQuestion, ids)),
            LearningQuestion.status.in_(SHOWN_QUESTIONS), LearningQuestion.asked_at > since,
            LearningQuestion.asked_at <= until,
        )
        .order_by(LearningQuestion.number)
    )  # fmt: skip
    return [
        New(_("Leervraag: %(title)s", title=row.title), path_for("wijkwijzer.question", number=row.number))
        for row in rows
    ]


def _lessons(ids: dict[FollowKind, list[UUID]], since: datetime, until: datetime) -> list[New]:
    mine = or_(_themes(Lesson, ids), Lesson.author_id.in_(ids[FollowKind.AUTHOR]))
    rows = db.session.scalars(
        select(Lesson)
        .where(
            mine, Lesson.status == LessonStatus.PUBLISHED, Lesson.published_at > since,
            Lesson.published_at <= until,
        )
        .order_by(Lesson.title)
    )  # fmt: skip
    return [
        New(_("Les: %(title)s", title=row.title), path_for("lessons.show", slug=row.slug)) for row in rows
    ]
