"""Rounds at tables: made for who is in, sat down at, left, written at, ended; by form, without a script."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.attendance import heartbeats
from dagvandebuurt.attendance import rules as attendance
from dagvandebuurt.breakouts import privacy
from dagvandebuurt.breakouts.models import (
    BreakoutGroup,
    BreakoutLine,
    BreakoutRound,
    BreakoutSeat,
    BreakoutState,
    BreakoutWish,
    SeatStatus,
)
from dagvandebuurt.breakouts.queries import group_by_number, newest_round
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live import items
from dagvandebuurt.live.provider import Beat
from dagvandebuurt.people.lifecycle.data_export import my_data
from dagvandebuurt.people.lifecycle.erasure import erase
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme.models import ProgrammeSession
from tests.live.test_races import at_once

ROLES = list(ParticipantRole)[:5]


def enter(app, session, people):
    with app.app_context(), transaction():
        heartbeats.keep(Beat(session.id, person.id, clock.now()) for person in people)


def crowd(make, app, session, number, **values):
    people = [
        make.identity(f"Persoon {each}", email=None, role=ROLES[each % len(ROLES)], **values)
        for each in range(number)
    ]
    enter(app, session, people)
    return people


def begin(desk, room, *, after=0, card="Wat werkt bij jou?", minutes=12, seed="zaad", **more):
    sent = {"card": card, "minutes": minutes, "after": after, "seed": seed, **more}
    return desk.post(f"{room}/regie/tafels", data=sent)


def text(browser, path):
    return browser.get(path).get_data(as_text=True)


def post(browser, path, **sent):
    return browser.post(path, data=sent)


def seats(app):
    with app.app_context():
        rows = db.session.execute(
            select(BreakoutSeat.person_id, BreakoutGroup.number, BreakoutSeat.status)
            .join(BreakoutGroup, BreakoutGroup.id == BreakoutSeat.group_id)
            .join(BreakoutRound, BreakoutRound.id == BreakoutSeat.round_id)
            .join(BreakoutState, BreakoutState.round_id == BreakoutRound.id)
        )
        return {row[0]: (row[1], row[2]) for row in rows}


def filled(app):
    """How many people sit, or are expected, at each table of the newest round."""
    there = seats(app).values()
    return dict(sorted(Counter(table for table, status in there if status is not SeatStatus.LEFT).items()))


def test_nothing_is_there_before_a_round(make, app, session, room):
    people = crowd(make, app, session, 2)

    page = text(make.browser(people[0]), f"{room}/live")

    assert re.search(r"<p[^>]* data-tables hidden>", page)
    with app.app_context():
        assert db.session.get(BreakoutState, session.id) is None
        found = items.changes_since(session.id, 0)
        assert not found.people
        assert not [item for item in found.hall + found.desk if item["kind"].startswith("breakout")]


def test_round_is_made_for_who_is_in_and_each_is_told(make, app, session, room, desk, jolien):
    people = crowd(make, app, session, 9)
    enter(app, session, [jolien])  # who runs it is not placed
    gone = make.identity("Weg", email=None)
    look = text(desk, f"{room}/regie/tafels")
    assert "9 mensen aan" in " ".join(look.split())
    assert "2 tafels" in look
    assert "Persoon 3" not in look

    assert begin(desk, room).status_code == 303

    assert filled(app) == {1: 5, 2: 4}
    table = seats(app)[people[3].id][0]
    page = text(make.browser(people[3]), f"{room}/live")
    assert re.search(rf"<span data-in=.mine.>Jij zit aan tafel <b>{table}</b>", page)
    assert re.search(r"<p[^>]* data-tables[^>]*(?<! hidden)>", text(make.browser(gone), f"{room}/live"))
    with app.app_context():
        found = items.changes_since(session.id, 0)
    assert {person.id for person in people} == found.people
    assert found.own_of([people[3].id])[people[3].id][0]["table"] == table
    assert [item["number"] for item in found.hall if item["kind"] == "breakout_round"] == [1]
    assert "table" not in str([item for item in found.hall if item["kind"] == "breakout_round"])


@pytest.mark.parametrize(("number", "sizes"), [(2, {1: 2}), (3, {1: 3}), (5, {1: 5}), (11, {1: 6, 2: 5})])
def test_small_numbers(make, app, session, room, desk, number, sizes):
    crowd(make, app, session, number)

    assert begin(desk, room).status_code == 303

    assert filled(app) == sizes


@pytest.mark.parametrize("number", [0, 1])
def test_nobody_sits_alone(make, app, session, room, desk, number):
    crowd(make, app, session, number)

    refused = begin(desk, room, card="Mijn zelf getypte vraag")

    assert refused.status_code == 409
    page = refused.get_data(as_text=True)
    assert "te weinig mensen" in page
    assert "Mijn zelf getypte vraag" in page
    assert seats(app) == {}


def test_pressed_twice_by_one_and_at_once_by_two(make, app, session, room, desk):
    crowd(make, app, session, 8)
    other = make.browser(make.moderator("Ruben", session))

    assert [begin(desk, room, op="a-first-press").status_code for _ in "12"] == [303, 303]

    with app.app_context():
        assert len(db.session.scalars(select(BreakoutRound)).all()) == 1
    late = begin(other, room)
    assert late.status_code == 409
    assert "Jolien heeft net al een ronde gemaakt" in late.get_data(as_text=True)
    answers = at_once(lambda: begin(desk, room, after=1), lambda: begin(other, room, after=1))
    assert sorted(answer.status_code for answer in answers) == [303, 409]


def test_only_who_runs_the_session_makes_rounds(make, app, session, room):
    people = crowd(make, app, session, 6)
    browser = make.browser(people[0])

    assert begin(browser, room).status_code == 403
    assert browser.get(f"{room}/regie/tafels").status_code == 403
    assert post(browser, f"{room}/regie/tafels/1/stop").status_code == 403
    assert make.browser().post(f"{room}/tafel").status_code == 401


def sat_down(make, app, session, room, desk, number):
    """Make a round and let everybody sit down; return a browser for each person, by table."""
    people = crowd(make, app, session, number)
    begin(desk, room)
    at = {}
    for person in people:
        browser = make.browser(person)
        assert post(browser, f"{room}/tafel").status_code == 303
        at.setdefault(seats(app)[person.id][0], []).append((person, browser))
    return at


def test_names_are_read_only_at_the_table(make, app, session, room, desk):
    people = crowd(make, app, session, 9)
    begin(desk, room)
    where = seats(app)
    mine, other = people[0], next(each for each in people if where[each.id][0] != where[people[0].id][0])
    for person in people[1:]:
        post(make.browser(person), f"{room}/tafel")
    browser = make.browser(mine)

    before = text(browser, f"{room}/tafel")
    assert "Persoon" not in before.split("<main")[1].split("</main>")[0]
    post(browser, f"{room}/tafel")
    page = text(browser, f"{room}/tafel")

    companion = next(each for each in people[1:] if where[each.id][0] == where[mine.id][0])
    assert f"<bdi>{companion.name}</bdi>" in page
    assert f"<bdi>{other.name}</bdi>" not in page
    assert "Wat werkt bij jou?" in page
    assert "<bdi>Persoon" not in text(desk, f"{room}/regie/tafels")


def test_who_leaves_frees_the_place_and_the_last_one_joins_others(make, app, session, room, desk, now):
    at = sat_down(make, app, session, room, desk, 9)
    (last, browser), *leaving = at[2]

    for _person, theirs in leaving:
        assert post(theirs, f"{room}/tafel/weg").status_code == 303

    assert seats(app)[last.id] == (1, SeatStatus.HERE)
    assert filled(app) == {1: 6}
    assert "Tafel 1" in text(browser, f"{room}/tafel")


def test_all_leave_and_one_comes_back(make, app, session, room, desk):
    at = sat_down(make, app, session, room, desk, 5)
    for _person, browser in at[1]:
        post(browser, f"{room}/tafel/weg")
    assert filled(app) == {}

    person, browser = at[1][0]
    assert post(browser, f"{room}/tafel").status_code == 303

    assert seats(app)[person.id] == (1, SeatStatus.HERE)
    assert "Je zit hier nog alleen" in text(browser, f"{room}/tafel")


def test_late_comers_get_the_smallest_table_and_none_too_large(make, app, session, room, desk):
    sat_down(make, app, session, room, desk, 9)
    at_first = make.browser(make.guest("Laat"))
    post(at_first, f"{room}/tafel")
    assert filled(app) == {1: 5, 2: 5}
    more = [make.guest(f"Later {number}") for number in range(10)]
    with app.app_context(), transaction():
        newest = newest_round(session.id)
        for number, person in enumerate(more):
            group = group_by_number(newest.id, 1 + number % 2)
            seat = BreakoutSeat(round_id=newest.id, person_id=person.id, group_id=group.id, revision=1)
            db.session.add(seat)

    full = make.browser(make.guest("Te veel"))
    told = full.post(f"{room}/tafel", follow_redirects=True).get_data(as_text=True)

    assert "Alle tafels zitten vol" in told
    assert filled(app) == {1: 10, 2: 10}


def test_who_comes_back_sits_at_the_same_table(make, app, session, room, desk):
    at = sat_down(make, app, session, room, desk, 11)
    person, _browser = at[2][0]

    again = make.browser(person)  # another device, or the same after a lost line

    assert "Tafel 2" in text(again, f"{room}/tafel")
    post(again, f"{room}/tafel")
    assert seats(app)[person.id] == (2, SeatStatus.HERE)
    with app.app_context():
        assert items.mine(session.id, person)["seat"]["table"] == 2


def test_alone_because_the_others_do_not_come(make, app, session, room, desk):
    people = crowd(make, app, session, 9)
    begin(desk, room)
    where = seats(app)
    alone = next(each for each in people if where[each.id][0] == 2)
    browser = make.browser(alone)
    post(browser, f"{room}/tafel")
    told = browser.post(f"{room}/tafel/andere", follow_redirects=True).get_data(as_text=True)
    assert "Er zijn geen andere tafels met mensen" in told

    for person in [each for each in people if where[each.id][0] == 1][:2]:
        post(make.browser(person), f"{room}/tafel")
    post(browser, f"{room}/tafel/andere")

    assert seats(app)[alone.id] == (1, SeatStatus.HERE)


def test_second_round_mixes_anew_and_ends_the_first(make, app, session, room, desk):
    people = crowd(make, app, session, 24)
    begin(desk, room)
    first = seats(app)
    for person in people:
        post(make.browser(person), f"{room}/tafel")
    enter(app, session, people)

    assert begin(desk, room, after=1, seed="anders").status_code == 303

    second = seats(app)
    pairs = [
        (one.id, other.id)
        for place, one in enumerate(people)
        for other in people[place + 1 :]
        if first[one.id][0] == first[other.id][0] and second[one.id][0] == second[other.id][0]
    ]
    assert sum(filled(app).values()) == 24
    assert len(pairs) <= 12  # of 60 pairs; by chance some 13, and 24 people cannot avoid all
    with app.app_context():
        earlier = db.session.scalars(select(BreakoutRound).order_by(BreakoutRound.number)).all()
        assert [each.ended_at is not None for each in earlier] == [True, False]


def test_two_write_at_once_and_both_lines_stay(make, app, session, room, desk):
    at = sat_down(make, app, session, room, desk, 5)
    (_one, first), (_other, second), *_rest = at[1]

    answers = at_once(
        lambda: post(first, f"{room}/tafel/regels", text="Bankjes voor de deur"),
        lambda: post(second, f"{room}/tafel/regels", text="Samen koken"),
    )

    assert [answer.status_code for answer in answers] == [303, 303]
    page = text(first, f"{room}/tafel")
    assert "Bankjes voor de deur" in page
    assert "Samen koken" in page
    for _ in "12":
        post(first, f"{room}/tafel/regels", text="Nog een keer", op="the-same-press")
    assert text(second, f"{room}/tafel").count('<p dir="auto" lang="nl">Nog een keer') == 1


def test_lines_are_for_the_table_and_only_ones_own_goes(make, app, session, room, desk):
    at = sat_down(make, app, session, room, desk, 9)
    (_writer, writer), (_reader, reader), *_rest = at[1]
    stranger = at[2][0][1]
    post(writer, f"{room}/tafel/regels", text="Ons plan")
    with app.app_context():
        line = db.session.scalars(select(BreakoutLine)).one()
    assert "Ons plan" not in text(stranger, f"{room}/tafel")

    post(reader, f"{room}/tafel/regels/{line.id}/weg")
    post(stranger, f"{room}/tafel/regels/{line.id}/mee", on="1")

    with app.app_context():
        assert not db.session.scalars(select(BreakoutLine)).one().is_outcome
    post(reader, f"{room}/tafel/regels/{line.id}/mee", on="1")
    assert "Toch niet mee" in text(writer, f"{room}/tafel")
    post(writer, f"{room}/tafel/regels/{line.id}/weg")
    with app.app_context():
        assert not db.session.scalars(select(BreakoutLine)).all()


@pytest.mark.parametrize("typed", ["", "   ", "x" * 281])
def test_refused_line_stays_readable(make, app, session, room, desk, typed):
    at = sat_down(make, app, session, room, desk, 5)

    refused = post(at[1][0][1], f"{room}/tafel/regels", text=typed)

    assert refused.status_code == 422
    assert typed.strip() in refused.get_data(as_text=True)


def test_end_of_round_gives_time_to_finish_and_then_keeps_what_was_typed(
    make, app, session, room, desk, monkeypatch
):
    at = sat_down(make, app, session, room, desk, 5)
    browser = at[1][0][1]
    began = clock.now()

    post(desk, f"{room}/regie/tafels/1/stop")

    assert "Deze ronde is voorbij" in text(browser, f"{room}/tafel")
    assert re.search(r'data-tables\s+data-round="1"[^>]* hidden>', text(browser, f"{room}/live"))
    assert post(browser, f"{room}/tafel/regels", text="Net op tijd").status_code == 303
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=3))
    late = post(browser, f"{room}/tafel/regels", text="Te laat geschreven")
    assert late.status_code == 409
    assert "Te laat geschreven" in late.get_data(as_text=True)
    assert "De ronde is voorbij" in late.get_data(as_text=True)
    assert "Er is nu geen ronde" in make.browser(at[1][1][0]).post(
        f"{room}/tafel/weg", follow_redirects=True
    ).get_data(as_text=True)


def test_session_ends_within_a_round(make, app, session, room, desk):
    at = sat_down(make, app, session, room, desk, 5)
    with app.app_context(), transaction():
        db.session.get_one(ProgrammeSession, session.id).ends_at = clock.now() - timedelta(seconds=1)

    page = text(at[1][0][1], f"{room}/tafel")

    assert "Deze ronde is voorbij" in page
    assert begin(desk, room, after=1).status_code == 409


def test_help_is_seen_until_one_comes(make, app, session, room, desk, jolien):
    at = sat_down(make, app, session, room, desk, 9)
    browser = at[2][0][1]
    assert desk.get(f"{room}/regie/tafels/2").status_code == 404  # nobody asked

    post(browser, f"{room}/tafel/hulp", on="1")

    assert "Tafel 2 vraagt hulp" in text(desk, f"{room}/regie/tafels")
    assert 'data-table-calls="2"' in text(desk, f"{room}/regie")
    ruben = make.browser(make.moderator("Ruben", session))
    came = post(desk, f"{room}/regie/tafels/2/hulp")
    assert came.headers["Location"].endswith("/regie/tafels/2")
    assert at[2][0][0].name in text(desk, f"{room}/regie/tafels/2")
    told = ruben.post(f"{room}/regie/tafels/2/hulp", follow_redirects=True).get_data(as_text=True)
    assert "Jolien gaat al naar deze tafel" in told
    assert ruben.get(f"{room}/regie/tafels/2").status_code == 404
    assert "Jolien komt naar jullie tafel" in text(browser, f"{room}/tafel")
    assert 'data-table-calls=""' in text(desk, f"{room}/regie")


def test_wishes_together_not_at_all_and_without_a_script(make, app, session, room, desk):
    people = crowd(make, app, session, 20)
    post(desk, f"{room}/regie/tafels/vertel")
    assert "Straks praten we aan kleine tafels" in text(make.browser(people[0]), f"{room}/live")
    for person in people[:3]:
        sent = post(make.browser(person), f"{room}/tafel/wens", joins="ja", word="  Tulp ")
        assert sent.status_code == 303
    fourth = post(make.browser(people[3]), f"{room}/tafel/wens", joins="ja", word="tulp")
    assert fourth.status_code == 409
    assert "Drie mensen gebruiken dit woord al" in fourth.get_data(as_text=True)
    post(make.browser(people[4]), f"{room}/tafel/wens", joins="nee", word="")
    unseen = make.guest("Zonder script")
    post(make.browser(unseen), f"{room}/tafel/wens", joins="ja", word="")

    begin(desk, room)

    where = seats(app)
    assert len({where[person.id][0] for person in people[:3]}) == 1
    assert people[4].id not in where
    assert unseen.id in where
    with app.app_context():
        assert "tulp" not in str([wish.word_key for wish in db.session.scalars(select(BreakoutWish))])


def test_who_is_on_no_list_is_not_placed_by_others(make, app, session, room, desk):
    people = crowd(make, app, session, 6)
    browser = make.browser(people[0])
    with app.app_context(), transaction():
        attendance.stay_off_the_list(people[0], None, now=clock.now())
    enter(app, session, people)

    begin(desk, room)

    assert people[0].id not in seats(app)
    assert post(browser, f"{room}/tafel").status_code == 303
    assert seats(app)[people[0].id][1] is SeatStatus.HERE


def test_what_a_table_takes_along_is_in_the_wrap_up(make, app, session, room, desk, monkeypatch):
    at = sat_down(make, app, session, room, desk, 5)
    (person, browser), *_rest = at[1]
    post(browser, f"{room}/tafel/regels", text="Een buurtmoestuin")
    post(browser, f"{room}/tafel/regels", text="Dit blijft aan tafel")
    with app.app_context():
        line = db.session.scalars(select(BreakoutLine).where(BreakoutLine.text == "Een buurtmoestuin")).one()
    post(browser, f"{room}/tafel/regels/{line.id}/mee", on="1")
    monkeypatch.setattr(clock, "now", lambda: session.ends_at + timedelta(minutes=5))

    page = text(desk, f"{room}/oogst")

    assert page.count("Een buurtmoestuin") == 2  # as a source, and in the draft of the text
    assert "Wat werkt bij jou?" in page
    assert "Dit blijft aan tafel" not in page
    assert person.name not in page


def test_who_sat_where_is_forgotten_after_a_day(make, app, session, room, desk):
    at = sat_down(make, app, session, room, desk, 5)
    (person, browser), (gone, other), *_rest = at[1]
    post(browser, f"{room}/tafel/regels", text="Een buurtmoestuin")
    post(other, f"{room}/tafel/regels", text="Van wie weggaat")
    post(browser, f"{room}/tafel/wens", joins="ja", word="tulp")
    with app.app_context():
        with transaction():
            erase(gone.id, now=clock.now())
        assert db.session.scalars(select(BreakoutLine.text)).all() == ["Een buurtmoestuin"]
        kept = my_data(person.id)
        assert "Een buurtmoestuin" in str(kept)
        with transaction():
            privacy.tables_are_forgotten.tidy(session.ends_at + timedelta(seconds=1))
        assert not db.session.scalars(select(BreakoutSeat)).unique().all()
        assert not db.session.scalars(select(BreakoutWish)).all()
        assert db.session.scalars(select(BreakoutLine.author_id)).all() == [None]
        with transaction():
            privacy.notes_go.tidy(session.ends_at + timedelta(seconds=1))
        assert not db.session.scalars(select(BreakoutLine)).all()
