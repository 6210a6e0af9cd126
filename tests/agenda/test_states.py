"""State machine of action points: generated from the table; everything else is refused."""

import contextlib
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DatabaseError

from dagvandebuurt.agenda import answering, following, rules
from dagvandebuurt.agenda.errors import (
    CannotMergePoints,
    CheckedByYou,
    DoesNotAnswer,
    ExtendedBefore,
    NeedsDate,
    NeedsReason,
    NotChecked,
    NotYourPoint,
    PointChanged,
)
from dagvandebuurt.agenda.models import (
    PUBLIC,
    Action,
    Answer,
    Decision,
    Follow,
    FollowUp,
    FollowUpEvent,
    FollowUpStatus,
)
from dagvandebuurt.agenda.permissions import AgendaPermission
from dagvandebuurt.agenda.queries import locked
from dagvandebuurt.agenda.rules import Words
from dagvandebuurt.agenda.states import MACHINE
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import LoginNeeded, NotAllowed, RuleBroken
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people.identity import Stranger
from tests.factories import START

WORDS = Words(title="Een bank", body="Om te zitten.")
# How each action is done; PROPOSE begins a point and is done to none.
DO = {
    Action.CURATE: lambda who, point, now: rules.curate(who, point, words=WORDS, now=now),
    Action.CHECK: lambda who, point, now: rules.check(who, point, now=now),
    Action.MERGE: lambda who, point, now: rules.merge(who, point, into=_other(point), now=now),
    Action.DECLINE: lambda who, point, now: rules.decline(
        who, point, reason="personal_data", note="Over één huis.", now=now
    ),
    Action.WITHDRAW: lambda who, point, now: rules.withdraw(who, point, now=now),
    Action.SEND: lambda who, point, now: rules.send(who, point, now=now),
    Action.ACKNOWLEDGE: lambda who, point, now: answering.acknowledge(
        who, point, function=None, note="", now=now
    ),
    Action.ANSWER: lambda who, point, now: answering.answer(
        who, point, decision=Decision.WILL_DO, text="Ja.", due_on=None, now=now
    ),
    Action.READDRESS: lambda who, point, now: rules.readdress(
        who, point, organisation_id=_other(point).organisation_id, contact_function=None, now=now
    ),
    Action.START: lambda who, point, now: answering.start(who, point, note="", now=now),
    Action.FINISH: lambda who, point, now: answering.finish(who, point, note="Het staat er.", now=now),
    Action.CONFIRM: lambda who, point, now: following.confirm(who, point, note="", now=now),
    Action.REOPEN: lambda who, point, now: following.reopen(who, point, note="Nee.", now=now),
    Action.ADD: lambda who, point, now: rules.add(who, point, note="Nog iets.", now=now),
}
# Every state there is, and each answer an answered point can have.
STANDS = [(status, None) for status in FollowUpStatus if status is not FollowUpStatus.ANSWERED]
STANDS += [(FollowUpStatus.ANSWERED, decision) for decision in Decision]


def _other(point):
    return db.session.query(FollowUp).filter(FollowUp.number == 9000).one()


@pytest.fixture
def other(make):
    """Another point, of another organisation: to merge into, to send to."""
    return make.point(make.organisation("Politie"), number=9000, status=FollowUpStatus.CURATED)


def _who_can(action, make, point, raiser):
    """Somebody who may do this to this point."""
    needs = MACHINE.table[action].needs
    if needs is AgendaPermission.CURATE:
        return make.identity("Sven", roles=["editor"])
    if needs is AgendaPermission.ANSWER:
        return make.identity("Priya", roles=[("org_contact", point.organisation_id)])
    return raiser


def _possible(action, status, decision):
    if action is Action.ANSWER and status is FollowUpStatus.SENT:
        return True  # an answer to what just came in acknowledges it by the way
    return MACHINE.table[action].is_possible(SimpleNamespace(status=status, decision=decision))


def _after(app, point):
    with app.app_context():
        found = db.session.get(FollowUp, point.id)
        events = [(e.deed, e.before, e.after) for e in found.events]
        return found.status, events


def test_table_has_every_action_and_each_is_tested():
    assert set(MACHINE.table) == set(DO) == set(Action) - {Action.PROPOSE}


def test_every_status_is_reachable_and_final_ones_stay_final():
    reached = {how.target for how in MACHINE.table.values() if how.target} | {FollowUpStatus.PROPOSED}
    over = {FollowUpStatus.MERGED, FollowUpStatus.DECLINED, FollowUpStatus.WITHDRAWN}

    assert reached == set(FollowUpStatus)
    assert [action for action, how in MACHINE.table.items() if over & how.sources] == []


@pytest.mark.parametrize("action", DO)
def test_every_action_in_every_state(app, make, now, other, action):
    raiser, checker = make.identity("Noor"), make.person("Carolien")
    organisation = make.organisation("Lindermond")
    for status, decision in STANDS:
        point = make.point(
            organisation, raiser, status=status, decision=decision, checked_by_id=checker.id, checked_at=START
        )
        actor = _who_can(action, make, point, raiser)

        refused = _try(app, action, actor, point, now)

        stand = (action, status, decision)
        after, events = _after(app, point)
        if _possible(action, status, decision):
            assert refused is None, stand
            assert after is (MACHINE.table[action].target or status), stand
            assert (events[-1][0], events[-1][2]) == (action, after), stand
        else:
            assert isinstance(refused, PointChanged), stand
            assert refused.details["status"] == status.value, stand
            assert (after, events) == (status, []), stand


def _try(app, action, actor, point, now):
    """Do it; the refusal, or None."""
    with app.app_context():
        try:
            with transaction():
                DO[action](actor, locked(point.number), now)
        except RuleBroken as broken:
            return broken
    return None


WHO = {
    "a stranger": None,
    "a guest": [],
    "a participant": [],
    "a supporter": ["supporter"],
    "a host": ["host"],
    "a moderator": ["moderator"],
    "an editor": ["editor"],
    "a publisher": ["publisher"],
    "a contact of this organisation": [("org_contact", "this")],
    "a contact of another one": [("org_contact", "other")],
    "a contact of none in particular": ["org_contact"],
    "a learning coordinator": ["learning_coordinator"],
    "an organiser": ["organiser"],
    "an admin": ["admin"],
}
MAY = {
    AgendaPermission.CURATE: {"an editor", "a publisher"},
    AgendaPermission.ANSWER: {"a contact of this organisation"},
    AgendaPermission.JUDGE: {"a guest", "a participant", "a supporter"},
    AgendaPermission.WITHDRAW: set(WHO) - {"a stranger"},
}


@pytest.mark.parametrize("action", DO)
def test_every_action_by_every_role(app, make, now, other, action):
    """Each does it to a point they raised themselves, where the table has it: only their role decides."""
    organisation, checker = make.organisation("Lindermond"), make.person("Carolien")
    how = MACHINE.table[action]
    status = sorted(how.sources)[0]
    is_answered = status is FollowUpStatus.ANSWERED
    decision = (
        next(each for each in sorted(Decision) if _possible(action, status, each)) if is_answered else None
    )
    for who in WHO:
        actor = _somebody(make, who, organisation)
        raiser = actor if actor.is_known else None
        point = make.point(
            organisation, raiser, status=status, decision=decision, checked_by_id=checker.id, checked_at=START
        )

        refused = _try(app, action, actor, point, now)

        if who in MAY[how.needs]:
            assert refused is None, who
        else:
            assert isinstance(refused, LoginNeeded if who == "a stranger" else NotAllowed), who
            assert _after(app, point) == (status, []), who


def _somebody(make, who, organisation):
    if WHO[who] is None:
        return Stranger()
    scopes = {"this": organisation.id, "other": make.organisation("Elders").id}
    given = [each if isinstance(each, str) else (each[0], scopes[each[1]]) for each in WHO[who]]
    return make.identity("Iemand", email=None if who == "a guest" else True, roles=given)


def test_who_may_propose(app, make, now):
    organisation, may = make.organisation("Lindermond"), set()
    for who in WHO:
        actor = _somebody(make, who, organisation)
        with app.app_context(), contextlib.suppress(NotAllowed), transaction():
            rules.propose(actor, None, words=WORDS, origin="direct", seen_count=None, now=now)
            may.add(who)

    assert may == set(WHO) - {"a stranger", "a guest", "a publisher", "an admin"}


def test_sent_text_is_immutable_except_for_additions(app, make, now):
    point = make.point(status=FollowUpStatus.SENT)
    sven = make.identity("Sven", roles=["editor"])

    with app.app_context():
        with pytest.raises(PointChanged), transaction():
            rules.curate(sven, locked(point.number), words=WORDS, now=now)
        with transaction():
            rules.add(sven, locked(point.number), note="Er is nu ook een foto.", now=now)
        found = db.session.get(FollowUp, point.id)
        said = (found.title, found.events[-1].note)

    assert said == ("Een bankje op de dijk", "Er is nu ook een foto.")


# --- four eyes -----------------------------------------------------------------------------------


def test_checker_cannot_send_and_a_change_resets_the_check(app, make, now):
    sven, carolien = make.identity("Sven", roles=["editor"]), make.identity("Carolien", roles=["publisher"])
    point = make.point(status=FollowUpStatus.CURATED)

    def attempt(act):
        with app.app_context(), transaction():
            act(locked(point.number))

    with pytest.raises(NotChecked):
        attempt(lambda p: rules.send(carolien, p, now=now))
    attempt(lambda p: rules.check(sven, p, now=now))
    with pytest.raises(CheckedByYou):
        attempt(lambda p: rules.send(sven, p, now=now))
    attempt(lambda p: rules.curate(carolien, p, words=Words("Anders", "Meer", p.organisation_id), now=now))
    with pytest.raises(NotChecked):
        attempt(lambda p: rules.send(carolien, p, now=now))
    attempt(lambda p: rules.check(sven, p, now=now))
    attempt(lambda p: rules.send(carolien, p, now=now))

    status, events = _after(app, point)
    assert status is FollowUpStatus.SENT
    assert [action for action, _, _ in events] == [Action.CHECK, Action.CURATE, Action.CHECK, Action.SEND]


def test_four_eyes_principle_holds_for_concurrent_check_and_send(app, make, now):
    """Ten times: an editor checks and sends from two windows at once, while another changes the words."""
    sven, carolien = make.identity("Sven", roles=["editor"]), make.identity("Carolien", roles=["publisher"])
    for _ in range(10):
        point = make.point(status=FollowUpStatus.CURATED)
        start, outcomes = threading.Barrier(3), []

        def run(act, start=start, outcomes=outcomes, point=point):
            start.wait()
            with app.app_context():
                try:
                    with transaction():
                        act(locked(point.number))
                except RuleBroken as broken:
                    outcomes.append(broken.code)
                db.session.remove()

        acts = [
            lambda p: rules.check(sven, p, now=now),
            lambda p: rules.send(sven, p, now=now),
            lambda p: rules.curate(carolien, p, words=Words("Weer anders", "x", p.organisation_id), now=now),
        ]
        threads = [threading.Thread(target=run, args=[act]) for act in acts]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

        status, events = _after(app, point)
        assert status is FollowUpStatus.CURATED
        assert len(outcomes) == 1
        assert set(outcomes) <= {"agenda.not_checked", "agenda.checked_by_you"}
        assert sorted(action.value for action, _, _ in events) == ["check", "curate"]


def test_only_organisations_that_agreed_can_be_asked(app, make, now):
    silent = make.organisation("Zwijgers", answers_follow_ups=False)
    sven, carolien = make.person("Sven", roles=["editor"]), make.identity("Carolien", roles=["publisher"])
    point = make.point(silent, status=FollowUpStatus.CURATED, checked_by_id=sven.id, checked_at=START)
    noor = make.identity("Noor")

    with app.app_context():
        with pytest.raises(DoesNotAnswer), transaction():
            rules.send(carolien, locked(point.number), now=now)
        words = Words("Een bank", "Ja", organisation_id=silent.id)
        with pytest.raises(DoesNotAnswer), transaction():
            rules.propose(noor, None, words=words, origin="direct", seen_count=None, now=now)
        assert db.session.query(FollowUp).count() == 1


# --- answering -----------------------------------------------------------------------------------


@pytest.fixture
def asked(make):
    organisation = make.organisation()
    contact = make.identity("Priya", roles=[("org_contact", organisation.id)])
    return make.point(organisation, status=FollowUpStatus.ACKNOWLEDGED), contact


def _answer(app, asked, now, decision=Decision.WILL_DO, said="Ja.", due_on=None):
    point, contact = asked
    with app.app_context(), transaction():
        answering.answer(contact, locked(point.number), decision=decision, text=said, due_on=due_on, now=now)


def test_answers_are_revisions_and_never_overwritten(app, make, now, asked):
    _answer(app, asked, now, Decision.PARTLY, "Een deel.")
    _answer(app, asked, now + timedelta(hours=1), Decision.WILL_DO, "Toch alles.")

    with app.app_context():
        found = db.session.get(FollowUp, asked[0].id)
        kept = [(each.revision, each.decision, each.text) for each in found.answers]
        first = found.answered_at
    assert kept == [(1, Decision.PARTLY, "Een deel."), (2, Decision.WILL_DO, "Toch alles.")]
    assert first == now


def test_looking_into_it_extends_the_deadline_once(app, make, now, asked):
    later = (now + timedelta(days=60)).date()

    with pytest.raises(NeedsDate):
        _answer(app, asked, now, Decision.RESEARCHING)
    for wrong in (now.date(), (now + timedelta(days=400)).date()):
        with pytest.raises(NeedsDate):
            _answer(app, asked, now, Decision.RESEARCHING, due_on=wrong)
    _answer(app, asked, now, Decision.RESEARCHING, due_on=later)
    with pytest.raises(ExtendedBefore):
        _answer(app, asked, now, Decision.RESEARCHING, due_on=later + timedelta(days=1))

    with app.app_context():
        assert db.session.get(FollowUp, asked[0].id).due_on == later


@pytest.mark.parametrize("decision", Decision)
def test_answer_requires_text(app, now, asked, decision):
    with pytest.raises(NeedsReason):
        _answer(app, asked, now, decision, "")


def test_a_no_is_final(app, now, asked):
    _answer(app, asked, now, Decision.WONT_DO, "Vanwege de vleermuizen.")

    for act in (Action.ANSWER, Action.START, Action.FINISH):
        with app.app_context(), pytest.raises(PointChanged), transaction():
            DO[act](asked[1], locked(asked[0].number), now)


# --- the history only grows ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: delete(FollowUpEvent),
        lambda: update(FollowUpEvent).values(deed=Action.CONFIRM),
        lambda: update(FollowUpEvent).values(note="Anders gezegd."),
        lambda: update(FollowUpEvent).values(at=START),
        lambda: delete(Answer),
        lambda: update(Answer).values(text="Dat zeiden we niet."),
        lambda: update(Answer).values(decision=Decision.WONT_DO),
    ],
)
def test_history_is_append_only_in_the_database(app, now, asked, spoil):
    _answer(app, asked, now)
    with app.app_context():
        before = _everything()
        with pytest.raises(DatabaseError, match="only grows"):
            db.session.execute(spoil().execution_options(synchronize_session=False))
        db.session.rollback()
        assert _everything() == before


def _everything():
    return [str(row) for name in ("follow_up_event", "answer") for row in db.session.execute(text(f"SELECT * FROM {name}"))]  # fmt: skip


# --- merging, judging ----------------------------------------------------------------------------


def test_merging_unites_followers_each_once(app, make, now, other):
    both, one = make.person("Allebei"), make.person("Eén")
    point = make.point(status=FollowUpStatus.PROPOSED)
    make.store(
        Follow(person_id=both.id, follow_up_id=point.id, since=now),
        Follow(person_id=one.id, follow_up_id=point.id, since=now),
        Follow(person_id=both.id, follow_up_id=other.id, since=now),
    )
    sven = make.identity("Sven", roles=["editor"])

    with app.app_context():
        with transaction():
            rules.merge(sven, locked(point.number), into=locked(other.number), now=now)
        followers = {each.person_id for each in db.session.query(Follow).filter_by(follow_up_id=other.id)}
        with pytest.raises(CannotMergePoints), transaction():
            rules.merge(sven, locked(other.number), into=locked(other.number), now=now)

    assert followers == {both.id, one.id}
    assert (
        make.browser().get(f"/agenda/{point.number}").headers["Location"].endswith(f"/agenda/{other.number}")
    )


@pytest.mark.parametrize("action", [Action.CONFIRM, Action.REOPEN])
def test_only_raisers_followers_and_supporters_judge(app, make, now, action):
    stranger_to_it, follower = make.identity("Buur"), make.identity("Volger", email=None)
    supporter = make.identity("Bart", roles=["supporter"])
    points = [make.point(status=FollowUpStatus.DONE) for _ in range(2)]
    make.store(Follow(person_id=follower.id, follow_up_id=points[0].id, since=now))

    with app.app_context():
        with pytest.raises(NotYourPoint), transaction():
            DO[action](stranger_to_it, locked(points[0].number), now)
        for who, point in ((follower, points[0]), (supporter, points[1])):
            with transaction():
                DO[action](who, locked(point.number), now)

    assert {_after(app, point)[0] for point in points} == {MACHINE.table[action].target}


def test_public_statuses_are_the_sent_ones():
    assert {status for status in FollowUpStatus if status not in PUBLIC} == {
        "proposed", "curated", "merged", "declined", "withdrawn",
    }  # fmt: skip
