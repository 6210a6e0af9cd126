"""State machines of learning questions, offers, gaps and initiatives: generated from the tables."""

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
    GapStatus,
    Initiative,
    InitiativeStatus,
    LearningOffer,
    LearningQuestion,
    LearningQuestionStatus,
    OfferForm,
    OfferMode,
    OfferStatus,
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
    GapAction,
    InitiativeAction,
    OfferAction,
    QuestionAction,
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
    """What actions need besides: something on offer, another question."""
    return {
        "offer": make.learning_offer(),
        "question": make.learning_question(),
        "plan": Plan("Buurtwerk", "Ontwerpen", (now + timedelta(days=9)).date()),
    }


def _offers(others):
    return [db.session.get_one(LearningOffer, others["offer"].id)]


QUESTION_ACTIONS = {
    QuestionAction.ME_TOO: lambda who, it, others, now: rules.me_too(who, it, on=True, now=now),
    QuestionAction.SHOW: lambda who, it, others, now: rules.show(who, it, now=now),
    QuestionAction.DECLINE: lambda who, it, others, now: rules.decline(who, it, note="Daarom.", now=now),
    QuestionAction.CLUSTER: lambda who, it, others, now: rules.cluster(
        who, it, into=db.session.get_one(LearningQuestion, others["question"].id), now=now
    ),
    QuestionAction.MATCH: lambda who, it, others, now: rules.match(who, it, offers=_offers(others), now=now),
    QuestionAction.ANSWER: lambda who, it, others, now: rules.answer(who, it, text="Zo.", by="Wij", now=now),
    QuestionAction.DECLARE: lambda who, it, others, now: rules.declare_gap(
        who, it, kind=GapKind.NO_OFFER, title="", existing=None, now=now
    ),
}
OFFER_ACTIONS = {
    OfferAction.CHECK: lambda who, it, others, now: offering.check(who, it, now=now),
    OfferAction.DECLINE: lambda who, it, others, now: offering.decline(who, it, note="Daarom.", now=now),
    OfferAction.PUBLISH: lambda who, it, others, now: offering.publish(who, it, now=now),
    OfferAction.FALL_DUE: lambda who, it, others, now: offering.fall_due(it, now=now),
    OfferAction.CONFIRM: lambda who, it, others, now: offering.confirm(who, it, now=now),
    OfferAction.EXPIRE: lambda who, it, others, now: offering.expire(it, now=now),
    OfferAction.ARCHIVE: lambda who, it, others, now: offering.archive(who, it, now=now),
    OfferAction.REWRITE: lambda who, it, others, now: offering.rewrite(who, it, offered=OFFERED, now=now),
}
GAP_ACTIONS = {
    GapAction.ADOPT: lambda who, it, others, now: offering.adopt(who, it, plan=others["plan"], now=now),
    GapAction.DESIGN: lambda who, it, others, now: offering.design(who, it, plan=others["plan"], now=now),
    GapAction.FILL: lambda who, it, others, now: offering.fill(who, it, offers=_offers(others), now=now),
    GapAction.PARK: lambda who, it, others, now: offering.park(who, it, note="Geen geld.", now=now),
    GapAction.RESUME: lambda who, it, others, now: offering.resume(who, it, now=now),
}
INITIATIVE_ACTIONS = {
    InitiativeAction.SUBMIT: lambda who, it, others, now: showing.send_again(who, it, shared=SHARED, now=now),
    InitiativeAction.RETURN: lambda who, it, others, now: showing.give_back(who, it, note="Korter.", now=now),
    InitiativeAction.PUBLISH: lambda who, it, others, now: showing.publish(who, it, now=now),
    InitiativeAction.FALL_DUE: lambda who, it, others, now: showing.fall_due(it, now=now),
    InitiativeAction.CONFIRM: lambda who, it, others, now: showing.confirm(who, it, now=now),
    InitiativeAction.ARCHIVE: lambda who, it, others, now: showing.archive(who, it, now=now),
}
KINDS = {
    "learning_question": (QUESTIONS.table, QUESTION_ACTIONS, LearningQuestionStatus, LearningQuestion),
    "learning_offer": (OFFERS.table, OFFER_ACTIONS, OfferStatus, LearningOffer),
    "gap": (GAPS.table, GAP_ACTIONS, GapStatus, Gap),
    "initiative": (INITIATIVES.table, INITIATIVE_ACTIONS, InitiativeStatus, Initiative),
}
EVERYTHING = [
    pytest.param(name, action, id=f"{name}-{action}")
    for name, (_table, actions, _states, _kind) in KINDS.items()
    for action in actions
]
GUARDED = [each for each in EVERYTHING if KINDS[each.values[0]][0][each.values[1]].needs is not None]


def test_tables_have_every_action_and_each_is_tested():
    consequences = {QuestionAction.FILL, QuestionAction.REOPEN}  # of other actions, tried in test_told
    for table, actions, _states, _kind in KINDS.values():
        assert set(table) == set(actions) | (consequences if table is QUESTIONS.table else set())


def _make(make, name, status, sender=None):
    if name == "gap":
        return make.gap(status=status)
    return getattr(make, name)(sender, status=status)


@pytest.mark.parametrize(("name", "action"), EVERYTHING)
def test_every_action_in_every_state(inside, make, others, now, name, action):
    table, actions, states, kind = KINDS[name]
    possible = table[action]
    who = make.identity(roles=["learning_coordinator"])
    for status in states:
        its = _make(make, name, status, None if name == "learning_question" else who)
        db.session.rollback()
        if status in possible.sources:
            _act(actions[action], who, kind, its, others, now)
        else:
            with pytest.raises(Changed) as refused:
                _act(actions[action], who, kind, its, others, now)
            assert refused.value.details["status"] == status.value
        expected = (possible.target or status) if status in possible.sources else status
        assert db.session.get_one(kind, its.id).status is expected, status


def _act(action, who, kind, its, others, now):
    with transaction():
        action(who, db.session.get_one(kind, its.id), others, now)


@pytest.mark.parametrize(("name", "action"), GUARDED)
def test_every_action_by_every_role(inside, make, others, now, name, action):
    table, actions, _states, kind = KINDS[name]
    possible = table[action]
    status = sorted(possible.sources)[0]
    for who, roles in WHO.items():
        actor = _somebody(make, roles)
        its = _make(make, name, status, actor if action is InitiativeAction.SUBMIT and actor.id else None)
        db.session.rollback()
        may = can(actor, possible.needs, db.session.get_one(kind, its.id))
        expected = {P.ME_TOO: actor.is_known, P.SHARE: actor.has_account}
        assert may == expected.get(possible.needs, who == "a learning coordinator"), who
        if may:
            _act(actions[action], actor, kind, its, others, now)
        else:
            with pytest.raises(NotAllowed if actor.is_known else LoginNeeded):
                _act(actions[action], actor, kind, its, others, now)
            assert db.session.get_one(kind, its.id).status is status


def _somebody(make, roles):
    if roles is None:
        return Stranger()
    return make.guest() if roles == "guest" else make.identity(roles=roles)


def test_only_sender_and_contacts_may_confirm(inside, make):
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
