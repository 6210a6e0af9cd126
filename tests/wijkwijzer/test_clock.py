"""Periodic jobs of the Wijkwijzer: yearly confirmation, expiry, digest, link checks."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.lessons.models import Lesson, LessonStatus
from dagvandebuurt.parts.link_check import LinkCheck
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Place, Speaker
from dagvandebuurt.wijkwijzer import jobs
from dagvandebuurt.wijkwijzer.models import (
    Initiative,
    InitiativeStatus,
    LearningOffer,
    LearningQuestion,
    LearningQuestionStatus,
    OfferStatus,
)
from dagvandebuurt.wijkwijzer.people import following
from dagvandebuurt.wijkwijzer.people.models import FollowKind, Rhythm
from tests.factories import START


@pytest.fixture
def at(monkeypatch):
    """Move the clock so far past the day, to ten in the morning."""

    def move(**since):
        moment = START.replace(hour=9) + timedelta(**since)
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)
        return moment

    move()
    return move


def subjects(app, person=None):
    with app.app_context():
        to = db.session.get_one(Person, person.id).email if person else None
        query = select(Mail).order_by(Mail.made_at)
        return [m.subject for m in db.session.scalars(query) if to in (None, m.to)]


def status(app, kind, it):
    with app.app_context():
        return db.session.get_one(kind, it.id).status


def test_offer_needs_confirmation_after_a_year_and_expires_a_month_later(app, make, at):
    sender = make.identity()
    offer = make.learning_offer(sender, title="Cursus")
    asker = make.identity()
    question = make.learning_question(asker, status=LearningQuestionStatus.MATCHED, offers=[offer])

    at(days=364)
    assert (jobs.ask_to_confirm(app), jobs.expire_offers(app)) == (0, 0)
    at(days=365)
    assert (jobs.ask_to_confirm(app), jobs.ask_to_confirm(app)) == (1, 0)
    assert subjects(app, sender) == ["Klopt dit nog? Cursus"]
    assert make.browser().get(f"/wijkwijzer/aanbod/{offer.number}").status_code == 200  # it stays meanwhile
    at(days=394)
    assert jobs.expire_offers(app) == 0
    at(days=396)
    assert (jobs.expire_offers(app), jobs.expire_offers(app)) == (1, 0)

    assert status(app, LearningOffer, offer) is OfferStatus.EXPIRED
    assert make.browser().get(f"/wijkwijzer/aanbod/{offer.number}").status_code == 404
    assert status(app, LearningQuestion, question) is LearningQuestionStatus.VISIBLE
    jobs.tell_learners(app)
    assert subjects(app, asker) == ["Het aanbod bij je leervraag is gestopt. De vraag is weer open"]


def test_confirmation_extends_an_offer_by_a_year(app, make, at):
    sender = make.identity()
    offer = make.learning_offer(sender)
    at(days=365)
    jobs.ask_to_confirm(app)

    assert make.browser(sender).post(f"/wijkwijzer/aanbod/{offer.number}/klopt").status_code == 303

    at(days=700)
    assert (jobs.expire_offers(app), jobs.ask_to_confirm(app)) == (0, 0)
    assert status(app, LearningOffer, offer) is OfferStatus.PUBLISHED


def test_expired_offer_returns_when_confirmed(app, make, at):
    sender = make.identity()
    offer = make.learning_offer(sender, status=OfferStatus.EXPIRED)
    path = f"/wijkwijzer/aanbod/{offer.number}"

    stranger = make.browser(make.identity()).post(f"{path}/klopt")
    make.browser(sender).post(f"{path}/klopt")

    assert stranger.status_code == 404
    assert make.browser().get(path).status_code == 200


def test_coordinators_are_asked_when_no_sender_is_left(app, make, at):
    naima = make.identity(roles=["learning_coordinator"])
    make.learning_offer(title="Cursus")
    at(days=365)

    jobs.ask_to_confirm(app)

    assert subjects(app, naima) == ["Klopt dit nog? Cursus"]


def test_initiative_needs_confirmation_and_stays_public(app, make, at):
    sender = make.identity()
    example = make.initiative(sender)
    at(days=365)

    assert jobs.ask_to_confirm(app) == 1

    assert status(app, Initiative, example) is InitiativeStatus.CHECK_DUE
    assert make.browser().get(f"/wijkwijzer/voorbeelden/{example.slug}").status_code == 200


def follow(app, person, kind, target, *, rhythm=Rhythm.WEEKLY, now):
    with app.app_context(), transaction():
        following.follow(person, None, kind=kind, target_id=target.id, on=True, now=now)
        following.choose_rhythm(person, None, rhythm=rhythm, now=now)


def test_digest_is_weekly_or_monthly_with_news_sent_once(app, make, at):
    theme = make.theme()
    week, month, nobody = make.identity(), make.identity(), make.identity()
    start = at()
    follow(app, week, FollowKind.THEME, theme, now=start)
    follow(app, month, FollowKind.THEME, theme, rhythm=Rhythm.MONTHLY, now=start)
    make.learning_offer(themes=[theme], published_at=start - timedelta(days=1), title="Oud aanbod")
    make.learning_offer(themes=[theme], published_at=start + timedelta(days=2), title="Nieuw aanbod")
    make.learning_offer(published_at=start + timedelta(days=2), title="Ander thema")

    at(days=6)
    assert jobs.send_digests(app) == 0
    at(days=7)
    assert (jobs.send_digests(app), jobs.send_digests(app)) == (1, 0)
    with app.app_context():
        mail = db.session.scalars(select(Mail)).one()
        assert "Nieuw aanbod" in mail.text
        assert "Oud aanbod" not in mail.text
        assert "Ander thema" not in mail.text
    at(days=14)
    assert jobs.send_digests(app) == 0  # nothing new: no mail
    at(days=30)
    assert jobs.send_digests(app) == 1
    assert [len(subjects(app, person)) for person in (week, month, nobody)] == [1, 1, 0]


def test_no_digest_is_sent_at_night(app, make, at, monkeypatch):
    theme, somebody = make.theme(), make.identity()
    follow(app, somebody, FollowKind.THEME, theme, now=at())
    make.learning_offer(themes=[theme], published_at=START + timedelta(days=1))
    night = START.replace(hour=3) + timedelta(days=8)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: night)

    assert jobs.send_digests(app) == 0
    at(days=8)
    assert jobs.send_digests(app) == 1


def test_each_kind_of_following_finds_its_news(app, make, at, session):
    town = make.store(Place(code="stad", name="Stad", kind="municipality"))
    quarter = make.store(Place(code="wijk", name="Wijk", kind="neighbourhood", parent_id=town.id))
    author = make.store(Speaker(code="anja", name="Anja", function="Schrijver", bio="Ze schrijft."))
    reader, start = make.identity(), at()
    follow(app, reader, FollowKind.PLACE, town, now=start)
    follow(app, reader, FollowKind.AUTHOR, author, now=start)
    later = start + timedelta(days=1)
    make.initiative(place_id=quarter.id, published_at=later, title="In de wijk")
    make.initiative(published_at=later, title="Elders")
    make.store(
        Lesson(
            edition_id=session.edition_id, slug="les", title="Een les", lead="Kort.", in_short=["Eén."],
            author_id=author.id, status=LessonStatus.PUBLISHED, published_at=later, changed_at=later,
        )
    )  # fmt: skip

    with app.app_context():
        found = following.new_for(reader.id, since=start, until=start + timedelta(days=2))

    assert [each.title for each in found] == ["Goed voorbeeld: In de wijk", "Les: Een les"]


def test_links_are_checked_weekly_and_dead_ones_marked(app, make, at):
    dead = make.learning_offer(url="https://weg.example/les")
    make.learning_offer(url="https://er.example/les")
    make.learning_offer()  # has none
    make.learning_offer(status=OfferStatus.ARCHIVED, url="https://over.example/")
    asked = []

    def ask(url):
        asked.append(url)
        return LinkCheck("weg" not in url, "told")

    at(days=1)
    assert (jobs.check_offer_links(app, ask), jobs.check_offer_links(app, ask)) == (2, 0)
    assert asked == ["https://weg.example/les", "https://er.example/les"]
    assert "Link werkt niet" in make.browser().get(f"/wijkwijzer/aanbod/{dead.number}").text
    at(days=9)
    assert jobs.check_offer_links(app, lambda _url: LinkCheck(True, "told")) == 2
    assert "Link werkt niet" not in make.browser().get(f"/wijkwijzer/aanbod/{dead.number}").text
