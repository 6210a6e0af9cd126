"""What can become of a question, an offer, a gap and an example, tried from the four tables."""

from datetime import timedelta

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import LoginNeeded, NotAllowed
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people.identity import Stranger
from dagvandebuurt.people.models import Domain
from dagvandebuurt.programme.models import Organisation
from dagvandebuurt.wijkwijzer.errors import Changed
from dagvandebuurt.wijkwijzer.initiatives import rules as showing
from dagvandebuurt.wijkwijzer.initiatives.rules import Shared
from dagvandebuurt.wijkwijzer.models import (
    Gap,
    GapKind,
    GapState,
    Initiative,
    InitiativeState,
    LearningOffer,
    LearningQuestion,
    OfferForm,
    OfferMode,
    OfferState,
    QuestionState,
)
from dagvandebuurt.wijkwijzer.offers import rules as offering
from dagvandebuurt.wijkwijzer.offers.rules import Offered, Plan
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission as P
from dagvandebuurt.wijkwijzer.questions import rules
from dagvandebuurt.wijkwijzer.states import (
    GAPS,
    INITIATIVES,
    OFFERS,
    QUESTIONS,
    GapDeed,
    InitiativeDeed,
    OfferDeed,
    QuestionDeed,
)

WHO = {
    "a stranger": None,
    "a guest": "guest",
    "somebody with an account": [],
    "a moderator": ["moderator"],
    "an editor": ["editor"],
    "an organiser": ["organiser"],
    "an admin": ["admin"],
    "a learning coordinator": ["learning_coordinator"],
}
OFFERED = Offered("T", "S", "Wij", OfferForm.COURSE, OfferMode.ONLINE, "gratis", "kort")
SHARED = Shared("T", "S", "W", "", "", "", "", "Wij")


@pytest.fixture
def others(make, now):
    """What deeds need besides: something on offer, another question."""
    return {
        "offer": make.learning_offer(),
        "question": make.learning_question(),
        "plan": Plan("Buurtwerk", "Ontwerpen", (now + timedelta(days=9)).date()),
    }


def _offers(others):
    return [db.session.get_one(LearningOffer, others["offer"].id)]


QUESTION_DEEDS = {
    QuestionDeed.ME_TOO: lambda who, it, others, now: rules.me_too(who, it, on=True, now=now),
    QuestionDeed.SHOW: lambda who, it, others, now: rules.show(who, it, now=now),
    QuestionDeed.DECLINE: lambda who, it, others, now: rules.decline(who, it, note="Daarom.", now=now),
    QuestionDeed.CLUSTER: lambda who, it, others, now: rules.cluster(
        who, it, into=db.session.get_one(LearningQuestion, others["question"].id), now=now
    ),
    QuestionDeed.MATCH: lambda who, it, others, now: rules.match(who, it, offers=_offers(others), now=now),
    QuestionDeed.ANSWER: lambda who, it, others, now: rules.answer(who, it, text="Zo.", by="Wij", now=now),
    QuestionDeed.DECLARE: lambda who, it, others, now: rules.declare_gap(
        who, it, kind=GapKind.NO_OFFER, title="", existing=None, now=now
    ),
}
OFFER_DEEDS = {
    OfferDeed.CHECK: lambda who, it, others, now: offering.check(who, it, now=now),
    OfferDeed.DECLINE: lambda who, it, others, now: offering.decline(who, it, note="Daarom.", now=now),
    OfferDeed.PUBLISH: lambda who, it, others, now: offering.publish(who, it, now=now),
    OfferDeed.FALL_DUE: lambda who, it, others, now: offering.fall_due(it, now=now),
    OfferDeed.CONFIRM: lambda who, it, others, now: offering.confirm(who, it, now=now),
    OfferDeed.EXPIRE: lambda who, it, others, now: offering.expire(it, now=now),
    OfferDeed.ARCHIVE: lambda who, it, others, now: offering.archive(who, it, now=now),
    OfferDeed.REWRITE: lambda who, it, others, now: offering.rewrite(who, it, offered=OFFERED, now=now),
}
GAP_DEEDS = {
    GapDeed.ADOPT: lambda who, it, others, now: offering.adopt(who, it, plan=others["plan"], now=now),
    GapDeed.DESIGN: lambda who, it, others, now: offering.design(who, it, plan=others["plan"], now=now),
    GapDeed.FILL: lambda who, it, others, now: offering.fill(who, it, offers=_offers(others), now=now),
    GapDeed.PARK: lambda who, it, others, now: offering.park(who, it, note="Geen geld.", now=now),
    GapDeed.RESUME: lambda who, it, others, now: offering.resume(who, it, now=now),
}
INITIATIVE_DEEDS = {
    InitiativeDeed.SUBMIT: lambda who, it, others, now: showing.send_again(who, it, shared=SHARED, now=now),
    InitiativeDeed.RETURN: lambda who, it, others, now: showing.give_back(who, it, note="Korter.", now=now),
    InitiativeDeed.PUBLISH: lambda who, it, others, now: showing.publish(who, it, now=now),
    InitiativeDeed.FALL_DUE: lambda who, it, others, now: showing.fall_due(it, now=now),
    InitiativeDeed.CONFIRM: lambda who, it, others, now: showing.confirm(who, it, now=now),
    InitiativeDeed.ARCHIVE: lambda who, it, others, now: showing.archive(who, it, now=now),
}
KINDS = {
    "learning_question": (QUESTIONS, QUESTION_DEEDS, QuestionState, LearningQuestion),
    "learning_offer": (OFFERS, OFFER_DEEDS, OfferState, LearningOffer),
    "gap": (GAPS, GAP_DEEDS, GapState, Gap),
    "initiative": (INITIATIVES, INITIATIVE_DEEDS, InitiativeState, Initiative),
}
EVERYTHING = [
    pytest.param(name, deed, id=f"{name}-{deed}")
    for name, (_table, deeds, _states, _kind) in KINDS.items()
    for deed in deeds
]
GUARDED = [each for each in EVERYTHING if KINDS[each.values[0]][0][each.values[1]].needs is not None]


def test_the_tables_tell_of_every_deed_and_every_deed_is_tried():
    consequences = {QuestionDeed.FILL, QuestionDeed.REOPEN}  # of other deeds, tried in test_told
    for table, deeds, _states, _kind in KINDS.values():
        assert set(table) == set(deeds) | (consequences if table is QUESTIONS else set())


def _make(make, name, status, sender=None):
    if name == "gap":
        return make.gap(status=status)
    return getattr(make, name)(sender, status=status)


@pytest.mark.parametrize(("name", "deed"), EVERYTHING)
def test_every_deed_in_every_state(inside, make, others, now, name, deed):
    table, deeds, states, kind = KINDS[name]
    possible = table[deed]
    who = make.identity(roles=["learning_coordinator"])
    for status in states:
        its = _make(make, name, status, None if name == "learning_question" else who)
        db.session.rollback()
        if status in possible.states:
            _act(deeds[deed], who, kind, its, others, now)
        else:
            with pytest.raises(Changed) as refused:
                _act(deeds[deed], who, kind, its, others, now)
            assert refused.value.details["status"] == status.value
        expected = (possible.after or status) if status in possible.states else status
        assert db.session.get_one(kind, its.id).status is expected, status


def _act(deed, who, kind, its, others, now):
    with transaction():
        deed(who, db.session.get_one(kind, its.id), others, now)


@pytest.mark.parametrize(("name", "deed"), GUARDED)
def test_every_deed_by_every_role(inside, make, others, now, name, deed):
    table, deeds, _states, kind = KINDS[name]
    possible = table[deed]
    status = sorted(possible.states)[0]
    for who, roles in WHO.items():
        actor = _somebody(make, roles)
        its = _make(make, name, status, actor if deed is InitiativeDeed.SUBMIT and actor.id else None)
        db.session.rollback()
        may = can(actor, possible.needs, db.session.get_one(kind, its.id))
        expected = {P.ME_TOO: actor.is_known, P.SHARE: actor.has_account}
        assert may == expected.get(possible.needs, who == "a learning coordinator"), who
        if may:
            _act(deeds[deed], actor, kind, its, others, now)
        else:
            with pytest.raises(NotAllowed if actor.is_known else LoginNeeded):
                _act(deeds[deed], actor, kind, its, others, now)
            assert db.session.get_one(kind, its.id).status is status


def _somebody(make, roles):
    if roles is None:
        return Stranger()
    return make.guest() if roles == "guest" else make.identity(roles=roles)


def test_who_sent_it_in_and_who_answers_for_its_organisation_may_confirm_and_nobody_else(inside, make):
    body, other = (
        make.store(
            Organisation(
                code=f"org-{code}", name=code, kind="municipality", domain=Domain.MUNICIPALITY,
                answers_follow_ups=False, response_days=28,
            )
        )
        for code in "ab"
    )  # fmt: skip
    sender = make.identity()
    offer = make.learning_offer(sender, provider_id=body.id)

    contact, elsewhere = (make.identity(roles=[("org_contact", each.id)]) for each in (body, other))
    assert [can(who, P.CONFIRM, offer) for who in (sender, contact, elsewhere, make.identity())] == [
        True, True, False, False,
    ]  # fmt: skip
