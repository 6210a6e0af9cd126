"""Background jobs of the Wijkwijzer: news to askers, yearly confirmation, expiry, digests, link checks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.parts.jobs import each, job
from dagvandebuurt.parts.link_check import LinkCheck, check_link
from dagvandebuurt.wijkwijzer import letters
from dagvandebuurt.wijkwijzer.initiatives import rules as showing
from dagvandebuurt.wijkwijzer.models import (
    Initiative,
    InitiativeStatus,
    LearningOffer,
    LinkStatus,
    OfferStatus,
)
from dagvandebuurt.wijkwijzer.offers import rules
from dagvandebuurt.wijkwijzer.people import following
from dagvandebuurt.wijkwijzer.people.models import LearningNews
from dagvandebuurt.wijkwijzer.queries import links_to_check, locked

GOOD_FOR = timedelta(days=365)  # since the last confirmation
GRACE = timedelta(days=30)  # time to confirm
AGAIN_AFTER = timedelta(days=7)
MOST_LINKS = 20  # links per run; each takes ten seconds at most
LINK_STATES = {True: LinkStatus.WORKS, False: LinkStatus.BROKEN, None: LinkStatus.UNKNOWN}
FROM_EIGHT = 8  # no digests at night


@job("tell_learners", minute="*")
def tell_learners(app: Flask) -> int:
    """Mail each piece of news to the askers. Idempotent. Returns how many were sent."""
    with app.app_context():
        waiting = db.session.scalars(
            select(LearningNews.id)
            .where(LearningNews.told_at.is_(None))
            .order_by(LearningNews.made_at, LearningNews.id)
        ).all()
        return each("tell_learners", waiting, lambda news_id: letters.tell_askers(news_id, now=clock.now()))


@job("ask_to_confirm", hour="6", minute="15")
def ask_to_confirm(app: Flask) -> int:
    """Ask for confirmation of offers and initiatives, a year after the last time. Returns how many."""
    asked = 0
    with app.app_context():
        day = clock.today() - GOOD_FOR
        for kind, first, act in (
            (LearningOffer, OfferStatus.PUBLISHED, rules.fall_due),
            (Initiative, InitiativeStatus.PUBLISHED, showing.fall_due),
        ):

            def ask(thing: Any, kind: Any = kind, first: Any = first, act: Any = act) -> bool:
                now_there = locked(kind, thing)
                if now_there.status is not first or now_there.checked_on > day:
                    return False
                act(now_there, now=clock.now())
                letters.ask_to_confirm(now_there, now=clock.now())
                return True

            due = _found(kind, kind.status == first, kind.checked_on <= day)
            asked += each("ask_to_confirm", due, ask)
    return asked


@job("expire_offers", hour="6", minute="30")
def expire_offers(app: Flask) -> int:
    """Archive offers not confirmed within a month. Never ones whose confirmation was not asked."""
    with app.app_context():
        before = clock.now() - GRACE

        def expire(thing: LearningOffer) -> bool:
            offer = locked(LearningOffer, thing)
            if offer.status is not OfferStatus.CHECK_DUE or offer.asked_at > before:
                return False
            rules.expire(offer, now=clock.now())
            letters.tell_sender(offer, said=letters.EXPIRED, note=None, now=clock.now())
            return True

        is_due = LearningOffer.status == OfferStatus.CHECK_DUE
        due = _found(LearningOffer, is_due, LearningOffer.asked_at <= before)
        return each("expire_offers", due, expire)


@job("send_digests", minute="20")
def send_digests(app: Flask) -> int:
    """Mail digests of followed things, weekly or monthly; none without news. Returns how many."""
    with app.app_context():
        now = clock.now()
        if clock.local(now).hour < FROM_EIGHT:
            return 0
        return each(
            "send_digests", following.due(now), lambda person_id: following.send_digest(person_id, now=now)
        )


@job("check_offer_links", lane="slow", minute="47")
def check_offer_links(app: Flask, ask: Callable[[str], LinkCheck] = check_link) -> int:
    """Check at most twenty links of offers, each once a week. A dead link is marked publicly.

    No transaction is open during a request.
    """
    with app.app_context():
        due = [(offer.id, offer.url) for offer in links_to_check(clock.now() - AGAIN_AFTER, MOST_LINKS)]
        db.session.rollback()
        return sum(_check(offer_id, url or "", ask) for offer_id, url in due)


def _check(offer_id: UUID, url: str, ask: Callable[[str], LinkCheck]) -> int:
    outcome = ask(url)

    def write_down(_id: UUID) -> int:
        offer = db.session.get(LearningOffer, offer_id)
        if offer is not None and (offer.url or "") == url:
            offer.link_state, offer.link_checked_at = LINK_STATES[outcome.answers], clock.now()
        return 1

    return each("check_offer_links", [offer_id], write_down)


def _found(kind: Any, *where: Any) -> list[Any]:
    found = list(db.session.scalars(select(kind).where(*where).order_by(kind.id)))
    db.session.expunge_all()
    return found
