"""Places and waiting lists: never one too many, and nobody waits beside a free one."""

import os
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.registration import rules, waiting_list
from dagvandebuurt.registration.errors import Clash, OfferOver, OneSeatAtATime, TooFewPlaces
from dagvandebuurt.registration.jobs import pass_on_places
from dagvandebuurt.registration.models import SEATED, PlaceStatus, Registration, SessionChoice

ROUNDS = int(os.environ.get("DVB_ROUNDS", "4"))
CROWD = 1000 if ROUNDS >= 1000 else 60
CANCELLED, CONFIRMED, OFFERED, WAITLISTED = (
    PlaceStatus.CANCELLED,
    PlaceStatus.CONFIRMED,
    PlaceStatus.OFFERED,
    PlaceStatus.WAITLISTED,
)


@pytest.fixture
def hall(make, now):
    """A session with one place that begins tomorrow."""
    start = now + timedelta(days=1)
    return make.session("De zaal", starts_at=start, ends_at=start + timedelta(hours=1), capacity=1)


@pytest.fixture
def act(app, now):
    """`act(rule, person, thing, …)` in a transaction of its own."""

    def act(rule, person, thing, *, after=timedelta(), **details):
        with app.app_context(), transaction():
            here = db.session.get_one(type(thing), thing.id)
            answer = rule(person, here, now=now + after, **details)
            return getattr(answer, "status", answer)

    return act


def standing(app, session):
    """person id → status; and the value of `taken`."""
    with app.app_context():
        rows = db.session.execute(
            select(SessionChoice.person_id, SessionChoice.status).where(
                SessionChoice.session_id == session.id
            )
        ).all()
        return {row[0]: row[1] for row in rows}, db.session.get_one(ProgrammeSession, session.id).taken


def letters(app, kind):
    with app.app_context():
        return db.session.scalars(select(Mail).where(Mail.kind == kind).order_by(Mail.made_at)).all()


# --- the waiting list ---


def test_choosing_is_idempotent(app, make, act, hall):
    noor = make.identity("Noor")

    assert [act(rules.choose, noor, hall) for _ in range(2)] == [CONFIRMED, CONFIRMED]

    assert standing(app, hall)[1] == 1


def test_a_free_place_is_offered_to_the_longest_waiting(app, make, act, hall, now):
    first, second, third = (make.identity(name) for name in ("Een", "Twee", "Drie"))
    for minutes, person in enumerate((first, second, third)):
        act(rules.choose, person, hall, after=timedelta(minutes=minutes))

    act(rules.leave_session, first, hall, after=timedelta(hours=1))

    stand, taken = standing(app, hall)
    assert (stand[first.id], stand[second.id], stand[third.id]) == (CANCELLED, OFFERED, WAITLISTED)
    assert taken == 1  # offered, so nobody else can take it
    [mail] = letters(app, "offered")
    assert mail.to_name == "Twee"
    assert "vrijdag 29 januari 2027 om 01.45 uur" in mail.text  # half of the 23 hours that were left
    assert act(rules.choose, make.identity("Vier"), hall, after=timedelta(hours=2)) is WAITLISTED


def test_an_accepted_offer_becomes_a_place(app, make, act, hall):
    first, second = make.identity("Een"), make.identity("Twee")
    act(rules.choose, first, hall)
    act(rules.choose, second, hall)
    act(rules.leave_session, first, hall)

    assert act(rules.choose, second, hall, after=timedelta(hours=2)) is CONFIRMED
    assert standing(app, hall)[1] == 1


def test_the_mailed_link_leads_to_the_offer(app, make, act, hall):
    first, second = make.identity("Een"), make.identity("Twee")
    act(rules.choose, first, hall)
    act(rules.choose, second, hall)
    act(rules.leave_session, first, hall)
    [mail] = letters(app, "offered")
    browser = make.browser()

    link = re.search(r"/link/\S+", mail.text).group()
    page = browser.post(link, follow_redirects=True)

    assert "Er is een plek voor je vrij" in page.text
    done = browser.post(f"/sessies/{hall.slug}/kiezen", data={"verder": "/mijn"}, follow_redirects=True)
    assert "Deze sessie staat in je programma" in done.text
    assert standing(app, hall)[0][second.id] is CONFIRMED


def test_a_lapsed_offer_goes_to_the_next_with_a_notification(app, make, act, hall, now, monkeypatch):
    first, second, third = (make.identity(name) for name in ("Een", "Twee", "Drie"))
    for minutes, person in enumerate((first, second, third)):
        act(rules.choose, person, hall, after=timedelta(minutes=minutes))
    act(rules.leave_session, first, hall)

    assert pass_on_places(app) == 0  # its time is not over
    later = now + timedelta(hours=13)  # half of the day that was left, and one more
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: later)
    assert pass_on_places(app) == 1
    assert pass_on_places(app) == 0

    stand, taken = standing(app, hall)
    assert (stand[second.id], stand[third.id], taken) == (CANCELLED, OFFERED, 1)
    assert [mail.to_name for mail in letters(app, "lapsed")] == ["Twee"]
    with pytest.raises(OfferOver):
        act(rules.choose, third, hall, after=timedelta(hours=23))


def test_shortly_before_the_start_places_are_assigned_without_an_offer(app, make, act, now):
    start = now + timedelta(minutes=40)
    hall = make.session(starts_at=start, ends_at=start + timedelta(hours=1), capacity=1)
    first, second = make.identity("Een"), make.identity("Twee")
    act(rules.choose, first, hall)
    act(rules.choose, second, hall)

    act(rules.leave_session, first, hall)

    assert standing(app, hall)[0][second.id] is CONFIRMED
    [mail] = letters(app, "offered")
    assert "Je hoeft niets te doen" in mail.text


def test_guests_without_address_get_the_place_without_an_offer(app, make, act, hall):
    first, guest = make.identity("Een"), make.guest("Twee")
    act(rules.choose, first, hall)
    act(rules.choose, guest, hall)

    act(rules.leave_session, first, hall)

    assert standing(app, hall)[0][guest.id] is CONFIRMED
    assert letters(app, "offered") == []


def test_after_the_start_no_places_are_offered(app, make, act, hall):
    first, second = make.identity("Een"), make.identity("Twee")
    act(rules.choose, first, hall)
    act(rules.choose, second, hall)

    act(rules.leave_session, first, hall, after=timedelta(days=1, minutes=5))

    assert standing(app, hall)[0][second.id] is WAITLISTED


def test_raising_capacity_makes_offers_and_too_low_a_capacity_is_refused(app, make, act, hall):
    people = [make.identity(f"Buur {number}") for number in range(4)]
    for minutes, person in enumerate(people):
        act(rules.choose, person, hall, after=timedelta(minutes=minutes))
    organiser = make.identity("Organisator", roles=["organiser"])

    act(rules.set_capacity, organiser, hall, capacity=3)

    stand, taken = standing(app, hall)
    assert [stand[person.id] for person in people] == [CONFIRMED, OFFERED, OFFERED, WAITLISTED]
    assert taken == 3
    with pytest.raises(TooFewPlaces):
        act(rules.set_capacity, organiser, hall, capacity=2)
    assert standing(app, hall)[1] == 3


# --- overlapping sessions (D3) ---


@pytest.fixture
def beside(make, hall):
    """Another session that overlaps, without a limit."""
    start = hall.starts_at + timedelta(minutes=30)
    return make.session("Ernaast", starts_at=start, ends_at=start + timedelta(hours=1))


def test_an_overlapping_session_requires_a_choice(make, act, hall, beside):
    noor = make.identity("Noor")
    act(rules.choose, noor, hall)

    with pytest.raises(Clash, match="clash") as clash:
        act(rules.choose, noor, beside)

    assert "De zaal" in str(clash.value.message)


def test_swapping_offers_the_old_place_to_the_waiting_list(app, make, act, hall, beside):
    noor, other = make.identity("Noor"), make.identity("Ander")
    act(rules.choose, noor, hall)
    act(rules.choose, other, hall)

    assert act(rules.choose, noor, beside, meanwhile=rules.Meanwhile.SWAP) is CONFIRMED

    stand, _ = standing(app, hall)
    assert (stand[noor.id], stand[other.id]) == (CANCELLED, OFFERED)


def test_swapping_for_a_full_one_keeps_the_old_place_and_waits(app, make, act, hall, beside):
    noor, other = make.identity("Noor"), make.identity("Ander")
    act(rules.choose, other, hall)
    act(rules.choose, noor, beside)

    assert act(rules.choose, noor, hall, meanwhile=rules.Meanwhile.SWAP) is WAITLISTED
    assert standing(app, beside)[0][noor.id] is CONFIRMED


def test_overlapping_sessions_may_be_kept_unless_both_are_scarce(make, act, hall, beside):
    noor = make.identity("Noor")
    act(rules.choose, noor, hall)
    assert act(rules.choose, noor, beside, meanwhile=rules.Meanwhile.KEEP) is CONFIRMED

    scarce = make.session(starts_at=hall.starts_at, ends_at=hall.ends_at, capacity=5)
    act(rules.leave_session, noor, beside)
    with pytest.raises(OneSeatAtATime):
        act(rules.choose, noor, scarce, meanwhile=rules.Meanwhile.KEEP)


def test_the_page_names_the_clash_and_one_press_swaps(app, make, hall, beside):
    noor = make.identity("Noor")
    browser = make.browser(noor)
    browser.post(f"/sessies/{hall.slug}/kiezen")

    page = browser.post(f"/sessies/{beside.slug}/kiezen")
    assert page.status_code == 409
    assert "De zaal" in page.text
    assert "Ernaast" in page.text

    browser.post(f"/sessies/{beside.slug}/kiezen", data={"tegelijk": "wissel"})
    assert (standing(app, hall)[0][noor.id], standing(app, beside)[0][noor.id]) == (CANCELLED, CONFIRMED)


# --- a bounded day ---


def test_a_full_day_has_a_line_too(app, make, act, now):
    edition = make.edition(capacity=1, starts_at=now + timedelta(days=9), ends_at=now + timedelta(days=10))
    people = [make.identity(name) for name in ("Een", "Twee")]
    for person in people:
        make.store(
            Registration(
                edition_id=edition.id, person_id=person.id, status=PlaceStatus.REQUESTED, registered_at=now
            )
        )

    with app.app_context(), transaction():
        here = db.session.get_one(Edition, edition.id)
        said = [rules.confirm(person.id, here, now=now).status for person in people]
    assert said == [CONFIRMED, WAITLISTED]

    act(rules.withdraw, people[0], edition)
    page = make.browser(people[1]).get("/mijn").text
    assert "Er is een plek voor je vrij" in page
    assert act(rules.come, people[1], edition) is CONFIRMED
    assert act(rules.come, people[0], edition) is WAITLISTED  # again, at the end of the line


# --- concurrency: D1, D2, D3 ---


@pytest.fixture
def crowd(make):
    return [make.guest(f"Buur {number}") for number in range(CROWD)]


def often(check, *things, rounds=ROUNDS):
    for number in range(rounds):
        check(*things, number)


def last_ten_seats(app, make, now, crowd, number):
    """Everybody at once for ten places: who has one, and the value of `taken`."""
    start = now + timedelta(days=1 + number)  # on a day of its own: it overlaps nothing
    hall = make.session(starts_at=start, ends_at=start + timedelta(hours=1), capacity=10)

    def choose(person):
        with app.app_context(), transaction():
            return rules.choose(person, db.session.get_one(ProgrammeSession, hall.id), now=now).status

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(choose, crowd))
    stand, taken = standing(app, hall)
    assert [stand[person.id] for person in crowd] == said
    seats = sum(status in SEATED for status in stand.values())
    assert seats == taken == 10, f"{seats} seats, {taken} counted, of 10"


def test_d1_of_everybody_at_once_ten_get_a_seat_and_the_others_a_place_in_line(app, make, now, crowd):
    often(last_ten_seats, app, make, now, crowd)


def test_d1_check_then_act_is_caught(request, app, make, now, crowd, monkeypatch):
    if not request.config.getoption("--on-postgres"):
        pytest.skip("SQLite has one writer: nobody comes in between")

    def look_and_take(holder):
        here = db.session.get_one(ProgrammeSession, holder.id, populate_existing=True)
        taken = here.taken
        time.sleep(0.002)
        if taken < here.capacity:
            here.taken = taken + 1
            db.session.flush()
            return True
        return False

    monkeypatch.setattr(waiting_list, "lock", lambda *holders: None)
    monkeypatch.setattr(waiting_list, "_claim", look_and_take)
    with pytest.raises(AssertionError, match="of 10"):
        often(last_ten_seats, app, make, now, crowd, rounds=20)


def coming_and_going(app, make, now, crowd, number):
    """Some leave, some join, some offers lapse, at once: the places add up, and nobody waits beside a free
    one."""
    start = now + timedelta(days=1 + number)
    hall = make.session(starts_at=start, ends_at=start + timedelta(hours=1), capacity=5)
    dice = random.Random(number)

    def deed(person):
        rule = dice.choice((rules.choose, rules.choose, rules.leave_session))
        with app.app_context(), transaction():
            rule(person, db.session.get_one(ProgrammeSession, hall.id), now=now)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(deed, [dice.choice(crowd[:15]) for _ in range(60)]))
    stand, taken = standing(app, hall)
    seats = sum(status in SEATED for status in stand.values())
    waiting = sum(status is WAITLISTED for status in stand.values())
    assert seats == taken <= 5, f"{seats} seats, {taken} counted"
    assert not (waiting and seats < 5), f"{waiting} wait beside {5 - seats} free"


def test_d2_concurrent_joins_leaves_and_offers_add_up(app, make, now, crowd):
    often(coming_and_going, app, make, now, crowd)


def test_d2_a_waiting_list_without_lock_is_caught(request, app, make, now, crowd, monkeypatch):
    if not request.config.getoption("--on-postgres"):
        pytest.skip("SQLite has one writer: nobody comes in between")
    first = waiting_list._first_in_line

    def slowly(holder):
        found = first(holder)
        time.sleep(0.005)
        return found

    monkeypatch.setattr(waiting_list, "lock", lambda *holders: None)
    monkeypatch.setattr(waiting_list, "_first_in_line", slowly)
    with pytest.raises(Exception, match=r"wait beside|counted|updated|StaleData"):
        often(coming_and_going, app, make, now, crowd, rounds=20)


def test_d3_of_two_overlapping_choices_in_two_tabs_one_wins(app, make, now, hall, beside):
    def choose(wish):
        person, session = wish
        try:
            with app.app_context(), transaction():
                return rules.choose(person, db.session.get_one(ProgrammeSession, session.id), now=now).status
        except Clash as clash:
            return clash.code

    for number in range(ROUNDS):
        noor = make.guest(f"Noor {number}")
        free = make.session(starts_at=hall.starts_at, ends_at=hall.ends_at)
        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(choose, [(noor, free), (noor, beside)]))
        assert sorted(map(str, said)) == ["confirmed", "registration.clash"]
