"""The queue of a stand, *ik kom zo bij je*: without an account, once a browser, and exact with two holders at once."""

import re
from datetime import timedelta
from itertools import permutations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.market import queue_rules
from dagvandebuurt.market.jobs import settle_queues
from dagvandebuurt.market.models import MarketPresence, MarketStand, MarketWait, WaitAction, WaitStatus
from dagvandebuurt.market.states import MACHINE
from tests.factories import START
from tests.market.conftest import holder

NOW = START + timedelta(hours=1)
TALK = "https://beeld.buurt.example/soep"


def arrive(keeper, stand):
    assert keeper.post(f"/kraam/{stand.slug}/aanwezig").status_code == 303


def join(visitor, stand, name="Fatma"):
    return visitor.post(f"/markt/{stand.slug}/rij", data={"nickname": name})


def place_of(visitor, stand):
    return visitor.get(f"/markt/{stand.slug}/rij").text


def queue(keeper, stand):
    return keeper.get(f"/kraam/{stand.slug}/rij").text


def press(keeper, stand, deed, name="Fatma", page=None):
    """Press the button of `deed` at this visitor, as it stands on `page`."""
    card = next(
        each
        for each in re.findall(r"<li class=\"card\">.*?</li>", page or queue(keeper, stand), re.S)
        if name in each
    )
    return keeper.post(re.search(rf'action="([^"]+/{deed})"', card).group(1))  # fmt: skip


@pytest.fixture
def served(make, stand):
    """A stand with a video call, and its holder who is there."""
    with make.context(), transaction():
        db.session.get_one(MarketStand, stand.id).talk_url = TALK
    gerda = holder(make, stand)
    arrive(gerda, stand)
    return gerda


def test_visitors_without_an_account_wait_their_turn_are_called_and_talk(make, stand, served):
    first, second, third = (make.browser() for _ in range(3))
    assert "Ik wil even praten" in first.get(f"/markt/{stand.slug}").text
    for visitor, name in ((first, "Fatma"), (second, "Bas"), (third, "Cor")):
        assert join(visitor, stand, name).location == f"/markt/{stand.slug}/rij"

    assert "Je bent als eerste aan de beurt." in place_of(first, stand)
    assert "Er is 1 persoon voor je." in place_of(second, stand)
    assert "Er zijn 2 mensen voor je." in place_of(third, stand)
    assert TALK not in place_of(first, stand)
    press(served, stand, "kom")

    assert "Gerda heeft nu tijd voor je" in place_of(first, stand)
    assert f'href="{TALK}"' in place_of(first, stand)
    assert TALK not in place_of(second, stand)
    assert "Je bent als eerste aan de beurt." in place_of(second, stand)
    press(served, stand, "klaar")
    assert "Het gesprek is afgerond" in place_of(first, stand)
    assert TALK not in place_of(first, stand)


def test_who_waits_is_read_with_how_long_the_longest_first(make, stand, served, clock):
    join(make.browser(), stand, "Fatma")
    clock(NOW + timedelta(minutes=4))
    for name in ("Bas", "Cor"):  # in the same instant
        join(make.browser(), stand, name)

    page = queue(served, stand)

    assert "3 bezoekers wachten" in page
    assert page.index("Fatma") < page.index("Wacht 4 minuten") < page.index("Bas") < page.index("Net gekomen")
    assert page.count("Net gekomen") == 2
    assert "3 bezoekers wachten" in served.get(f"/kraam/{stand.slug}").text
    assert "3 bezoekers wachten" in served.get("/kraam").text


def test_names_are_read_by_who_keeps_the_stand_and_by_nobody_else(app, make, stand, served):
    join(make.browser(), stand, "<b>Fatma</b>")
    other = make.stand(make.edition().id, "De muurkrant")
    others = [
        holder(make, other, "Bo"),
        make.browser(make.person("Ans", roles=["organiser"])),
        make.browser(),
    ]

    assert "&lt;b&gt;Fatma" in queue(served, stand)
    for each in others:
        assert each.get(f"/kraam/{stand.slug}/rij").status_code in (302, 303, 401, 403)
    assert "Fatma" not in others[2].get(f"/markt/{stand.slug}").text
    with app.app_context():
        assert b"Fatma" not in db.session.scalars(select(MarketWait.sealed)).one()


def test_one_browser_is_in_the_queue_once_and_keeps_its_place(app, make, stand, served):
    visitor, other = make.browser(), make.browser()
    join(visitor, stand)
    join(other, stand, "Bas")

    join(visitor, stand, "Fatma nog eens")

    assert "Je bent als eerste aan de beurt." in place_of(visitor, stand)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(MarketWait)) == 2


def test_the_database_refuses_a_second_place_in_the_same_queue(app, make, stand, served):
    join(make.browser(), stand)
    with app.app_context():
        there = db.session.scalars(select(MarketWait)).one()
        twice = MarketWait(
            stand_id=there.stand_id, visitor_key=there.visitor_key, sealed=b"x", joined_at=NOW, changed_at=NOW
        )
        db.session.add(twice)
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_nobody_is_in_more_than_three_queues(make, clock):
    edition, visitor = make.edition(), make.browser()
    stands = [make.stand(edition.id, f"Kraam {number}") for number in range(4)]
    gerda = make.browser(make.person("Gerda", roles=[("stand_holder", each.id) for each in stands]))
    for each in stands:
        arrive(gerda, each)

    answers = [join(visitor, each) for each in stands]
    visitor.post(f"/markt/{stands[0].slug}/rij/weg")
    later = join(visitor, stands[3])

    assert [each.status_code for each in answers] == [303, 303, 303, 409]
    assert "Je staat al in drie rijen." in answers[3].text
    assert later.status_code == 303
    mine = visitor.get("/markt").text
    assert [f"/markt/{each.slug}/rij" in mine for each in stands] == [False, True, True, True]


def test_a_queue_that_is_full_offers_a_note_and_keeps_the_name(make, stand, served, monkeypatch):
    monkeypatch.setattr(queue_rules, "MOST_WAITING", 1)
    join(make.browser(), stand)

    refused = join(make.browser(), stand, "Bas")

    assert refused.status_code == 409
    assert "De rij is nu te lang." in refused.text
    assert 'value="Bas"' in refused.text


def test_a_name_is_asked_and_nothing_else(make, stand, served):
    refused = join(make.browser(), stand, " ")

    assert refused.status_code == 422
    assert "Een voornaam is genoeg." in refused.text


def test_an_initiative_with_nobody_there_has_no_queue_and_offers_a_note(make, stand):
    visitor = make.browser()

    page = visitor.get(f"/markt/{stand.slug}").text
    refused = join(visitor, stand)

    assert "Ik wil even praten" not in page
    assert "Er is nu niemand om mee te praten." in page
    assert 'href="#briefje"' in page
    assert refused.status_code == 409
    assert "Laat je naam of nummer achter" in refused.text


def test_a_stand_without_a_video_call_says_so_beforehand_and_leads_to_a_note(make, stand):
    gerda, visitor = holder(make, stand), make.browser()
    arrive(gerda, stand)

    assert "Deze kraam heeft geen videogesprek." in visitor.get(f"/markt/{stand.slug}").text
    join(visitor, stand)
    assert "Jullie hebben geen adres voor een videogesprek." in queue(gerda, stand)
    press(gerda, stand, "kom")

    page = place_of(visitor, stand)
    note = re.search(r'href="([^"]+rij=1)#briefje"', page).group(1)
    assert "Ik stond in de rij om te praten." in visitor.get(note).text


def test_who_is_not_found_reads_that_and_joins_again_at_the_end(make, stand, served, clock):
    visitor, other = make.browser(), make.browser()
    join(visitor, stand)
    join(other, stand, "Bas")
    press(served, stand, "kom")
    page = queue(served, stand)
    press(served, stand, "niet-gevonden")

    assert "Gerda zocht je, maar vond je niet" in place_of(visitor, stand)
    assert 'value="Fatma"' in place_of(visitor, stand)
    clock(NOW + timedelta(minutes=1))
    join(visitor, stand)

    assert "Er is 1 persoon voor je." in place_of(visitor, stand)
    late = press(served, stand, "klaar", page=page)  # of the turn before
    assert (late.status_code, "Deze bezoeker staat hier niet meer." in late.text) == (404, True)


def test_who_leaves_is_gone_from_the_queue_and_a_late_press_says_so(make, stand, served):
    visitor = make.browser()
    join(visitor, stand)
    page = queue(served, stand)

    visitor.post(f"/markt/{stand.slug}/rij/weg")
    again = visitor.post(f"/markt/{stand.slug}/rij/weg")
    late = press(served, stand, "kom", page=page)

    assert again.status_code == 303
    assert (late.status_code, "Deze bezoeker ging zelf uit de rij." in late.text) == (409, True)
    assert "Er wacht nu niemand" in queue(served, stand)
    assert "Je staat niet meer in de rij" in place_of(visitor, stand)


def test_the_second_of_two_holders_reads_who_was_first(make, stand, served):
    bo = holder(make, stand, "Bo")
    arrive(bo, stand)
    join(make.browser(), stand)
    seen = queue(bo, stand)

    press(served, stand, "kom")
    late = press(bo, stand, "kom", page=seen)
    called = queue(bo, stand)
    press(served, stand, "klaar")
    later = press(bo, stand, "niet-gevonden", page=called)

    assert (late.status_code, "Gerda is al bij deze bezoeker." in late.text) == (409, True)
    assert "Gerda is bij deze bezoeker." in called
    assert (later.status_code, "Gerda heeft dit gesprek al afgerond." in later.text) == (409, True)


def test_a_colleague_rounds_off_what_a_holder_without_connection_left(make, stand, served):
    bo, visitor = holder(make, stand, "Bo"), make.browser()
    join(visitor, stand)
    press(served, stand, "kom")
    seen = queue(served, stand)

    assert press(bo, stand, "klaar").status_code == 303
    late = press(served, stand, "klaar", page=seen)

    assert "Bo heeft dit gesprek al afgerond." in late.text


def test_a_holder_is_with_one_visitor_at_a_time_and_cannot_write_to_all(make, stand, served):
    for name in ("Fatma", "Bas"):
        join(make.browser(), stand, name)
    press(served, stand, "kom")

    refused = press(served, stand, "kom", "Bas")

    assert (refused.status_code, "Je bent nog bij Fatma." in refused.text) == (409, True)
    press(served, stand, "klaar")
    assert press(served, stand, "kom", "Bas").status_code == 303


def test_a_holder_who_did_not_say_that_they_are_there_is_asked_to(make, stand, served):
    bo = holder(make, stand, "Bo")
    join(make.browser(), stand)

    refused = press(bo, stand, "kom")
    assert (refused.status_code, "Druk op Ik ben er." in refused.text) == (409, True)
    assert bo.post(f"/kraam/{stand.slug}/aanwezig", data={"rij": "1"}).location == f"/kraam/{stand.slug}/rij"

    assert press(bo, stand, "kom").status_code == 303


@pytest.mark.parametrize(
    "how", ["last one leaves", "organiser closes it", "its time is over", "they forget to stay"]
)
def test_the_queue_ends_when_nobody_serves_it_and_visitors_are_told(app, make, clock, how):
    stand = make.stand(make.edition().id, closes_at=START + timedelta(hours=8))
    gerda, waits, called = holder(make, stand), make.browser(), make.browser()
    arrive(gerda, stand)
    join(called, stand, "Bas")
    join(waits, stand)
    press(gerda, stand, "kom", "Bas")
    page = queue(gerda, stand)

    if how == "last one leaves":
        gerda.post(f"/kraam/{stand.slug}/aanwezig", data={"weg": "1"})
    elif how == "organiser closes it":
        make.browser(make.person("Ans", roles=["organiser"])).post(f"/organisatie/markt/{stand.slug}/sluiten")
    else:
        clock(START + timedelta(hours=8 if how == "its time is over" else 3))

    is_closed = how in ("organiser closes it", "its time is over")
    told = "Deze kraam is nu dicht." if is_closed else "Er is niemand meer in deze kraam."
    for visitor in (waits, called):  # also before the job ran
        read = place_of(visitor, stand)
        assert "De rij is gestopt" in read
        assert told in read
        assert "Laat je naam of nummer achter" in read
    settle_queues(app)
    assert "De rij is gestopt" in place_of(waits, stand)
    assert press(gerda, stand, "kom", page=page).status_code == 409
    assert settle_queues(app) == 0
    note = re.search(r'href="([^"]+rij=1)#briefje"', place_of(waits, stand)).group(1)
    assert "Laat achter" in waits.get(note).text


def test_a_stand_where_one_of_two_stays_goes_on(app, make, stand, served):
    bo, visitor = holder(make, stand, "Bo"), make.browser()
    arrive(bo, stand)
    join(visitor, stand)

    served.post(f"/kraam/{stand.slug}/aanwezig", data={"weg": "1"})

    assert settle_queues(app) == 0
    assert "Je bent als eerste aan de beurt." in place_of(visitor, stand)


def test_who_waited_while_nobody_was_there_is_not_in_the_queue_of_who_comes_later(app, make, clock):
    stand = make.stand(make.edition().id, closes_at=START + timedelta(hours=8))
    gerda = holder(make, stand)
    arrive(gerda, stand)
    join(make.browser(), stand)
    clock(NOW + timedelta(hours=2, minutes=1))

    arrive(gerda, stand)

    assert "Er wacht nu niemand" in queue(gerda, stand)
    assert settle_queues(app) == 0


def test_within_a_day_after_the_stand_closed_nothing_is_left(app, make, stand, served, clock):
    for name in ("Fatma", "Bas"):
        join(make.browser(), stand, name)
    press(served, stand, "kom")

    def number_at(moment):
        clock(moment)
        settle_queues(app)
        with app.app_context():
            return db.session.scalar(select(func.count()).select_from(MarketWait))

    closes = START + timedelta(hours=3)
    assert number_at(closes + timedelta(hours=11)) == 2
    assert number_at(closes + timedelta(hours=13)) == 0


def test_a_holder_who_deletes_the_account_leaves_the_queue_whole(app, make, stand, served):
    bo = make.person("Bo", roles=[("stand_holder", stand.id)])
    at_stand, visitor = make.browser(bo), make.browser()
    arrive(at_stand, stand)
    join(visitor, stand)
    press(at_stand, stand, "kom")

    with app.app_context(), transaction():
        db.session.execute(text("UPDATE market_wait SET by_id = NULL"))

    assert "Iemand van de kraam heeft nu tijd voor je" in place_of(visitor, stand)
    assert "Een collega is bij deze bezoeker." in queue(served, stand)


def test_the_list_says_what_is_busy_in_words(make, stand, clock):
    gerda, visitor = holder(make, stand), make.browser()
    shown = []

    def look():
        shown.append([word for word in ("nu niemand", "iemand is er nu", "druk: 1 wacht<", "druk: 2 wachten") if word in visitor.get("/markt").text])  # fmt: skip

    look()
    arrive(gerda, stand)
    look()
    for name in ("Fatma", "Bas"):
        join(make.browser(), stand, name)
        look()

    assert shown == [["nu niemand"], ["iemand is er nu"], ["druk: 1 wacht<"], ["druk: 2 wachten"]]


def test_fifty_stands_with_queues_are_listed_with_as_many_queries_as_one(app, make, stand, served):
    visitor = make.browser()
    join(visitor, stand)

    def queries():
        asked = []
        with app.app_context():
            engine = db.engine

        def count(_connection, _cursor, statement, *_more):
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", count)
        page = visitor.get("/markt").text
        event.remove(engine, "before_cursor_execute", count)
        return page.count("druk: "), len(asked)

    visitor.get("/markt")  # what is remembered between pages is read once
    one = queries()
    person = make.person("Bo")
    for number in range(49):
        more = make.stand(stand.edition_id, f"Kraam {number}")
        make.store(
            MarketPresence(stand_id=more.id, person_id=person.id, until=NOW + timedelta(hours=1)),
            MarketWait(stand_id=more.id, visitor_key=f"{number}", sealed=b"x", joined_at=NOW, changed_at=NOW),
        )
    fifty = queries()

    assert (one[0], fifty[0]) == (1, 50)
    assert fifty[1] <= one[1]


# --- two holders and a visitor, in every order --------------------------------------------------------

DEEDS = {
    WaitAction.CALL: queue_rules.call,
    WaitAction.FINISH: queue_rules.finish,
    WaitAction.MISS: queue_rules.miss,
}
PRESSES = [*product(["Gerda", "Bo"], DEEDS), ("Fatma", WaitAction.LEAVE)]


def at_one_stand(make):
    """A stand with two holders who are there, and one visitor who waits."""
    stand = make.stand(make.edition().id)
    people = {name: make.identity(name, roles=[("stand_holder", stand.id)]) for name in ("Gerda", "Bo")}
    until = NOW + timedelta(hours=1)
    make.store(
        *(MarketPresence(stand_id=stand.id, person_id=each.id, until=until) for each in people.values())
    )
    people["Fatma"] = make.identity("Fatma")
    with make.context(), transaction():
        there = db.session.get_one(MarketStand, stand.id)
        wait = queue_rules.join(people["Fatma"], there, visitor_key=str(stand.id), name="Fatma", now=NOW)
        return stand.id, wait.id, people


def done(make, stand_id, wait_id, actor, action):
    """Do it. Returns the refusal, or None."""
    with make.context():
        try:
            with transaction():
                stand = db.session.get_one(MarketStand, stand_id)
                if action is WaitAction.LEAVE:
                    queue_rules.leave(actor, stand, visitor_key=str(stand_id), now=NOW)
                else:
                    DEEDS[action](actor, stand, wait_id=wait_id, now=NOW)
        except RuleBroken as broken:
            return broken
    return None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(presses=st.lists(st.sampled_from(PRESSES), min_size=2, max_size=6))
def test_in_every_order_of_two_holders_a_press_counts_or_is_refused_with_who_did_what(make, presses):
    stand_id, wait_id, people = at_one_stand(make)
    status, by = WaitStatus.WAITING, None

    for name, action in presses:
        refused = done(make, stand_id, wait_id, people[name], action)
        row = MACHINE.table[action]
        if status in row.sources:
            assert refused is None
            status = row.target
            by = by if action is WaitAction.LEAVE else name
        elif action is WaitAction.LEAVE:
            assert refused is None  # who is out already is out
        else:
            assert refused.details["status"] == status.value
            if status in (WaitStatus.CALLED, WaitStatus.TALKED, WaitStatus.MISSED):
                assert refused.details["by"] == by
                assert str(refused.message).startswith(by)
        with make.context():
            there = db.session.get_one(MarketWait, wait_id)
            assert (there.status, there.by and there.by.name) == (status, by)


@pytest.mark.parametrize("order", list(permutations(["Gerda", "Bo", "Fatma"])))
def test_the_queue_holds_at_most_one_row_of_a_browser_whoever_presses_first(app, make, order):
    stand_id, wait_id, people = at_one_stand(make)

    for name in order:
        action = WaitAction.LEAVE if name == "Fatma" else WaitAction.CALL
        done(make, stand_id, wait_id, people[name], action)
        with make.context(), transaction():
            stand = db.session.get_one(MarketStand, stand_id)
            queue_rules.join(people["Fatma"], stand, visitor_key=str(stand_id), name="Fatma", now=NOW)

    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(MarketWait)) == 1
