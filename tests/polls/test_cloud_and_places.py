"""Word clouds, of which the room reads what a moderator showed; and *waar woon je*, without small groups."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live import items
from dagvandebuurt.people.lifecycle.data_export import my_data
from dagvandebuurt.polls import events
from dagvandebuurt.polls.cloud import SIZES, cloud_of
from dagvandebuurt.polls.counting import told_of_places
from dagvandebuurt.polls.models import ELSEWHERE, FEWEST, Ballot, Poll, PollAnswer
from dagvandebuurt.polls.privacy import take_back_what_they_wrote
from dagvandebuurt.polls.queries import counts_of, numbers_of
from dagvandebuurt.programme.models import Place
from tests.polls.test_open_text import answers, of_the_room, show, write
from tests.polls.test_polls import choose, open_poll


@pytest.fixture
def jolien(make):
    return make.moderator("Jolien")


@pytest.fixture
def cloud(make, session, jolien):
    return open_poll(
        make, session, jolien, kind="word_cloud", options=[], words=3, title="Hoe is jouw buurt?"
    )


@pytest.fixture
def places(app):
    """Create two municipalities, with a neighbourhood of the same name in each, and one of its own."""
    with app.app_context(), transaction():
        towns = [Place(code=name.lower(), name=name, kind="municipality") for name in ("Mierlo", "Vught")]
        db.session.add_all(towns)
        db.session.flush()
        named = [("Centrum", towns[0]), ("Centrum", towns[1]), ("De Hoek", towns[1])]
        db.session.add_all(
            Place(code=f"{name}-{town.code}", name=name, kind="neighbourhood", parent_id=town.id)
            for name, town in named
        )


def close_and_tell(make, session, jolien, poll):
    for verb, more in ((events.CLOSE, {}), (events.RESULTS, {"on": True})):
        assert make.do(verb, jolien, session, poll=poll, **more)["ok"]


def stored(app, poll):
    with app.app_context():
        return [(option.label, option.ballots) for option in db.session.get(Poll, UUID(poll)).options]


def test_a_cloud_has_words_that_were_shown_with_how_often(app, make, session, jolien, cloud):
    for words in (["groen", "stil"], ["Groen!"], ["GRÓEN", "stíl"], ["geheim"]):
        assert write(make, make.guest(), session, cloud, *words)["ok"]
    assert show(app, make, session, jolien, cloud, "groen", "stil")["ok"]
    while_open = of_the_room(app, make, session)
    close_and_tell(make, session, jolien, cloud)
    room = make.browser(make.guest()).get(f"/sessies/{session.slug}/live").text
    podium = make.browser(make.guest()).get(f"/sessies/{session.slug}/podium").text

    assert "groen" in while_open
    assert "cloud__word--5" not in while_open  # sizes and numbers come with the result
    for page in (room, podium):
        assert 'cloud__word--5"><span dir="auto">groen</span><span class="visually-hidden">, 3 mensen' in page
        assert 'cloud__word--1"><span dir="auto">stil</span><span class="visually-hidden">, 2 mensen' in page
    assert "Elk woord, en hoe vaak de zaal het gaf" in room
    assert "geheim" not in of_the_room(app, make, session)
    with app.app_context():
        assert numbers_of(db.session.get(Poll, UUID(cloud))) == [("groen", 3), ("stil", 2)]
        assert not db.session.query(Ballot).count()


def test_words_that_look_alike_stay_apart_and_another_spelling_comes_along(app, make, session, jolien, cloud):
    write(make, make.guest(), session, cloud, "gezellig")
    write(make, make.guest(), session, cloud, "ongezellig")
    assert show(app, make, session, jolien, cloud, "gezellig")["ok"]
    write(make, make.guest(), session, cloud, "Gezéllig")

    assert answers(app, cloud) == {
        "gezellig": ("gezellig", 2, True),
        "ongezellig": ("ongezellig", 1, False),
    }


def test_words_are_changed_and_taken_back_by_form(app, make, session, cloud):
    browser, room = make.browser(make.guest()), f"/sessies/{session.slug}"
    to = f"{room}/peilingen/{cloud}/stem"
    assert browser.post(to, data={"text": ["groen", "", "heel erg stil"]}).status_code == 303
    assert set(answers(app, cloud)) == {"groen", "heel erg stil"}
    assert 'name="text" value="heel erg stil"' in browser.get(f"{room}/live").text

    refused = browser.post(to, data={"text": ["groen", "een hele lange zin", ""]})
    assert refused.status_code == 422
    assert 'value="een hele lange zin"' in refused.text
    assert browser.post(to, data={"text": ["a" * 31]}).status_code == 422
    assert set(answers(app, cloud)) == {"groen", "heel erg stil"}
    browser.post(to, data={"text": ["druk", "", ""]})
    assert set(answers(app, cloud)) == {"druk"}
    browser.post(to, data={"text": ["", "", ""]})
    assert answers(app, cloud) == {}


def test_words_are_in_the_file_of_their_writer_and_go_with_their_account(app, make, session, cloud):
    noor = make.guest("Noor")
    write(make, noor, session, cloud, "groen", "stil")
    with app.app_context(), transaction():
        assert {row["text"] for row in my_data(noor.id)["poll_answer"]} == {"groen", "stil"}
        take_back_what_they_wrote(noor.id, session.starts_at)
    assert answers(app, cloud) == {}


@given(st.lists(st.integers(1, 400), max_size=60), st.integers(1, 40))
def test_a_cloud_has_five_sizes_that_rise_with_the_numbers(numbers, most):
    made = [
        PollAnswer(number=place, group_number=place, text=f"woord {place}", ballots=number)
        for place, number in enumerate(numbers)
    ]
    words = cloud_of(made, is_told=True, most=most)

    assert words == cloud_of(reversed(made), is_told=True, most=most)  # however they were stored
    assert sorted(word.number for word in words) == sorted(numbers)[-most:]
    assert all(1 <= word.size <= SIZES for word in words)
    by_number = sorted(words, key=lambda word: word.number)
    assert [word.size for word in by_number] == sorted(word.size for word in words)
    hidden = cloud_of(made, is_told=False)
    assert {(word.number, word.size) for word in hidden} <= {(None, 3)}


def test_places_are_those_of_the_organiser(app, make, session, jolien, places):
    asked = {"title": "Waar woon je?", "kind": "places"}
    poll = str(uuid4())
    for typed in (["Nergens"], ["Centrum"]):
        refused = make.do(events.WRITE, jolien, session, poll=poll, **asked, options=typed)
        assert list(refused["error"]["fields"]) == ["options"]
    typed = ["centrum, vught", "Mierlo", "de hoek"]
    assert make.do(events.WRITE, jolien, session, poll=poll, **asked, options=typed)["ok"]
    assert [label for label, _number in stored(app, poll)] == ["Centrum", "Mierlo", "De Hoek", ELSEWHERE]
    form = make.browser(jolien).get(f"/sessies/{session.slug}/regie/peilingen/{poll}").text
    assert "Centrum\nMierlo\nDe Hoek</textarea>" in form  # elsewhere comes by itself

    assert make.do(events.WRITE, jolien, session, poll=poll, **asked, options=[])["ok"]
    assert {"Centrum, Mierlo", "Centrum, Vught", ELSEWHERE} < {label for label, _number in stored(app, poll)}


def test_of_places_only_large_groups_in_tens_are_told_and_stored(app, make, session, jolien, places):
    names = ["Mierlo", "Vught", "De Hoek"]
    poll = open_poll(make, session, jolien, kind="places", title="Waar woon je?", options=names)
    for place, number in enumerate((23, 12, 9, 3)):
        for _each in range(number):
            assert choose(make, make.guest(), session, poll, place)["ok"]
    with app.app_context():
        assert set(counts_of(db.session.get(Poll, UUID(poll))).values()) == {0}  # not before it closes
    desk = make.browser(jolien)
    open_desk = desk.get(f"/sessies/{session.slug}/regie/peilingen").text
    close_and_tell(make, session, jolien, poll)

    assert "47 mensen hebben gekozen" in open_desk
    assert "bars__number" not in open_desk
    assert stored(app, poll) == [("Mierlo", 20), ("Vught", 10), ("De Hoek", 0), (ELSEWHERE, 0)]
    for path in ("live", "podium", "regie/peilingen"):
        page = desk.get(f"/sessies/{session.slug}/{path}").text
        rows = [part.split("<")[0] for part in page.split('bars__number">')[1:]]
        assert rows == ["20", "10"]
    with app.app_context():
        [item] = [item for item in items.changes_since(session.id, 0).hall if item["kind"] == "poll"]
        assert item["results"] == [20, 10, 0, 0]
        assert not db.session.query(Ballot).count()


def test_of_a_small_room_no_place_is_told(app, make, session, jolien, places):
    poll = open_poll(make, session, jolien, kind="places", title="Waar woon je?", options=["Mierlo", "Vught"])
    for place in (*[0] * 11, 1, 1):  # who subtracts 11 from 13 would know the two
        choose(make, make.guest(), session, poll, place)
    close_and_tell(make, session, jolien, poll)

    assert stored(app, poll) == [("Mierlo", 0), ("Vught", 0), (ELSEWHERE, 0)]
    assert "Uit geen enkele plaats zijn er tien mensen" in of_the_room(app, make, session)


@given(st.lists(st.integers(0, 45), min_size=2, max_size=12))
def test_no_group_of_people_under_ten_can_be_worked_out_of_places(numbers):
    counts = dict(enumerate(numbers))
    told = told_of_places(counts)

    assert all(number >= FEWEST and number % 10 == 0 for number in told.values())
    assert all(told[place] <= counts[place] < told[place] + 10 for place in told)
    left = sum(number for place, number in counts.items() if place not in told)
    assert (
        not told or left == 0 or left >= FEWEST
    )  # also for who knows how many chose, and every exact number that is told
    known = sum(numbers) - sum(told.values())  # what the hall can subtract: no less than that
    assert known >= left


@given(st.lists(st.integers(0, 45), min_size=2, max_size=8), st.data())
def test_of_places_one_ballot_moves_a_number_by_ten_or_not_at_all(numbers, data):
    place = data.draw(st.integers(0, len(numbers) - 1))
    before = told_of_places(dict(enumerate(numbers)))
    after = told_of_places({**dict(enumerate(numbers)), place: numbers[place] + 1})

    assert all((after.get(each, 0) - before.get(each, 0)) % 10 == 0 for each in range(len(numbers)))
