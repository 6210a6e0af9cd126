"""Commands on offers, from submission to yearly confirmation, and on gaps, until an offer fills them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dagvandebuurt.core import timezone
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.programme.models import Organisation
from dagvandebuurt.wijkwijzer.errors import GapClosed, NeedsNote, NeedsPlan, NotOnOffer
from dagvandebuurt.wijkwijzer.models import (
    SHOWN_OFFERS,
    Gap,
    LearningOffer,
    LearningQuestion,
    LearningQuestionStatus,
    LinkStatus,
    OfferForm,
    OfferMode,
    OfferStatus,
)
from dagvandebuurt.wijkwijzer.people.models import News
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission
from dagvandebuurt.wijkwijzer.questions.rules import themes_of, wait_your_turn
from dagvandebuurt.wijkwijzer.states import (
    GAPS,
    OFFERS,
    OPEN_GAPS,
    QUESTIONS,
    GapAction,
    OfferAction,
    QuestionAction,
)
from dagvandebuurt.wijkwijzer.transitions import next_number, tell


@dataclass(frozen=True)
class Offered:
    """Description of an offer."""

    title: str
    summary: str
    provider_name: str
    form: OfferForm
    mode: OfferMode
    cost: str
    duration: str
    language_level: str = ""
    url: str | None = None
    contact: str | None = None
    provider_id: UUID | None = None
    place_id: UUID | None = None
    for_gap_id: UUID | None = None
    theme_ids: frozenset[UUID] = frozenset()
    audience: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


@command(needs=WijkwijzerPermission.OFFER)
def submit(actor: Actor, _nothing: None, *, offered: Offered, now: datetime) -> LearningOffer:
    """Submit an offer for review by a coordinator. Raises TooManyWaiting, or GapClosed when it is for a gap
    that is not open any more.
    """
    wait_your_turn(actor.id)
    gap = db.session.get(Gap, offered.for_gap_id) if offered.for_gap_id else None
    if offered.for_gap_id and (gap is None or gap.status not in OPEN_GAPS):
        raise GapClosed
    return _new(offered, number=next_number(LearningOffer), sender_id=actor.id, now=now)


def _new(offered: Offered, *, number: int, sender_id: UUID | None, now: datetime) -> LearningOffer:
    offer = LearningOffer(
        number=number,
        submitted_by_id=sender_id,
        status=OfferStatus.SUBMITTED,
        link_state=LinkStatus.UNKNOWN,
        submitted_at=now,
        changed_at=now,
    )
    _tell(offer, offered)
    db.session.add(offer)
    db.session.flush()
    return offer


def _tell(offer: LearningOffer, offered: Offered) -> None:
    provider = db.session.get(Organisation, offered.provider_id) if offered.provider_id else None
    given = {**vars(offered), "audience": list(offered.audience), "domains": list(offered.domains)}
    offer.themes = themes_of(given.pop("theme_ids"))
    for name, value in given.items():
        setattr(offer, name, value)
    if provider is not None:
        offer.provider_name = provider.name


@OFFERS.command(OfferAction.CHECK)
def check(actor: Actor, offer: LearningOffer, *, now: datetime) -> LearningOffer:
    """Mark as reviewed: it exists, and its description is right."""
    OFFERS.apply(actor, offer, OfferAction.CHECK, now=now)
    offer.checked_on = timezone.local(now).date()
    return offer


@OFFERS.command(OfferAction.DECLINE)
def decline(actor: Actor, offer: LearningOffer, *, note: str, now: datetime) -> LearningOffer:
    """Decline it; its sender reads why. Raises NeedsNote."""
    if not note:
        raise NeedsNote
    OFFERS.apply(actor, offer, OfferAction.DECLINE, now=now)
    offer.decline_note = note
    return offer


@OFFERS.command(OfferAction.PUBLISH)
def publish(actor: Actor, offer: LearningOffer, *, now: datetime) -> LearningOffer:
    """Publish the offer."""
    OFFERS.apply(actor, offer, OfferAction.PUBLISH, now=now)
    offer.published_at = offer.published_at or now
    return offer


@OFFERS.command(OfferAction.CONFIRM)
def confirm(actor: Actor, offer: LearningOffer, *, now: datetime) -> LearningOffer:
    """Confirm it for another year, also after it expired."""
    offer.checked_on = timezone.local(now).date()
    OFFERS.apply(actor, offer, OfferAction.CONFIRM, now=now)
    return offer


@OFFERS.command(OfferAction.ARCHIVE)
def archive(actor: Actor, offer: LearningOffer, *, now: datetime) -> LearningOffer:
    """Archive it. Questions it was the only answer to are open again, and their askers are notified."""
    OFFERS.apply(actor, offer, OfferAction.ARCHIVE, now=now)
    _reopen_questions_of(offer, now)
    return offer


@OFFERS.command(OfferAction.REWRITE)
def rewrite(actor: Actor, offer: LearningOffer, *, offered: Offered, now: datetime) -> LearningOffer:
    """Replace its description. The status stays; a new link is checked again."""
    OFFERS.apply(actor, offer, OfferAction.REWRITE, now=now)
    if offered.url != offer.url:
        offer.link_state, offer.link_checked_at = LinkStatus.UNKNOWN, None
    _tell(offer, offered)
    return offer


@command(needs=WijkwijzerPermission.COORDINATE)
def bring_in(
    actor: Actor,
    _nothing: None,
    *,
    read: Callable[[], Sequence[tuple[LearningOffer | None, Offered]]],
    now: datetime,
) -> tuple[int, int]:
    """Store imported offers; return how many are new, and how many changed.

    New ones count as reviewed, and are not public yet. `read` is called under the lock: a concurrent import
    finds the offers there. Raises Changed, and what `read` raises; then nothing is stored.
    """
    number = next_number(LearningOffer)
    new = changed = 0
    for offer, offered in read():
        if offer is None:
            made = _new(offered, number=number + new, sender_id=actor.id, now=now)
            check(actor, made, now=now)
            new += 1
        else:
            rewrite(actor, offer, offered=offered, now=now)
            changed += 1
    return new, changed


def fall_due(offer: LearningOffer, *, now: datetime) -> LearningOffer:
    """Ask for confirmation, a year after the last one. It stays public."""
    offer.asked_at = now
    OFFERS.apply(None, offer, OfferAction.FALL_DUE, now=now)
    return offer


def expire(offer: LearningOffer, *, now: datetime) -> LearningOffer:
    """Archive an unconfirmed offer."""
    OFFERS.apply(None, offer, OfferAction.EXPIRE, now=now)
    _reopen_questions_of(offer, now)
    return offer


def _reopen_questions_of(offer: LearningOffer, now: datetime) -> None:
    for question in offer.questions:
        is_left = any(other.status in SHOWN_OFFERS for other in question.offers)
        if question.status is LearningQuestionStatus.MATCHED and not is_left:
            QUESTIONS.apply(None, question, QuestionAction.REOPEN, now=now)
            tell(question, News.REOPENED, now=now)


# --- gaps ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """Plan for a gap: who takes it on, the next step, and its date."""

    owner_name: str
    next_step: str
    due_on: date | None
    owner_id: UUID | None = None


@GAPS.command(GapAction.ADOPT)
def adopt(actor: Actor, gap: Gap, *, plan: Plan, now: datetime) -> Gap:
    """Take a gap on. Raises NeedsPlan without a name, a step, or a future date."""
    GAPS.require(gap, GapAction.ADOPT)
    _write(gap, plan, now)
    GAPS.apply(actor, gap, GapAction.ADOPT, now=now)
    _tell_all(gap, News.ADOPTED, now)
    return gap


@GAPS.command(GapAction.DESIGN)
def design(actor: Actor, gap: Gap, *, plan: Plan, now: datetime) -> Gap:
    """Mark it as being developed. Raises NeedsPlan."""
    GAPS.require(gap, GapAction.DESIGN)
    _write(gap, plan, now)
    GAPS.apply(actor, gap, GapAction.DESIGN, now=now)
    return gap


def _write(gap: Gap, plan: Plan, now: datetime) -> None:
    owner = db.session.get(Organisation, plan.owner_id) if plan.owner_id else None
    name = owner.name if owner else plan.owner_name
    if not name or not plan.next_step or plan.due_on is None or plan.due_on <= timezone.local(now).date():
        raise NeedsPlan
    gap.owner_id, gap.owner_name = owner.id if owner else None, name
    gap.next_step, gap.due_on = plan.next_step, plan.due_on


@GAPS.command(GapAction.FILL)
def fill(actor: Actor, gap: Gap, *, offers: Sequence[LearningOffer], now: datetime) -> Gap:
    """Fill the gap with public offers; all askers are notified. Raises NotOnOffer."""
    GAPS.require(gap, GapAction.FILL)
    if not offers or any(offer.status not in SHOWN_OFFERS for offer in offers):
        raise NotOnOffer
    gap.filled_by, gap.filled_at = list(offers), now
    GAPS.apply(actor, gap, GapAction.FILL, now=now)
    for question in _waiting(gap):
        question.offers = [*question.offers, *(each for each in offers if each not in question.offers)]
        QUESTIONS.apply(actor, question, QuestionAction.FILL, now=now)
        tell(question, News.FILLED, now=now)
    return gap


@GAPS.command(GapAction.PARK)
def park(actor: Actor, gap: Gap, *, note: str, now: datetime) -> Gap:
    """Park it, with a public reason. Raises NeedsNote."""
    if not note:
        raise NeedsNote
    GAPS.require(gap, GapAction.PARK)
    gap.park_note = note
    GAPS.apply(actor, gap, GapAction.PARK, now=now)
    _tell_all(gap, News.PARKED, now)
    return gap


@GAPS.command(GapAction.RESUME)
def resume(actor: Actor, gap: Gap, *, now: datetime) -> Gap:
    """Reopen it for somebody to take it on."""
    GAPS.apply(actor, gap, GapAction.RESUME, now=now)
    gap.owner_id = gap.owner_name = gap.next_step = gap.due_on = None
    return gap


def _waiting(gap: Gap) -> list[LearningQuestion]:
    return [question for question in gap.questions if question.status is LearningQuestionStatus.GAP]


def _tell_all(gap: Gap, what: News, now: datetime) -> None:
    for question in _waiting(gap):
        tell(question, what, now=now)
