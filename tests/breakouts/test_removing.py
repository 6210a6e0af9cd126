"""Keeping a table safe: somebody is removed or muted, its video moves on, and a round that stops is told."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from sqlalchemy import select

from dagvandebuurt.breakouts import privacy
from dagvandebuurt.breakouts.models import BreakoutLine, BreakoutRemoval, SeatStatus
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live import items
from dagvandebuurt.people.lifecycle.erasure import erase
from dagvandebuurt.people.models import RoleGrant
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus
from dagvandebuurt.qanda import events as question_events
from dagvandebuurt.qanda.models import Appearance, QuestionStatus
from tests.breakouts.test_rounds import begin, post, sat_down, seats, text


@pytest.fixture
def seated(make, app, session, room, desk):
    """Nine people at two tables; the moderator came to help at the second."""
    at = sat_down(make, app, session, room, desk, 9)
    post(at[2][0][1], f"{room}/tafel/hulp", on="1")
    post(desk, f"{room}/regie/tafels/2/hulp")
    return at


def take_off(desk, room, person, *, on="1", number=2):
    path = f"{room}/regie/tafels/{number}/eruit/{person.id}"
    return desk.post(path, data={"on": on}, follow_redirects=True).get_data(as_text=True)


def mute(make, app, moderator, session, person, appear=Appearance.ROLE):
    """Mute somebody through a question of theirs."""
    question = make.question(session, asker=person, appearance=appear, status=QuestionStatus.WAITING)
    done = make.do(question_events.MUTE, moderator, session, question=str(question.id), reason="respect")
    assert done["ok"], done


def test_who_is_removed_reads_it_and_does_not_come_back(make, app, session, room, desk, seated):
    person, browser = seated[2][1]

    page = take_off(desk, room, person)

    assert "Deze persoon is van tafel" in page
    assert "door <bdi>Jolien</bdi>" in page
    assert seats(app)[person.id][1] is SeatStatus.REMOVED
    told = text(browser, f"{room}/tafel")
    assert "Een moderator haalde je van tafel." in told
    assert "Schuif aan" not in told
    for path in ("tafel", "tafel/regels", "tafel/hulp", "tafel/andere"):
        answer = browser.post(f"{room}/{path}", data={"text": "Toch", "on": "1"}, follow_redirects=True)
        assert "Een moderator haalde je van tafel" in answer.get_data(as_text=True)
    assert seats(app)[person.id][1] is SeatStatus.REMOVED
    assert person.name not in text(seated[2][0][1], f"{room}/tafel")
    with app.app_context():
        own = items.changes_since(session.id, 0).own_of([person.id])[person.id][0]
        assert (own["table"], own["here"]) == (None, False)


def test_pressed_twice_counts_once_and_can_be_undone(make, app, session, room, desk, seated):
    person, browser = seated[2][1]
    take_off(desk, room, person)
    take_off(desk, room, person)
    with app.app_context():
        assert db.session.scalars(select(BreakoutRemoval.is_back)).all() == [False]

    page = take_off(desk, room, person, on="")

    assert "mag weer aanschuiven" in page
    assert post(browser, f"{room}/tafel").status_code == 303
    assert seats(app)[person.id][1] is SeatStatus.HERE
    with app.app_context():
        rows = db.session.scalars(select(BreakoutRemoval).order_by(BreakoutRemoval.at)).all()
        assert [row.is_back for row in rows] == [False, True]


def test_the_next_round_is_open_to_everybody(make, app, session, room, desk, seated):
    person, browser = seated[2][1]
    take_off(desk, room, person)

    begin(desk, room, after=1)

    assert post(browser, f"{room}/tafel").status_code == 303
    assert seats(app)[person.id][1] is SeatStatus.HERE


def test_only_the_helper_of_that_table_removes(make, app, session, room, desk, seated):
    person, browser = seated[2][1]
    elsewhere, _other = seated[1][0]
    ruben = make.browser(make.moderator("Ruben", session))

    assert "Je helpt deze tafel nu niet" in take_off(ruben, room, person)
    assert "Deze persoon zit niet meer aan deze tafel" in take_off(desk, room, elsewhere)
    assert browser.post(f"{room}/regie/tafels/2/eruit/{person.id}", data={"on": "1"}).status_code == 403
    assert {status for _table, status in seats(app).values()} == {SeatStatus.HERE}


def test_who_stays_behind_alone_sits_with_others(make, app, session, room, desk, seated):
    last, *others = (person for person, _browser in seated[2])

    for person in others:
        take_off(desk, room, person)

    assert seats(app)[last.id] == (1, SeatStatus.HERE)


def test_lines_of_a_muted_person_are_in_no_note(make, app, session, room, desk, jolien, seated):
    (muted, browser), (_other, others) = seated[2][1], seated[2][0]
    post(browser, f"{room}/tafel/regels", text="Iets gemeens")
    post(others, f"{room}/tafel/regels", text="Een bankje")
    with app.app_context(), transaction():
        for line in db.session.scalars(select(BreakoutLine)):
            line.is_outcome = True

    mute(make, app, jolien, session, muted)

    for reader, path in ((others, "tafel"), (desk, "regie/tafels/2")):
        page = text(reader, f"{room}/{path}")
        assert "Een bankje" in page
        assert "Iets gemeens" not in page
    refused = post(browser, f"{room}/tafel/regels", text="Nog iets gemeens")
    assert refused.status_code == 403
    assert "Een moderator zette je stil" in refused.get_data(as_text=True)
    with app.app_context():
        with transaction():
            privacy.tables_are_forgotten.tidy(session.ends_at + timedelta(seconds=1))
        assert db.session.scalars(select(BreakoutLine.text)).all() == ["Een bankje"]
        assert not db.session.scalars(select(BreakoutRemoval)).all()


def test_muting_an_anonymous_question_shows_no_table_whose_it_was(
    make,
    app,
    session,
    room,
    desk,
    jolien,
    seated,
):
    (asker, browser), (_other, others) = seated[2][1], seated[2][0]
    post(browser, f"{room}/tafel/regels", text="Een moestuin")

    mute(make, app, jolien, session, asker, Appearance.ANONYMOUS)

    assert "Een moestuin" in text(others, f"{room}/tafel")
    assert post(browser, f"{room}/tafel/regels", text="Nog een").status_code == 403  # only they read why


@pytest.mark.parametrize("how", ["shortened", "called off", "ended by hand"])
def test_a_round_that_stops_is_told_in_a_sentence(make, app, session, room, desk, seated, how):
    _person, browser = seated[2][1]
    if how == "ended by hand":
        post(desk, f"{room}/regie/tafels/1/stop")
    else:
        with app.app_context(), transaction():
            there = db.session.get_one(ProgrammeSession, session.id)
            if how == "shortened":
                there.ends_at = clock.now() - timedelta(seconds=1)
            else:
                there.status = SessionStatus.CANCELLED

    at_desk = desk.get(f"{room}/regie/tafels/2", follow_redirects=True)
    at_table = browser.get(f"{room}/tafel", follow_redirects=True)
    pressed = browser.post(f"{room}/tafel/hulp", data={"on": "1"}, follow_redirects=True)

    assert at_desk.status_code == 200
    assert "De ronde is voorbij" in at_desk.get_data(as_text=True)
    if how == "called off":
        assert "gaat niet door" in at_table.get_data(as_text=True)
        assert "gaat niet door" in pressed.get_data(as_text=True)
    else:
        assert "Deze ronde is voorbij" in at_table.get_data(as_text=True)
        assert "Er is nu geen ronde aan tafels" in pressed.get_data(as_text=True)
    assert post(desk, f"{room}/regie/tafels/2/eruit/{seated[2][1][0].id}", on="1").status_code == 303


def test_a_helper_who_is_gone_leaves_nobody_waiting(make, app, session, room, desk, jolien, seated):
    _person, browser = seated[2][1]
    with app.app_context(), transaction():
        for grant in db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == jolien.id)):
            db.session.delete(grant)
        erase(jolien.id, now=clock.now())
    ruben = make.browser(make.moderator("Ruben", session))

    page = text(browser, f"{room}/tafel")
    post(browser, f"{room}/tafel/hulp", on="1")
    came = ruben.post(f"{room}/regie/tafels/2/hulp", follow_redirects=True)

    assert "Vraag hulp" in page
    assert "komt naar jullie tafel" not in page
    assert "Tafel 2" in came.get_data(as_text=True)


def test_a_table_that_calls_again_is_nobodys_yet(make, session, room, desk, seated):
    post(seated[2][0][1], f"{room}/tafel/hulp", on="1")

    page = desk.get(f"{room}/regie/tafels/2", follow_redirects=True).get_data(as_text=True)

    assert "Deze tafel vraagt opnieuw hulp" in page
    assert "Ik ga erheen" in page


class TestVideo:
    """Video of a table, on a Jitsi server with tokens."""

    @pytest.fixture
    def extra_settings(self):
        return {"JITSI_URL": "https://meet.example.nl", "JITSI_APP_ID": "buurt", "JITSI_SECRET": "s" * 40}

    def meeting(self, browser, room):
        """Return the name of the meeting and the claims of the token, as the page of the table has them."""
        page = browser.get(f"{room}/tafel?beeld=1")
        assert "https://meet.example.nl" in page.headers["Content-Security-Policy"].partition("frame-src")[2]
        frame = page.get_data(as_text=True).partition('src="https://meet.example.nl/')[2].partition('"')[0]
        address = urlsplit(frame.replace("&amp;", "&"))
        (token,) = parse_qs(address.query)["jwt"]
        options = {"verify_exp": False, "verify_nbf": False}
        claims = jwt.decode(token, "s" * 40, algorithms=["HS256"], audience="buurt", options=options)
        return address.path, claims

    def test_each_table_has_a_meeting_with_a_token_of_ones_own(self, make, room, seated):
        (one, first), (_two, second) = seated[2][0], seated[2][1]
        _elsewhere, other = seated[1][0]

        path, claims = self.meeting(first, room)

        assert "jwt=" not in text(first, f"{room}/tafel")  # not before a press
        assert claims["room"] == path.lower()
        assert claims["sub"] == "meet.example.nl"
        assert claims["moderator"] is False
        assert claims["context"]["user"]["name"] == one.name
        assert "@" not in str(claims)
        assert self.meeting(second, room)[0] == path
        assert self.meeting(second, room)[1]["context"]["user"]["id"] != claims["context"]["user"]["id"]
        assert self.meeting(other, room)[0] != path

    def test_who_is_removed_has_no_way_into_the_meeting_of_the_table(self, make, room, desk, seated):
        (gone, theirs), (_stays, browser) = seated[2][1], seated[2][0]
        before, _claims = self.meeting(theirs, room)

        take_off(desk, room, gone)

        assert "jwt=" not in text(theirs, f"{room}/tafel?beeld=1")
        assert self.meeting(browser, room)[0] != before
